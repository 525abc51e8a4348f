package survey

import (
	"context"
	"math"
	"slices"

	"waymark/stats/table"
)

// QuantileInterval is how the limits of a quantile are found. The names are R's
// interval types.
type QuantileInterval uint8

// The intervals. All but the last are limits of the share at or below the
// estimate, turned back into values (Woodruff). Where everyone has such a value
// they are Clopper-Pearson's on the unweighted count.
const (
	IntervalMean   QuantileInterval = iota // share ± t · SE
	IntervalBeta                           // Korn and Graubard's
	IntervalXLogit                         // on the logit scale
	IntervalAsin                           // on the arc sine scale, held within 0 and 1
	// IntervalScore has the values at which the test statistic (p - F)/SE(F) of
	// the share F passes the t quantile, on that side of the step on which it is
	// nearer to it (Francisco and Fuller).
	IntervalScore
	// IntervalReplicate is estimate ± t · SE, the SE that of the quantiles of
	// every replicate: for designs with replicate weights only. Those of a
	// jackknife are not valid for quantiles.
	IntervalReplicate
)

var quantileIntervalNames = [...]string{"mean", "beta", "xlogit", "asin", "score", "quantile"}

// String returns the interval's name in R.
func (m QuantileInterval) String() string {
	if int(m) < len(quantileIntervalNames) {
		return quantileIntervalNames[m]
	}
	return "unknown"
}

// quantiler is one request at work.
type quantiler struct {
	d       *Design
	r       *QuantileRequest
	g       *grouping
	sorted  []distribution // per domain
	opt     EngineOptions
	missing []table.Missing
}

// pair is two limits, shares or values; NaN for one that is not reached.
type pair struct {
	lo, hi float64
	why    string // no limits at all
}

// shares estimates the share at or below values[k] of each domain, for each k.
func (q *quantiler) shares(ctx context.Context, values [][]float64) ([][]Estimate, error) {
	out := make([][]Estimate, 0, len(values))
	const together = 8 // bounds the memory of many quantiles
	for part := range slices.Chunk(values, together) {
		requests := make([]Request, len(part))
		err := each(ctx, q.opt.Workers, len(part), func(k int) {
			below := make([]bool, q.d.rows)
			for i, v := range q.r.Variable.Values {
				if domain := q.g.domain(i); domain < q.g.n() {
					below[i] = v <= part[k][domain]
				}
			}
			requests[k] = Request{Statistic: Proportion, Variable: table.NewBool("below", below, q.missing),
				By: q.r.By, Where: q.r.Where, Interval: Normal, DF: math.Inf(1)}
		})
		if err != nil {
			return nil, err
		}
		results, err := q.d.Estimate(ctx, requests, q.opt)
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			out = append(out, r.Estimates)
		}
	}
	return out, nil
}

// freedom is the degrees of freedom of a domain's t quantile.
func (q *quantiler) freedom(e Estimate) float64 {
	if q.r.DF != 0 {
		return q.r.DF
	}
	return e.DF
}

// limits are the intervals of shares.
func (q *quantiler) limits(below []Estimate) []pair {
	out := make([]pair, len(below))
	method := [...]Interval{Normal, Beta, XLogit, Asin, Normal, Normal}[q.r.Interval]
	for k, e := range below {
		out[k] = pair{lo: math.NaN(), hi: math.NaN(), why: e.NotEstimable}
		if e.NotEstimable != "" {
			continue
		}
		df := q.freedom(e)
		if !(df > 0) {
			out[k].why = "the group's answers come from too few primary sampling units for an interval"
			continue
		}
		s := share{p: e.Value, v: e.SE * e.SE, n: e.N, base: e.Base, df: df, designDF: e.DF}
		lo, hi, _, ok := s.interval(method, orConfidence(q.r.Confidence))
		if !ok {
			out[k].why = "the group's answers come from too few primary sampling units for an interval"
			continue
		}
		if lo >= 0 {
			out[k].lo = q.sorted[k].quantile(q.r.Rule, lo)
		}
		if hi <= 1 {
			out[k].hi = q.sorted[k].quantile(q.r.Rule, hi)
		}
	}
	return out
}

// finish makes the result of one quantile in one domain.
func (q *quantiler) finish(p, value float64, s *distribution, e Estimate, limits pair) Quantile {
	nan := math.NaN()
	out := Quantile{Domain: e.Domain, P: p, Value: nan, SE: nan, Lo: nan, Hi: nan, DF: q.freedom(e), Base: e.Base, Missing: e.Missing}
	if len(s.value) == 0 {
		out.NotEstimable, out.NoInterval = emptyGroup, emptyGroup
		return out
	}
	out.Value, out.Lo, out.Hi = value, limits.lo, limits.hi
	switch {
	case limits.why != "":
		out.NoInterval = limits.why
	case limits.lo != limits.lo && limits.hi != limits.hi:
		out.NoInterval = "the sample reaches neither limit"
	case limits.lo != limits.lo:
		out.NoInterval = "the sample does not reach the lower limit"
	case limits.hi != limits.hi:
		out.NoInterval = "the sample does not reach the upper limit"
	default:
		out.SE = (out.Hi - out.Lo) / (2 * tQuantile(1-(1-orConfidence(q.r.Confidence))/2, out.DF))
	}
	return out
}

// score finds the limits by the test of p at each value: in each domain the step
// at which the statistic passes plus and minus the t quantile, by halving, all
// domains side by side.
func (q *quantiler) score(ctx context.Context, p float64, below []Estimate) ([]pair, error) {
	n := len(below)
	out := make([]pair, n)
	different := make([]*distribution, n)
	for k, e := range below {
		out[k] = pair{lo: math.NaN(), hi: math.NaN(), why: e.NotEstimable}
		if different[k] = q.sorted[k].merge(); out[k].why == "" && !(q.freedom(e) > 0) {
			out[k].why = "the group's answers come from too few primary sampling units for an interval"
		}
	}
	// statistic returns (p - F)/SE(F) at one value of each domain.
	statistic := func(at []int) ([]float64, []float64, error) {
		values := make([]float64, n)
		for k := range values {
			values[k] = math.NaN()
			if m := len(different[k].value); m > 0 {
				values[k] = different[k].value[min(at[k], m-1)]
			}
		}
		shares, err := q.shares(ctx, [][]float64{values})
		if err != nil {
			return nil, nil, err
		}
		t, share := make([]float64, n), make([]float64, n)
		for k, e := range shares[0] {
			t[k], share[k] = (p-e.Value)/e.SE, e.Value
		}
		return t, share, nil
	}
	for _, side := range []float64{1, -1} {
		lo, hi := make([]int, n), make([]int, n) // statistic above the limit at lo, not at hi
		limit := make([]float64, n)
		for k, e := range below {
			hi[k] = max(len(different[k].value)-2, 0) // at the last value the share is 1
			if out[k].why == "" {
				limit[k] = side * tQuantile(1-(1-orConfidence(q.r.Confidence))/2, q.freedom(e))
			}
		}
		tLo, sLo, err := statistic(lo)
		if err != nil {
			return nil, err
		}
		tHi, sHi, err := statistic(hi)
		if err != nil {
			return nil, err
		}
		crosses := make([]bool, n)
		for k := range crosses {
			crosses[k] = out[k].why == "" && tLo[k] >= limit[k] && tHi[k] <= limit[k]
		}
		for {
			mid, more := make([]int, n), false
			for k := range mid {
				mid[k] = (lo[k] + hi[k]) / 2
				more = more || crosses[k] && hi[k]-lo[k] > 1
			}
			if !more {
				break
			}
			t, s, err := statistic(mid)
			if err != nil {
				return nil, err
			}
			for k := range mid {
				if t[k] > limit[k] {
					lo[k], tLo[k], sLo[k] = mid[k], t[k], s[k]
				} else {
					hi[k], tHi[k], sHi[k] = mid[k], t[k], s[k]
				}
			}
		}
		for k := range out {
			if !crosses[k] {
				continue
			}
			share := sHi[k]
			if tLo[k]-limit[k] < limit[k]-tHi[k] {
				share = sLo[k]
			}
			value := q.sorted[k].quantile(q.r.Rule, share)
			if side > 0 {
				out[k].lo = value
			} else {
				out[k].hi = value
			}
		}
	}
	return out, nil
}
