package monitoring

import (
	"strings"
	"testing"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// yesNo makes a yes/no column from one letter a row: y, n, d (don't know),
// r (refused), . (blank).
func yesNo(name, answers string) *table.CategoryColumn {
	codes := make([]uint8, len(answers))
	for i, a := range []byte(answers) {
		codes[i] = map[byte]uint8{'n': codeNo, 'y': codeYes, 'd': uint8(table.DontKnow), 'r': uint8(table.Refused), '.': uint8(table.Blank)}[a]
	}
	return table.NewCategory8(name, noYes, codes)
}

func mustTable(t *testing.T, columns ...table.Column) *table.Table {
	t.Helper()
	tab, err := table.New(columns...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func threeRules() *instrument.Instrument {
	fourteen := 14.0
	return &instrument.Instrument{ID: "three-rules", Exclusions: []instrument.Exclusion{
		{ID: "repeat", Question: "previous", Levels: []string{"yes"}, Missing: "keep"},
		{ID: "consent", Question: "consent", Levels: []string{"no"}, Missing: "exclude"},
		{ID: "age", Question: "age", Below: &fourteen, Missing: "exclude"},
	}}
}

func TestExcludeCountsUnderTheFirstRuleThatHolds(t *testing.T) {
	ages := []float64{20, 20, 13, 13, 14, 30, 0, 40}
	missing := make([]table.Missing, 8)
	missing[6] = table.Refused
	tab := mustTable(t,
		yesNo("previous", "nynynn.."),
		yesNo("consent", "yynnydyy"),
		table.NewNumber("age", ages, missing))
	e, err := Exclude(tab, threeRules(), nil)
	if err != nil {
		t.Fatal(err)
	}
	// Row by row: eligible; repeat; consent (also under 14); repeat (also no
	// consent and under 14); exactly 14 is eligible; consent not known;
	// unknown age; unknown repeat is kept.
	want := []uint8{0, 1, 2, 1, 0, 2, 3, 0}
	for i := range want {
		if e.Status[i] != want[i] {
			t.Errorf("row %d: status %d, want %d", i, e.Status[i], want[i])
		}
	}
	wantCounts := []Excluded{
		{Rule: "repeat", Count: 2, Kept: 2},
		{Rule: "consent", Count: 2, Missing: 1},
		{Rule: "age", Count: 1, Missing: 1},
	}
	for i, w := range wantCounts {
		if e.Counts[i] != w {
			t.Errorf("rule %s: %+v, want %+v", w.Rule, e.Counts[i], w)
		}
	}
	if e.Eligible != 3 {
		t.Errorf("eligible %d, want 3", e.Eligible)
	}
}

func TestExcludeNeedsEveryColumnOrADecision(t *testing.T) {
	tab := mustTable(t, yesNo("consent", "yn"))
	_, err := Exclude(tab, threeRules(), nil)
	if err == nil {
		t.Fatal("two rules without a column were passed over")
	}
	for _, word := range []string{"previous", "age", "skip"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the fault does not name %q: %v", word, err)
		}
	}
	// An age that is not a number must not let a child through unseen.
	words := mustTable(t, yesNo("previous", "n"), yesNo("consent", "y"), yesNo("age", "y"))
	if _, err := Exclude(words, threeRules(), nil); err == nil || !strings.Contains(err.Error(), "needs numbers") {
		t.Errorf("an age in words: %v", err)
	}
	e, err := Exclude(tab, threeRules(), []string{"repeat", "age"})
	if err != nil || e.Eligible != 1 || len(e.Rules) != 1 {
		t.Errorf("skipping by name: %+v, %v", e, err)
	}
}
