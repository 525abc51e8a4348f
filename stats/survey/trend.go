package survey

import "math"

// step is one ordered group of a trend.
type step struct {
	domain  int
	score   float64
	weights float64 // sum over base
	yes     float64 // sum with the level
	n, base int
}

// trend answers one trend in every combination of its By columns.
//
// The design-based score test of the slope in a logistic model on the scores:
//
//	U = Σ w (y - p)(s - s̄),  F = U²/V(U) with 1 and df degrees of freedom
//
// V is the design variance of U. For a simple random sample it is the
// Cochran-Armitage test, chi-squared with one degree of freedom:
//
//	X² = U²/(p (1-p) Σ (s - s̄)²)
//
// The odds ratio per unit of score is that of the weighted logistic model with
// the sandwich variance of the design, interval by t with df-1.
// Sources: Armitage (1955), R's prop.trend.test; Rao, Scott and Skinner (1998),
// Statistica Sinica 8; R survey 4.1-1, svyglm with quasibinomial.
func (t *cellTable) trend(r *TrendRequest, level int) []Trend {
	class := t.v.class(level)
	parts := t.parts(len(r.By))
	part := make([]int, t.g.n())
	steps := make([][]step, len(parts))
	for i, domains := range parts {
		for _, d := range domains {
			part[d] = -1
			levels := t.g.domains[d]
			over := levels[len(levels)-1]
			s := step{domain: d, score: float64(over)}
			if r.Scores != nil {
				s.score = r.Scores[over]
			}
			p := t.point(d, target{Proportion, class})
			if p.base == 0 || s.score != s.score {
				continue
			}
			part[d] = i
			s.weights, s.yes, s.n, s.base = p.weights, p.value*p.weights, p.n, p.base
			steps[i] = append(steps[i], s)
		}
	}
	k := t.v.classes()
	df := t.freedom(func(cell int) int {
		if d := cell / k; d < t.g.n() && cell%k < t.v.valued {
			return part[d]
		}
		return -1
	}, len(parts))
	out := make([]Trend, len(parts))
	for i, domains := range parts {
		out[i] = t.oneTrend(r, class, steps[i], df[i])
		out[i].Domain = t.g.domains[domains[0]][:len(r.By)]
	}
	return out
}

func (t *cellTable) oneTrend(r *TrendRequest, class int, steps []step, df float64) Trend {
	o := Trend{Statistic: math.NaN(), P: math.NaN(), OddsRatio: math.NaN(), LogSE: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), DF1: 1, DF2: df}
	var w, y, ws float64
	spread := false
	for _, s := range steps {
		o.N += s.n
		o.Base += s.base
		w += s.weights
		y += s.yes
		ws += s.weights * s.score
		spread = spread || s.score != steps[0].score
	}
	switch {
	case !spread:
		o.NotEstimable = "answers are in one group only, so there is no trend"
	case o.N == 0 || o.N == o.Base:
		o.NotEstimable = "all or none have the characteristic, so there is no trend"
	case !(df > 0):
		o.NotEstimable = "the answers come from too few primary sampling units for a test"
	}
	if o.NotEstimable != "" {
		o.NoOddsRatio = o.NotEstimable
		return o
	}
	p, mean := y/w, ws/w
	var u, ss float64
	for _, s := range steps {
		u += (s.yes - s.weights*p) * (s.score - mean)
		ss += s.weights * (s.score - mean) * (s.score - mean)
	}
	if t.d.Simple() {
		o.Method, o.DF2 = "Cochran-Armitage", math.Inf(1)
		o.Statistic = u * u / (p * (1 - p) * ss)
		o.P = chiUpper(o.Statistic, 1)
	} else {
		v := t.slopeVariance(class, steps, func(s step, one float64) float64 { return (one - p) * (s.score - mean) })
		if !(v > 0) {
			o.NotEstimable = "the score does not vary between primary sampling units"
			o.NoOddsRatio = o.NotEstimable
			return o
		}
		o.Method = "score F"
		o.Statistic = u * u / v
		o.P = fUpper(o.Statistic, 1, df)
	}
	t.slope(&o, r, class, steps, p, mean, df)
	return o
}

// slopeVariance is the design variance of a sum over rows that depends on the
// step and on having the level (1 or 0).
func (t *cellTable) slopeVariance(class int, steps []step, of func(s step, one float64) float64) float64 {
	coef := make([]float64, t.per)
	member := make([]int32, t.per)
	for c := range member {
		member[c] = -1
	}
	k := t.v.classes()
	for _, s := range steps {
		for c := range t.v.valued {
			one := 0.0
			if c == class {
				one = 1
			}
			coef[s.domain*k+c], member[s.domain*k+c] = of(s, one), 0
		}
	}
	return t.variances(member, coef, 1)[0]
}

// slope fits the logistic model on the steps' totals by Newton's method, with
// the score centred at its mean.
func (t *cellTable) slope(o *Trend, r *TrendRequest, class int, steps []step, p, mean, df float64) {
	a, b := math.Log(p/(1-p)), 0.0
	var h00, h01, h11 float64
	converged := false
	for range 100 {
		var g0, g1 float64
		h00, h01, h11 = 0, 0, 0
		for _, s := range steps {
			x := s.score - mean
			m := expit(a + b*x)
			g0 += s.yes - s.weights*m
			g1 += (s.yes - s.weights*m) * x
			h := s.weights * m * (1 - m)
			h00 += h
			h01 += h * x
			h11 += h * x * x
		}
		det := h00*h11 - h01*h01
		if !(det > h00*h11*1e-12) {
			break
		}
		da, db := (h11*g0-h01*g1)/det, (h00*g1-h01*g0)/det
		a, b = a+da, b+db
		if math.Abs(da) <= 1e-13*(1+math.Abs(a)) && math.Abs(db) <= 1e-13*(1+math.Abs(b)) {
			converged = true
			break
		}
	}
	if !converged {
		o.NoOddsRatio = "the groups are separated completely, so there is no finite odds ratio"
		return
	}
	if !(df > 1) {
		o.NoOddsRatio = "the answers come from too few primary sampling units for an interval"
		return
	}
	det := h00*h11 - h01*h01
	v := t.slopeVariance(class, steps, func(s step, one float64) float64 {
		x := s.score - mean
		return (h00*x - h01) / det * (one - expit(a+b*x))
	})
	confidence := r.Confidence
	if confidence == 0 {
		confidence = 0.95
	}
	q := tQuantile(1-(1-confidence)/2, df-1)
	o.LogSE = math.Sqrt(max(0, v))
	o.OddsRatio, o.Lo, o.Hi = math.Exp(b), math.Exp(b-q*o.LogSE), math.Exp(b+q*o.LogSE)
}
