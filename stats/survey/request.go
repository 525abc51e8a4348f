package survey

import "waymark/stats/table"

// Spec describes a design by columns. All have the same number of rows.
type Spec struct {
	// Weights per row, positive; nil: every row weighs 1.
	Weights *table.NumberColumn
	// Strata of the first stage; nil: one stratum.
	Strata *table.CategoryColumn
	// Clusters of each stage, outermost first; empty: every row is its own PSU.
	Clusters []*table.CategoryColumn
	// FPC per stage: population sizes (> 1) or sampling fractions (<= 1);
	// empty: with replacement.
	FPC []*table.NumberColumn
	// PPS, if not nil, says that units were drawn with unequal probabilities
	// without replacement. FPC is empty then.
	PPS *PPS
	// Nest says that PSU identifiers are unique only within their stratum.
	// Default false: a PSU in two strata is then an error.
	Nest bool
	// LonelyPSU says what a stratum with one PSU adds. Default LonelyFail.
	LonelyPSU Lonely
	// Include, if not nil, says which rows belong to the sample at all (one
	// bool a row). Rows left out have no part in the design: use By or Where
	// for subsets of the sample.
	Include []bool
	// Rows is the number of rows. Required only if there is no column above;
	// otherwise it is checked if it is not 0.
	Rows int

	// stands is how many rows each row stands for where rows are the PSUs, of a
	// design that an Accumulator makes of its counts; nil: one.
	stands []float64
}

// Lonely is what to do with a stratum that has a single PSU.
type Lonely uint8

// The ways to treat a single PSU, as in R's survey.lonely.psu.
const (
	LonelyFail Lonely = iota // an error that names the strata
	LonelyRemove
	LonelyCertainty
	LonelyAdjust
	LonelyAverage
)

// Statistic is what is estimated.
type Statistic uint8

// The statistics.
const (
	Mean       Statistic = iota + 1 // of a number
	Total                           // of a number
	Proportion                      // of one level (or true) among rows where the variable is present
	Share                           // of every level
	Ratio                           // of two totals
)

// Request asks for one statistic, in every combination of domains.
type Request struct {
	Statistic Statistic // Required
	// Variable: a Number (Mean, Total; numerator of Ratio), a Category
	// (Proportion, Share) or a Bool (Proportion). Required.
	Variable table.Column
	// Denominator of a Ratio.
	Denominator *table.NumberColumn
	// Level of a category for Proportion.
	Level string
	// By crosses domain columns; empty: the whole sample. Rows with a missing
	// domain belong to no domain. Combinations with no row are not returned.
	By []*table.CategoryColumn
	// Occurring leaves out levels of a Share that no row of any domain has.
	// Default false: they are returned with the value 0.
	Occurring bool
	// Where, if not nil, restricts to a subset (one bool a row), as a domain.
	Where []bool
	// Interval method for proportions and shares. Default Wilson for
	// Proportion, Normal for the rest.
	Interval Interval
	// Confidence of intervals. Default 0.95.
	Confidence float64
	// DF of the t quantile; 0: the design's for proportions' intervals and
	// infinite for the rest, as R does. In a domain the design's degrees of
	// freedom are those of the PSUs and strata that hold an answer, as R has
	// them for a subset.
	DF float64
	// Deff is what the design effect compares with. Default DeffAuto.
	Deff DeffBase
}

// DeffBase is the simple random sample that a design effect compares with.
type DeffBase uint8

// The bases of a design effect.
const (
	// DeffAuto: without replacement if the design has an FPC, else with.
	DeffAuto DeffBase = iota
	// WithoutReplacement from a population of the sum of weights, as R's
	// deff=TRUE. It has no meaning where weights sum to the sample size or less.
	WithoutReplacement
	// WithReplacement, as R's deff="replace".
	WithReplacement
)

// Interval is a method for an interval.
type Interval uint8

// The interval methods. At a proportion of exactly 0 or 1 all of them give way
// to Clopper-Pearson on the unweighted count, and the result says so.
const (
	IntervalDefault Interval = iota
	Normal                   // estimate ± quantile · SE ("mean" in R)
	Logit
	Wilson
	Beta // Korn-Graubard
	Likelihood
	Asin
	XLogit
	ClopperPearson // on unweighted counts
)

// Estimate is one number with what must be known to trust it.
type Estimate struct {
	// Domain has one level index per By column; nil without By.
	Domain []int
	// Level index for Share; else -1.
	Level int

	Value float64
	SE    float64
	Lo    float64
	Hi    float64
	// Method names the interval that was used.
	Method Interval
	DF     float64 // degrees of freedom: PSUs - strata, of those that hold a row of Base
	Deff   float64 // design effect, see Request.Deff; NaN where it has no meaning
	NEff   float64 // effective sample size: Base/Deff, or Base where Deff has no meaning

	N    int // unweighted rows with the level (Proportion, Share), else Base
	Base int // unweighted rows that count: domain and variable present, weight > 0
	// Missing counts rows of the domain without a value, by reason.
	Missing [8]int
	// SumWeights over Base.
	SumWeights float64

	// NotEstimable says why there is no number; then Value, SE, Lo, Hi are NaN.
	NotEstimable string
}
