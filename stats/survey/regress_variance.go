package survey

import "context"

// sandwich is A⁻¹ B A⁻¹ of the estimable columns.
func (f *Fit) sandwich(ctx context.Context, s *solution, opt EngineOptions) ([]float64, error) {
	meat, err := f.rows.meat(ctx, f.resp, opt.Workers)
	if err != nil {
		return nil, err
	}
	n := len(s.at)
	return outer(s.inv, restrict(meat, len(f.rows.layout.columns), s.at), n), nil
}

// outer is A B A of symmetric n by n matrices.
func outer(a, b []float64, n int) []float64 {
	half, out := make([]float64, n*n), make([]float64, n*n)
	for i := range n {
		for k := range n {
			x := a[i*n+k]
			for j := range n {
				half[i*n+j] += x * b[k*n+j]
			}
		}
	}
	for i := range n {
		for j := range i + 1 {
			v := 0.0
			for k := range n {
				v += half[i*n+k] * a[j*n+k]
			}
			out[i*n+j], out[j*n+i] = v, v
		}
	}
	return out
}

// meat is the design covariance of Σ r x over the rows used, by column.
func (m *modelRows) meat(ctx context.Context, r []float64, workers int) ([]float64, error) {
	q, d := len(m.layout.columns), m.d
	if d.scoresByRow() {
		return m.meatByRow(r), ctx.Err()
	}
	c := newCross(d, q)
	now := crossLevel{sum: make([]float64, q), square: make([]float64, q*q)}
	if d.clustered {
		const some = 256 // units whose sums are made side by side
		sums := make([]float64, some*q)
		for from := 0; from < d.units; from += some {
			to := min(d.units, from+some)
			clear(sums)
			err := each(ctx, workers, min(gramStripes, to-from), func(k int) {
				n, parts := to-from, min(gramStripes, to-from)
				for u := from + n*k/parts; u < from+n*(k+1)/parts; u++ {
					m.addUnit(sums[(u-from)*q:(u-from+1)*q], u, r)
				}
			})
			if err != nil {
				return nil, err
			}
			for u := from; u < to; u++ {
				now.sum = sums[(u-from)*q : (u-from+1)*q]
				c.unit(u, &now)
			}
		}
		return c.done(), nil
	}
	plan := m.gramPlan()
	for u := range d.units { // a unit is a stratum, its rows are PSUs
		sums, err := m.gramOf(ctx, plan, workers, m.start[u], m.start[u+1], func(s *gramScratch, from, to int) float64 {
			for i, x := range r[from:to] {
				s.w[i], s.r[i] = x*x, x
			}
			return 0
		})
		if err != nil {
			return nil, err
		}
		now.square, now.sum = plan.square(sums)
		c.unit(u, &now)
	}
	return c.done(), nil
}

// scoresByRow says whether the variance is not that of sums by unit and stage
// alone, so that it is made by rowCovariance.
func (d *Design) scoresByRow() bool { return d.Adjusted() || d.rep != nil || d.pps != nil }

// addUnit adds up r x over the rows of a unit.
func (m *modelRows) addUnit(out []float64, u int, r []float64) {
	for at := m.start[u]; at < m.start[u+1]; at++ {
		m.addRow(out, at, r[at])
	}
}

// meatByRow is meat through the design's row scores, for weighted designs and
// those whose variance is not by stages.
func (m *modelRows) meatByRow(r []float64) []float64 {
	return m.d.rowCovariance(len(m.layout.columns), func(row int, part []float64) bool {
		clear(part)
		at := int(m.at[row])
		if at < 0 {
			return false
		}
		m.addRow(part, at, r[at])
		return true
	})
}
