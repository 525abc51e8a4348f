package referral_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
)

// draft is a case whose referral somebody fills in, in a store.
type draft struct {
	*referraltest.World
	uk *rule.Pathway
	n  *referral.Network
	id ids.ID
}

func newDraft(t testing.TB) *draft {
	t.Helper()
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	d := &draft{World: referraltest.NewWorld(t, nil), uk: all["uk"]}
	if d.n, err = d.Network(t.Context(), referraltest.Harbour); err != nil {
		t.Fatal(err)
	}
	d.id = d.Make(referral.NewCase(referral.Starter{Network: d.n, Agency: d.Police, Rules: d.uk, Keep: d.Time().AddDate(0, 1, 0)}, d.who()))
	return d
}

func (d *draft) who() referral.Who { return d.Who(d.Officer, referraltest.Harbour) }

func (d *draft) today() rule.Date { return d.uk.Today(d.n.Nation, d.Time()) }

// canary is what is typed into a question that may identify somebody: it is found
// wherever it ends up.
func canary(q *rule.Question) string {
	name := strings.ReplaceAll(q.ID, "-", "")
	switch q.Kind {
	case rule.Phone:
		n := 0
		for _, c := range q.ID {
			n = (n*31 + int(c)) % 1_000_000
		}
		return "+44 7700 " + string([]byte{byte('0' + n/100000%10), byte('0' + n/10000%10), byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
	case rule.Email:
		return "canary." + name + "@example.org"
	}
	return "canary-" + name + "-canary"
}

// answer draws an answer to a question.
func answer(t *rapid.T, q *rule.Question) []string {
	switch q.Kind {
	case rule.Choice:
		return []string{rapid.SampledFrom(q.Options).Draw(t, q.ID).Value}
	case rule.Choices:
		o := rapid.SampledFrom(q.Options).Draw(t, q.ID)
		return []string{o.Value}
	case rule.DateKind:
		return []string{rapid.SampledFrom([]string{"2024-03-17", "2024-03", "1987-11-23"}).Draw(t, q.ID)}
	case rule.Month:
		return []string{"2024-03"}
	case rule.Number:
		return []string{"3"}
	case rule.Country, rule.Countries:
		return []string{"AL"}
	case rule.Language:
		return []string{"sq"}
	case rule.Files:
		return []string{"canaryfile"}
	case rule.Note:
		return nil
	}
	return []string{canary(q)}
}

// TestPromise6NoHistoryOfAnswersIdentifiesWhoDoesNotConsent walks through random
// histories: answers are given, changed and given again (yes to no, an age corrected),
// consent is recorded and withdrawn, a check is taken back. Whatever package comes out
// for an adult who neither consents nor co-operates holds nothing that was typed, and
// none comes out for a child (promise 7).
func TestPromise6NoHistoryOfAnswersIdentifiesWhoDoesNotConsent(t *testing.T) {
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	protected, named := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		d := newDraft(t)
		questions := all["uk"].Referral.Questions()
		decides := []*rule.Question{}
		for _, id := range []string{"under18", "consent", "cooperate", "channels", "where", "still-in"} {
			decides = append(decides, d.uk.Referral.Question(id))
		}
		for range rapid.IntRange(1, 60).Draw(rt, "acts") {
			f := d.Whole(d.id)
			switch rapid.IntRange(0, 9).Draw(rt, "act") {
			case 0, 1, 2: // a question that decides
				q := rapid.SampledFrom(decides).Draw(rt, "question")
				d.try(f.SaveReferral(d.uk, d.n.Nation, rule.Answers{q.ID: answer(rt, q)}, d.who()))
			case 3, 4, 5: // any, asked or not: pages are not trusted
				given := rule.Answers{}
				for range rapid.IntRange(1, 40).Draw(rt, "many") {
					q := rapid.SampledFrom(questions).Draw(rt, "question")
					given[q.ID] = answer(rt, q)
				}
				d.try(f.SaveReferral(d.uk, d.n.Nation, given, d.who()))
			case 6:
				d.record(f, rapid.SampledFrom([]string{"yes", "no"}).Draw(rt, "given"))
			case 7:
				c, err := f.Withdraw(d.uk, d.n, record("withdrawn"), d.who())
				d.try(c, nil, err)
			case 8:
				d.finish(rt)
			case 9:
				c, err := f.Thaw("something was forgotten", d.who())
				d.try(c, nil, err)
			}
			d.holds(rt, &protected, &named)
		}
		d.finish(rt)
		d.holds(rt, &protected, &named)
	})
	if protected == 0 || named == 0 {
		t.Errorf("%d notifications without a name and %d with one were looked at: the test proves nothing", protected, named)
	}
}

func record(given string) referral.Consent {
	return referral.Consent{Scope: "referral", Given: given, Date: "2026-03-04", Language: "sq", Interpreter: "professional", How: []string{"spoken"}, Capacity: true}
}

func (d *draft) record(f *referral.File, given string) {
	r := record(given)
	c, err := f.Add(referral.PartConsent, &r, referral.About{}, d.who())
	d.try(c, nil, err)
}

// try carries a change out if there is one; what may not be done is not done.
func (d *draft) try(c *referral.Change, _ []string, err error) {
	if err != nil {
		return
	}
	d.Make(c, nil)
}

// finish answers what is asked and not answered, records what the person said, and
// checks the referral.
func (d *draft) finish(rt *rapid.T) {
	for range 4 {
		f := d.Whole(d.id)
		if f.State != referral.Draft {
			return
		}
		_, a, err := f.Answered()
		if err != nil {
			rt.Fatal(err)
		}
		given := rule.Answers{}
		for _, q := range d.uk.Referral.Asked(a.Values) {
			if len(a.Values[q.ID]) == 0 && q.Kind != rule.Note {
				given[q.ID] = answer(rt, q)
			}
		}
		d.try(f.SaveReferral(d.uk, d.n.Nation, given, d.who()))
	}
	f := d.Whole(d.id)
	if _, a, err := f.Answered(); err == nil {
		if given := rule.Answers(a.Values).One(referral.ConsentQuestion); given != "" {
			d.record(f, given)
		}
	}
	c, err := d.Whole(d.id).Freeze(d.uk, d.today(), "key", d.who())
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			rt.Fatalf("the last look found what should never come so far: %v", err)
		}
		return
	}
	d.Make(c, nil)
}

// holds looks at every package that is stored.
func (d *draft) holds(rt *rapid.T, protected, named *int) {
	f := d.Whole(d.id)
	_, a, err := f.Answered()
	if err != nil {
		rt.Fatal(err)
	}
	for _, p := range f.Of(referral.PartPackage) {
		var pack referral.Package
		if err := p.Decode(&pack); err != nil {
			rt.Fatal(err)
		}
		if pack.Outcome != "notify" {
			continue
		}
		if v := rule.Answers(a.Values).One("under18"); v != "no" {
			rt.Fatalf("a person of whom it was said %q is in a notification", v)
		}
		if f.Child {
			rt.Fatal("the row of a notification says that it is about a child")
		}
		if rule.Answers(a.Values).One("cooperate") == "yes" {
			*named++
			continue
		}
		*protected++
		text, err := json.Marshal(pack)
		if err != nil {
			rt.Fatal(err)
		}
		for _, q := range d.uk.Referral.Questions() {
			if q.FreeText() && strings.Contains(string(text), canary(q)) {
				rt.Fatalf("the notification holds what was typed into %s", q.ID)
			}
			if (q.Identifying || q.FreeText()) && len(pack.Values[q.ID]) > 0 {
				rt.Fatalf("the notification answers %s", q.ID)
			}
		}
		for id, values := range pack.Values {
			if slices.ContainsFunc(values, func(v string) bool { return len(v) == len("2006-01-02") && strings.Count(v, "-") == 2 }) {
				rt.Fatalf("the notification holds a day, in %s", id)
			}
		}
	}
	// What may not be asked is not kept either.
	if kept, dropped := d.uk.Referral.Prune(a.Values); len(dropped) > 0 || len(kept) != len(a.Values) {
		rt.Fatalf("the draft keeps answers to %v, which are not asked", dropped)
	}
}
