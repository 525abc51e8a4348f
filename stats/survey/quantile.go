package survey

import (
	"cmp"
	"context"
	"math"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// QuantileRequest asks for quantiles of a number.
type QuantileRequest struct {
	Variable   *table.NumberColumn     // Required
	P          []float64               // between 0 and 1, exclusive. Required
	By         []*table.CategoryColumn // Default: the whole sample
	Confidence float64                 // Default 0.95
}

// Quantile is one quantile in one domain. A limit that the sample does not
// reach is NaN, and so then is SE.
type Quantile struct {
	Domain       []int
	P            float64
	Value        float64
	SE           float64 // (Hi - Lo) over twice the t quantile
	Lo, Hi       float64
	Base         int
	NotEstimable string
}

// Quantiles estimates quantiles: the smallest value at which the weighted
// distribution function reaches p. The interval is Woodruff's: that of the
// share at or below the estimate, by t with the design's degrees of freedom,
// turned back into values.
//
// Source: Woodruff (1952), JASA 47; R survey 4.1-1, svyquantile with qrule
// "math" and interval type "mean".
func (d *Design) Quantiles(ctx context.Context, r QuantileRequest, opt EngineOptions) ([]Quantile, error) {
	if r.Variable == nil || r.Variable.Len() != d.rows {
		return nil, fault.New(fault.Invalid, fault.Place{}, "quantiles need a number column of the design's length", "name a number column")
	}
	for _, p := range r.P {
		if !(p > 0 && p < 1) {
			return nil, fault.New(fault.Invalid, fault.Place{Field: r.Variable.Name()}, "a quantile is asked for at 0, 1 or beyond", "use shares such as 0.5")
		}
	}
	for _, c := range r.By {
		if c == nil || c.Len() != d.rows {
			return nil, fault.New(fault.Invalid, fault.Place{}, "a grouping column is not of the design's length", "use columns of the design's table")
		}
	}
	g, err := numberDomains(ctx, d, r.By, nil, opt.Workers)
	if err != nil {
		return nil, err
	}
	sorted := d.distributions(g, r.Variable)
	var out []Quantile
	for _, p := range r.P {
		values := make([]float64, g.n())
		for k := range values {
			values[k] = sorted[k].at(p)
		}
		below := make([]bool, d.rows)
		for i := range below {
			if k := g.domain(i); k < g.n() {
				below[i] = r.Variable.Values[i] <= values[k]
			}
		}
		share, err := d.Estimate(ctx, []Request{{Statistic: Proportion, Variable: table.NewBool("below", below, missingNumbers(r.Variable)), By: r.By, Interval: Normal, Confidence: r.Confidence}}, opt)
		if err != nil {
			return nil, err
		}
		for k, e := range share[0].Estimates {
			out = append(out, sorted[k].woodruff(p, e, r.Confidence))
		}
	}
	return out, nil
}

// missingNumbers are a column's reasons, with Blank for a NaN without one.
func missingNumbers(c *table.NumberColumn) []table.Missing {
	out := make([]table.Missing, c.Len())
	for i, v := range c.Values {
		if out[i] = c.Missing(i); out[i] == table.Present && v != v {
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

// distribution is the values of a domain in order, with cumulated weights.
type distribution struct {
	value, upTo []float64
}

func (d *Design) distributions(g *grouping, c *table.NumberColumn) []distribution {
	rows := make([][]int, g.n())
	for i := range d.rows {
		if k := g.domain(i); k < g.n() && c.Missing(i) == table.Present && c.Values[i] == c.Values[i] {
			rows[k] = append(rows[k], i)
		}
	}
	out := make([]distribution, g.n())
	for k, r := range rows {
		slices.SortStableFunc(r, func(a, b int) int { return cmp.Compare(c.Values[a], c.Values[b]) })
		sum := 0.0
		for _, i := range r {
			sum += d.Weight(i)
			out[k].value = append(out[k].value, c.Values[i])
			out[k].upTo = append(out[k].upTo, sum)
		}
	}
	return out
}

// at is the smallest value whose cumulated share reaches p; NaN without values.
func (s distribution) at(p float64) float64 {
	n := len(s.value)
	if n == 0 {
		return math.NaN()
	}
	least := (p - 1e-12) * s.upTo[n-1] // a tie but for rounding is a tie
	k, _ := slices.BinarySearch(s.upTo, least)
	return s.value[min(k, n-1)]
}

// woodruff turns the share's interval into values.
func (s distribution) woodruff(p float64, e Estimate, confidence float64) Quantile {
	q := Quantile{Domain: e.Domain, P: p, Value: s.at(p), Base: e.Base, Lo: math.NaN(), Hi: math.NaN(), SE: math.NaN(), NotEstimable: e.NotEstimable}
	if e.NotEstimable != "" {
		q.Value = math.NaN()
		return q
	}
	if confidence == 0 {
		confidence = 0.95
	}
	if e.Lo >= 0 {
		q.Lo = s.at(e.Lo)
	}
	if e.Hi <= 1 {
		q.Hi = s.at(e.Hi)
	}
	if e.DF > 0 {
		q.SE = (q.Hi - q.Lo) / (2 * tQuantile(1-(1-confidence)/2, e.DF))
	}
	return q
}
