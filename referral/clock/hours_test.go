package clock

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/referral/rule"
)

func at(t testing.TB, c *Calendar, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestServiceMinutes(t *testing.T) {
	cal := calendar(t, "england-wales")
	always := Hours{EveryDay: true}
	night := Hours{From: 22 * 60, To: 6 * 60, EveryDay: true}
	for _, c := range []struct {
		from    string
		minutes int
		hours   Hours
		want    string
	}{
		{"2026-11-30 10:00", 120, OfficeHours, "2026-11-30 12:00"},
		{"2026-11-30 16:30", 120, OfficeHours, "2026-12-01 10:30"},
		{"2026-11-27 18:00", 60, OfficeHours, "2026-11-30 10:00"}, // Friday evening
		{"2026-12-24 16:00", 120, OfficeHours, "2026-12-29 10:00"},
		{"2026-11-28 03:00", 60, always, "2026-11-28 04:00"},
		{"2026-03-29 00:30", 60, always, "2026-03-29 02:30"},  // 1:00 becomes 2:00
		{"2026-10-25 00:30", 120, always, "2026-10-25 01:30"}, // 1:00 to 2:00 comes twice
		{"2026-11-30 05:30", 60, night, "2026-11-30 22:30"},
		{"2026-11-30 12:00", 0, OfficeHours, "2026-11-30 12:00"},
		{"2026-11-30 09:00", 480, OfficeHours, "2026-11-30 17:00"},
	} {
		got, err := cal.AddService(at(t, cal, c.from), c.minutes, c.hours)
		if err != nil || got.In(cal.Zone).Format("2006-01-02 15:04") != c.want {
			t.Errorf("%d minutes after %s: %s, %v; want %s", c.minutes, c.from, got, err, c.want)
		}
	}
	if _, err := cal.AddService(at(t, cal, "2026-11-30 10:00"), 5, Hours{From: -1}); err == nil {
		t.Error("hours before midnight")
	}
}

func TestServiceMinutesAndBack(t *testing.T) {
	cal := calendar(t, "scotland")
	first, last := at(t, cal, "2022-01-03 00:00").Unix()/60, at(t, cal, "2027-06-30 00:00").Unix()/60
	rapid.Check(t, func(rt *rapid.T) {
		h := Hours{From: rapid.IntRange(0, 1439).Draw(rt, "from"), To: rapid.IntRange(0, 1439).Draw(rt, "to"), EveryDay: rapid.Bool().Draw(rt, "every")}
		start := time.Unix(60*rapid.Int64Range(first, last).Draw(rt, "start"), 0)
		n := rapid.IntRange(1, 3000).Draw(rt, "n")
		if span := (h.To - h.From + 1440) % 1440; span > 0 && span < 30 {
			h.To = h.From // a desk that is never open reaches nothing in these years
		}
		end, err := cal.AddService(start, n, h)
		if err != nil {
			rt.Skip() // beyond the known years
		}
		if back, err := cal.ServiceMinutes(start, end, h); err != nil || back != n {
			rt.Fatalf("%d minutes and back %d, %v", n, back, err)
		}
		if end.Sub(start) < time.Duration(n)*time.Minute {
			rt.Fatal("service runs faster than time")
		}
		if later, err := cal.AddService(start, n+1, h); err == nil && !later.After(end) {
			rt.Fatal("more minutes are not later")
		}
	})
}

func TestKeep(t *testing.T) {
	uk := pathway(t, "uk")
	cal := calendar(t, "england-wales")
	for _, c := range []struct{ kind, end, birth, until, warn string }{
		{"frontline-draft", "2026-11-30 10:15", "", "2026-12-01 10:15", "2026-12-01 10:15"},
		{"referral-draft", "2026-11-02 09:00", "", "2026-12-01 00:00", "2026-11-24 00:00"},
		{"concern-closed", "2024-02-29 09:00", "", "2025-03-01 00:00", "2025-01-30 00:00"},
		{"case-closed", "2026-11-30 23:59", "", "2032-12-01 00:00", "2032-09-02 00:00"},
		{"case-closed", "2026-11-30 23:59", "2012-02-29", "2037-03-01 00:00", "2036-12-01 00:00"},
		{"case-closed", "2026-11-30 23:59", "1990-01-01", "2032-12-01 00:00", "2032-09-02 00:00"},
	} {
		var birth rule.Date
		if c.birth != "" {
			birth = day(t, c.birth)
		}
		k, err := Keep(uk, "england-wales", c.kind, at(t, cal, c.end), birth)
		if err != nil {
			t.Fatal(err)
		}
		got, warn := k.Until.In(cal.Zone).Format("2006-01-02 15:04"), k.Warn.In(cal.Zone).Format("2006-01-02 15:04")
		if got != c.until || warn != c.warn {
			t.Errorf("%s %s: until %s, warned %s; want %s, %s", c.kind, c.end, got, warn, c.until, c.warn)
		}
	}
	if _, err := Keep(uk, "england-wales", "diary", time.Now(), rule.Date{}); err == nil {
		t.Error("a kind without a rule is kept")
	}
}
