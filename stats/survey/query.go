package survey

import (
	"context"

	"waymark/stats/table"
)

// EngineOptions say how to run.
type EngineOptions struct {
	// Workers is the number of goroutines. Default: the number of processors.
	// It does not change any result.
	Workers int
}

// Query is everything that is asked of a design at once. Requests that share
// their By columns and variable share one scan.
type Query struct {
	Estimates     []Request
	Comparisons   []ComparisonRequest
	Trends        []TrendRequest
	Independences []IndependenceRequest
}

// Answer has one entry per request, in order.
type Answer struct {
	Estimates     []Result
	Comparisons   [][]Comparison // one per domain
	Trends        [][]Trend
	Independences [][]Independence
}

// Result is the answer to one Request: by domain in the order of levels, then
// by level of a Share.
type Result struct {
	Estimates []Estimate
}

// Measure is how two groups are compared.
type Measure uint8

// The measures. RiskRatio and RiskDifference of a number compare its means.
const (
	RiskRatio      Measure = iota + 1 // p1/p0; interval on the log scale
	RiskDifference                    // p1 - p0
	OddsRatio                         // odds over odds; interval on the log scale
	MeanRatio      = RiskRatio
	MeanDifference = RiskDifference
)

// ComparisonRequest compares one variable between two groups.
type ComparisonRequest struct {
	Measure Measure // Required
	// Variable: a Category with Level, a Bool, or a Number (ratio or difference
	// of means). Required.
	Variable table.Column
	Level    string
	// Over has the columns that tell the groups apart; Of and Against have one
	// level code for each: the numerator's and the denominator's. Required.
	Over        []*table.CategoryColumn
	Of, Against []string
	// By repeats the comparison within every combination. Default none.
	By []*table.CategoryColumn
	// Where restricts to a subset, as a domain. Default all.
	Where []bool
	// Confidence of the interval. Default 0.95.
	Confidence float64
	// DF of the t quantile. Default: the design's; +Inf for the normal.
	DF float64
}

// Arm is one of the two groups compared.
type Arm struct {
	Value   float64 // proportion or mean; NaN if Base is 0
	N       int     // unweighted rows with the level (proportions), else Base
	Base    int
	Missing [8]int // rows of the group without a value, by reason
}

// Comparison is one comparison. NaN stands in Value, SE, Lo and Hi, and only
// there, if NotEstimable says why.
type Comparison struct {
	Domain       []int // level index per By column
	Value        float64
	SE           float64 // of Value, by the delta method
	LogSE        float64 // of the logarithm of a ratio; else 0
	Lo, Hi       float64
	DF           float64
	P            float64 // two-sided, of no difference, on the scale of the interval
	Of, Against  Arm
	NotEstimable string
}

// TrendRequest asks how a proportion changes across ordered groups.
type TrendRequest struct {
	// Variable: a Category with Level, or a Bool. Required.
	Variable table.Column
	Level    string
	// Over has the ordered groups. Required. Rows where it is missing take no part.
	Over *table.CategoryColumn
	// Scores per level of Over. Default 0, 1, 2, ... NaN leaves a level out.
	Scores []float64
	By     []*table.CategoryColumn
	Where  []bool
	// Confidence of the odds ratio's interval. Default 0.95.
	Confidence float64
}

// Trend is a test of trend and the odds ratio per unit of score.
type Trend struct {
	Domain []int
	// Statistic: F with DF1 and DF2 degrees of freedom (the design-based score
	// test), or chi-squared with DF1 (Cochran-Armitage; DF2 is +Inf).
	Statistic float64
	DF1, DF2  float64
	P         float64
	Method    string // "Cochran-Armitage" or "score F"
	// OddsRatio per unit of score, of a logistic model with the design's
	// variance; t with the design's degrees of freedom less one.
	OddsRatio, LogSE, Lo, Hi float64
	N, Base                  int
	// NotEstimable says why there is neither test nor odds ratio, NoOddsRatio
	// why there is only a test.
	NotEstimable, NoOddsRatio string
}

// IndependenceRequest asks whether two categories go together.
type IndependenceRequest struct {
	// Rows: a Category or a Bool. Columns: a Category. Both required. Missing
	// values leave the table.
	Rows    table.Column
	Columns *table.CategoryColumn
	By      []*table.CategoryColumn
	Where   []bool
	Method  RaoScott // Default SecondOrder
}

// RaoScott is a form of the test of independence. In brackets is R's name.
type RaoScott uint8

// The forms.
const (
	SecondOrder       RaoScott = iota // F with fractional degrees of freedom (F, R's default)
	FirstOrder                        // chi-squared; P divides by the mean design effect (Chisq)
	Wald                              // Wald's test of the differences from the expected counts (Wald)
	AdjustedWald                      // the same with a denominator for few PSUs (adjWald)
	LinearCombination                 // the exact asymptotic distribution, by integration (lincom)
	Saddlepoint                       // that by the saddlepoint approximation (saddlepoint)
)

// Independence is a test of independence.
type Independence struct {
	Domain []int
	// Statistic: F (second order, Wald, adjusted Wald), or Pearson's chi-squared
	// before correction (the rest), as R reports them.
	Statistic float64
	// DF1 and DF2 are those of F. First order: of chi-squared, and +Inf. Linear
	// combination and saddlepoint: the number of chi-squareds, and the degrees
	// of freedom of what they are divided by (+Inf with replicate weights).
	DF1, DF2     float64
	P            float64
	Method       string
	Base         int
	NotEstimable string
}

// Estimate answers requests. See Run.
func (d *Design) Estimate(ctx context.Context, requests []Request, opt EngineOptions) ([]Result, error) {
	a, err := d.Run(ctx, Query{Estimates: requests}, opt)
	if err != nil {
		return nil, err
	}
	return a.Estimates, nil
}
