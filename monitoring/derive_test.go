package monitoring

import (
	"testing"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// letters renders a derived column as yesNo reads it.
func letters(c *table.CategoryColumn) string {
	out := make([]byte, c.Len())
	for i, v := range c.Codes8 {
		switch {
		case v == codeYes:
			out[i] = 'y'
		case v == codeNo:
			out[i] = 'n'
		default:
			out[i] = map[table.Missing]byte{table.DontKnow: 'd', table.Refused: 'r', table.Blank: '.', table.NotAsked: 'a'}[table.Missing(v)]
		}
	}
	return string(out)
}

func TestAtLeastDecidesAsSoonAsItCan(t *testing.T) {
	done := map[string]*table.CategoryColumn{
		"a": yesNo("a", "yynn"+"d"+"dn"),
		"b": yesNo("b", "ynyn"+"n"+"ry"),
		"c": yesNo("c", "yrdn"+"n"+"d."),
	}
	for _, test := range []struct {
		atLeast int
		want    string
	}{
		// A yes decides "at least one"; a missing answer among no's leaves it open.
		{1, "yyyn" + "d" + "dy"},
		// Row 1: y n r: a second yes is still possible. Row 4: d n n cannot reach two.
		{2, "yrdn" + "n" + "d."},
	} {
		ind := &instrument.Indicator{ID: "k", Of: []string{"a", "b", "c"}, AtLeast: test.atLeast}
		got := indicatorColumn(mustTable(t, done["a"]), ind, done)
		if letters(got) != test.want {
			t.Errorf("at least %d: %s, want %s", test.atLeast, letters(got), test.want)
		}
	}
}

func TestFamilyIsAnAdditionToOwnExperience(t *testing.T) {
	// Asked only of people without an own yes; a blank then is not a missing
	// answer but a no, because they are counted under their own experience.
	done := map[string]*table.CategoryColumn{
		"a": yesNo("a", "ynnnd"+"dy"),
		"b": yesNo("b", "nnnnn"+"yr"),
	}
	family := yesNo("family_any", ".yn.y"+"..")
	ind := &instrument.Indicator{ID: "family_only", Question: "family_any", Yes: []string{"yes"}, UnlessAny: []string{"a", "b"}}
	got := indicatorColumn(mustTable(t, family), ind, done)
	if want := "nyn.d" + "nn"; letters(got) != want {
		t.Errorf("got %s, want %s", letters(got), want)
	}
}

func TestBandsHoldBothEnds(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	g := &instrument.Group{ID: "age_group", From: "age", Bands: []instrument.Band{{Code: "14-17", From: f(14), To: f(17)}, {Code: "18-25", From: f(18), To: f(25)}, {Code: "26+", From: f(26)}}}
	in := &instrument.Instrument{Groups: []instrument.Group{*g}}
	ages := table.NewNumber("age", []float64{14, 17, 17.9, 18, 25, 26, 99, 3, 0}, []table.Missing{0, 0, 0, 0, 0, 0, 0, 0, table.Refused})
	c := groupColumn(mustTable(t, ages), in, "age_group")
	want := []string{"14-17", "14-17", "14-17", "18-25", "18-25", "26+", "26+", "", ""}
	for i, w := range want {
		if c.Text(i) != w {
			t.Errorf("age %v: %q, want %q", ages.Values[i], c.Text(i), w)
		}
	}
	if c.Missing(7) != table.Unreadable || c.Missing(8) != table.Refused {
		t.Errorf("reasons: %v and %v", c.Missing(7), c.Missing(8))
	}
}

func TestMergeAndRename(t *testing.T) {
	c := table.NewCategory("edu", []table.Level{{Code: "none"}, {Code: "primary"}, {Code: "tertiary"}}, []uint32{table.FirstLevel, table.FirstLevel + 1, table.FirstLevel + 2, uint32(table.Refused)})
	in := &instrument.Instrument{Groups: []instrument.Group{
		{ID: "school", From: "edu", Merge: []instrument.Merge{{Code: "low", Of: []string{"none", "primary"}}}},
		{ID: "education", From: "edu"},
	}}
	m := groupColumn(mustTable(t, c), in, "school")
	if m.Text(0) != "low" || m.Text(1) != "low" || m.Missing(2) != table.NotApplicable || m.Missing(3) != table.Refused {
		t.Errorf("merged: %q %q %v %v", m.Text(0), m.Text(1), m.Missing(2), m.Missing(3))
	}
	if r := groupColumn(mustTable(t, c), in, "education"); r.Name() != "education" || r.Text(2) != "tertiary" {
		t.Errorf("renamed: %s %s", r.Name(), r.Text(2))
	}
}

func TestJoinKeepsEveryRow(t *testing.T) {
	point := yesNo("point", "yynny.")
	day := table.NewDate("day", []int32{100, 101, 100, 100, 100, 100}, []table.Missing{0, 0, 0, 0, table.Blank, 0})
	c := join("point+day", point, day)
	want := []string{"yes+1970-04-11", "yes+1970-04-12", "no+1970-04-11", "no+1970-04-11", "yes+?", "?+1970-04-11"}
	for i, w := range want {
		if c.Text(i) != w {
			t.Errorf("row %d: %q, want %q", i, c.Text(i), w)
		}
	}
	if len(c.Levels) != 5 {
		t.Errorf("%d clusters, want 5", len(c.Levels))
	}
	// The same through the map that serves pairs too many for a dense table.
	wide := make([]uint32, 6)
	levels := make([]table.Level, 1<<21)
	for i := range wide {
		wide[i] = table.FirstLevel
	}
	big := join("x", table.NewCategory("wide", levels, wide), join("y", point, day))
	if len(big.Levels) != 5 {
		t.Errorf("%d clusters through the map, want 5", len(big.Levels))
	}
}
