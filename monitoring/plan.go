package monitoring

import (
	"waymark/monitoring/instrument"
)

// Plan says what to estimate, with which design, and what may be shown. It is
// kept as YAML; ReadPlan is strict. DefaultPlan makes one for any instrument.
type Plan struct {
	// Version of this format. Required: 1.
	Version int `yaml:"version"`
	// Title of the brief by language. Default: the instrument's title.
	Title instrument.Text `yaml:"title"`
	// Languages of the brief, the first is the main one. Default: [en].
	Languages []string `yaml:"languages"`
	// Synthetic labels everything as made-up data. Default: false.
	Synthetic bool `yaml:"synthetic"`
	// Exclusions of the instrument that do not apply to this file.
	Exclusions ExclusionPlan `yaml:"exclusions"`
	Design     DesignPlan    `yaml:"design"`
	// Confidence of intervals, above 0 and below 1. Default: 0.95.
	Confidence float64 `yaml:"confidence"`
	// Interval method for shares. Default: wilson.
	Interval string `yaml:"interval"`
	// MinimumBase is the smallest number of people who answered for a
	// percentage to be shown. Default: 30.
	MinimumBase int `yaml:"minimum_base"`
	// MaskBelow hides counts from 1 to MaskBelow-1. Default: 10.
	MaskBelow int `yaml:"mask_below"`

	// Indicators by id, in the order of the brief. Default: all.
	Indicators []string `yaml:"indicators"`
	// Groups in which the indicators are estimated; each entry crosses its
	// variables, and [] is everyone. Levels that nobody has are not shown; a
	// group of more than 1,000 levels is left out with a warning.
	Groups [][]string `yaml:"groups"`
	// Places estimates where each indicator happened.
	Places PlacePlan `yaml:"places"`
	// Profile describes who was asked.
	Profile  ProfilePlan      `yaml:"profile"`
	Measures []MeasurePlan    `yaml:"measures"`
	Compare  []ComparisonPlan `yaml:"compare"`
	Trends   []TrendPlan      `yaml:"trends"`
	Tests    []TestPlan       `yaml:"tests"`
	// Multiple says how p-values allow for the number of comparisons.
	Multiple MultiplePlan `yaml:"multiple"`
	// Weighting to outside totals. Default: none.
	Weighting *WeightingPlan `yaml:"weighting"`
}

// ExclusionPlan switches rules off for a file that cannot hold their question.
type ExclusionPlan struct {
	// Skip names rules that do not apply. Default: none.
	Skip []string `yaml:"skip"`
}

// DesignPlan is the sample's design, by column.
type DesignPlan struct {
	// Weights is a column of weights, or none. A weight of 0 leaves the row out of
	// every base; a missing or negative one is an error. Default: none.
	Weights string `yaml:"weights"`
	// Strata is a column or group, or none. Default: none.
	Strata string `yaml:"strata"`
	// Clusters, outermost first; "a+b" joins columns. Default: each row alone.
	Clusters []string `yaml:"clusters"`
	// FPC has one column a stage: population sizes, or sampling fractions up
	// to 1. Default: none.
	FPC []string `yaml:"fpc"`
	// Nest says that cluster names repeat across strata. Default: false.
	Nest bool `yaml:"nest"`
	// LonelyPSU: fail, remove, certainty, adjust or average. Default: fail.
	LonelyPSU string `yaml:"lonely_psu"`
	// Replicates takes variances from replicate weights. Default: Taylor
	// linearisation.
	Replicates *ReplicatePlan `yaml:"replicates"`
}

// PlacePlan asks where indicators happened.
type PlacePlan struct {
	// Indicators by id; default: all that ask for a place.
	Indicators []string `yaml:"indicators"`
	// By crosses, as in Groups. Default: none.
	By [][]string `yaml:"by"`
	// Top is the most countries to estimate. Default: 12.
	Top int `yaml:"top"`
}

// ProfilePlan asks who the people interviewed are.
type ProfilePlan struct {
	// Questions or groups by name.
	Questions []string `yaml:"questions"`
	// By crosses, as in Groups.
	By [][]string `yaml:"by"`
	// Top is the most levels of a select-multiple to estimate. Default: 12.
	Top int `yaml:"top"`
}

// MeasurePlan is a statistic of any column.
type MeasurePlan struct {
	// Statistic: mean, total, ratio, share or proportion. Required.
	Statistic string `yaml:"statistic"`
	// Variable is the column. Required.
	Variable string `yaml:"variable"`
	// Denominator of a ratio.
	Denominator string `yaml:"denominator"`
	// Level of a proportion.
	Level string `yaml:"level"`
	// By crosses, as in Groups. Default: [[]].
	By [][]string `yaml:"by"`
	// Interval of a proportion. Default: the plan's.
	Interval string `yaml:"interval"`
}

// ComparisonPlan asks for the ratio of two levels of a group.
type ComparisonPlan struct {
	// Group whose levels are compared. Required.
	Group string `yaml:"group"`
	// Of is the level in the numerator, Against in the denominator. Required.
	Of      string `yaml:"of"`
	Against string `yaml:"against"`
	// Indicators by id. Default: the plan's.
	Indicators []string `yaml:"indicators"`
}

// TrendPlan asks whether indicators rise or fall across an ordered group.
type TrendPlan struct {
	// Group is ordered. Required.
	Group string `yaml:"group"`
	// Within repeats the test in each level of another group. Default: none.
	Within string `yaml:"within"`
	// Indicators by id. Default: the plan's.
	Indicators []string `yaml:"indicators"`
}

// TestPlan asks whether indicators differ between the levels of a group.
type TestPlan struct {
	// Group. Required.
	Group string `yaml:"group"`
	// Within repeats the test in each level of another group. Default: none.
	Within string `yaml:"within"`
	// Indicators by id. Default: the plan's.
	Indicators []string `yaml:"indicators"`
}

// WeightingPlan weights the sample to outside totals.
type WeightingPlan struct {
	// Totals is a file of counts (CSV, XLSX, Parquet, Stata or SPSS), by its path
	// from the plan; "example" names the example round's own. Required.
	Totals string `yaml:"totals"`
	// Count is the column with the counts. Required.
	Count string `yaml:"count"`
	// Method: rake, post-stratify (one margin), linear or logit calibration.
	// Default: rake.
	Method string `yaml:"method"`
	// Lower and Upper bound new over old weight, which is 1 on average within
	// each level of Within. Default: no bounds; logit needs them.
	Lower float64 `yaml:"lower"`
	Upper float64 `yaml:"upper"`
	// Trim cuts weights afterwards. Default: none.
	Trim *TrimPlan `yaml:"trim"`
	// Within weights each level of this group by itself. Default: none.
	Within string `yaml:"within"`
	// Margins are the groups to agree with. Required.
	Margins []string `yaml:"margins"`
	// Columns gives the totals' column of a group, where it has another name.
	Columns map[string]string `yaml:"columns"`
	// Codes translates the totals' values to the instrument's codes, by group.
	Codes map[string]map[string]string `yaml:"codes"`
	// Month is a column of months (2016-09) in the totals; only months in
	// which the group Within was interviewed count. Default: all rows count.
	Month string `yaml:"month"`
	// Other is the code that takes levels with fewer than MinimumCell
	// interviews and levels that only one side has. Default: OTH.
	Other string `yaml:"other"`
	// MinimumCell is the fewest interviews a level may stand on. Default: 10.
	MinimumCell int `yaml:"minimum_cell"`
	// Groups in which the weighted indicators are shown. Default: by Within.
	Groups [][]string `yaml:"groups"`
}
