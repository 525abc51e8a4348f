package table

import (
	"math"
	"time"
)

// statClock says how a statistics program counts a date or an instant.
type statClock uint8

const (
	clockNone     statClock = iota
	clockDay                // days
	clockWeek               // weeks, 52 a year
	clockMonth              // months
	clockQuarter            // quarters of a year
	clockHalf               // half-years
	clockMillis             // milliseconds
	clockLeap               // milliseconds with leap seconds
	clockSPSSDay            // seconds, of which the day counts
	clockSPSSTime           // seconds
)

// Where the programs begin to count, in days from 1970-01-01. Sources: Stata,
// help datetime; PSPP's manual, "Time and Date Formats" (14 October 1582).
const (
	stataEpoch = -3_653
	spssEpoch  = -141_428
)

// The days that a date may have: of the years 1 to 9999.
const (
	firstDay = -719_162
	lastDay  = 2_932_896
)

var clockWords = [...]string{clockNone: "", clockDay: "days", clockWeek: "weeks; each is read as its first day", clockMonth: "months; each is read as its first day",
	clockQuarter: "quarters; each is read as its first day", clockHalf: "half-years; each is read as its first day",
	clockMillis: "milliseconds", clockLeap: "milliseconds with leap seconds", clockSPSSDay: "days", clockSPSSTime: "seconds"}

// isDate says whether values are days, not instants.
func (c statClock) isDate() bool {
	return c != clockNone && c != clockMillis && c != clockLeap && c != clockSPSSTime
}

// day reads a date. cut says that a time of day was left out.
func (c statClock) day(x float64) (day int32, cut, ok bool) {
	whole := math.Floor(x)
	cut = whole != x
	var d float64
	switch c {
	case clockWeek, clockMonth, clockQuarter, clockHalf:
		if math.Abs(whole) > 1e6 {
			return 0, false, false
		}
		d = c.period(int(whole))
	case clockSPSSDay:
		d = math.Floor(x / daySeconds)
		cut = d*daySeconds != x
		d += spssEpoch
	default:
		d = whole + stataEpoch
	}
	if !(d >= firstDay && d <= lastDay) {
		return 0, false, false
	}
	return int32(d), cut, true
}

// period is the first day of a week, month, quarter or half-year, counted from
// January 1960.
func (c statClock) period(n int) float64 {
	year := 12
	switch c {
	case clockWeek:
		year = 52
	case clockQuarter:
		year = 4
	case clockHalf:
		year = 2
	}
	y, k := n/year, n%year
	if k < 0 {
		y, k = y-1, k+year
	}
	at := time.Date(1960+y, 1, 1, 0, 0, 0, 0, time.UTC)
	if c == clockWeek {
		at = at.AddDate(0, 0, 7*k)
	} else {
		at = at.AddDate(0, k*12/year, 0)
	}
	return math.Floor(float64(at.Unix()) / daySeconds)
}

// second reads an instant in seconds from 1970; fractions are cut.
func (c statClock) second(x float64) (int64, bool) {
	var s float64
	switch c {
	case clockLeap:
		x = math.Floor(x / 1000)
		s = x + stataEpoch*daySeconds
		s -= float64(leapSeconds(s))
	case clockSPSSTime:
		s = math.Floor(x) + spssEpoch*daySeconds
	default:
		s = math.Floor(x/1000) + stataEpoch*daySeconds
	}
	if !(s >= firstDay*daySeconds && s < (lastDay+1)*daySeconds) {
		return 0, false
	}
	return int64(s), true
}

// leapDays are the days that a leap second ended, from 1970-01-01. Source:
// IERS Bulletin C; 27 leap seconds from 1972 to 2016.
var leapDays = [...]int{911, 1095, 1460, 1825, 2190, 2556, 2921, 3286, 3651, 4198, 4563, 4928, 5659, 6573, 7304, 7669, 8216, 8581, 8946, 9495, 10042, 10591, 13148, 14244, 15521, 16616, 17166}

// leapSeconds is how many leap seconds lie before a second that counts them.
func leapSeconds(s float64) int {
	n := 0
	for i, d := range leapDays {
		if s >= float64((d+1)*daySeconds+i) {
			n = i + 1
		}
	}
	return n
}
