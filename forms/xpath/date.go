package xpath

import (
	"strconv"
	"strings"
	"time"
)

// dayMillis is the length of a day without a change of clocks.
const dayMillis = 86400000

// civilDays returns the days from 1970-01-01 to the calendar day of t in its own
// zone, whatever the time of day and the changes of clocks between.
func civilDays(t time.Time) float64 {
	y, m, d := t.Date()
	return float64(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// midnight returns the start of t's day.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// parseDateTime reads 2006-01-02 or 2006-01-02T15:04:05.000+07:00; without an
// offset it is a time of the zone. Parts need no leading zeros, as in JavaRosa.
func parseDateTime(s string, zone *time.Location) (time.Time, bool) {
	day, clock, timed := strings.Cut(s, "T")
	y, m, d, ok := parseDay(day)
	if !ok {
		return time.Time{}, false
	}
	if !timed {
		return time.Date(y, m, d, 0, 0, 0, 0, zone), true
	}
	return parseTimeOn(clock, time.Date(y, m, d, 0, 0, 0, 0, zone))
}

func parseDay(s string) (int, time.Month, int, bool) {
	ys, rest, ok1 := strings.Cut(s, "-")
	ms, ds, ok2 := strings.Cut(rest, "-")
	y, ok3 := digits(ys, 4)
	m, ok4 := digits(ms, 2)
	d, ok5 := digits(ds, 2)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || m < 1 || m > 12 || d < 1 {
		return 0, 0, 0, false
	}
	if d > time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return 0, 0, 0, false
	}
	return y, time.Month(m), d, true
}

// digits reads a whole number of at most n digits.
func digits(s string, n int) (int, bool) {
	if s == "" || len(s) > n {
		return 0, false
	}
	v := 0
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
		v = v*10 + int(s[i]-'0')
	}
	return v, true
}

// parseTimeOn reads 15:04, 15:04:05 or 15:04:05.000, with Z or an offset such as
// +07, +07:00 or +0700, as a time of the given day. With an offset the day is
// that of the offset's own clock.
func parseTimeOn(s string, day time.Time) (time.Time, bool) {
	zone := day.Location()
	if rest, ok := strings.CutSuffix(s, "Z"); ok {
		s, zone = rest, time.UTC
	} else if i := strings.IndexAny(s, "+-"); i >= 0 {
		seconds, ok := parseOffset(s[i:])
		if !ok {
			return time.Time{}, false
		}
		s, zone = s[:i], time.FixedZone("", seconds)
	}
	hs, rest, ok := strings.Cut(s, ":")
	if !ok {
		return time.Time{}, false
	}
	ms, ss, seconds := strings.Cut(rest, ":")
	h, ok1 := digits(hs, 2)
	m, ok2 := digits(ms, 2)
	if !ok1 || !ok2 || h > 23 || m > 59 {
		return time.Time{}, false
	}
	sec := 0.0
	if seconds {
		f, err := strconv.ParseFloat(ss, 64)
		if err != nil || !(f >= 0 && f < 60) || strings.ContainsAny(ss, "eExXpP_-+nN") {
			return time.Time{}, false
		}
		sec = f
	}
	whole := int(sec)
	millis := int(1000*sec - 1000*float64(whole))
	y, mo, d := day.Date()
	return time.Date(y, mo, d, h, m, whole, millis*int(time.Millisecond), zone).In(day.Location()), true
}

// parseOffset reads +07, -07:30 or +0730 as seconds east of UTC.
func parseOffset(s string) (int, bool) {
	hs, ms, colon := strings.Cut(s[1:], ":")
	if !colon && len(hs) == 4 {
		hs, ms = hs[:2], hs[2:]
	}
	h, ok := digits(hs, 2)
	m := 0
	if ok && ms != "" {
		m, ok = digits(ms, 2)
	}
	if !ok || h > 18 || m > 59 {
		return 0, false
	}
	seconds := h*3600 + m*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// dateCodes are the letters that may follow % in format-date(), with what they
// write.
const dateCodes = "Y y m n b d e H h M S 3 a W %"

// badDateCode returns the first code of a pattern that format-date() does not
// have, or "".
func badDateCode(pattern string) string {
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			continue
		}
		if i++; i == len(pattern) {
			return "%"
		}
		if strings.IndexByte(dateCodes, pattern[i]) < 0 || pattern[i] == ' ' {
			return "%" + pattern[i:i+1]
		}
	}
	return ""
}

// formatDate writes a time by a pattern: %Y year, %y its last two digits, %m and
// %n month with and without zero, %b its short name, %d and %e day, %H and %h
// hour, %M minute, %S second, %3 milliseconds, %a short name of the weekday, %W
// week of the year by ISO 8601, %% itself. Other codes are left out.
func (c *Context) formatDate(t time.Time, pattern string) string {
	var b strings.Builder
	pad := func(n, width int) {
		s := strconv.Itoa(n)
		for i := len(s); i < width; i++ {
			b.WriteByte('0')
		}
		b.WriteString(s)
	}
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' || i+1 == len(pattern) {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		switch pattern[i] {
		case '%':
			b.WriteByte('%')
		case 'Y':
			pad(t.Year(), 4)
		case 'y':
			pad(t.Year()%100, 2)
		case 'm':
			pad(int(t.Month()), 2)
		case 'n':
			pad(int(t.Month()), 1)
		case 'b':
			b.WriteString(c.month(t.Month()))
		case 'd':
			pad(t.Day(), 2)
		case 'e':
			pad(t.Day(), 1)
		case 'H':
			pad(t.Hour(), 2)
		case 'h':
			pad(t.Hour(), 1)
		case 'M':
			pad(t.Minute(), 2)
		case 'S':
			pad(t.Second(), 2)
		case '3':
			pad(t.Nanosecond()/int(time.Millisecond), 3)
		case 'a':
			b.WriteString(c.weekday(t.Weekday()))
		case 'W':
			_, week := t.ISOWeek()
			pad(week, 1)
		}
	}
	return b.String()
}
