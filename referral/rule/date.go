package rule

import (
	"errors"
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar without time or zone. The zero Date
// is no day: not known, or not set.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

const dateForm = "2006-01-02"

// ParseDate reads YYYY-MM-DD. It fails for a day that the calendar lacks.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateForm, s)
	if err != nil || t.Year() < 1 {
		return Date{}, errors.New("this is no day of the calendar as YYYY-MM-DD")
	}
	return DateOf(t), nil
}

// DateOf returns the day of a time in that time's own zone. To have a nation's
// day, move the time into the nation's zone first.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// DateFromDays is the inverse of Days.
func DateFromDays(days int) Date { return DateOf(time.Unix(int64(days)*86400, 0).UTC()) }

// midnight is the day's start in UTC, which has no clock changes.
func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// IsZero says whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Days counts the days since 1 January 1970.
func (d Date) Days() int {
	s := d.midnight().Unix()
	if s < 0 {
		s -= 86399
	}
	return int(s / 86400)
}

// Add returns the day n days later; n may be negative.
func (d Date) Add(n int) Date { return DateOf(d.midnight().AddDate(0, 0, n)) }

// Sub returns how many days d is after o.
func (d Date) Sub(o Date) int { return d.Days() - o.Days() }

// Before says whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After says whether d is a later day than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// Compare returns -1, 0 or 1. No day comes before every day.
func (d Date) Compare(o Date) int {
	switch a, b := d.Year*10000+int(d.Month)*100+d.Day, o.Year*10000+int(o.Month)*100+o.Day; {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// Anniversary returns the same day n years later; 29 February becomes 1 March
// in a year without it, the later of the two days that one could choose.
func (d Date) Anniversary(years int) Date { return DateOf(d.midnight().AddDate(years, 0, 0)) }

// String returns YYYY-MM-DD, or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; an empty text is no day.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	p, err := ParseDate(string(b))
	if err == nil {
		*d = p
	}
	return err
}
