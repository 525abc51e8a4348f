package example

import (
	"math"
	"sync"
	"testing"

	"waymark/stats/table"
)

// round is the example round, made once.
var round = sync.OnceValues(Table)

func example(t *testing.T) *table.Table {
	t.Helper()
	tb, err := round()
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

// answers reads a table by question, apart from the code that made it.
type answers struct {
	*table.Table
	eligible []bool
}

// level is the code of an answer, or "" without one.
func (a answers) level(q string, row int) string { return a.Category(q).Text(row) }

func read(tb *table.Table) answers {
	a := answers{tb, make([]bool, tb.Rows())}
	for r := range a.eligible {
		a.eligible[r] = a.rule(r) == ""
	}
	return a
}

// rule names the first rule that leaves an interview out, or "".
func (a answers) rule(row int) string {
	age := a.Number("age")
	switch {
	case a.level("previous", row) == "yes":
		return "repeat"
	case a.level("consent", row) != "yes":
		return "consent"
	case age.Missing(row) != table.Present || age.Values[row] < 14:
		return "age"
	}
	return ""
}

var fiveOwn = []string{"unpaid_work", "forced_work", "job_offer", "marriage_offer", "held"}

// atLeast is yes as soon as n of the five are yes, no if n cannot be reached
// any more, else "".
func (a answers) atLeast(n int) func(int) string {
	return func(row int) string {
		yes, open := 0, 0
		for _, q := range fiveOwn {
			switch a.level(q, row) {
			case "yes":
				yes++
			case "":
				open++
			}
		}
		switch {
		case yes >= n:
			return "yes"
		case yes+open < n:
			return "no"
		}
		return ""
	}
}

func (a answers) question(q string) func(int) string {
	return func(row int) string { return a.level(q, row) }
}

// familyOnly counts people with an own experience as no.
func (a answers) familyOnly(row int) string {
	switch a.atLeast(1)(row) {
	case "yes":
		return "no"
	case "no":
		return a.level("family_any", row)
	}
	return ""
}

func (a answers) overSixMonths(row int) string {
	switch a.level("transit_time", row) {
	case "":
		return ""
	case "6_12_months", "over_12_months":
		return "yes"
	}
	return "no"
}

// share is the share of yes among yes and no, of the eligible rows where hold.
func (a answers) share(of func(int) string, hold func(int) bool) float64 {
	yes, base := 0, 0
	for r, ok := range a.eligible {
		if !ok || !hold(r) {
			continue
		}
		switch of(r) {
		case "yes":
			yes++
			base++
		case "no":
			base++
		}
	}
	return float64(yes) / float64(base)
}

func (a answers) on(route string) func(int) bool {
	return func(r int) bool { return a.level("route", r) == route }
}

// The figures that IOM published on 11 October 2016 and in the notes with it:
// see margins.yaml. digits is the last published digit; "about" figures are
// whole percentages too.
func TestPublishedFiguresComeOut(t *testing.T) {
	a := read(example(t))
	everyone := func(int) bool { return true }
	for _, c := range []struct {
		name    string
		of      func(int) string
		hold    func(int) bool
		percent float64
	}{
		{"at least one, CMR", a.atLeast(1), a.on("CMR"), 71},
		{"at least one, EMR", a.atLeast(1), a.on("EMR"), 14},
		{"held, CMR", a.question("held"), a.on("CMR"), 49},
		{"held, EMR", a.question("held"), a.on("EMR"), 6},
		{"unpaid work, CMR", a.question("unpaid_work"), a.on("CMR"), 50},
		{"unpaid work, EMR", a.question("unpaid_work"), a.on("EMR"), 7},
		{"organs, CMR", a.question("organs_awareness"), a.on("CMR"), 6},
		{"over 6 months, CMR", a.overSixMonths, a.on("CMR"), 35},
		{"over 6 months, EMR", a.overSixMonths, a.on("EMR"), 11},
		{"at least one, a year abroad", a.atLeast(1),
			func(r int) bool { return everyone(r) && a.level("abroad_one_year", r) == "yes" }, 79},
	} {
		if got := 100 * a.share(c.of, c.hold); math.Round(got) != c.percent {
			t.Errorf("%s: %.2f%%, published %v%%", c.name, got, c.percent)
		}
	}
}

func TestRoutesDifferAsPublished(t *testing.T) {
	a := read(example(t))
	for _, q := range append([]string{"organs_awareness"}, fiveOwn...) {
		ratio := a.share(a.question(q), a.on("CMR")) / a.share(a.question(q), a.on("EMR"))
		if ratio < 7 || ratio > 10 {
			t.Errorf("%s: CMR over EMR is %.2f, published 7 to 10", q, ratio)
		}
	}
}

// Not published for this round: only plausible.
func TestAssumedFiguresAreWhatMarginsSay(t *testing.T) {
	a := read(example(t))
	if got := a.share(a.atLeast(2), a.on("CMR")); got < 0.48 || got > 0.52 {
		t.Errorf("at least two, CMR: %.3f", got)
	}
	for route, want := range map[string]float64{"EMR": 0.012, "CMR": 0.016} {
		if got := a.share(a.familyOnly, a.on(route)); math.Abs(got-want) > 0.0005 {
			t.Errorf("family only, %s: %.4f, want %v", route, got, want)
		}
	}
	if got := a.share(func(r int) string {
		return map[string]string{"male": "yes", "female": "no", "other": "no"}[a.level("sex", r)]
	}, func(int) bool { return true }); got < 0.75 || got > 0.80 {
		t.Errorf("men: %.3f", got)
	}
}

func TestPrevalenceRisesWithTheJourney(t *testing.T) {
	a := read(example(t))
	bands := a.Category("transit_time").Levels
	for _, route := range []string{"EMR", "CMR"} {
		for name, of := range map[string]func(int) string{
			"at_least_one": a.atLeast(1), "at_least_two": a.atLeast(2), "held": a.question("held"),
			"unpaid_work": a.question("unpaid_work"), "forced_work": a.question("forced_work"),
		} {
			before := -1.0
			for _, b := range bands {
				got := a.share(of, func(r int) bool { return a.on(route)(r) && a.level("transit_time", r) == b.Code })
				if got <= before {
					t.Errorf("%s on %s falls at %s: %.3f after %.3f", name, route, b.Code, got, before)
				}
				before = got
			}
		}
	}
}

func TestExclusionsAreCounted(t *testing.T) {
	a := read(example(t))
	got := map[string]int{}
	for r := range a.Rows() {
		got[a.rule(r)]++
		if a.eligible[r] {
			got[a.level("route", r)]++
		}
	}
	for rule, want := range map[string]int{"repeat": 330, "consent": 190, "age": 110, "": 8475, "EMR": 5695, "CMR": 2780} {
		if got[rule] != want {
			t.Errorf("%q: %d interviews, want %d", rule, got[rule], want)
		}
	}
}
