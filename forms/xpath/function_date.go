package xpath

import (
	"math"
	"time"
)

func buildToday(_ *compiler, _ *Call, _ []code) code {
	return valueCode(func(c *Context) Value {
		now := c.now()
		return date(float64(midnight(now).UnixMilli()), now.Location())
	})
}

func buildNow(_ *compiler, _ *Call, _ []code) code {
	return valueCode(func(c *Context) Value {
		now := c.now()
		return date(float64(now.UnixMilli()), now.Location())
	})
}

// toDate turns a value into a date. Numbers are days since 1970-01-01: whole days
// of the local calendar, or with timed an instant counted from midnight UTC.
// Blank text and NaN stay as they are; what is no date is a fault.
func (c *Context) toDate(v Value, timed bool) Value {
	zone := c.now().Location()
	switch v.kind {
	case StringValue:
		if v.str == "" {
			return v
		}
		if t, ok := parseDateTime(v.str, zone); ok {
			return date(float64(t.UnixMilli()), zone)
		}
	case NumberValue:
		if math.IsNaN(v.num) {
			return v
		}
		if math.Abs(v.num) <= math.MaxInt32 {
			if timed {
				return date(math.Trunc(v.num*dayMillis), zone)
			}
			t := time.Date(1970, 1, 1+int(v.num), 0, 0, 0, 0, zone)
			return date(float64(t.UnixMilli()), zone)
		}
	case DateValue:
		if !timed {
			return date(float64(midnight(v.time()).UnixMilli()), zone)
		}
		return v
	}
	c.failf("give a date such as 2026-01-31, a time with it after a T, or a number of days since 1970", "%s is no date", shownKind(v))
	return Value{}
}

// shownKind says what sort of value stands where it does not fit. It never
// repeats the value: it may be an answer.
func shownKind(v Value) string {
	switch v.kind {
	case BoolValue:
		return "true or false"
	case NumberValue:
		return "a number out of range"
	}
	return "the text"
}

func buildDate(_ *compiler, _ *Call, a []code) code {
	return valueCode(func(c *Context) Value { return c.toDate(a[0].scalar(c), false) })
}

func buildDateTime(_ *compiler, _ *Call, a []code) code {
	return valueCode(func(c *Context) Value { return c.toDate(a[0].scalar(c), true) })
}

func buildFormatDate(k *compiler, n *Call, a []code) code {
	if a[1].fixed {
		if bad := badDateCode(a[1].text(nil)); bad != "" {
			return k.bad(n.Args[1], "has "+shown(bad)+", which is no code of "+n.Name+"()", "use one of % with "+dateCodes)
		}
	}
	return textCode(func(c *Context) string {
		v := c.toDate(a[0].scalar(c), true)
		if v.kind != DateValue {
			return ""
		}
		pattern := a[1].text(c)
		if bad := badDateCode(pattern); bad != "" {
			c.failf("use one of % with "+dateCodes, "%s is no code of %s()", shown(bad), n.Name)
		}
		return c.formatDate(v.time(), pattern)
	})
}

// buildDecimalDateTime compiles decimal-date-time(): days since 1970-01-01 00:00
// UTC with a fraction. Blank stays blank.
func buildDecimalDateTime(_ *compiler, _ *Call, a []code) code {
	return valueCode(func(c *Context) Value {
		v := a[0].scalar(c)
		if v.kind == NumberValue && math.Abs(v.num) <= math.MaxInt32 {
			return v
		}
		if v = c.toDate(v, true); v.kind == DateValue {
			return number(v.num / dayMillis)
		}
		return v
	})
}

// buildDecimalTime compiles decimal-time(): the share of the local day that has
// passed. Text may be a date with a time, or a time by itself.
func buildDecimalTime(_ *compiler, _ *Call, a []code) code {
	return valueCode(func(c *Context) Value {
		v := a[0].scalar(c)
		switch v.kind {
		case NumberValue:
			if math.Abs(v.num) <= math.MaxInt32 {
				return number(v.num - math.Floor(v.num))
			}
		case StringValue:
			if t, ok := parseTimeOn(v.str, c.now()); ok {
				return number(dayShare(t))
			}
		}
		if v = c.toDate(v, true); v.kind == DateValue {
			return number(dayShare(v.time()))
		}
		return v
	})
}

func dayShare(t time.Time) float64 {
	_, offset := t.Zone()
	days := (float64(t.UnixMilli()) + float64(offset)*1000) / dayMillis
	return days - math.Floor(days)
}
