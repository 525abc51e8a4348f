package survey

import (
	"context"
	"math"
)

// replicated finds the limits of quantiles, by p, from the quantiles of every
// replicate: estimate ± t · SE, as R's interval type "quantile". Values whose
// weight is zero in a replicate take no part in it, and a replicate with a
// negative weight in a domain has no quantile there.
func (q *quantiler) replicated(ctx context.Context, values [][]float64, below [][]Estimate) ([][]pair, error) {
	all, start, err := q.d.byValue(ctx, q.g, q.r.Variable, q.opt.Workers)
	if err != nil {
		return nil, err
	}
	n, ps := q.g.n(), q.r.P
	reps := &Replicates{q.d}
	// One value for each p and domain, computed with the weights of a replicate.
	thetas, err := reps.each(ctx, len(ps)*n, q.opt.Workers, func(weights []float64) ([]float64, error) {
		out := make([]float64, len(ps)*n)
		var value, upTo []float64
		for k := range n {
			value, upTo = value[:0], upTo[:0]
			sum, negative := 0.0, false
			for _, s := range all[start[k]:start[k+1]] {
				w := weights[s.row]
				if negative = negative || w < 0; w == 0 {
					continue
				}
				sum += w
				value, upTo = append(value, q.r.Variable.Values[s.row]), append(upTo, sum)
			}
			s := distribution{value: value, upTo: upTo}
			for i, p := range ps {
				if out[i*n+k] = math.NaN(); !negative {
					out[i*n+k] = s.quantile(q.r.Rule, p)
				}
			}
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	out := make([][]pair, len(ps))
	for i := range ps {
		out[i] = make([]pair, n)
		for k, e := range below[i] {
			limits := pair{lo: math.NaN(), hi: math.NaN(), why: e.NotEstimable}
			v := []float64{0}
			if limits.why == "" {
				v, limits.why = q.d.rep.covariance([][]float64{thetas[i*n+k]}, values[i][k:k+1])
			}
			df := q.freedom(e)
			if limits.why == "" && !(df > 0) {
				limits.why = "the group's answers come from too few primary sampling units for an interval"
			}
			if limits.why == "" {
				half := tQuantile(1-(1-orConfidence(q.r.Confidence))/2, df) * math.Sqrt(v[0])
				limits.lo, limits.hi = values[i][k]-half, values[i][k]+half
			}
			out[i][k] = limits
		}
	}
	return out, nil
}
