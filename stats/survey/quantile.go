package survey

import (
	"context"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// QuantileRequest asks for quantiles of a number.
type QuantileRequest struct {
	Variable *table.NumberColumn     // Required
	P        []float64               // between 0 and 1, exclusive. Required
	By       []*table.CategoryColumn // Default: the whole sample
	Where    []bool                  // restricts to a subset, as a domain. Default all
	// Rule says what a quantile is between two values. Default RuleMath.
	Rule QuantileRule
	// Interval is how limits are found. Default IntervalMean.
	Interval   QuantileInterval
	Confidence float64 // Default 0.95
	// DF of the t quantile. Default: the design's, of the PSUs and strata that
	// hold an answer in the domain; +Inf for the normal.
	DF float64
}

// Quantile is one quantile in one domain.
type Quantile struct {
	Domain []int
	P      float64
	Value  float64
	SE     float64 // (Hi - Lo) over twice the t quantile
	Lo, Hi float64
	DF     float64
	Base   int
	// Missing counts rows of the domain without a value, by reason.
	Missing [8]int
	// NotEstimable says why there is no number at all; NoInterval why there is
	// a Value only: SE and the limit that the sample does not reach are NaN.
	NotEstimable, NoInterval string
}

// quantileLimit bounds the quantiles of one request.
const quantileLimit = 1000

// Quantiles estimates quantiles in domains, ordered by p and then by domain.
// The values of each domain are sorted once, in linear time, whatever the number
// of quantiles. The limits come from those of the share at or below the
// estimate, or from a test, see QuantileInterval; they turn into values by the
// same Rule. Missing values and rows of weight zero take no part.
//
// It fails for a missing column or one of another length, a p of 0, 1 or beyond,
// more than 1,000 of them, numbers that are not finite, and a rule or interval
// that is not listed.
//
// Sources: Woodruff (1952), JASA 47; Francisco and Fuller (1991), Annals of
// Statistics 19; R survey 4.1-1, svyquantile.
func (d *Design) Quantiles(ctx context.Context, r QuantileRequest, opt EngineOptions) ([]Quantile, error) {
	if err := d.checkQuantiles(&r); err != nil {
		return nil, err
	}
	g, err := numberDomains(ctx, d, r.By, r.Where, opt.Workers)
	if err != nil {
		return nil, err
	}
	s, err := d.sorted(ctx, g, r.Variable, opt.Workers)
	if err != nil {
		return nil, err
	}
	if g.n() == 0 && len(r.By) == 0 {
		return nobody(r.P), nil
	}
	q := &quantiler{d: d, r: &r, g: g, sorted: s, opt: opt, missing: missingNumbers(r.Variable)}
	values := make([][]float64, len(r.P)) // by p, then by domain
	for k, p := range r.P {
		values[k] = make([]float64, g.n())
		for i := range values[k] {
			values[k][i] = s[i].quantile(r.Rule, p)
		}
	}
	below, err := q.shares(ctx, values)
	if err != nil {
		return nil, err
	}
	var out []Quantile
	var replicated [][]pair
	if r.Interval == IntervalReplicate {
		if replicated, err = q.replicated(ctx, values, below); err != nil {
			return nil, err
		}
	}
	for k, p := range r.P {
		limits := q.limits(below[k])
		if replicated != nil {
			limits = replicated[k]
		}
		if r.Interval == IntervalScore {
			if limits, err = q.score(ctx, p, below[k]); err != nil {
				return nil, err
			}
		}
		for i, e := range below[k] {
			out = append(out, q.finish(p, values[k][i], &s[i], e, limits[i]))
		}
	}
	return out, nil
}

// nobody is the answer where no row is asked about.
func nobody(p []float64) []Quantile {
	nan := math.NaN()
	out := make([]Quantile, len(p))
	for k := range p {
		out[k] = Quantile{Domain: []int{}, P: p[k], Value: nan, SE: nan, Lo: nan, Hi: nan, NotEstimable: emptyGroup, NoInterval: emptyGroup}
	}
	return out
}

// emptyGroup is the reason where a group has no row with an answer.
const emptyGroup = "no one in the group has an answer"

func (d *Design) checkQuantiles(r *QuantileRequest) error {
	if r.Variable == nil || r.Variable.Len() != d.rows {
		return fault.New(fault.Invalid, fault.Place{}, "quantiles need a number column of the design's length", "name a number column")
	}
	a := &asker{p: &program{d: d, faults: fault.NewList(maxFaults)}, what: "quantile of " + r.Variable.Name(), ok: true}
	a.groups(r.Where, r.By...)
	a.confidence(r.Confidence, r.DF)
	if len(r.P) > quantileLimit {
		a.refuse(r.Variable.Name(), "ask for fewer", "there are more than %d quantiles", quantileLimit)
	}
	for _, p := range r.P {
		if !(p > 0 && p < 1) {
			a.refuse(r.Variable.Name(), "use shares such as 0.5", "a quantile is asked for at 0, 1 or beyond")
			break
		}
	}
	if r.Rule > RuleHF9 {
		a.refuse("", "choose a listed rule", "there is no such rule for quantiles")
	}
	if r.Interval > IntervalReplicate {
		a.refuse("", "choose a listed interval", "there is no such interval for quantiles")
	}
	if r.Interval == IntervalReplicate && d.rep == nil {
		a.refuse("", "make replicates, or choose another interval", "the design has no replicate weights")
	}
	return a.p.faults.Err()
}

// missingNumbers are a column's reasons, with Blank for a NaN without one.
func missingNumbers(c *table.NumberColumn) []table.Missing {
	out := make([]table.Missing, c.Len())
	copy(out, c.Reasons())
	for i, v := range c.Values {
		if v != v && out[i] == table.Present {
			out[i] = table.Blank
		}
	}
	return out
}

// domain returns the number of a row's domain.
func (g *grouping) domain(row int) int {
	switch {
	case g.narrow != nil:
		return int(g.narrow[row])
	case g.wide != nil:
		return int(g.wide[row])
	}
	return 0
}
