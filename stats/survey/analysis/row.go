package analysis

import (
	"encoding/json"
	"math"

	"waymark/stats/table"
)

// Row is one number with what must be known to trust it. Fields of numbers
// that do not apply are NaN; they leave the package as null or not at all.
type Row struct {
	Domain   []Group // empty: everyone
	Variable string  // column
	Level    string  // of a share or a proportion
	Term     string  // of a model, or what is compared
	At       float64 // the share of a quantile

	Value, SE, Lo, Hi float64
	LogSE             float64 // of the logarithm of a ratio
	OddsRatio         float64 // of a logistic model's coefficient, with its limits
	OddsLo, OddsHi    float64
	Deff              float64
	T                 float64 // Value over SE
	Statistic         float64 // of a test
	DF, DF2           float64 // +Inf for the normal or chi-squared
	P                 float64
	PAdjusted         float64 // for the number of tests

	N    int // rows with the level, where Counted
	Base int // rows that count
	// Counted says that N differs in meaning from Base.
	Counted bool
	Missing [table.FirstLevel]int // rows of the domain without a value, by reason
	Method  string                // of the interval or the test
	// Fallback says that the interval is not of the method asked for.
	Fallback bool
	// NotEstimable says why there is no number.
	NotEstimable string
}

// newRow has no numbers.
func newRow() Row {
	n := math.NaN()
	return Row{At: n, Value: n, SE: n, Lo: n, Hi: n, LogSE: n, OddsRatio: n, OddsLo: n, OddsHi: n, Deff: n, T: n, Statistic: n, DF: n, DF2: n, P: n, PAdjusted: n}
}

// MissingRows is the number of rows without a value.
func (r *Row) MissingRows() int {
	n := 0
	for _, m := range r.Missing {
		n += m
	}
	return n
}

// jsonRow has the names of a row's fields in JSON, which stay as they are; see
// docs/analyse.md.
type jsonRow struct {
	Domain       map[string]string `json:"domain,omitempty"`
	Variable     string            `json:"variable,omitempty"`
	Level        string            `json:"level,omitempty"`
	Term         string            `json:"term,omitempty"`
	Quantile     *float64          `json:"quantile,omitempty"`
	Estimate     *float64          `json:"estimate"`
	SE           *float64          `json:"se,omitempty"`
	LogSE        *float64          `json:"log_se,omitempty"`
	CI           []*float64        `json:"ci,omitempty"`
	OddsRatio    *float64          `json:"odds_ratio,omitempty"`
	OddsCI       []*float64        `json:"odds_ci,omitempty"`
	Deff         *float64          `json:"deff,omitempty"`
	T            *float64          `json:"t,omitempty"`
	Statistic    *float64          `json:"statistic,omitempty"`
	DF           *float64          `json:"df,omitempty"`
	DF2          *float64          `json:"df2,omitempty"`
	P            *float64          `json:"p,omitempty"`
	PAdjusted    *float64          `json:"p_adjusted,omitempty"`
	N            *int              `json:"n,omitempty"`
	Base         int               `json:"base"`
	Missing      map[string]int    `json:"missing,omitempty"`
	Method       string            `json:"method,omitempty"`
	NotEstimable string            `json:"not_estimable,omitempty"`
}

// MarshalJSON writes the row with full precision. A number that there is not is
// null or left out; estimate is null where not_estimable says why, and where a
// test has a statistic instead.
func (r Row) MarshalJSON() ([]byte, error) {
	out := jsonRow{
		Variable: r.Variable, Level: r.Level, Term: r.Term, Quantile: number(r.At),
		Estimate: number(r.Value), SE: number(r.SE), LogSE: number(r.LogSE), OddsRatio: number(r.OddsRatio), Deff: number(r.Deff), T: number(r.T),
		Statistic: number(r.Statistic), DF: number(r.DF), DF2: number(r.DF2), P: number(r.P), PAdjusted: number(r.PAdjusted),
		Base: r.Base, Method: r.Method, NotEstimable: r.NotEstimable,
	}
	if len(r.Domain) > 0 {
		out.Domain = map[string]string{}
		for _, g := range r.Domain {
			out.Domain[g.Column] = g.Level
		}
	}
	if lo, hi := number(r.Lo), number(r.Hi); lo != nil || hi != nil {
		out.CI = []*float64{lo, hi}
	}
	if lo, hi := number(r.OddsLo), number(r.OddsHi); lo != nil || hi != nil {
		out.OddsCI = []*float64{lo, hi}
	}
	if r.Counted {
		out.N = &r.N
	}
	for reason, n := range r.Missing {
		if n > 0 {
			if out.Missing == nil {
				out.Missing = map[string]int{}
			}
			out.Missing[table.Missing(reason).String()] = n
		}
	}
	return json.Marshal(out)
}

// number is nil for what is not finite.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
