package example

import (
	"slices"
	"sort"
	"testing"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

func TestColumnsAreTheInstruments(t *testing.T) {
	tb := example(t)
	in, err := instrument.Load("fms-2016")
	if err != nil {
		t.Fatal(err)
	}
	// The example is a round of version 2016.1 of the form: without the optional
	// questions and the repeat of 2016.2, and with consent asked after the route.
	var questions []instrument.Question
	for _, q := range in.Questions {
		if !q.Optional && q.Repeat == "" {
			questions = append(questions, q)
		}
	}
	moved := []string{"route", "previous", "consent"}
	for i, q := range questions {
		c := tb.Column(q.Name)
		if c == nil {
			t.Errorf("no column %q", q.Name)
			continue
		}
		if c.Kind() != q.Kind {
			t.Errorf("%q is a %s, the instrument says %s", q.Name, c.Kind(), q.Kind)
		}
		if at := slices.IndexFunc(tb.Columns(), func(c table.Column) bool { return c.Name() == q.Name }); at != i && !slices.Contains(moved, q.Name) {
			t.Errorf("%q is column %d, question %d", q.Name, at, i)
		}
		if cat := tb.Category(q.Name); cat != nil && cat.Ordered != q.Ordered {
			t.Errorf("%q: ordered is %v, the instrument says %v", q.Name, cat.Ordered, q.Ordered)
		}
	}
	for list, choices := range in.Lists {
		for _, c := range choices {
			if c.Missing != table.Present && reasonCodes[c.Missing] != c.Name {
				t.Errorf("list %q has %q for %s, the file would have %q", list, c.Name, c.Missing, reasonCodes[c.Missing])
			}
		}
	}
}

func TestSkipLogicHolds(t *testing.T) {
	a := read(example(t))
	questionsAfter := func(name string) []string {
		var names []string
		seen := false
		for _, c := range a.Columns() {
			if c.Name() == "enumerator_note" {
				break
			}
			if seen {
				names = append(names, c.Name())
			}
			seen = seen || c.Name() == name
		}
		return names
	}
	afterConsent, afterAge := questionsAfter("consent"), questionsAfter("age")
	for r := range a.Rows() {
		answered := func(names []string) string {
			for _, n := range names {
				if a.Column(n).Missing(r) != table.NotAsked {
					return n
				}
			}
			return ""
		}
		age := a.Number("age")
		switch {
		case a.level("consent", r) != "yes":
			if q := answered(afterConsent); q != "" {
				t.Fatalf("row %d: %s was asked without consent", r, q)
			}
			continue
		case age.Missing(r) != table.Present || age.Values[r] < 14:
			if q := answered(afterAge); q != "" {
				t.Fatalf("row %d: %s was asked of a child, or at an unknown age", r, q)
			}
			continue
		}
		allNo := true
		for _, q := range append([]string{"organs_awareness"}, fiveOwn...) {
			asked := a.Category(q+"_where").Missing(r) != table.NotAsked
			if asked != (a.level(q, r) == "yes") {
				t.Fatalf("row %d: the place of %s does not go with its answer", r, q)
			}
			if q != "organs_awareness" {
				allNo = allNo && a.level(q, r) == "no"
			}
		}
		if asked := a.Category("family_any").Missing(r) != table.NotAsked; asked != allNo {
			t.Fatalf("row %d: family_any asked %v, five times no %v", r, asked, allNo)
		}
	}
}

// Days between departure and interview agree with the band of transit time:
// the bands' ends in days are taken generously.
func TestDatesAgreeWithTransitTime(t *testing.T) {
	a := read(example(t))
	ends := map[string][2]int32{"under_2_weeks": {0, 13}, "2_weeks_3_months": {14, 92}, "3_6_months": {90, 184},
		"6_12_months": {181, 366}, "over_12_months": {365, 3000}}
	gone, today := a.Column("departure_date").(*table.DateColumn), a.Column("interview_date").(*table.DateColumn)
	for r := range a.Rows() {
		band := a.level("transit_time", r)
		if gone.Missing(r) != table.Present || band == "" {
			continue
		}
		if d := today.Days[r] - gone.Days[r]; d < ends[band][0] || d > ends[band][1] {
			t.Fatalf("row %d: %d days, but %s", r, d, band)
		}
		if band == "over_12_months" && a.level("abroad_one_year", r) == "no" {
			t.Fatalf("row %d: over 12 months in transit, but no year abroad", r)
		}
	}
}

// A good round with the few imperfections that margins.yaml plants.
func TestFieldwork(t *testing.T) {
	a := read(example(t))
	start, end := a.Column("start").(*table.TimeColumn), a.Column("end").(*table.TimeColumn)
	who, points := a.Column("enumerator"), map[string]string{}
	last := map[string]int64{}
	var lengths []int
	short, night := 0, 0
	for r := range a.Rows() {
		e := who.Text(r)
		if start.Seconds[r] < last[e] {
			t.Fatalf("row %d: %s begins before the interview before has ended", r, e)
		}
		last[e] = end.Seconds[r]
		if p := points[e]; p != "" && p != a.level("point", r) {
			t.Fatalf("row %d: %s at two points", r, e)
		}
		points[e] = a.level("point", r)
		if h := start.At(r).Hour(); h < 8 || h > 19 {
			night++
		}
		if a.eligible[r] {
			n := int(end.Seconds[r] - start.Seconds[r])
			lengths = append(lengths, n)
			if n < 6*60 {
				short++
			}
		}
		if start.At(r).Format("2006-01-02") != a.Column("interview_date").Text(r) {
			t.Fatalf("row %d: the day is not the day of the start", r)
		}
		if a.Column("_submission_time").(*table.TimeColumn).Seconds[r] < end.Seconds[r] {
			t.Fatalf("row %d: sent before it ended", r)
		}
	}
	sort.Ints(lengths)
	if m := lengths[len(lengths)/2] / 60; m < 23 || m > 27 {
		t.Errorf("the median interview takes %d minutes", m)
	}
	if short != 6 || night != 1 {
		t.Errorf("%d short interviews and %d at night, want 6 and 1", short, night)
	}
	if n := len(last); n < 38 || n > 42 {
		t.Errorf("%d enumerators", n)
	}
}

// Exactly the planted pairs agree in everything but the instants and the age.
func TestNearDuplicates(t *testing.T) {
	a := read(example(t))
	seen, pairs := map[string]int{}, 0
	for r := range a.Rows() {
		if !a.eligible[r] {
			continue
		}
		key := ""
		for _, c := range a.Columns() {
			switch c.Name() {
			case "start", "end", "point_location", "age", "_uuid", "_submission_time":
			default:
				key += c.Text(r) + "|"
			}
		}
		if b, ok := seen[key]; ok {
			if d := a.Number("age").Values[r] - a.Number("age").Values[b]; d == 1 || d == -1 {
				pairs++
			}
		}
		seen[key] = r
	}
	if pairs != 2 {
		t.Errorf("%d near-duplicate pairs, want 2", pairs)
	}
}

// Whipple's index: five times the share of ages ending in 0 or 5, from 23 to
// 62. 100 is no heaping, 500 is all; the United Nations call 110 to 125 fairly
// accurate.
func TestAgeHeapingIsSlight(t *testing.T) {
	a := read(example(t))
	all, round := 0, 0
	for r := range a.Rows() {
		if v := a.Number("age").Values[r]; a.eligible[r] && v >= 23 && v <= 62 {
			all++
			if int(v)%5 == 0 {
				round++
			}
		}
	}
	if w := 500 * round / all; w < 103 || w > 135 {
		t.Errorf("Whipple's index is %d", w)
	}
}
