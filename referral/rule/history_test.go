package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// canary is a value that no option, code or date of a form is or holds.
func canary(q *Question, n int) string { return fmt.Sprintf("CANARY-%s-%d", q.ID, n) }

// smuggle answers a question as draw does, and at times with what no page lets
// one choose: words in place of an option, a date or a country, alone or beside
// a sound answer.
func smuggle(t *rapid.T, q *Question, n int) []string {
	switch rapid.IntRange(0, 11).Draw(t, "smuggle") {
	case 0:
		return []string{canary(q, n)}
	case 1:
		return append(draw(t, q, n), canary(q, n))
	case 2:
		return append([]string{canary(q, n)}, draw(t, q, n)...)
	case 3:
		return append(draw(t, q, n), draw(t, q, n)...)
	}
	return draw(t, q, n)
}

// draw answers a question: an option, a date, or a canary where the answer is
// free, now and then nothing.
func draw(t *rapid.T, q *Question, n int) []string {
	switch {
	case rapid.IntRange(0, 9).Draw(t, "empty") == 0:
		return nil
	case q.Kind == Phone:
		return []string{itoa(700000000 + n)}
	case q.Kind == Email:
		return []string{canary(q, n) + "@example.org"}
	case q.Kind == Choice:
		return []string{rapid.SampledFrom(q.Options).Draw(t, q.ID).Value}
	case q.Kind == Choices:
		var v []string
		for _, o := range q.Options {
			if rapid.Bool().Draw(t, q.ID+" "+o.Value) {
				v = append(v, o.Value)
			}
		}
		return v
	case q.Kind == DateKind || q.Kind == Month:
		form := rapid.SampledFrom([]string{"1987-06-05", "1987-06", "1987"}).Draw(t, q.ID)
		return []string{form}
	case q.Kind == Country || q.Kind == Countries:
		return []string{rapid.SampledFrom(CountryCodes()).Draw(t, q.ID)}
	}
	return []string{canary(q, n)}
}

// TestNoHistoryLeaksIntoANotification: whatever was answered before, in any
// order, yes changed to no, age corrected, consent withdrawn, co-operation taken
// back: what a protecting outcome carries holds no value that was ever typed
// into a free-text or identifying question, unless it is one of the three that
// the person's co-operation allows, in its present value.
func TestNoHistoryLeaksIntoANotification(t *testing.T) {
	for id, p := range pathways(t) {
		t.Run(id, func(t *testing.T) {
			w, err := p.Walk(p.Referral)
			if err != nil {
				t.Fatal(err)
			}
			notified := 0
			for range 10 { // a thousand histories
				rapid.Check(t, func(t *rapid.T) {
					notified += history(t, p, w.Ends)
				})
			}
			if notified == 0 {
				t.Error("no history ended in a notification")
			}
		})
	}
}

func history(t *rapid.T, p *Pathway, ends []End) (notified int) {
	all := p.Referral.Questions()
	control := p.controls()
	a := Answers{}
	if rapid.Bool().Draw(t, "all filled") {
		for i, q := range all {
			a[q.ID] = smuggle(t, q, i)
		}
	}
	if rapid.Bool().Draw(t, "from an end") { // one of the ways in which the form can end
		for id, v := range rapid.SampledFrom(ends).Draw(t, "end").Answers {
			a[id] = v
		}
		notified += carried(t, p, a)
	}
	steps := rapid.IntRange(1, 40).Draw(t, "steps")
	for n := range steps {
		// Half of the changes are of the answers that decide.
		from := all
		if rapid.Bool().Draw(t, "control") {
			from = control
		}
		q := rapid.SampledFrom(from).Draw(t, "question")
		if v := smuggle(t, q, 1000+n); v != nil {
			a[q.ID] = v
		} else {
			delete(a, q.ID)
		}
		// A draft is pruned at times, and at times goes on with what is stale.
		if rapid.Bool().Draw(t, "prune") {
			pruned(t, p, a)
			a, _ = p.Referral.Prune(a)
		}
		notified += carried(t, p, a)
	}
	return notified
}

// controls are the questions at which a condition looks.
func (p *Pathway) controls() []*Question {
	var ids []string
	for _, q := range p.Referral.all {
		ids = append(ids, q.When.Questions()...)
		ids = append(ids, q.SectionWhen.Questions()...)
	}
	for _, o := range p.Outcomes {
		ids = append(ids, o.When.Questions()...)
	}
	var list []*Question
	for _, q := range p.Referral.all {
		if slices.Contains(ids, q.ID) {
			list = append(list, q)
		}
	}
	return list
}

func pruned(t *rapid.T, p *Pathway, a Answers) {
	kept, dropped := p.Referral.Prune(a)
	asked := map[string]bool{}
	for _, q := range p.Referral.Asked(kept) {
		asked[q.ID] = true
	}
	for id := range kept {
		if !asked[id] {
			t.Fatalf("%s is kept and not asked", id)
		}
	}
	for _, id := range dropped {
		if _, ok := kept[id]; ok {
			t.Fatalf("%s is dropped and kept", id)
		}
	}
	again, more := p.Referral.Prune(kept)
	if len(more) > 0 || len(again) != len(kept) {
		t.Fatalf("pruning twice drops %v", more)
	}
}

func carried(t *rapid.T, p *Pathway, a Answers) (notified int) {
	o := p.Outcome(a)
	for _, other := range p.Outcomes {
		sent, err := p.Carry(other.ID, a)
		if (err == nil) != (o == other) {
			t.Fatalf("the answers lead to %v, and %s carries %s, %v", o, other.ID, sent, err)
		}
		if err != nil || !other.Protects {
			continue
		}
		notified++
		kept, _ := p.Referral.Prune(a)
		if len(other.Never) > 0 && other.Never.Holds(kept) {
			t.Fatalf("%s is reached where it may never be", other.ID)
		}
		if err := p.Lawful(other, sent, a); err != nil {
			t.Fatal(err)
		}
		free := len(other.Cooperation) > 0 && (Condition{other.Cooperation}).Holds(kept)
		for id, values := range sent {
			q := p.Referral.Question(id)
			if _, ok := kept[id]; !ok {
				t.Fatalf("%s is carried and not asked", id)
			}
			if (q.Identifying || q.FreeText()) && !free {
				t.Fatalf("%s is carried without co-operation", id)
			}
			for _, v := range values {
				told := strings.Contains(v, "CANARY") || strings.HasPrefix(v, "700000")
				if told && q.Bound == "" && !(free && q.FreeText() && slices.Contains(a[id], v)) {
					t.Fatalf("%s carries %s", id, v)
				}
				if strings.Contains(v, "1987-06-05") {
					t.Fatalf("%s carries a day", id)
				}
			}
		}
	}
	return notified
}

// TestYesChangedToNo tells the stories one by one that the property tells at
// random.
func TestYesChangedToNo(t *testing.T) {
	p := uk(t)
	a := Answers{}
	for _, q := range p.Referral.Questions() {
		switch q.Kind {
		case Choice, Choices:
			a[q.ID] = []string{q.Options[0].Value} // yes, where there is one
		case DateKind:
			a[q.ID] = []string{"1987-06-05"}
		case Country, Countries:
			a[q.ID] = []string{"AL"}
		case Phone:
			a[q.ID] = []string{"700000"}
		case Email:
			a[q.ID] = []string{"CANARY@example.org"}
		default:
			a[q.ID] = []string{canary(q, 0)}
		}
	}
	steps := []struct{ question, value, outcome string }{
		{"under18", "yes", "nrm-child"},
		{"under18", "no", "nrm"}, // the age is corrected
		{"consent", "no", "notify"},
		{"cooperate", "no", "notify"}, // co-operation is taken back
		{"under18", "unsure", "nrm-child"},
		{"under18", "no", "notify"},
		{"cooperate", "unsure", "notify"},
	}
	for _, s := range steps {
		a[s.question] = []string{s.value}
		o := p.Outcome(a)
		if o == nil || o.ID != s.outcome {
			t.Fatalf("%s %s leads to %v", s.question, s.value, o)
		}
		sent, err := p.Carry(o.ID, a)
		if err != nil {
			t.Fatal(err)
		}
		if o.ID != "notify" {
			continue
		}
		words := ""
		for id, v := range sent {
			if id != "organisation" {
				words += strings.Join(v, " ") + " "
			}
		}
		allowed := 0
		if a.One("cooperate") == "yes" {
			allowed = 2 // the name and the address; the number is no canary
		}
		if got := strings.Count(words, "CANARY"); got != allowed {
			t.Errorf("after %s %s the notification carries %d free answers, not %d: %s", s.question, s.value, got, allowed, words)
		}
		if sent.One("situation-start") != "1987" || sent.One("now-region") != "england" {
			t.Errorf("carried as %q and %q", sent.One("situation-start"), sent.One("now-region"))
		}
		for _, id := range []string{"name", "birth-date", "gender", "nationality", "family", "own-reference", "crime-reference", "where-places", "now-town", "opinion", "tasks", "exploiters", "uploads", "consent-language"} {
			if _, ok := sent[id]; ok {
				t.Errorf("the notification carries %s", id)
			}
		}
	}
	a["under18"], a["consent"] = []string{"no"}, []string{"yes"}
	sent, err := p.Carry("nrm", a)
	if err != nil || sent.One("name") != canary(p.Referral.Question("name"), 0) {
		t.Errorf("a referral carries everything: %v", err)
	}
	if _, ok := sent["notify-name"]; ok {
		t.Error("a referral carries what was asked for a notification")
	}
}

// TestCooperationIsAskedForTwice: the question of the name is itself asked only of
// who co-operates. Where a local file forgets that, the outcome still holds it back.
func TestCooperationIsAskedForTwice(t *testing.T) {
	m := files(t, "uk")
	const asked = "{id: notify-name, kind: name, identifying: true, when: {cooperate: yes},"
	if !strings.Contains(string(m["referral.yaml"].Data), asked) {
		t.Fatal("the question of the name has another form")
	}
	m["referral.yaml"].Data = []byte(strings.Replace(string(m["referral.yaml"].Data), asked, "{id: notify-name, kind: name, identifying: true,", 1))
	p, err := Load(m)
	if err != nil {
		t.Fatal(err)
	}
	a := Answers{"under18": {"no"}, "consent": {"no"}, "cooperate": {"no"}, "notify-name": {"CANARY"}, "notify-gender": {"female"}}
	for cooperate, want := range map[string]string{"yes": "CANARY", "no": "", "unsure": ""} {
		a["cooperate"] = []string{cooperate}
		sent, err := p.Carry("notify", a)
		if err != nil || sent.One("notify-name") != want || sent.One("notify-gender") != "female" {
			t.Errorf("co-operation %s carries the name %q, %v", cooperate, sent.One("notify-name"), err)
		}
	}
}
