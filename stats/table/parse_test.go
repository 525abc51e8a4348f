package table

import (
	"testing"
	"time"
)

func TestParseNumber(t *testing.T) {
	for s, want := range map[string]struct {
		value, other float64
		form         numberForm
	}{
		"12":           {12, 0, plainForm},
		"-0.5":         {-0.5, 0, plainForm},
		"+.5":          {0.5, 0, plainForm},
		"1e-3":         {0.001, 0, plainForm},
		" 7 ":          {7, 0, plainForm},
		"1,5":          {1.5, 0, decimalComma},
		"-0,25":        {-0.25, 0, decimalComma},
		"0,125":        {0.125, 0, decimalComma},
		"1234,567":     {1234.567, 0, decimalComma},
		"1.234,50":     {1234.5, 0, decimalComma},
		"1,234":        {1234, 1.234, eitherComma},
		"-12,345":      {-12345, -12.345, eitherComma},
		"1,234,567":    {1234567, 0, thousandComma},
		"1,234.50":     {1234.5, 0, thousandComma},
		"1.234.567":    {1234567, 0, plainForm},
		"1 234 567":    {1234567, 0, plainForm},
		"1\u00a0234,5": {1234.5, 0, decimalComma},
		"1\u202f234":   {1234, 0, plainForm},
		"1'234.5":      {1234.5, 0, plainForm},
		"":             {}, "-": {}, ".": {}, "1e": {}, "e1": {}, "0x10": {}, "1_000": {}, "NaN": {}, "Inf": {}, "1-2": {}, "1,23,456": {}, "1 23": {}, "12%": {}, "1,2,3": {},
	} {
		value, other, form := parseNumber([]byte(s))
		if value != want.value || other != want.other || form != want.form {
			t.Errorf("%q is %v or %v in form %d, expected %v or %v in form %d", s, value, other, form, want.value, want.other, want.form)
		}
	}
}

func TestParseInstant(t *testing.T) {
	for s, want := range map[string]string{ // as package time writes RFC 3339
		"2016-07-01T09:12:33.000+02:00":          "2016-07-01T09:12:33+02:00",
		"2016-07-01T09:12:33Z":                   "2016-07-01T09:12:33Z",
		"2016-07-01 09:12":                       "2016-07-01T09:12:00Z",
		"2016-07-01T09:12:33.123456-0330":        "2016-07-01T09:12:33-03:30",
		"Jul 1, 2016 9:12:33 AM":                 "2016-07-01T09:12:33Z",
		"Jul 1, 2016, 12:12:33\u202fAM":          "2016-07-01T00:12:33Z",
		"1 July 2016 9:12 p.m.":                  "2016-07-01T21:12:00Z",
		"Friday, 1st July 2016":                  "2016-07-01T00:00:00Z",
		"Fri Jul 01 2016 09:12:33 GMT+0200":      "2016-07-01T09:12:33+02:00",
		"Fri, 01 Jul 2016 09:12:33 GMT":          "2016-07-01T09:12:33Z",
		"25/12/2016":                             "2016-12-25T00:00:00Z",
		"12/25/2016 23:59:59":                    "2016-12-25T23:59:59Z",
		"25.12.16":                               "2016-12-25T00:00:00Z",
		"1-Sept-99":                              "1999-09-01T00:00:00Z",
		"2016/1/2":                               "2016-01-02T00:00:00Z",
		"20161006":                               "2016-10-06T00:00:00Z",
		"42649.5":                                "2016-10-06T12:00:00Z",
		"29/02/2016":                             "2016-02-29T00:00:00Z",
		"29/02/2015":                             "",
		"2016-13-01":                             "",
		"32/12/2016":                             "",
		"2016-07-01T25:00:00Z":                   "",
		"2016-07-01T09:61:00Z":                   "",
		"13:00 PM":                               "",
		"Jul 1, 2016 13:12:33 AM":                "",
		"2016-07-01x":                            "",
		"July":                                   "",
		"1/2":                                    "",
		"12345":                                  "", // before 1954, or just a number
		"2016-07-01T09:12:33.000+02:00 and more": "",
	} {
		d, c, _, ok := parseInstant([]byte(s))
		got := ""
		if ok {
			at := time.Unix(int64(d.day)*daySeconds+int64(c.seconds)-60*int64(c.offset), 0).In(time.FixedZone("", 60*c.offset))
			if c.offset == 0 {
				at = at.UTC()
			}
			got = at.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q is %q, expected %q", s, got, want)
		}
	}
}

// TestCivil holds the formula against package time for each day of 1890 to 2110
// and the ends of the range.
func TestCivil(t *testing.T) {
	for day := time.Date(1890, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() <= 2110; day = day.AddDate(0, 0, 1) {
		got, ok := civil(day.Year(), int(day.Month()), day.Day())
		if want := int32(day.Unix() / daySeconds); !ok || day.Unix()%daySeconds != 0 || got != want {
			t.Fatalf("%s is day %d, expected %d", day.Format(time.DateOnly), got, want)
		}
	}
	for _, day := range []time.Time{time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)} {
		if got, ok := civil(day.Year(), int(day.Month()), day.Day()); !ok || int64(got)*daySeconds != day.Unix() {
			t.Errorf("%s is day %d", day.Format(time.DateOnly), got)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"yes", "no", "refused", "lower_secondary"}
	for text, want := range map[string]string{"yse": "yes", "YES!": "yes", "lower secondary": "lower_secondary", "refusd": "refused", "maybe": "", "xx": "", "n": "no"} {
		if got := nearest(text, words); got != want {
			t.Errorf("nearest to %q is %q, expected %q", text, got, want)
		}
	}
}
