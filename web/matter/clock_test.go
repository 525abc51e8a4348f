package matter

import (
	"strings"
	"testing"
	"time"

	"waymark/referral/clock"
	"waymark/referral/referraltest"
	"waymark/web/page"
)

func TestClocksAreDatesWithDaysLeftAndTheRuleBehind(t *testing.T) {
	s := newSite(t)
	r := probe(t, s)
	h := At(r)
	read := func(events map[string]time.Time) []clock.Reading {
		all, err := clock.Read(h.Pathway, clock.Input{Nation: h.Network.Nation, Now: referraltest.Now, Events: events})
		s.must(err)
		return all
	}
	if got := Clocks(r, "Clocks", read(nil)); len(got.Rows) != 0 || got.Empty.Title == "" {
		t.Errorf("clocks that wait are shown: %d", len(got.Rows))
	}
	all := read(map[string]time.Time{"referral-sent": referraltest.Now.AddDate(0, 0, -20), "conclusive-negative": referraltest.Now.AddDate(0, 0, -3)})
	for _, lang := range page.Languages {
		r.Lang = lang
		got := Clocks(r, "Clocks", all)
		if len(got.Rows) < 2 {
			t.Fatalf("only %d clocks run", len(got.Rows))
		}
		for i, row := range got.Rows {
			if row.Cells[0].Text == "" || row.Cells[1].Text == "" && row.Cells[1].Time.ISO == "" || row.Cells[3].Note == "" {
				t.Errorf("row %d in %s is %+v", i, lang, row)
			}
		}
		for i := range all {
			for _, line := range How(r, &all[i]) {
				if line == "" || strings.Contains(line, "[matter.") || strings.Contains(line, "{") {
					t.Errorf("a step in %s is %q", lang, line)
				}
			}
		}
	}
	for code := range clock.Steps {
		if !r.Words().Has("matter.how." + code) {
			t.Errorf("there are no words for the step %q", code)
		}
	}
}
