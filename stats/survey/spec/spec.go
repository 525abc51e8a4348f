// Package spec reads an estimation case written as JSON (a data file, a design
// and what to estimate), has stats/survey/analysis answer it, and gives the
// result back in the same terms. It is what `waymark estimate` runs and what the
// reference values of other programs are compared through.
//
// It knows files and the form of cases; it does no statistics of its own.
package spec

import (
	"encoding/json"
	"fmt"
	"slices"

	"waymark/internal/fault"
)

// Case is one estimation. Fields that a case may hold for its reader, such as
// an expected result, are ignored.
type Case struct {
	ID     string `json:"id"`
	Data   string `json:"data"`   // Required. File name, relative to the data folder
	Design Design `json:"design"` // Required
	// Estimate is one of Kinds. Required.
	Estimate    string    `json:"estimate"`
	Variables   Names     `json:"variables"`
	Level       *string   `json:"level"` // of a proportion, or of a logit outcome
	Numerator   string    `json:"numerator"`
	Denominator string    `json:"denominator"`
	By          Names     `json:"by"`
	Of          Names     `json:"of"` // two domains of a domain_ratio
	Outcome     string    `json:"outcome"`
	Terms       Names     `json:"terms"`
	Categorical Names     `json:"categorical"` // number columns to treat as categories
	P           []float64 `json:"p"`           // of quantiles. Default 0.25, 0.5, 0.75
	Method      string    `json:"method"`      // interval of a proportion, form of a test, or score of a ranktest
	// Formula is what the flag of waymark analyse takes: of ttest, ranktest,
	// contrast, compare and trend, and of linear and logit instead of outcome and terms.
	Formula string `json:"formula"`
	// Wald, margins and effects are asked of a linear or logit model, and take the
	// place of its coefficients in the result.
	Wald    Names `json:"wald"`
	Margins Names `json:"margins"`
	Effects Names `json:"effects"`
	// SmallSample: none (default), bell-mccaffrey or cr2. Uncertainty of margins
	// and effects: coefficients (default), parts or sample.
	SmallSample string `json:"small_sample"`
	Uncertainty string `json:"uncertainty"`
	// QuantileRule and QuantileInterval by R's names. Default math and mean.
	QuantileRule     string      `json:"quantile_rule"`
	QuantileInterval string      `json:"quantile_interval"`
	DF               *float64    `json:"df"`         // as another program used; not read
	LonelyPSU        string      `json:"lonely_psu"` // fail (default), remove, certainty, adjust, average
	Variance         string      `json:"variance"`   // Taylor (default), JK1 or JKn
	Calibrate        *Calibrate  `json:"calibrate"`
	Trim             *Trim       `json:"trim"`
	Replicates       *Replicates `json:"replicates"`
	Confidence       float64     `json:"confidence"` // Default 0.95
}

// Design names the columns of a sample design.
type Design struct {
	Clusters Names  `json:"clusters"` // outermost first; empty: each row its own PSU
	Strata   string `json:"strata"`
	Weights  string `json:"weights"`
	FPC      Names  `json:"fpc"` // one per stage; empty: with replacement
	Nest     bool   `json:"nest"`
	// PPS says that FPC has probabilities of inclusion: brewer, overton or HR.
	// PPSVariance of the last two: HT (default) or YG.
	PPS         string `json:"pps"`
	PPSVariance string `json:"pps_variance"`
	Phases      int    `json:"phases"` // Default 1; more are refused
}

// Names is a list of texts; one text may stand for a list of one, and an empty
// object for none, as some programs write them.
type Names []string

// UnmarshalJSON reads a list, a text, null or {}.
func (n *Names) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		if *n = nil; string(data) != "null" {
			*n = Names{one}
		}
		return nil
	}
	if *n = nil; string(data) == "{}" {
		return nil
	}
	return json.Unmarshal(data, (*[]string)(n))
}

// Calibrate says how weights are adjusted before estimating.
type Calibrate struct {
	// Kind: poststratify, rake, greg-linear, greg-raking or greg-logit. Required.
	Kind    string             `json:"kind"`
	Margins []Margin           `json:"margins"`
	Totals  map[string]float64 `json:"totals"` // GREG: by model-matrix column
	Bounds  []float64          `json:"bounds"` // of the ratio of new to old weight, for greg-logit
}

// Trim cuts weights to bounds after calibration; 0 is no bound.
type Trim struct {
	Lower  float64 `json:"lower"`
	Upper  float64 `json:"upper"`
	Strict bool    `json:"strict"` // until no weight is outside
}

// Replicates says that variances come from replicate weights.
type Replicates struct {
	// Columns by pattern, such as rep*. Default: they are made of the design.
	Columns string    `json:"columns"`
	Type    string    `json:"type"` // Required; R's names
	Rho     float64   `json:"rho"`
	Scale   float64   `json:"scale"`
	RScales []float64 `json:"rscales"`
	Factors bool      `json:"factors"` // columns multiply the weights
	MSE     bool      `json:"mse"`
	Count   int       `json:"count"` // of random ones that are made
	Seed    uint64    `json:"seed"`
	DF      float64   `json:"df"`
}

// Margin is the population counts of one column by level.
type Margin struct {
	Variable string             `json:"variable"`
	Counts   map[string]float64 `json:"counts"`
}

// Row is one line of a result. Fields that do not apply are left out.
type Row struct {
	Variable  string     `json:"variable,omitempty"`
	Level     string     `json:"level,omitempty"`
	Domain    any        `json:"domain,omitempty"` // a text, or a list for several columns
	Term      string     `json:"term,omitempty"`
	Estimate  *float64   `json:"estimate,omitempty"`
	SE        *float64   `json:"se,omitempty"`
	CI        []*float64 `json:"ci,omitempty"` // a limit that does not exist is null
	Deff      *float64   `json:"deff,omitempty"`
	T         *float64   `json:"t,omitempty"`
	OddsRatio *float64   `json:"odds_ratio,omitempty"`
	Statistic *float64   `json:"statistic,omitempty"`
	DF        any        `json:"df,omitempty"` // one number, or numerator and denominator
	P         *float64   `json:"p,omitempty"`  // of a test, or of a quantile
	N         *int       `json:"n,omitempty"`
	Base      *int       `json:"base,omitempty"`
	// Method names the interval where it is not the one asked for.
	Method       string `json:"method,omitempty"`
	NotEstimable string `json:"not_estimable,omitempty"`
}

// Outcome is the result of a case in a file of several.
type Outcome struct {
	ID     string `json:"id"`
	Result []Row  `json:"result,omitempty"`
	Error  string `json:"error,omitempty"`
}

// Kinds are the estimates that Run knows.
var Kinds = []string{"mean", "total", "share", "proportion", "ratio", "independence", "domain_ratio", "quantile", "linear", "logit",
	"variance", "correlation", "ttest", "ranktest", "contrast", "compare", "trend"}

// byFormula are those that are asked by a formula alone.
var byFormula = []string{"ttest", "ranktest", "contrast", "compare", "trend"}

// Parse reads one case, or {"cases": [...]}; several says which it was.
func Parse(data []byte, file string) (cases []Case, several bool, err error) {
	at := fault.Place{File: file}
	var many struct {
		Cases []Case `json:"cases"`
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		return nil, false, fault.Wrap(fault.Invalid, at, fmt.Sprintf("this is not a case in JSON: %v", err), "see waymark estimate --help", err)
	}
	if _, several = top["cases"]; several {
		if err := json.Unmarshal(data, &many); err != nil {
			return nil, true, fault.Wrap(fault.Invalid, at, fmt.Sprintf("the cases cannot be read: %v", err), "see waymark estimate --help", err)
		}
		return many.Cases, true, nil
	}
	var one Case
	if err := json.Unmarshal(data, &one); err != nil {
		return nil, false, fault.Wrap(fault.Invalid, at, fmt.Sprintf("the case cannot be read: %v", err), "see waymark estimate --help", err)
	}
	return []Case{one}, false, nil
}

// check reports everything that is missing from a case.
func (c *Case) check() error {
	faults := fault.NewList(20)
	say := func(field, remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: field}, remedy, format, args...)
	}
	if c.Data == "" {
		say("data", "name the data file", "the case has no data file")
	}
	if c.Design.Phases > 1 {
		say("phases", "describe the sample as one of stages, or make replicate weights elsewhere", "two-phase designs are left out")
	}
	if !slices.Contains(Kinds, c.Estimate) {
		say("estimate", fmt.Sprintf("one of %v", Kinds), "there is no estimate %q", c.Estimate)
		return faults.Err()
	}
	need := func(ok bool, field, what string) {
		if !ok {
			say(field, "see waymark estimate --help", "%s needs %s", c.Estimate, what)
		}
	}
	switch c.Estimate {
	case "ratio":
		need(c.Numerator != "" && c.Denominator != "", "numerator", "a numerator and a denominator")
	case "independence":
		need(len(c.Variables) == 2, "variables", "two variables")
	case "domain_ratio":
		need(len(c.Variables) == 1, "variables", "one variable")
		need(len(c.By) == 1 && len(c.Of) == 2, "of", "one by column and two of its levels")
	case "ttest", "ranktest", "contrast", "compare", "trend":
		need(c.Formula != "", "formula", "a formula, as the flag of waymark analyse takes it")
	case "correlation":
		need(len(c.Variables) >= 2, "variables", "at least two variables")
	case "linear", "logit":
		if c.Formula != "" {
			break
		}
		need(c.Outcome != "", "outcome", "an outcome")
		need(len(c.Terms) > 0, "terms", "at least one term")
		need(c.Estimate == "linear" || c.Level != nil, "level", "the outcome's level")
	case "proportion":
		need(len(c.Variables) == 1 && c.Level != nil, "variables", "one variable and its level")
	default:
		need(len(c.Variables) > 0, "variables", "a variable")
	}
	switch c.Variance {
	case "", "Taylor":
	case "JK1", "JKn":
		need(slices.Contains([]string{"mean", "total", "ratio", "proportion"}, c.Estimate), "variance", "Taylor linearisation, not a jackknife")
	default:
		say("variance", "Taylor, JK1 or JKn", "there is no variance method %q", c.Variance)
	}
	if c.Confidence < 0 || c.Confidence >= 1 {
		say("confidence", "use a share such as 0.95", "the confidence %v is not between 0 and 1", c.Confidence)
	}
	return faults.Err()
}
