package handover

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/referral"
	"waymark/referral/rule"
)

// draw answers a question: an option, a date, or a canary where anything can be typed.
func draw(t *rapid.T, q *rule.Question) []string {
	switch q.Kind {
	case rule.Choice, rule.Choices:
		return []string{rapid.SampledFrom(q.Options).Draw(t, q.ID).Value}
	case rule.DateKind:
		return []string{rapid.SampledFrom([]string{"2024-03", "1987-06-05", "2023"}).Draw(t, q.ID)}
	case rule.Country, rule.Countries:
		return []string{"VN"}
	case rule.Language:
		return []string{"vi"}
	case rule.Files:
		return []string{fileRef}
	case rule.Note:
		return nil
	}
	return []string{canary(q)}
}

// TestPromise6NoHistoryIsOnPaper goes through random histories of answers over the
// real functions, with the answers that decide changed again and again, and looks at
// the papers of whatever package comes out.
func TestPromise6NoHistoryIsOnPaper(t *testing.T) {
	protected, sets, pdfs := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		b := begin(t)
		control := []string{"under18", "consent", "cooperate"}
		for range rapid.IntRange(1, 8).Draw(rt, "acts") {
			given := rule.Answers{}
			for _, q := range b.uk.Referral.Questions() {
				if rapid.IntRange(0, 2).Draw(rt, "answer "+q.ID) > 0 {
					given[q.ID] = draw(rt, q)
				}
			}
			for _, id := range control {
				given[id] = draw(rt, b.uk.Referral.Question(id))
			}
			c, _, err := b.Whole(b.m.ID).SaveReferral(b.uk, b.n.Nation, given, b.who())
			b.Make(c, err)
		}
		if rapid.IntRange(0, 3).Draw(rt, "ends in a notification") > 0 {
			given := rule.Answers{"under18": {"no"}, "consent": {"no"}, "cooperate": {rapid.SampledFrom([]string{"no", "unsure"}).Draw(rt, "at last")}}
			c, _, err := b.Whole(b.m.ID).SaveReferral(b.uk, b.n.Nation, given, b.who())
			b.Make(c, err)
		}
		// The rest is filled in, so that it can be made.
		for range 4 {
			given := rule.Answers{}
			_, a, err := b.Whole(b.m.ID).Answered()
			if err != nil {
				rt.Fatal(err)
			}
			for _, q := range b.uk.Referral.Asked(a.Values) {
				if q.Required && len(a.Values[q.ID]) == 0 {
					given[q.ID] = draw(rt, q)
				}
			}
			c, _, err := b.Whole(b.m.ID).SaveReferral(b.uk, b.n.Nation, given, b.who())
			b.Make(c, err)
		}
		_, a, err := b.Whole(b.m.ID).Answered()
		if err != nil {
			rt.Fatal(err)
		}
		if given := rule.Answers(a.Values).One(referral.ConsentQuestion); given != "" {
			b.Make(b.Whole(b.m.ID).Add(referral.PartConsent, consent(given), referral.About{}, b.who()))
		}
		c, err := b.Whole(b.m.ID).Freeze(b.uk, b.uk.Today(b.n.Nation, b.Time()), "synthetic-key", b.who())
		if err != nil {
			return // what is not right makes nothing
		}
		b.Make(c, nil)
		_, pack, err := b.Whole(b.m.ID).Packed()
		if err != nil {
			rt.Fatal(err)
		}
		sets++
		s, err := Compose(b.uk, pack, about())
		if err != nil {
			rt.Fatal(err)
		}
		o := b.uk.OutcomeByID(pack.Outcome)
		if !o.Protects || rule.Answers(a.Values).One("cooperate") == "yes" {
			return
		}
		protected++
		papers := map[string]string{"HTML": string(s.HTML()), "JSON": string(s.JSON())}
		if protected%8 == 1 {
			pdfs++
			pdf, err := s.PDF()
			if err != nil {
				rt.Fatal(err)
			}
			papers["PDF"] = streams(pdf)
		}
		for name, paper := range papers {
			for _, q := range b.uk.Referral.Questions() {
				if q.FreeText() && strings.Contains(paper, canary(q)) {
					rt.Errorf("%s holds what was typed into %s", name, q.ID)
				}
			}
			if strings.Contains(paper, "1987-06") || strings.Contains(paper, "June 1987") || strings.Contains(paper, fileRef) {
				rt.Errorf("%s holds a day or a document", name)
			}
		}
	})
	t.Logf("%d packages, %d of them protected, %d looked at as PDF", sets, protected, pdfs)
	if sets == 0 || protected == 0 || pdfs == 0 {
		t.Errorf("%d packages, %d of them protected, %d as PDF: the test proves nothing", sets, protected, pdfs)
	}
}
