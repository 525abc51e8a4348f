package survey

import "math"

// ppsCovariance is rowCovariance under unequal probabilities of inclusion.
// Where an estimate of a variance is negative it is NaN.
func (d *Design) ppsCovariance(q int, score func(row int, part []float64) bool) []float64 {
	score = d.residuals(q, score)
	last := len(d.stages) - 1
	z := make([]float64, len(d.pps.prob[last])*q)
	part := make([]float64, q)
	for i := range d.rows {
		if !score(i, part) {
			continue
		}
		u := i
		if d.clustered {
			if u = 0; d.unit != nil {
				u = int(d.unit[i])
			}
		}
		addTo(z[u*q:(u+1)*q], part)
	}
	var v []float64
	switch {
	case d.pps.how == Brewer:
		v = d.brewer(q, z)
	case d.pps.delta != nil:
		v = d.pps.quadratic(q, z)
	default:
		v = d.approximate(q, z)
	}
	for f := range q {
		// Below zero but for rounding: rounding is measured by the squares.
		square := 0.0
		for at := f; at < len(z); at += q {
			square += z[at] * z[at]
		}
		for g := range f {
			v[g*q+f] = v[f*q+g]
		}
		if x := v[f*q+f]; x < 0 && x > -1e-12*square {
			v[f*q+f] = 0
		}
	}
	for f := range q {
		if v[f*q+f] < 0 {
			for g := range q {
				v[f*q+g], v[g*q+f] = math.NaN(), math.NaN()
			}
		}
	}
	return v
}

// noVariance is why a variance is not a number.
func (d *Design) noVariance() string {
	if d.pps != nil {
		return "the estimate of the variance is negative: use Yates-Grundy or Brewer"
	}
	return "the numbers are too large for a variance"
}

// byParent lists the clusters of each parent at a stage.
func (d *Design) byParent(stage int) [][]int32 {
	out := make([][]int32, len(d.stages[stage].n))
	for c := range d.pps.prob[stage] {
		if !d.clustered && d.pps.in != nil && !d.pps.in[c] {
			continue
		}
		h := uint32(0)
		switch {
		case d.clustered:
			h = d.stages[stage].parent[c]
		case d.unit != nil:
			h = d.unit[c]
		}
		out[h] = append(out[h], int32(c))
	}
	return out
}

// brewer is Brewer's variance of all stages. z is by cluster of the last stage.
func (d *Design) brewer(q int, z []float64) []float64 {
	sums := make([][]float64, len(d.stages)) // per stage and cluster
	sums[len(d.stages)-1] = z
	for s := len(d.stages) - 1; s > 0; s-- {
		up := make([]float64, len(d.pps.prob[s-1])*q)
		for c, parent := range d.stages[s].parent {
			addTo(up[int(parent)*q:(int(parent)+1)*q], sums[s][c*q:(c+1)*q])
		}
		sums[s-1] = up
	}
	first, later := make([]float64, q*q), make([]float64, q*q)
	carry := make([]float64, len(d.stages[0].n))
	for h := range carry {
		carry[h] = 1
	}
	mean := make([]float64, q)
	for s := range d.stages {
		v, prob := first, d.pps.prob[s]
		if s > 0 {
			v = later
		}
		for h, clusters := range d.byParent(s) {
			n := float64(len(clusters))
			scale := carry[h]
			clear(mean)
			switch {
			case n > 1:
				scale *= n / (n - 1)
				for _, c := range clusters {
					addTimes(mean, 1/n, sums[s][int(c)*q:(int(c)+1)*q])
				}
			case !d.pps.adjust:
				continue
			}
			for _, c := range clusters {
				x := sums[s][int(c)*q : (int(c)+1)*q]
				w := scale * (1 - prob[c])
				if w <= 1e-7*scale { // certain
					continue
				}
				for f := range q {
					for g := range f + 1 {
						v[f*q+g] += w * (x[f] - mean[f]) * (x[g] - mean[g])
					}
				}
			}
		}
		if s < len(d.stages)-1 {
			next := make([]float64, len(prob))
			for c, parent := range d.stages[s].parent {
				next[c] = carry[parent] * prob[c]
			}
			carry = next
		}
	}
	for k := range first {
		first[k] = first[k]*d.average + later[k]
	}
	return first
}

// quadratic is Σ D z z', and of YatesGrundy less Σ_i z_i z_i' Σ_j D_ij.
func (p *ppsDesign) quadratic(q int, z []float64) []float64 {
	n := int(math.Round(math.Sqrt(float64(len(p.delta)))))
	at := make([][]float64, n) // z by place
	for c, k := range p.place {
		if k >= 0 {
			at[k] = z[c*q : (c+1)*q]
		}
	}
	v := make([]float64, q*q)
	dz := make([]float64, q)
	for i, x := range at {
		clear(dz)
		row := 0.0
		for j, y := range at {
			a := p.delta[i*n+j]
			row += a
			addTimes(dz, a, y)
		}
		if p.how == YatesGrundy {
			addTimes(dz, -row, x)
		}
		for f := range q {
			for g := range f + 1 {
				v[f*q+g] += dz[f] * x[g]
			}
		}
	}
	return v
}

// approximate is HorvitzThompson or YatesGrundy with joint probabilities that
// are linear in p_i + p_j, by stratum: D_ij = a (p_i + p_j) - b.
func (d *Design) approximate(q int, z []float64) []float64 {
	v := make([]float64, q*q)
	prob := d.pps.prob[0]
	s, ps := make([]float64, q), make([]float64, q)
	for _, clusters := range d.byParent(0) {
		n := float64(len(clusters))
		total := 0.0
		clear(s)
		clear(ps)
		for _, c := range clusters {
			total += prob[c]
			x := z[int(c)*q : (int(c)+1)*q]
			addTo(s, x)
			addTimes(ps, prob[c], x)
		}
		a, b := 0.0, 0.0
		switch {
		case n < 2:
		case d.pps.approx == Overton:
			a, b = 1/(2*(n-1)), 1/(n-1)
		default:
			a, b = 1/(n-1), (1+total/n)/(n-1)
		}
		for f := range q {
			for g := range f + 1 {
				v[f*q+g] += a*(ps[f]*s[g]+s[f]*ps[g]) - b*s[f]*s[g]
			}
		}
		for _, c := range clusters {
			x, p := z[int(c)*q:(int(c)+1)*q], prob[c]
			own := 1 - p - (2*a*p - b) // in place of what the sums above have for i = j
			if d.pps.how == YatesGrundy {
				own -= 1 - p + a*((n-1)*p+total-p) - b*(n-1)
			}
			for f := range q {
				for g := range f + 1 {
					v[f*q+g] += own * x[f] * x[g]
				}
			}
		}
	}
	return v
}
