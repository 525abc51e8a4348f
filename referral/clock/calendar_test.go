package clock

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/referral/rule"
)

func day(t testing.TB, s string) rule.Date {
	t.Helper()
	d, err := rule.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func pathway(t testing.TB, id string) *rule.Pathway {
	t.Helper()
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	p := all[id]
	if p == nil {
		t.Fatalf("no pathway %s", id)
	}
	return p
}

func calendar(t testing.TB, nation string) *Calendar {
	t.Helper()
	c, err := CalendarOf(pathway(t, "uk"), nation)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWorkingDays: counted by hand on a wall calendar with the bank holidays
// that GOV.UK listed.
func TestWorkingDays(t *testing.T) {
	for _, c := range []struct {
		nation, from string
		n            int
		want, why    string
	}{
		{"england-wales", "2026-11-30", 5, "2026-12-07", "a plain week"},
		{"scotland", "2026-11-27", 1, "2026-12-01", "St Andrew's Day is a Monday"},
		{"england-wales", "2026-11-27", 1, "2026-11-30", "and no holiday in England"},
		{"england-wales", "2022-09-16", 1, "2022-09-20", "the State Funeral, a Monday"},
		{"scotland", "2022-09-16", 1, "2022-09-20", "in Scotland too"},
		{"northern-ireland", "2022-09-16", 1, "2022-09-20", "and in Northern Ireland"},
		{"england-wales", "2023-05-05", 1, "2023-05-09", "the Coronation, a Monday"},
		{"england-wales", "2022-06-01", 1, "2022-06-06", "the Jubilee: Thursday and Friday"},
		{"england-wales", "2022-05-27", 1, "2022-05-30", "whose May holiday moved away"},
		{"england-wales", "2026-12-24", 1, "2026-12-29", "Christmas on a Friday, Boxing Day given on Monday"},
		{"england-wales", "2027-12-24", 1, "2027-12-29", "Christmas on a Saturday: Monday and Tuesday"},
		{"scotland", "2026-12-31", 1, "2027-01-05", "2 January on a Saturday is given on Monday"},
		{"england-wales", "2026-12-31", 1, "2027-01-04", ""},
		{"england-wales", "2024-03-28", 1, "2024-04-02", "Easter"},
		{"scotland", "2024-03-28", 1, "2024-04-01", "Easter Monday is a working day in Scotland"},
		{"northern-ireland", "2025-07-11", 1, "2025-07-15", "12 July on a Saturday"},
		{"northern-ireland", "2024-03-15", 1, "2024-03-19", "St Patrick's Day on a Sunday"},
		{"england-wales", "2025-08-22", 1, "2025-08-26", ""},
		{"scotland", "2025-08-01", 1, "2025-08-05", "summer holiday at the beginning of August"},
		{"england-wales", "2024-02-28", 2, "2024-03-01", "a leap year"},
		{"england-wales", "2026-11-28", 0, "2026-11-28", "nothing to count"},
	} {
		cal := calendar(t, c.nation)
		got, err := cal.AddWorkingDays(day(t, c.from), c.n)
		if err != nil || got.String() != c.want {
			t.Errorf("%s: %d working days after %s is %s, %v; want %s (%s)", c.nation, c.n, c.from, got, err, c.want, c.why)
		}
	}
}

func TestUnknownYearsAreSaid(t *testing.T) {
	cal := calendar(t, "scotland")
	for _, d := range []string{"2027-12-30", "2021-12-31"} {
		_, err := cal.AddWorkingDays(day(t, d), 3)
		if d == "2021-12-31" {
			d, err = "2021", func() error { _, e := cal.Working(day(t, "2021-12-31")); return e }()
		}
		if err == nil || !strings.Contains(err.Error(), "2022 to 2027") {
			t.Errorf("%s: %v", d, err)
		}
	}
	rome, err := CalendarOf(pathway(t, "it"), "italy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rome.Working(day(t, "2026-11-30")); err == nil {
		t.Error("Italy lists no holidays and knows a working day")
	}
	if _, err := CalendarOf(pathway(t, "uk"), "france"); err == nil {
		t.Error("a nation that the pathway lacks")
	}
}

func TestWorkingDaysAndBack(t *testing.T) {
	nations := []string{"england-wales", "scotland", "northern-ireland"}
	from, to := day(t, "2022-01-01").Days(), day(t, "2026-12-31").Days()
	rapid.Check(t, func(rt *rapid.T) {
		cal := calendar(t, rapid.SampledFrom(nations).Draw(rt, "nation"))
		d := rule.DateFromDays(rapid.IntRange(from, to).Draw(rt, "day"))
		n := rapid.IntRange(1, 200).Draw(rt, "n")
		end, err := cal.AddWorkingDays(d, n)
		if err != nil {
			rt.Fatal(err)
		}
		if working, _ := cal.Working(end); !working {
			rt.Fatalf("%s is no working day", end)
		}
		if back, err := cal.WorkingDays(d, end); err != nil || back != n {
			rt.Fatalf("%s + %d = %s, and back %d, %v", d, n, end, back, err)
		}
		if back, _ := cal.WorkingDays(end, d); back != -n {
			rt.Fatalf("backwards %d", back)
		}
		if more, _ := cal.AddWorkingDays(d, n+1); !more.After(end) {
			rt.Fatalf("%d more days are not later", n+1)
		}
		if next, _ := cal.AddWorkingDays(d.Add(1), n); next.Before(end) {
			rt.Fatalf("a later start ends earlier")
		}
		if end.Sub(d) < n {
			rt.Fatalf("%d working days in %d days", n, end.Sub(d))
		}
	})
}

func TestDayIsTheNations(t *testing.T) {
	cal := calendar(t, "england-wales")
	late := time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC) // 0:30 in London in summer
	if got := cal.Day(late).String(); got != "2026-07-01" {
		t.Errorf("London has %s", got)
	}
	winter := time.Date(2026, 12, 30, 23, 30, 0, 0, time.UTC)
	if got := cal.Day(winter).String(); got != "2026-12-30" {
		t.Errorf("London has %s", got)
	}
	for _, d := range []string{"2026-03-29", "2026-10-25"} { // clocks change
		if got := cal.Day(cal.Midnight(day(t, d))).String(); got != d {
			t.Errorf("midnight of %s is on %s", d, got)
		}
	}
}
