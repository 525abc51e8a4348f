package table

import (
	"bytes"
	"math"
)

// dayForm says how a date is written.
type dayForm uint8

const (
	notDay     dayForm = iota
	isoDay             // 2016-10-06, also with slashes or points
	dayMonth           // 25/12/2016: the day must come first
	monthDay           // 12/25/2016: the month must come first
	eitherDay          // 06/10/2016: the column decides
	sameDay            // 06/06/2016: it does not matter
	pointDay           // 06.10.2016: with points the day comes first
	namedMonth         // 6 October 2016, Oct 6, 2016
	serialDay          // 42649: days since 1899-12-30, as spreadsheets count
	compactDay         // 20161006
)

// dayReading is a date as read from a text.
type dayReading struct {
	form  dayForm
	day   int32 // since 1970-01-01; the day first if form is eitherDay
	other int32 // the month first, if form is eitherDay
	short bool  // the year had two digits
}

// parseDay reads a date and what follows it. Years have four digits, or two:
// 00 to 68 are then 2000 to 2068, 69 to 99 are 1969 to 1999 (as POSIX strptime).
func parseDay(b []byte) (dayReading, []byte) {
	if len(b) == 0 {
		return dayReading{}, b
	}
	if b[0] < '0' || b[0] > '9' {
		return parseNamedFirst(b)
	}
	n1, l1, rest := leadingNumber(b)
	if l1 == 8 && (len(rest) == 0 || rest[0] == ' ' || rest[0] == 'T') {
		d, ok := civil(n1/10000, n1/100%100, n1%100)
		return reading(compactDay, d, ok && n1 >= 1900_00_00 && n1 < 2200_00_00), rest
	}
	if len(rest) > 1 && l1 <= 4 && (rest[0] == '-' || rest[0] == '/' || rest[0] == '.') && rest[1] >= '0' && rest[1] <= '9' {
		sep := rest[0]
		n2, l2, rest2 := leadingNumber(rest[1:])
		if l2 <= 2 && len(rest2) > 1 && rest2[0] == sep {
			n3, l3, rest3 := leadingNumber(rest2[1:])
			switch {
			case l1 == 4 && l3 >= 1 && l3 <= 2:
				d, ok := civil(n1, n2, n3)
				return reading(isoDay, d, ok), rest3
			case l1 <= 2 && (l3 == 4 || l3 == 2):
				return orderDay(n1, n2, n3, l3 == 2, sep), rest3
			}
			return dayReading{}, b
		}
	}
	if l1 <= 2 {
		return parseNamedSecond(n1, rest)
	}
	return parseSerial(b)
}

func reading(form dayForm, day int32, ok bool) dayReading {
	if !ok {
		return dayReading{}
	}
	return dayReading{form: form, day: day}
}

// orderDay reads two numbers and a year, of which either number may be the day.
func orderDay(a, b, year int, short bool, sep byte) dayReading {
	if short {
		year = fullYear(year)
	}
	first, dayFirst := civil(year, b, a)
	second, monthFirst := civil(year, a, b)
	r := dayReading{short: short, day: first}
	switch {
	case sep == '.':
		if dayFirst {
			r.form = pointDay
		}
	case dayFirst && monthFirst && a == b:
		r.form = sameDay
	case dayFirst && monthFirst:
		r.form, r.other = eitherDay, second
	case dayFirst:
		r.form = dayMonth
	case monthFirst:
		r.form, r.day = monthDay, second
	}
	return r
}

func fullYear(y int) int {
	if y < 69 {
		return 2000 + y
	}
	return 1900 + y
}

// parseNamedSecond reads "6th October 2016" from behind the 6.
func parseNamedSecond(day int, rest []byte) (dayReading, []byte) {
	rest = trimOrdinal(rest)
	month, rest, ok := leadingMonth(bytes.TrimLeft(rest, " -/."))
	if !ok {
		return dayReading{}, rest
	}
	return namedYear(day, month, bytes.TrimLeft(rest, " -/.,"))
}

// parseNamedFirst reads "October 6, 2016" and skips the name of a weekday.
func parseNamedFirst(b []byte) (dayReading, []byte) {
	if n := leadingWeekday(b); n > 0 {
		b = bytes.TrimLeft(b[n:], " ,.")
		if len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
			n1, l1, rest := leadingNumber(b)
			if l1 > 2 {
				return dayReading{}, b
			}
			return parseNamedSecond(n1, rest)
		}
	}
	month, rest, ok := leadingMonth(b)
	if !ok {
		return dayReading{}, b
	}
	day, l, rest := leadingNumber(bytes.TrimLeft(rest, " -/."))
	if l == 0 || l > 2 {
		return dayReading{}, b
	}
	return namedYear(day, month, bytes.TrimLeft(trimOrdinal(rest), " -/.,"))
}

func namedYear(day, month int, b []byte) (dayReading, []byte) {
	year, l, rest := leadingNumber(b)
	short := l == 2
	if short {
		year = fullYear(year)
	} else if l != 4 {
		return dayReading{}, b
	}
	d, ok := civil(year, month, day)
	r := reading(namedMonth, d, ok)
	r.short = short && ok
	return r, rest
}

// parseSerial reads a spreadsheet's day number; a fraction is the time of day
// and stays with the caller as the rest. Only 1954 to 2099 is taken for a date.
func parseSerial(b []byte) (dayReading, []byte) {
	n, l, rest := leadingNumber(b)
	if l != 5 || n < 20_000 || n >= 73_051 {
		return dayReading{}, b
	}
	if len(rest) > 0 {
		if fraction, ok := plainNumber(rest); !ok || rest[0] != '.' || fraction >= 1 {
			return dayReading{}, b
		}
	}
	return dayReading{form: serialDay, day: int32(n - 25_569)}, rest
}

// leadingNumber reads up to 9 digits.
func leadingNumber(b []byte) (n, digits int, rest []byte) {
	for digits < len(b) && digits < 9 && b[digits] >= '0' && b[digits] <= '9' {
		n = n*10 + int(b[digits]-'0')
		digits++
	}
	return n, digits, b[digits:]
}

func trimOrdinal(b []byte) []byte {
	if len(b) >= 2 {
		switch string(bytes.ToLower(b[:2])) {
		case "st", "nd", "rd", "th":
			return b[2:]
		}
	}
	return b
}

var (
	monthNames   = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	weekdayNames = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)

// leadingMonth reads an English month, whole or cut after three letters or more.
func leadingMonth(b []byte) (month int, rest []byte, ok bool) {
	n := letters(b)
	for i, name := range monthNames {
		if n >= 3 && n <= len(name) && bytes.EqualFold(b[:n], []byte(name[:n])) {
			return i + 1, b[n:], true
		}
	}
	return 0, b, false
}

func leadingWeekday(b []byte) int {
	n := letters(b)
	for _, name := range weekdayNames {
		if n >= 3 && n <= len(name) && bytes.EqualFold(b[:n], []byte(name[:n])) {
			return n
		}
	}
	return 0
}

func letters(b []byte) int {
	n := 0
	for n < len(b) && (b[n]|0x20) >= 'a' && (b[n]|0x20) <= 'z' {
		n++
	}
	return n
}

// civil returns the days since 1970-01-01 of a day of the Gregorian calendar,
// by the formula of H. Hinnant, "chrono-compatible low-level date algorithms".
// Years run from 1000 to 9999.
func civil(year, month, day int) (int32, bool) {
	if year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > monthLength(year, month) {
		return 0, false
	}
	if month <= 2 {
		year--
	}
	era, m := year/400, (month+9)%12
	yearOfEra := year - era*400
	dayOfYear := (153*m+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return int32(era*146_097 + dayOfEra - 719_468), true
}

func monthLength(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// serialSeconds is the time of day of a serial's fraction, rounded to seconds.
func serialSeconds(rest []byte) int {
	f, ok := plainNumber(rest)
	if !ok {
		return 0
	}
	return min(int(math.Round(f*86_400)), 86_399)
}
