package survey

import "math"

// target is what is estimated in a domain.
type target struct {
	stat  Statistic
	class int // of a proportion
}

// point is an estimate before its variance.
type point struct {
	value   float64
	weights float64 // sum over base
	n, base int
	missing [8]int
	why     string // not estimable
}

// sums adds the weighted sums per channel over the classes with a value.
func (t *cellTable) sums(domain int) [3]float64 {
	var s [3]float64
	k := t.v.classes()
	for c := domain * k; c < domain*k+t.v.valued; c++ {
		for ch := range t.ch {
			s[ch] += t.total[c*t.ch+ch]
		}
	}
	return s
}

// point estimates the target in a domain.
func (t *cellTable) point(domain int, g target) point {
	p := point{value: math.NaN()}
	for c := range t.v.valued {
		p.base += t.rowsIn(domain, c)
	}
	for k, r := range t.v.reason {
		p.missing[r] = t.rowsIn(domain, t.v.valued+k)
	}
	p.n = p.base
	s := t.sums(domain)
	p.weights = s[0]
	if g.stat == Proportion || g.stat == Share {
		p.n = 0
		if g.class >= 0 {
			p.n = t.rowsIn(domain, g.class)
		}
	}
	if p.base == 0 {
		p.why = "no one in the group has an answer"
		return p
	}
	switch g.stat {
	case Mean:
		p.value = s[1]/s[0] + t.v.shift[0]
	case Total:
		p.value = s[1] + s[0]*t.v.shift[0]
	case Ratio:
		num, den := s[1]+s[0]*t.v.shift[0], s[2]+s[0]*t.v.shift[1]
		if p.value = num / den; den == 0 || math.Abs(den) < 1e-13*s[0]*math.Abs(t.v.shift[1]) {
			p.value, p.why = math.NaN(), "the denominator of the ratio is zero"
		}
	default:
		switch p.n {
		case 0:
			p.value = 0
		case p.base:
			p.value = 1
		default:
			p.value = t.total[domain*t.v.classes()+g.class] / s[0]
		}
	}
	if p.why == "" && (math.IsNaN(p.value) || math.IsInf(p.value, 0)) {
		p.value, p.why = math.NaN(), "the numbers are too large to add up"
	}
	return p
}

// influence adds times · what a row adds to the linearised target, for each
// unit of its weight, to the cells of a domain.
//
//	mean (y - m)/W; total y; ratio (y - r x)/X; proportion (1 - p)/W or -p/W
func (t *cellTable) influence(coef []float64, domain int, g target, p point, times float64) {
	k := t.v.classes()
	s := t.sums(domain)
	for c := range t.v.valued {
		a := coef[(domain*k+c)*t.ch : (domain*k+c+1)*t.ch]
		switch g.stat {
		case Mean:
			a[0] += times * (t.v.shift[0] - p.value) / s[0]
			a[1] += times / s[0]
		case Total:
			a[0] += times * t.v.shift[0]
			a[1] += times
		case Ratio:
			den := s[2] + s[0]*t.v.shift[1]
			a[0] += times * (t.v.shift[0] - p.value*t.v.shift[1]) / den
			a[1] += times / den
			a[2] -= times * p.value / den
		default:
			one := 0.0
			if c == g.class {
				one = 1
			}
			a[0] += times * (one - p.value) / s[0]
		}
	}
}

// estimates answers one request from its table.
func (t *cellTable) estimates(r *Request) []Estimate {
	targets := []target{{stat: r.Statistic}}
	levels := []int{-1}
	switch r.Statistic {
	case Proportion:
		targets[0].class = t.v.class(r.level())
	case Share:
		targets, levels = nil, nil
		for l := range t.v.levels() {
			targets = append(targets, target{Share, t.v.class(l)})
			levels = append(levels, l)
		}
	}
	k := t.v.classes()
	df := t.freedom(func(cell int) int {
		if d, c := cell/k, cell%k; d < t.g.n() && c < t.v.valued {
			return d
		}
		return -1
	}, t.g.n())
	points := make([][]point, 0, len(targets))
	occurring := 0 // targets[:occurring] are those to estimate
	for i, g := range targets {
		at := make([]point, t.g.n())
		rows := 0
		for d := range at {
			at[d] = t.point(d, g)
			rows += at[d].n
		}
		if r.Statistic == Share && r.Occurring && rows == 0 {
			continue
		}
		points = append(points, at)
		targets[occurring], levels[occurring] = g, levels[i]
		occurring++
	}
	all := len(targets)
	targets, levels = targets[:occurring], levels[:occurring]
	variances := make([][]float64, len(targets))
	if all > 1 && all == t.v.valued && t.listed() && t.rep == nil {
		byClass := make([][]point, t.v.valued)
		for c := range byClass {
			byClass[c] = make([]point, t.g.n())
		}
		for i, g := range targets {
			byClass[g.class] = points[i]
		}
		v := t.shares(byClass)
		for i, g := range targets {
			variances[i] = v[g.class]
		}
	}
	byTarget := make([][]Estimate, len(targets))
	for i, g := range targets {
		if variances[i] == nil {
			variances[i] = t.linearised(g, points[i])
		}
		byTarget[i] = t.oneTarget(r, g, levels[i], points[i], variances[i], df)
	}
	var out []Estimate
	for d := range t.g.n() {
		rows := 0
		for c := range k {
			rows += t.rowsIn(d, c)
		}
		if rows == 0 {
			continue
		}
		for i := range targets {
			out = append(out, byTarget[i][d])
		}
	}
	return out
}

// linearised returns the variance of one target in every domain.
func (t *cellTable) linearised(g target, points []point) []float64 {
	if t.rep != nil {
		return t.replicated(g, points)
	}
	n, k := t.g.n(), t.v.classes()
	coef := make([]float64, t.per*t.ch)
	of := make([]int32, t.per)
	for c := range of {
		of[c] = -1
	}
	wanted := false
	for d, p := range points {
		if p.why != "" {
			continue
		}
		wanted = true
		t.influence(coef, d, g, p, 1)
		for c := range t.v.valued {
			of[d*k+c] = int32(d)
		}
	}
	if !wanted {
		return make([]float64, n)
	}
	return t.variances(of, coef, n)
}

// oneTarget estimates one target in every domain from points and variances.
func (t *cellTable) oneTarget(r *Request, g target, level int, points []point, v, df []float64) []Estimate {
	n := len(points)
	fits := make([]start, n)
	if r.Interval == Likelihood && (g.stat == Proportion || g.stat == Share) {
		fits = t.starts(g, points)
	}
	out := make([]Estimate, n)
	for d, p := range points {
		e := Estimate{Domain: t.g.domains[d], Level: level, Value: p.value, N: p.n, Base: p.base,
			Missing: p.missing, SumWeights: p.weights, DF: df[d], NEff: float64(p.base), Deff: math.NaN()}
		if p.why == "" {
			t.finish(&e, r, g, d, v[d], fits[d])
		} else {
			e.fail(p.why)
		}
		out[d] = e
	}
	return out
}

// fail makes an estimate one that cannot be made.
func (e *Estimate) fail(why string) {
	e.Value, e.SE, e.Lo, e.Hi = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	e.NotEstimable = why
}

// finish sets standard error, design effect and interval.
func (t *cellTable) finish(e *Estimate, r *Request, g target, domain int, v float64, fit start) {
	e.SE = math.Sqrt(max(0, v))
	if math.IsNaN(e.SE) || math.IsInf(e.SE, 0) {
		e.fail(t.d.noVariance())
		return
	}
	if srs := t.srsVariance(e, r, g, domain); srs > 0 {
		e.Deff = v / srs
		if e.Deff > 0 {
			e.NEff = float64(e.Base) / e.Deff
		}
	}
	confidence := r.Confidence
	if confidence == 0 {
		confidence = 0.95
	}
	method := r.Interval
	proportion := g.stat == Proportion || g.stat == Share
	if method == IntervalDefault {
		method = Normal
		if g.stat == Proportion {
			method = Wilson
		}
	}
	if !proportion || g.stat == Share && method == Normal {
		df := r.DF
		if df == 0 {
			df = math.Inf(1)
		}
		q := tQuantile(1-(1-confidence)/2, df)
		e.Lo, e.Hi, e.Method = e.Value-q*e.SE, e.Value+q*e.SE, Normal
		return
	}
	s := share{p: e.Value, v: v, n: e.N, base: e.Base, df: r.DF, designDF: e.DF, fit: fit}
	if s.df == 0 {
		s.df = e.DF
	}
	if t.rep != nil && method == Logit {
		s.v = t.logitVariance(domain, g, v)
	}
	var ok bool
	e.Lo, e.Hi, e.Method, ok = s.interval(method, confidence)
	if !ok {
		e.fail("the group's answers come from too few primary sampling units for an interval")
	}
}

// srsVariance is the variance that a simple random sample of the same base
// would have; 0 if it has no meaning.
//
//	S²/n · (N - n)/N without replacement, S² = n/(n-1) · Σ w (y - m)²/Σ w
//
// Source: R survey 4.1-1, svymean, svytotal and svyvar.
func (t *cellTable) srsVariance(e *Estimate, r *Request, g target, domain int) float64 {
	n, s := float64(e.Base), t.sums(domain)
	if n < 2 || g.stat == Ratio {
		return 0
	}
	var s2 float64
	switch g.stat {
	case Mean, Total:
		m := s[1] / s[0]
		s2 = t.yy[domain*t.v.classes()]/s[0] - m*m
	default:
		s2 = e.Value * (1 - e.Value)
	}
	v := s2 / (n - 1)
	if r.Deff == WithoutReplacement || r.Deff == DeffAuto && t.d.hasFPC {
		if s[0] <= n {
			return 0
		}
		v *= (s[0] - n) / s[0]
	}
	if g.stat == Total {
		v *= s[0] * s[0]
	}
	return v
}

// levels is the number of levels of a category or boolean.
func (v *variable) levels() int {
	if v.truth != nil {
		return 2
	}
	return len(v.cat.Levels)
}
