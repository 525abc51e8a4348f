package workbook

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// builtinDate says whether a number format that workbooks name by number alone
// shows dates or times. Source: ECMA-376 part 1, §18.8.30, with the formats of
// East Asian locales.
func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// writtenDate says whether a written number format shows dates or times: its
// first section has one of d, m, y, h, s outside quotes and brackets and not
// behind a backslash, underscore or star; or hours, minutes or seconds in
// brackets, which may pass a day.
func writtenDate(code string) bool {
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return false
		case '\\', '_', '*':
			i++
		case '"':
			n := strings.IndexByte(code[i+1:], '"')
			if n < 0 {
				return false
			}
			i += n + 1
		case '[':
			n := strings.IndexByte(code[i:], ']')
			if n < 0 {
				return false
			}
			switch strings.ToLower(code[i+1 : i+n]) {
			case "h", "hh", "m", "mm", "s", "ss":
				return true
			}
			i += n
		case 'd', 'm', 'y', 'h', 's', 'D', 'M', 'Y', 'H', 'S':
			return true
		}
	}
	return false
}

const dayMillis = 86_400_000

// dateText writes a serial number as Python writes the date and time that
// openpyxl makes of it: "2006-01-02 15:04:05", or "15:04:05" for a number below
// 1. Parts of a second follow as six digits if there are any. Days count from
// 30 December 1899, or 29 for those before 60 in the 1900 system, which has a
// 29 February 1900 that never was; or from 1 January 1904. It returns false
// outside the years 1 to 9999.
func dateText(serial float64, from1904 bool) (string, bool) {
	day := math.Floor(serial)
	millis := int64(math.RoundToEven((serial - day) * dayMillis))
	if math.IsNaN(serial) || math.Abs(day) > 4e6 {
		return "", false
	}
	if serial >= 0 && serial < 1 && millis < dayMillis {
		return clockText(millis), true
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if serial > 0 && serial < 60 {
		day++
	}
	t := epoch.AddDate(0, 0, int(day)+int(millis/dayMillis))
	if t.Year() < 1 || t.Year() > 9999 {
		return "", false
	}
	return t.Format("2006-01-02 ") + clockText(millis%dayMillis), true
}

// clockText writes a time of day.
func clockText(millis int64) string {
	s := fmt.Sprintf("%02d:%02d:%02d", millis/3_600_000, millis/60_000%60, millis/1000%60)
	if ms := millis % 1000; ms != 0 {
		s += fmt.Sprintf(".%03d000", ms)
	}
	return s
}

// isoText writes a cell that holds a date in ISO 8601 as dateText would.
func isoText(iso string) (string, bool) {
	iso = strings.TrimSuffix(iso, "Z")
	for _, layout := range []struct{ in, out string }{
		{"2006-01-02T15:04:05", "2006-01-02 15:04:05"},
		{"2006-01-02 15:04:05", "2006-01-02 15:04:05"},
		{"2006-01-02T15:04", "2006-01-02 15:04:05"},
		{"2006-01-02", "2006-01-02"},
		{"15:04:05", "15:04:05"},
		{"15:04", "15:04:05"},
	} {
		t, err := time.Parse(layout.in, iso)
		if err != nil {
			continue
		}
		text := t.Format(layout.out)
		if us := t.Nanosecond() / 1000; us != 0 {
			text += fmt.Sprintf(".%06d", us)
		}
		return text, true
	}
	return "", false
}
