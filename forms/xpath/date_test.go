package xpath

import (
	"testing"
	"time"
	_ "time/tzdata" // a machine may have no zones of its own
)

// Facts from JavaRosa's XPathEvalTest.date_functions, ToDateTest and DateUtils.
func TestDates(t *testing.T) {
	c := world(t, "<data/>", "data", nil)
	c.Now = func() time.Time { return fixedNow.UTC() }
	check(t, c, []row{
		{"date('2000-01-01')", "2000-01-01"}, {"date('1996-02-29')", "1996-02-29"}, {"date('1983-09-31')", fails{}}, {"date('not a date')", fails{}}, {"date('')", ""},
		{"date(0)", "1970-01-01"}, {"date(6.5)", "1970-01-07"}, {"date(-1)", "1969-12-31"}, {"date(14127)", "2008-09-05"}, {"date(-10252)", "1941-12-07"},
		{"date(date('1989-11-09'))", "1989-11-09"}, {"date(true())", fails{}}, {"date(1 div 0)", fails{}}, {"date(0 div 0)", "NaN"},
		{"number(date('1970-01-02'))", 1}, {"number(date('1969-12-31'))", -1}, {"number(date('2008-09-05'))", 14127}, {"number(date('1941-12-07'))", -10252},
		{"boolean(date('2000-01-01'))", true}, {"date('2008-09-08') - date('1983-10-06')", 9104}, {"date('2001-12-26') > date('2001-12-25')", true},
		{"date('2004-05-01') = date('2004-05-01')", true}, {"true() != date('1999-09-09')", false}, {"date(date('2026-01-31') + 1)", "2026-02-01"},
		{"format-date('2018-01-02T10:20:30.123', '%Y-%m-%e %H:%M:%S')", "2018-01-2 10:20:30"}, {"format-date-time('2018-01-02T10:20:30.123', '%y %n %b %d %h %3 %a %W %%')", "18 1 Jan 02 10 123 Tue 1 %"},
		{"format-date('', '%Y')", ""}, {"format-date(0, '%Y-%m-%d')", "1970-01-01"}, {"format-date(0.5, '%H')", "12"}, {"format-date(true(), '%Y')", fails{}},
		{"format-date(today(), concat('%', translate(/data, '', ''), 'Q'))", fails{}},
		{"decimal-date-time('2000-01-01T10:20:30.000')", 10957.430902777778}, {"decimal-time('2000-01-01T10:20:30.000+03:00')", .30590277777810115},
		{"decimal-date-time('-1000')", fails{}}, {"decimal-date-time('')", ""}, {"decimal-date-time(1.5)", 1.5}, {"decimal-time(1.25)", 0.25}, {"decimal-time('06:00')", 0.25},
		{"today()", "2026-03-14"}, {"now()", "2026-03-14"}, {"number(now())", 20526}, {"decimal-date-time(now()) > 20526.5", true}, {"format-date-time(now(), '%H:%M')", "13:09"},
		{"date('2026-03-14') = today()", true}, {"'2026-03-14' = today()", true}, {"today() > '2012-01-01'", false}, {"number('2012-01-01')", nan},
		{"abs(date-time('1970-01-02T12:00:00Z'))", 1.5}, {"date('2026-1-5')", "2026-01-05"}, {"date('2026-01-05T23:30:00.000-0200')", "2026-01-06"},
		{"date('2026-01-05T25:00')", fails{}}, {"date('2026-01-05T')", fails{}}, {"date('2026-01-05T10:61')", fails{}}, {"date('2026-01-05T10:00:00+99:00')", fails{}},
	})
}

// The day is that of the zone of the clock: the same instant is two days apart.
func TestDatesGoByTheZone(t *testing.T) {
	c := world(t, `<d><t type="dateTime">2026-03-08T23:30:00.000+00:00</t></d>`, "d/t", nil)
	for zone, want := range map[string]string{"UTC": "2026-03-08", "Asia/Kabul": "2026-03-09", "America/New_York": "2026-03-08"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		c.Now = func() time.Time { return fixedNow.In(loc) }
		check(t, c, []row{{".", want}, {"string(.)", want}, {"format-date(., '%Y-%m-%d')", want}, {"date('2026-03-29') - date('2026-03-28')", 1}})
	}
}
