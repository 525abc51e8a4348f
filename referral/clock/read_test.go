package clock

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/referral/rule"
)

// events are days by name, as "name day name day".
func events(t testing.TB, c *Calendar, list string) map[string]time.Time {
	t.Helper()
	m := map[string]time.Time{}
	words := strings.Fields(list)
	for i := 0; i+1 < len(words); i += 2 {
		m[words[i]] = c.Midnight(day(t, words[i+1])).Add(9 * time.Hour)
	}
	return m
}

func reading(t testing.TB, p *rule.Pathway, in Input, group string) Reading {
	t.Helper()
	list, err := Read(p, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Rule.Clock == group {
			return r
		}
	}
	t.Fatalf("no clock %s", group)
	return Reading{}
}

// clockCases are the clocks of the United Kingdom against days counted by hand.
var clockCases = []struct {
	clock, events, today string
	rule                 string
	state                State
	due, done            string
	days                 int
}{
	{"reasonable-grounds", "", "2026-11-30", "reasonable-grounds", Waiting, "", "", 0},
	{"reasonable-grounds", "referral-sent 2026-11-30", "2026-11-30", "reasonable-grounds", Running, "2026-12-07", "", 7},
	{"reasonable-grounds", "referral-sent 2026-11-30", "2026-12-07", "reasonable-grounds", Running, "2026-12-07", "", 0},
	{"reasonable-grounds", "referral-sent 2026-11-30", "2026-12-08", "reasonable-grounds", Missed, "2026-12-07", "", -1},
	{"reasonable-grounds", "referral-sent 2026-11-30 reasonable-positive 2026-12-07", "2026-12-20", "reasonable-grounds", Met, "2026-12-07", "2026-12-07", -13},
	{"reasonable-grounds", "referral-sent 2026-11-30 reasonable-negative 2026-12-08", "2026-12-20", "reasonable-grounds", Missed, "2026-12-07", "2026-12-08", -13},
	{"reasonable-grounds", "referral-sent 2026-11-30 consent-withdrawn 2026-12-02", "2026-12-20", "reasonable-grounds", Ended, "2026-12-07", "2026-12-02", -13},
	{"reasonable-grounds", "referral-sent 2026-12-21", "2026-12-21", "reasonable-grounds", Running, "2026-12-30", "", 9},
	{"reasonable-grounds", "referral-sent 2022-09-14", "2022-09-14", "reasonable-grounds", Running, "2022-09-22", "", 8},
	// Day of the decision is day 1: 45 days from 12 December 2022 end on 25 January.
	{"recovery-period", "reasonable-positive 2022-12-12", "2022-12-20", "recovery-period-45", Running, "2023-01-25", "", 36},
	{"recovery-period", "reasonable-positive 2022-12-13", "2022-12-20", "recovery-period-30", Running, "2023-01-11", "", 22},
	{"recovery-period", "reasonable-positive 2022-12-12 conclusive-positive 2023-01-20", "2023-01-26", "recovery-period-45", Met, "2023-01-25", "2023-01-25", -1},
	{"recovery-period", "reasonable-positive 2026-11-01 conclusive-negative 2027-01-15", "2027-01-14", "recovery-period-30", Running, "2026-11-30", "", -45},
	{"recovery-period", "reasonable-positive 2026-11-01 conclusive-negative 2027-01-15", "2027-01-16", "recovery-period-30", Met, "2027-01-15", "2027-01-15", -1},
	{"recovery-period", "reasonable-positive 2026-11-01 disqualified 2026-11-10", "2026-11-12", "recovery-period-30", Ended, "2026-11-30", "2026-11-10", 18},
	{"conclusive-grounds", "reasonable-positive 2026-11-01", "2027-03-01", "conclusive-grounds-30", Running, "2026-11-30", "", -91},
	{"conclusive-grounds", "reasonable-positive 2026-11-01 conclusive-positive 2026-11-29", "2027-03-01", "conclusive-grounds-30", Missed, "2026-11-30", "2026-11-29", -91},
	{"conclusive-grounds", "reasonable-positive 2026-11-01 conclusive-positive 2026-11-30", "2027-03-01", "conclusive-grounds-30", Met, "2026-11-30", "2026-11-30", -91},
	{"reconsider-conclusive", "conclusive-negative 2024-02-01", "2024-02-29", "reconsider-conclusive", Running, "2024-03-02", "", 2},
	{"reconsider-conclusive", "reconsideration-asked 2024-01-05 conclusive-negative 2024-02-01", "2024-02-29", "reconsider-conclusive", Running, "2024-03-02", "", 2},
	{"reconsider-reasonable", "reasonable-negative 2026-11-01 reconsideration-asked 2026-12-01", "2026-12-05", "reconsider-reasonable", Met, "2026-12-01", "2026-12-01", -4},
	{"move-on-positive", "conclusive-positive 2026-11-01", "2026-11-30", "move-on-positive", Running, "2026-12-16", "", 16},
	{"move-on-positive", "conclusive-positive 2026-11-01 support-ended 2026-12-01", "2026-12-02", "move-on-positive", Missed, "2026-12-16", "2026-12-01", 14},
	{"move-on-negative", "conclusive-negative 2026-11-01", "2026-11-30", "move-on-negative", Missed, "2026-11-15", "", -15},
	{"turning-18", "birth 2008-12-25", "2026-11-30", "turning-18", Running, "2026-12-25", "", 25},
	{"turning-18", "birth 2008-02-29", "2025-11-30", "turning-18", Running, "2026-03-01", "", 91},
	{"turning-18", "birth 2008-12-25 adult-consent 2026-12-20", "2027-01-30", "turning-18", Met, "2026-12-25", "2026-12-20", -36},
	{"turning-18", "birth 2008-12-25 conclusive-positive 2026-12-20", "2027-01-30", "turning-18", Ended, "2026-12-25", "2026-12-20", -36},
	{"withdrawal", "consent-withdrawn 2026-11-20", "2026-11-30", "withdrawal", Running, "", "", 0},
	{"withdrawal", "consent-withdrawn 2026-11-20 case-closed 2026-11-23", "2026-11-30", "withdrawal", Met, "", "2026-11-23", 0},
	{"disqualification", "disqualified 2026-11-20", "2026-11-30", "disqualification", Running, "", "", 0},
	{"duty-to-notify", "notification-due 2026-11-20", "2026-11-30", "duty-to-notify", Running, "", "", 0},
	{"partner-acceptance", "partner-asked 2026-11-27", "2026-12-01", "partner-acceptance", Running, "2026-12-01", "", 0},
	{"concern-decided", "concern-received 2026-11-27", "2026-12-02", "concern-decided", Missed, "2026-12-01", "", -1},
}

func TestClocks(t *testing.T) {
	uk := pathway(t, "uk")
	cal := calendar(t, "england-wales")
	for _, c := range clockCases {
		r := reading(t, uk, Input{Nation: "england-wales", Now: cal.Midnight(day(t, c.today)).Add(12 * time.Hour), Events: events(t, cal, c.events)}, c.clock)
		if r.Err != nil || r.Rule.ID != c.rule || r.State != c.state || r.Due.String() != c.due || r.Done.String() != c.done || r.DaysLeft != c.days {
			t.Errorf("%s after %q on %s: %s %s due %q done %q, %d days left, %v; want %s %s %q %q %d\n%v",
				c.clock, c.events, c.today, r.Rule.ID, r.State, r.Due, r.Done, r.DaysLeft, r.Err, c.rule, c.state, c.due, c.done, c.days, r.Steps)
		}
	}
}

func TestEveryClockHasACase(t *testing.T) {
	cases := map[string]bool{"concern-seen": true} // TestSettingsAndServiceHours
	for _, c := range clockCases {
		cases[c.clock] = true
	}
	for _, c := range pathway(t, "uk").Clocks {
		if !cases[c.Clock] {
			t.Errorf("the clock %s has no case", c.Clock)
		}
	}
}

func TestSettingsAndServiceHours(t *testing.T) {
	uk, cal := pathway(t, "uk"), calendar(t, "scotland")
	in := Input{Nation: "scotland", Now: at(t, cal, "2026-11-27 16:45"), Events: map[string]time.Time{"concern-received": at(t, cal, "2026-11-27 16:30")}}
	r := reading(t, uk, in, "concern-seen")
	if got := r.DueAt.In(cal.Zone).Format("2006-01-02 15:04"); got != "2026-12-01 10:30" || r.MinutesLeft != 105 || r.State != Running || !r.Target() {
		t.Errorf("due %s, %d minutes, %s", got, r.MinutesLeft, r.State) // Monday is St Andrew's Day
	}
	in.Settings = map[string]int{"see-within": 10}
	if r := reading(t, uk, in, "concern-seen"); r.State != Missed {
		t.Errorf("ten minutes: %s", r.State)
	}
	in.Settings, in.Hours = nil, &Hours{EveryDay: true}
	if r := reading(t, uk, in, "concern-seen"); r.DueAt.In(cal.Zone).Format("15:04") != "18:30" {
		t.Errorf("open always: %s", r.DueAt)
	}
	in.Events["concern-seen"] = at(t, cal, "2026-11-27 16:40")
	if r := reading(t, uk, in, "concern-seen"); r.State != Met {
		t.Errorf("seen: %s", r.State)
	}
	in.Events = map[string]time.Time{"notification-due": at(t, cal, "2026-11-27 16:30")}
	in.Settings = map[string]int{"notify-within": 3}
	if r := reading(t, uk, in, "duty-to-notify"); r.Due.String() != "2026-12-03" {
		t.Errorf("local policy of 3 working days: %s", r.Due)
	}
}

func TestPauses(t *testing.T) {
	uk, cal := pathway(t, "uk"), calendar(t, "england-wales")
	in := Input{Nation: "england-wales", Now: at(t, cal, "2026-12-02 12:00"), Events: events(t, cal, "concern-received 2026-11-30")}
	in.Pauses = []Pause{{From: day(t, "2026-12-01")}}
	if r := reading(t, uk, in, "concern-decided"); r.State != Paused || r.Due.String() != "2026-12-04" {
		t.Errorf("an open pause: %s, due %s", r.State, r.Due)
	}
	in.Pauses = []Pause{{From: day(t, "2026-12-01"), Until: day(t, "2026-12-02"), Clock: "concern-decided"}}
	if r := reading(t, uk, in, "concern-decided"); r.State != Running || r.Due.String() != "2026-12-03" {
		t.Errorf("a pause of a day: %s, due %s", r.State, r.Due)
	}
	in.Events = events(t, cal, "referral-sent 2026-11-30")
	in.Pauses = []Pause{{From: day(t, "2026-12-01")}}
	if r := reading(t, uk, in, "reasonable-grounds"); r.State != Running || r.Due.String() != "2026-12-07" {
		t.Errorf("a clock that does not pause: %s, due %s", r.State, r.Due)
	}
}

func TestUnknownHolidaysSpoilOneClockOnly(t *testing.T) {
	uk, cal := pathway(t, "uk"), calendar(t, "england-wales")
	list, err := Read(uk, Input{Nation: "england-wales", Now: at(t, cal, "2028-01-10 12:00"), Events: events(t, cal, "referral-sent 2027-12-30 reasonable-positive 2028-01-05")})
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, r := range list {
		if r.Err != nil {
			failed++
		}
		if r.Rule.Clock == "recovery-period" && r.Due.String() != "2028-02-03" {
			t.Errorf("calendar days: %s %v", r.Due, r.Err)
		}
		if r.Rule.Clock == "recovery-period" && r.WorkingDaysKnown {
			t.Error("working days of 2028 are known")
		}
	}
	if failed != 1 {
		t.Errorf("%d clocks failed, not the one in working days", failed)
	}
}

func TestItalyReadsWithTheSameCode(t *testing.T) {
	it := pathway(t, "it")
	cal, err := CalendarOf(it, "italy")
	if err != nil {
		t.Fatal(err)
	}
	r := reading(t, it, Input{Nation: "italy", Now: at(t, cal, "2026-11-30 12:00"), Events: events(t, cal, "referral-made 2026-11-29")}, "it-answer")
	if r.Due.String() != "2026-12-06" || r.State != Running {
		t.Errorf("%s %s", r.Due, r.State)
	}
}

func TestEveryStepHasWords(t *testing.T) {
	uk, cal := pathway(t, "uk"), calendar(t, "england-wales")
	seen := map[string]bool{}
	for _, e := range []string{"", "referral-sent 2026-12-21 concern-received 2026-11-27 reasonable-positive 2026-12-22 conclusive-positive 2027-02-28 support-ended 2027-06-01",
		"reasonable-positive 2026-11-01 disqualified 2026-11-02 notification-due 2026-11-02 partner-asked 2026-11-09", "referral-sent 2027-12-30"} {
		list, err := Read(uk, Input{Nation: "england-wales", Now: at(t, cal, "2028-02-01 12:00"), Events: events(t, cal, e),
			Settings: map[string]int{"accept-within": 3}, Pauses: []Pause{{From: day(t, "2026-11-10"), Until: day(t, "2026-11-12")}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			for _, s := range r.Steps {
				seen[s.Code] = true
				if text := s.String(); text == "" || strings.Contains(text, "{") {
					t.Errorf("%s: %q", s.Code, text)
				}
			}
		}
	}
	for code := range Steps {
		if !seen[code] {
			t.Errorf("no reading takes the step %s", code)
		}
	}
}

// one is a pathway with one clock, for what must hold of any.
func one(c *rule.Clock) *rule.Pathway {
	uk, _ := rule.Builtin()
	p := *uk["uk"]
	c.ID, c.Clock, c.Trigger = "c", "c", []string{"start"}
	if c.DayOne == "" {
		c.DayOne = rule.Exclusive
	}
	p.Clocks = []*rule.Clock{c}
	return &p
}

func TestClockProperties(t *testing.T) {
	cal := calendar(t, "northern-ireland")
	first := day(t, "2022-01-03")
	rapid.Check(t, func(rt *rapid.T) {
		unit := rapid.SampledFrom([]rule.Unit{rule.WorkingDays, rule.CalendarDays}).Draw(rt, "unit")
		n := rapid.IntRange(1, 120).Draw(rt, "n")
		start := first.Add(rapid.IntRange(0, 1200).Draw(rt, "start"))
		dayOne := rapid.SampledFrom([]rule.DayOne{rule.Exclusive, rule.Inclusive}).Draw(rt, "dayOne")
		now := cal.Midnight(start.Add(rapid.IntRange(0, 400).Draw(rt, "now")))
		due := func(n int, start rule.Date, pauses ...Pause) rule.Date {
			in := Input{Nation: cal.Nation, Now: now, Events: map[string]time.Time{"start": cal.Midnight(start)}, Pauses: pauses}
			list, err := Read(one(&rule.Clock{Sort: rule.Deadline, Unit: unit, Count: n, DayOne: dayOne, Pause: true}), in)
			if err != nil || list[0].Err != nil || list[0].State == Waiting {
				rt.Fatal(err, list)
			}
			return list[0].Due
		}
		d := due(n, start)
		if !due(n+1, start).After(d) {
			rt.Fatal("one more day is not later")
		}
		if due(n, start.Add(-1)).After(d) {
			rt.Fatal("an earlier start ends later")
		}
		if unit == rule.CalendarDays && d.Sub(start) != n-map[rule.DayOne]int{rule.Exclusive: 0, rule.Inclusive: 1}[dayOne] {
			rt.Fatalf("%d calendar days from %s end on %s", n, start, d)
		}
		// A pause lengthens by exactly its length in the unit that is counted.
		from := start.Add(rapid.IntRange(1, max(1, d.Sub(start))).Draw(rt, "from"))
		length := rapid.IntRange(1, 60).Draw(rt, "length")
		if from.After(d) {
			return
		}
		p := Pause{From: from, Until: from.Add(length)}
		paused := due(n, start, p)
		if unit == rule.CalendarDays {
			if paused.Sub(d) != length {
				rt.Fatalf("a pause of %d days lengthens by %d", length, paused.Sub(d))
			}
		} else {
			lost, err := cal.WorkingDays(p.From.Add(-1), p.Until.Add(-1))
			if err != nil {
				rt.Fatal(err)
			}
			if longer, err := cal.WorkingDays(d, paused); err != nil || longer != lost {
				rt.Fatalf("a pause of %d working days lengthens by %d, %v", lost, longer, err)
			}
		}
		// The same pause told twice, or in two parts, counts once.
		if due(n, start, p, p) != paused || due(n, start, Pause{From: p.From, Until: p.From.Add(length / 2)}, Pause{From: p.From.Add(length / 2), Until: p.Until}) != paused {
			rt.Fatal("pauses that overlap count twice")
		}
	})
}

func TestTheLaterOfIsNeverEarlier(t *testing.T) {
	cal := calendar(t, "england-wales")
	rapid.Check(t, func(rt *rapid.T) {
		start := day(t, "2023-01-01").Add(rapid.IntRange(0, 900).Draw(rt, "start"))
		n := rapid.IntRange(1, 90).Draw(rt, "n")
		decided := start.Add(rapid.IntRange(0, 200).Draw(rt, "decided"))
		in := Input{Nation: cal.Nation, Now: cal.Midnight(start.Add(400)), Events: map[string]time.Time{"start": cal.Midnight(start), "decision": cal.Midnight(decided)}}
		p := one(&rule.Clock{Sort: rule.Minimum, Unit: rule.CalendarDays, Count: n, LaterOf: []string{"decision"}})
		list, err := Read(p, in)
		if err != nil {
			rt.Fatal(err)
		}
		r := list[0]
		counted := start.Add(n)
		if r.Due.Before(counted) || r.Due.Before(decided) || r.Due != counted && r.Due != decided {
			rt.Fatalf("the later of %s and %s is %s", counted, decided, r.Due)
		}
		delete(in.Events, "decision")
		if list, _ = Read(p, in); !list[0].AtLeast || list[0].State != Running || list[0].Due != counted {
			rt.Fatalf("without the decision: %+v", list[0])
		}
	})
}

func TestTheVersionOfTheTriggersDayCounts(t *testing.T) {
	uk, cal := pathway(t, "uk"), calendar(t, "england-wales")
	change := day(t, "2022-12-13")
	rapid.Check(t, func(rt *rapid.T) {
		start := change.Add(rapid.IntRange(-200, 200).Draw(rt, "start"))
		in := Input{Nation: cal.Nation, Now: cal.Midnight(start.Add(rapid.IntRange(0, 300).Draw(rt, "now"))),
			Events: map[string]time.Time{"reasonable-positive": cal.Midnight(start).Add(time.Hour)}}
		in.Now = in.Now.Add(2 * time.Hour)
		want, length := "recovery-period-30", 29
		if start.Before(change) {
			want, length = "recovery-period-45", 44
		}
		r := reading(t, uk, in, "recovery-period")
		if r.Rule.ID != want || r.Due != start.Add(length) {
			rt.Fatalf("decided on %s: %s until %s", start, r.Rule.ID, r.Due)
		}
		if !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Code == "version" && s.Args["rule"] == want }) {
			rt.Fatal("the steps do not say which version and why")
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(int64(1796000000), int64(1795000000), 3, "referral-sent", 5)
	f.Add(int64(0), int64(-1), 0, "birth", 0)
	all, err := rule.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, now, event int64, pause int, name string, setting int) {
		const far = 200_000_000_000 // seconds: the year 8307
		if now < -far || now > far || event < -far || event > far || pause < -100000 || pause > 100000 {
			return
		}
		n := time.Unix(now, 0)
		list, err := Read(all["uk"], Input{Nation: "scotland", Now: n, Events: map[string]time.Time{name: time.Unix(event, 0)},
			Pauses: []Pause{{From: rule.DateOf(n).Add(pause)}}, Settings: map[string]int{"see-within": setting % 100000, "accept-within": setting % 100000}})
		if err != nil && now != 0 {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.State != Waiting && r.Start.IsZero() {
				t.Errorf("%s runs without a start", r.Rule.ID)
			}
		}
	})
}
