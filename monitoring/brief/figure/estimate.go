package figure

import "math"

// Series names one set of points, such as a route, and says how it looks.
type Series struct {
	Name  string
	Paint Paint // Required: Series1, Series2, Series3 or Neutral
	Mark  Mark  // Default Disc; let each series have its own
}

// Estimate is one value with its interval.
type Estimate struct {
	// Value is in the axis's unit: a share from 0 to 1, a ratio, or a number.
	// NaN draws nothing but the NotShown text.
	Value float64
	// Lo and Hi are the ends of the interval. NaN, or both 0 with a Value other
	// than 0: no interval.
	Lo, Hi float64
	// Text is the value as printed beside the mark: "49%". Optional.
	Text string
	// Base is the number of answers, as printed before the axis: "2,780".
	// Optional: Row.Base has one base for all series.
	Base string
	// Tip is the text alternative: "Central route: 49%, interval 47% to 51%". Optional.
	Tip string
	// NotShown, if set, is printed in place of the mark: "not shown: fewer than 30 answers".
	NotShown string
}

// Row is one line of a figure: what it is about and a point for each series.
type Row struct {
	Label string
	Base  string // printed after the label where no point has a Base: "n 2,780". Optional
	// Points has one estimate for each series, in the same order. Missing ones
	// at the end are left empty.
	Points []Estimate
}

// RowGroup is rows under a heading, which may be empty.
type RowGroup struct {
	Heading string
	Rows    []Row
}

// shown says whether the estimate has a mark.
func (e Estimate) shown() bool {
	return e.NotShown == "" && !math.IsNaN(e.Value) && !math.IsInf(e.Value, 0)
}

// interval returns the ends of the interval in the right order, and whether
// there is one. An end may be infinite.
func (e Estimate) interval() (lo, hi float64, ok bool) {
	if !e.shown() || math.IsNaN(e.Lo) || math.IsNaN(e.Hi) || (e.Lo == 0 && e.Hi == 0 && e.Value != 0) {
		return 0, 0, false
	}
	return min(e.Lo, e.Hi, e.Value), max(e.Lo, e.Hi, e.Value), true
}

// extent lists the numbers that an axis must hold for these groups.
func extent(groups []RowGroup) []float64 {
	var all []float64
	for _, g := range groups {
		for _, r := range g.Rows {
			for _, e := range r.Points {
				if !e.shown() {
					continue
				}
				all = append(all, e.Value)
				if lo, hi, ok := e.interval(); ok {
					all = append(all, lo, hi)
				}
			}
		}
	}
	return all
}
