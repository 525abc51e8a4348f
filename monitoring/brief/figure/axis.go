package figure

import (
	"math"
	"strconv"
)

// Scale says what an axis measures.
type Scale uint8

// The scales.
const (
	// Percent is for shares from 0 to 1, shown as 0% to a round maximum.
	Percent Scale = iota
	// Ratio is for ratios of two shares, on a log scale with a line at 1.
	Ratio
	// Number is for any other quantity, on a linear scale about the data.
	Number
)

// Axis describes the scale that the points of a figure share.
type Axis struct {
	Scale Scale // Default Percent
	// Max fixes the upper end in the values' own unit (0.6 for 60%). Optional:
	// the data decide. It has no effect on a Ratio.
	Max float64
	// Title says what the axis counts: "% of people interviewed". Optional.
	Title string
	// Tick writes the label at a value. Optional; without it "20%", "5" or "1,500".
	Tick func(value float64) string
}

// Bounds of what a Ratio axis shows; an interval beyond them ends in an arrow.
const (
	ratioFloor = 0.01
	ratioRoof  = 100
)

// scaled is an axis that knows its data and its place on the page.
type scaled struct {
	Axis
	lo, hi float64 // domain
	ticks  []float64
	x0, x1 float64 // where lo and hi stand, in reading order
}

// fit chooses the domain and the ticks for values, of which NaN and infinite
// ones are passed over. room is how many tick labels the width can hold.
func (a Axis) fit(values []float64, room int) *scaled {
	s := &scaled{Axis: a}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	room = max(room, 2)
	switch a.Scale {
	case Ratio:
		s.fitRatio(lo, hi, room)
	case Percent:
		if a.Max > 0 {
			hi = a.Max
		}
		s.linear(0, max(min(hi, 1), 0.05), room)
		if s.hi > 1 {
			s.hi = 1
		}
	default:
		if lo > hi {
			lo, hi = 0, 1
		}
		if a.Max > 0 {
			hi = a.Max
		}
		if lo >= 0 && lo < (hi-lo) {
			lo = 0 // near enough to nought to show it
		}
		if hi <= lo {
			lo, hi = lo-max(math.Abs(lo)*0.05, 0.5), lo+max(math.Abs(lo)*0.05, 0.5)
		}
		s.linear(lo, hi, room)
	}
	return s
}

// linear sets round ticks that hold lo and hi, with a step of 1, 2 or 5 times a
// power of ten.
func (s *scaled) linear(lo, hi float64, room int) {
	step := niceStep((hi-lo)/float64(room), s.Scale == Percent)
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9)
	s.lo, s.hi = first*step, last*step
	for i := 0.0; first+i <= last; i++ {
		s.ticks = append(s.ticks, (first+i)*step)
	}
}

// niceStep returns the least round step that is not under least. Steps of 2.5
// are for percentages, where 25% and 75% are at home.
func niceStep(least float64, quarters bool) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= least*(1-1e-9) && (m != 2.5 || (quarters && power > 0.05)) {
			return m * power
		}
	}
	return 10 * power
}

// fitRatio sets a log domain that holds 1 and the data, within its bounds.
func (s *scaled) fitRatio(lo, hi float64, room int) {
	lo, hi = min(max(min(lo, 1), ratioFloor), 1), max(min(max(hi, 1), ratioRoof), 1)
	var all []float64
	for power := -2; power <= 2; power++ {
		for _, m := range []float64{1, 2, 5} {
			all = append(all, m*math.Pow10(power))
		}
	}
	from, to := 0, len(all)-3 // the roof, 100
	for from+1 < len(all) && all[from+1] <= lo*(1+1e-9) {
		from++
	}
	for to-1 > from && all[to-1] >= hi*(1-1e-9) {
		to--
	}
	if lo == 1 && hi == 1 {
		from-- // one step to either side of 1
	}
	s.lo, s.hi = all[from], all[to]
	thin := to-from > room+1
	for _, t := range all[from : to+1] {
		whole := math.Abs(math.Log10(t)-math.Round(math.Log10(t))) < 1e-9
		if !thin || whole || t == s.lo || t == s.hi {
			s.ticks = append(s.ticks, t)
		}
	}
}

// place fixes where the ends of the domain stand.
func (s *scaled) place(x0, x1 float64) { s.x0, s.x1 = x0, x1 }

// at returns the x of a value, held within the axis.
func (s *scaled) at(v float64) float64 {
	share := 0.0
	if s.Scale == Ratio {
		if v > 0 {
			share = math.Log(v/s.lo) / math.Log(s.hi/s.lo)
		}
	} else {
		share = (v - s.lo) / (s.hi - s.lo)
	}
	return s.x0 + (s.x1-s.x0)*min(max(share, 0), 1)
}

// label writes the label of a tick.
func (s *scaled) label(v float64) string {
	if s.Tick != nil {
		return s.Tick(v)
	}
	if s.Scale == Percent {
		return trim(v*100) + "%"
	}
	return thousands(trim(v))
}

// trim writes v with at most six significant digits.
func trim(v float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// thousands sets commas in the whole part of a plain number.
func thousands(number string) string {
	end := len(number)
	for i, c := range number {
		if c == '.' {
			end = i
			break
		}
	}
	start := 0
	if end > 0 && number[0] == '-' {
		start = 1
	}
	for i := end - 3; i > start; i -= 3 {
		number = number[:i] + "," + number[i:]
	}
	return number
}
