package survey

import (
	"context"
	"fmt"
	"math"
)

// refit is the covariance of coefficients that are fitted again with the
// weights of every replicate, beginning at those of the full sample, as in R's
// svyglm. The reason says why there is none.
func (f *Fit) refit(ctx context.Context, s *solution, opt EngineOptions) (cov []float64, why string, err error) {
	m, r := f.rows, f.d.rep
	thetas, full := make([][]float64, len(s.at)), make([]float64, len(s.at))
	for k, col := range s.at {
		thetas[k], full[k] = make([]float64, r.n), s.beta[col]
	}
	const few = 8 // replicates of one piece of work
	pieces := (r.n + few - 1) / few
	failed := make([]error, pieces)
	reps := &Replicates{f.d}
	err = each(ctx, opt.Workers, pieces, func(b int) {
		byRow, weights := make([]float64, f.d.rows), make([]float64, m.n)
		for k := b * few; k < min((b+1)*few, r.n); k++ {
			reps.Weights(k, byRow)
			for at, row := range m.row {
				weights[at] = byRow[row] / m.unit
			}
			again, err := m.fit(ctx, f.Family, weights, s.beta, 1)
			if err != nil {
				failed[b] = err
				return
			}
			for c, col := range s.at {
				if thetas[c][k] = again.beta[col]; again.why != "" || len(again.at) < len(s.at) {
					thetas[c][k] = math.NaN()
				}
			}
		}
	})
	if err != nil {
		return nil, "", err
	}
	for _, err := range failed {
		if err != nil {
			return nil, "", err
		}
	}
	missing := 0
	for k := range r.n {
		if r.rscales[k] > 0 && math.IsNaN(thetas[0][k]) {
			missing++
		}
	}
	cov, why = r.covariance(thetas, full)
	if missing > 0 && why != "" {
		why = fmt.Sprintf("in %d of %d replicates the model cannot be fitted: a term or the outcome varies in too few primary sampling units", missing, r.n)
	}
	return cov, why, nil
}
