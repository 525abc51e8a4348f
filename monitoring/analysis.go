package monitoring

import (
	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// Analysis is everything that a brief says, as values: counts, findings,
// tests, and where they come from. It holds no row of any interview.
type Analysis struct {
	Title      instrument.Text
	Synthetic  bool // the data are made up and say so everywhere
	Instrument *instrument.Instrument
	Source     table.Source
	// Parts are the files that were pooled, with their instruments, and Pooling
	// says over which items; empty for a single file.
	Parts       []PooledPart
	Pooling     instrument.Text
	PlanSHA256  string
	Plan        *Plan
	Program     string // "waymark 0.1.0"
	First, Last string // ISO days of the first and last eligible interview; "" if unknown
	Counts      Counts
	Findings    []Finding
	Trends      []Trend
	Tests       []Test
	Weighting   *Weighting // nil where the plan has none
	// Multiple says how p-values were adjusted for many comparisons.
	Multiple *Multiplicity
	Design   DesignNote
	Warnings *fault.List
}

// PooledPart is one file of a pooled analysis.
type PooledPart struct {
	Source     table.Source
	Instrument *instrument.Instrument
}

// Counts is the way from interviews received to interviews analysed.
type Counts struct {
	Received int
	Excluded []Excluded // in the order of the rules
	Eligible int
	// EligibleByRoute has the instrument's routes in order; empty without a route role.
	EligibleByRoute []LevelCount
}

// Excluded counts one rule.
type Excluded struct {
	Rule    string // exclusion id: "repeat", "consent", "age"
	Count   int    // all that the rule left out
	Missing int    // of these, because the answer was missing
	Kept    int    // missing answers that the rule kept
}

// LevelCount counts rows at one level.
type LevelCount struct {
	Code  string
	Count int
}

// Part is one variable held at one level, as in route = CMR.
type Part struct {
	Variable string
	Level    string
}

// Group is the rows that a finding is about: all parts hold. Empty: everyone.
type Group []Part

// Section says which part of a brief a finding belongs to.
type Section string

// The sections of findings.
const (
	SectionIndicator Section = "indicator" // an indicator in a group (Group empty, or 1-2 parts)
	SectionPlace     Section = "place"     // where it happened: share of countries among those who said yes
	SectionProfile   Section = "profile"   // share of a question's levels
	SectionCompare   Section = "compare"   // ratio of two groups
	SectionMeasure   Section = "measure"   // mean, total or ratio of numbers, for any survey
	SectionWeighted  Section = "weighted"  // an indicator again, weighted to arrivals
)

// Finding is one number.
type Finding struct {
	// Key is unique in the analysis and safe in file names, URLs and HTML ids:
	// "held.route-CMR". Receipts go by it.
	Key     string
	ID      string // "held", "ratio.held", "profile.sex", "place.held", "mean.api00"
	Section Section
	// Variable and Level: the question and the level whose share it is
	// (profile, place), or the measure's column; else "".
	Variable string
	Level    string
	Group    Group
	// Of and Against are the two groups of a ratio; Group is then empty.
	Of, Against Group

	// Statistic is proportion, share, mean, total, ratio (of totals), or
	// "ratio of shares" for Of and Against.
	Statistic string
	Estimate  float64 // a share from 0 to 1, a mean, a total, or a ratio
	SE        float64
	Lo, Hi    float64
	DF        float64
	Deff      float64 // NaN where it has no meaning
	NEff      float64
	N         int // people with the characteristic; for ratios, in the numerator group
	Base      int // people who answered; for ratios, both groups
	// Missing counts people in the group without an answer, by reason.
	Missing [8]int
	// P is the two-sided p-value of no difference, and Adjusted the same after
	// adjustment for many comparisons; comparisons only. NaN: there is none.
	P, Adjusted float64
	Method      string // interval: "wilson", "clopper-pearson", "log ratio", ...
	// NotShown says why the number must not be printed: NotShownBase,
	// NotShownMask or NotShownNotEstimable. Then renderers print a dash and
	// the reason, never the number.
	NotShown string
	// Why explains a finding that is not estimable.
	Why string
	// MaskN says that N is a small count to print as "fewer than 10".
	MaskN bool
}

// hidden says why a finding's numbers are not given out, or "": a share of a
// masked count is masked with it, for share and base together tell the count.
func (f *Finding) hidden() string {
	if f.NotShown == "" && f.MaskN {
		return NotShownMask
	}
	return f.NotShown
}

// Trend is the change of an indicator across ordered groups.
type Trend struct {
	Key       string
	ID        string // indicator
	Variable  string // ordered group
	Within    Group
	Levels    []string
	OddsRatio float64 // per step up
	Lo, Hi    float64
	Statistic float64
	DF1, DF2  float64
	P         float64
	Adjusted  float64 // P after adjustment for many comparisons; NaN: not shown
	Method    string
	NotShown  string
}

// Test is a test of independence between an indicator and a group.
type Test struct {
	Key       string
	ID        string
	Variable  string
	Within    Group
	Statistic float64
	DF1, DF2  float64
	P         float64
	Adjusted  float64 // P after adjustment for many comparisons; NaN: not shown
	Method    string  // "Rao-Scott F"
	NotShown  string
}

// Weighting describes weights made to agree with outside totals.
type Weighting struct {
	Source     string // file's base name
	SHA256     string
	Margins    []Margin
	Method     string // as in the plan: "rake"
	Iterations int
	Converged  bool
	MinRatio   float64 // smallest and largest weight over the mean weight
	MaxRatio   float64
	Deff       float64 // Kish: 1 + cv²
	NEff       float64
	Dropped    int // interviews without a value for a margin; they take no part in weighted figures
	Notes      []string
	// Lower and Upper bound new over old weight, 0 without bounds.
	Lower, Upper float64
	// Trim is what the plan asks of trimming, nil for none; Trimmed interviews
	// were held at a bound.
	Trim    *TrimPlan
	Trimmed int
	// Before and After describe the weights.
	Before, After survey.Spread
}

// Margin is one raked margin: shares of each level in the totals, the sample
// and the weighted sample, within a route if Route is set.
type Margin struct {
	Variable string
	Route    string
	Levels   []MarginLevel
}

// MarginLevel is one level of a margin; all shares are from 0 to 1.
type MarginLevel struct {
	Code                     string
	Total                    float64
	Target, Sample, Weighted float64
	Before                   float64 // with the weights of the design
	Rows                     int
}

// DesignNote says how the variance was made.
type DesignNote struct {
	Strata, Clusters, Weights string // columns, "" for none
	NStrata, NPSU             int
	DF                        float64
	FPC                       bool
	Lonely                    string
	// Replicates says which kind of replicate weights the variances come from,
	// NReplicates how many, and Given that columns hold them; "" by linearisation.
	Replicates  string `json:",omitempty"`
	NReplicates int    `json:",omitempty"`
	Given       bool   `json:",omitempty"`
	Notes       []string
}
