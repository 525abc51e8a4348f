package survey

// covariance returns the design covariance matrix of functionals that may share
// cells, by rows: coefs[f][cell·channels + channel]. Under a calibrated design
// it is that of the residuals.
func (t *cellTable) covariance(coefs [][]float64) []float64 {
	if t.rep != nil {
		return t.replicatedCovariance(coefs)
	}
	if t.rowWise() {
		return t.d.rowCovariance(len(coefs), t.rowScore(coefs))
	}
	if v, ok := t.listedCovariance(coefs); ok {
		return v
	}
	q := len(coefs)
	var fitted [][]float64 // per functional and joint margin
	if t.d.cal != nil {
		for _, coef := range coefs {
			fitted = append(fitted, t.d.cal.fit(t, coef))
		}
	}
	c := newCross(t.d, q)
	now := crossLevel{sum: make([]float64, q), square: make([]float64, q*q)}
	alpha := make([]float64, q*t.ch)
	out := t.g.out() * t.v.classes()
	entry := func(cell int, val []float64) {
		base, j := cell%t.per, cell/t.per
		if base >= out || val[0] == 0 {
			return
		}
		any := false
		for f, coef := range coefs {
			a := alpha[f*t.ch : (f+1)*t.ch]
			copy(a, coef[base*t.ch:(base+1)*t.ch])
			if fitted != nil {
				a[0] -= fitted[f][j]
			}
			for ch, x := range a {
				now.sum[f] += x * val[ch]
				any = any || x != 0
			}
		}
		if t.d.clustered || !any {
			return
		}
		for f := range q {
			for g := range f + 1 {
				now.square[f*q+g] += quadratic(alpha[f*t.ch:(f+1)*t.ch], alpha[g*t.ch:(g+1)*t.ch], val[t.square:])
			}
		}
	}
	cells := len(t.count)
	for u := range t.d.units {
		if t.dense != nil {
			for k := range cells {
				at := (u*cells + k) * t.stride
				entry(k, t.dense[at:at+t.stride])
			}
		} else {
			for e := t.start[u]; e < t.start[u+1]; e++ {
				entry(int(t.cell[e]), t.val[e*t.stride:(e+1)*t.stride])
			}
		}
		c.unit(u, &now)
		now.reset()
	}
	return c.done()
}

// cross is fold for a matrix.
type cross struct {
	d            *Design
	q            int
	levels       []crossLevel
	first, later []float64
}

type crossLevel struct {
	parent      int
	open        bool
	sum, square []float64 // squares below the diagonal and on it
}

func newCross(d *Design, q int) *cross {
	c := &cross{d: d, q: q, first: make([]float64, q*q), later: make([]float64, q*q)}
	for range d.stages {
		c.levels = append(c.levels, crossLevel{sum: make([]float64, q), square: make([]float64, q*q)})
	}
	return c
}

func (l *crossLevel) reset() {
	clear(l.sum)
	clear(l.square)
}

func (l *crossLevel) add(z []float64) {
	q := len(z)
	for f, a := range z {
		if a == 0 {
			continue
		}
		l.sum[f] += a
		for g := range f + 1 {
			l.square[f*q+g] += a * z[g]
		}
	}
}

func (c *cross) unit(u int, now *crossLevel) {
	if !c.d.clustered {
		c.spread(0, u, now)
		return
	}
	last := len(c.levels) - 1
	c.enter(last, int(c.d.stages[last].parent[u]))
	c.levels[last].add(now.sum)
}

func (c *cross) enter(s, parent int) {
	l := &c.levels[s]
	if l.open && l.parent == parent {
		return
	}
	c.close(s)
	l.open, l.parent = true, parent
}

func (c *cross) close(s int) {
	l := &c.levels[s]
	if !l.open {
		return
	}
	c.spread(s, l.parent, l)
	if s > 0 {
		c.enter(s-1, int(c.d.stages[s-1].parent[l.parent]))
		c.levels[s-1].add(l.sum)
	}
	l.reset()
	l.open = false
}

func (c *cross) spread(s, parent int, l *crossLevel) {
	st := &c.d.stages[s]
	out := c.first
	if s > 0 {
		out = c.later
	}
	for f := range c.q {
		out[f*c.q+f] += st.spread(parent, l.sum[f], l.square[f*c.q+f])
		for g := range f {
			part := l.square[f*c.q+g]
			if !st.single[parent] {
				part -= l.sum[f] * l.sum[g] / st.n[parent]
			}
			out[f*c.q+g] += st.scale[parent] * part
		}
	}
}

func (c *cross) done() []float64 {
	for s := len(c.levels) - 1; s >= 0; s-- {
		c.close(s)
	}
	q := c.q
	for f := range q {
		for g := range f + 1 {
			v := c.first[f*q+g]*c.d.average + c.later[f*q+g]
			c.first[f*q+g], c.first[g*q+f] = v, v
		}
	}
	return c.first
}
