package table

import "bytes"

// clockReading is a time of day and its zone.
type clockReading struct {
	seconds int // since midnight, fractions cut
	offset  int // minutes east of UTC
	zone    bool
}

// parseClock reads what follows a date: "T09:12:33.000+02:00", " 9:12:33 AM",
// " 09:12". Empty text is no clock and fine.
func parseClock(b []byte) (c clockReading, any, ok bool) {
	b = bytes.TrimFunc(b, isEdge)
	if len(b) == 0 {
		return c, false, true
	}
	if b[0] == 'T' || b[0] == 't' || b[0] == ',' {
		b = bytes.TrimLeft(b[1:], " ")
	}
	hour, l, b := leadingNumber(b)
	if l == 0 || l > 2 || len(b) == 0 || b[0] != ':' {
		return c, false, false
	}
	minute, l, b := leadingNumber(b[1:])
	if l != 2 || minute > 59 {
		return c, false, false
	}
	second := 0
	if len(b) > 0 && b[0] == ':' {
		second, l, b = leadingNumber(b[1:])
		if l != 2 || second > 60 {
			return c, false, false
		}
		if len(b) > 1 && (b[0] == '.' || b[0] == ',') && b[1] >= '0' && b[1] <= '9' {
			for b = b[1:]; len(b) > 0 && b[0] >= '0' && b[0] <= '9'; {
				b = b[1:]
			}
		}
	}
	hour, b, ok = halfDay(hour, bytes.TrimFunc(b, isEdge))
	if !ok {
		return c, false, false
	}
	c.seconds = hour*3600 + minute*60 + min(second, 59)
	c.offset, c.zone, ok = parseZone(b)
	return c, true, ok
}

// halfDay applies AM and PM, where they stand.
func halfDay(hour int, b []byte) (int, []byte, bool) {
	if len(b) < 2 || b[0]|0x20 != 'a' && b[0]|0x20 != 'p' {
		return hour, b, hour < 24
	}
	half := b[0] | 0x20
	switch {
	case b[1]|0x20 == 'm':
		b = b[2:]
	case len(b) >= 4 && b[1] == '.' && b[2]|0x20 == 'm' && b[3] == '.':
		b = b[4:]
	default:
		return hour, b, false
	}
	if hour < 1 || hour > 12 {
		return 0, b, false
	}
	hour %= 12
	if half == 'p' {
		hour += 12
	}
	return hour, bytes.TrimLeft(b, " "), true
}

// parseZone reads Z, UTC, GMT, +02:00, +0200, +02, GMT+2 or nothing.
func parseZone(b []byte) (minutes int, zone, ok bool) {
	if len(b) == 0 {
		return 0, false, true
	}
	if len(b) == 1 && (b[0] == 'Z' || b[0] == 'z') {
		return 0, true, true
	}
	if len(b) >= 3 && (bytes.EqualFold(b[:3], []byte("UTC")) || bytes.EqualFold(b[:3], []byte("GMT"))) {
		if b = b[3:]; len(b) == 0 {
			return 0, true, true
		}
	}
	sign := 1
	switch b[0] {
	case '+':
	case '-':
		sign = -1
	default:
		return 0, false, false
	}
	n, l, rest := leadingNumber(b[1:])
	switch {
	case l == 4 && len(rest) == 0:
		minutes = n/100*60 + n%100
		ok = n%100 < 60
	case l <= 2 && l > 0 && len(rest) == 0:
		minutes, ok = n*60, true
	case l <= 2 && l > 0 && rest[0] == ':':
		m, ml, end := leadingNumber(rest[1:])
		minutes, ok = n*60+m, ml == 2 && len(end) == 0 && m < 60
	}
	return sign * minutes, true, ok && minutes <= 18*60
}

// plainISOInstant reads exactly 2016-10-06T09:12:33, with any fraction and
// zone: the form that form servers export.
func plainISOInstant(b []byte) (seconds int64, c clockReading, ok bool) {
	if len(b) < 19 || b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return 0, c, false
	}
	day, ok := plainISODay(b[:10])
	hour, ok1 := twoDigits(b[11:13])
	minute, ok2 := twoDigits(b[14:16])
	second, ok3 := twoDigits(b[17:19])
	if !ok || !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return 0, c, false
	}
	if b = b[19:]; len(b) > 1 && b[0] == '.' {
		for b = b[1:]; len(b) > 0 && b[0] >= '0' && b[0] <= '9'; {
			b = b[1:]
		}
	}
	if len(b) == 6 && b[3] == ':' && (b[0] == '+' || b[0] == '-') {
		h, ok1 := twoDigits(b[1:3])
		m, ok2 := twoDigits(b[4:6])
		if !ok1 || !ok2 || h > 17 || m > 59 {
			return 0, c, false
		}
		c.offset, c.zone = 60*h+m, true
		if b[0] == '-' {
			c.offset = -c.offset
		}
	} else if c.offset, c.zone, ok = parseZone(b); !ok {
		return 0, c, false
	}
	c.seconds = 3600*hour + 60*minute + second
	return int64(day)*daySeconds + int64(c.seconds), c, true
}

func twoDigits(b []byte) (int, bool) {
	tens, ones := b[0]-'0', b[1]-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// parseInstant reads a date with its time of day.
func parseInstant(cell []byte) (d dayReading, c clockReading, timed, ok bool) {
	cell = bytes.TrimFunc(cell, isEdge)
	if len(cell) > 64 {
		return d, c, false, false
	}
	d, rest := parseDay(cell)
	switch {
	case d.form == notDay:
		return d, c, false, false
	case d.form == serialDay:
		c.seconds = serialSeconds(rest)
		return d, c, len(rest) > 0, true
	case len(rest) > 0 && bytes.IndexByte([]byte("Tt ,"), rest[0]) < 0 && rest[0] < 0x80:
		return dayReading{}, c, false, false
	}
	c, timed, ok = parseClock(rest)
	return d, c, timed, ok
}
