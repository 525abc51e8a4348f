package survey

// A functional is a number whose variance is wanted. It is given by what a row
// adds to it for each unit of its weight, as a linear function of the cell's
// channels: coef[cell·channels + channel].

// variances returns the design variance of n functionals on different cells:
// of says which functional a cell belongs to, or -1.
//
//	V = Σ_h (1-f_h) n_h/(n_h-1) [Σ z² - (Σ z)²/n_h],  z the sum over a PSU
//
// and for each further stage the same within its clusters, times the sampling
// fractions of the stages before. A difference below the rounding error of its
// parts is 0.
func (t *cellTable) variances(of []int32, coef []float64, n int) []float64 {
	if t.rep == nil && t.rowWise() {
		return t.rowVariances(of, coef, n)
	}
	if t.d.cal != nil || t.rep != nil {
		out := make([]float64, n)
		one := make([]float64, len(coef))
		for f := range n {
			for c, owner := range of {
				for ch := range t.ch {
					one[c*t.ch+ch] = 0
					if owner == int32(f) {
						one[c*t.ch+ch] = coef[c*t.ch+ch]
					}
				}
			}
			out[f] = t.covariance([][]float64{one})[0]
		}
		return out
	}
	if t.listed() && t.byDomain(of) {
		return t.oneStage(of, coef, n)
	}
	var active []int
	for c, f := range of {
		if f >= 0 {
			active = append(active, c)
		}
	}
	fold := newFold(t.d, n)
	for u := range t.d.units {
		if t.dense != nil {
			for _, c := range active {
				at := (u*t.per + c) * t.stride
				if t.dense[at] != 0 {
					t.put(fold, of[c], coef[c*t.ch:(c+1)*t.ch], t.dense[at:at+t.stride])
				}
			}
		} else {
			for e := t.start[u]; e < t.start[u+1]; e++ {
				if c := int(t.cell[e]); of[c] >= 0 {
					t.put(fold, of[c], coef[c*t.ch:(c+1)*t.ch], t.val[e*t.stride:(e+1)*t.stride])
				}
			}
		}
		fold.unit(u)
	}
	return fold.done()
}

// byDomain says whether functionals take up their cells in stretches, as the
// domains of an estimate do, so that in a unit one follows the other.
func (t *cellTable) byDomain(of []int32) bool {
	last := int32(-1)
	for _, f := range of {
		if f >= 0 && f < last {
			return false
		}
		last = max(last, f)
	}
	return true
}

// put adds a cell to its functional's sum, and square, in the unit at hand.
func (t *cellTable) put(fold *fold, f int32, coef, val []float64) {
	z := 0.0
	for ch, a := range coef {
		z += a * val[ch]
	}
	zz := 0.0
	if !t.d.clustered {
		zz = quadratic(coef, coef, val[t.square:])
	}
	fold.add(f, z, zz)
}

// quadratic is Σ a_i b_j sq_ij, of products kept for i <= j by j, then i.
func quadratic(a, b, sq []float64) float64 {
	s, at := 0.0, 0
	for j := range a {
		for i := range j {
			s += (a[i]*b[j] + a[j]*b[i]) * sq[at]
			at++
		}
		s += a[j] * b[j] * sq[at]
		at++
	}
	return s
}

// fold turns sums per unit into variances, stage by stage, as units pass.
type fold struct {
	d      *Design
	levels []level // one a stage; the last takes the units
	now    moments // the unit at hand
	first  []float64
	later  []float64
}

// level holds the sums of z and z² over the clusters of the parent at hand.
type level struct {
	parent int
	open   bool
	moments
}

// moments is sums per functional, and which of them are not empty.
type moments struct {
	sum, square []float64
	touched     []int32
	mark        []bool
}

func newTally(n int) moments {
	return moments{sum: make([]float64, n), square: make([]float64, n), mark: make([]bool, n)}
}

func (t *moments) add(f int32, z, zz float64) {
	if !t.mark[f] {
		t.mark[f] = true
		t.touched = append(t.touched, f)
	}
	t.sum[f] += z
	t.square[f] += zz
}

func (t *moments) reset() {
	for _, f := range t.touched {
		t.sum[f], t.square[f], t.mark[f] = 0, 0, false
	}
	t.touched = t.touched[:0]
}

func newFold(d *Design, n int) *fold {
	f := &fold{d: d, first: make([]float64, n), later: make([]float64, n)}
	f.now = newTally(n)
	for range d.stages {
		f.levels = append(f.levels, level{moments: newTally(n)})
	}
	return f
}

func (f *fold) add(k int32, z, zz float64) { f.now.add(k, z, zz) }

// unit ends the unit at hand.
func (f *fold) unit(u int) {
	if !f.d.clustered { // the unit is a stratum, its squares are by row
		f.spread(0, u, &f.now)
		f.now.reset()
		return
	}
	last := len(f.levels) - 1
	f.enter(last, int(f.d.stages[last].parent[u]))
	l := &f.levels[last]
	for _, k := range f.now.touched {
		z := f.now.sum[k]
		l.add(k, z, z*z)
	}
	f.now.reset()
}

// enter makes parent the one at hand at a stage, closing the one before.
func (f *fold) enter(s, parent int) {
	l := &f.levels[s]
	if l.open && l.parent == parent {
		return
	}
	f.close(s)
	l.open, l.parent = true, parent
}

// close ends the parent at hand: it adds to the variance, and its sums pass to
// the stage before, of which it is a cluster.
func (f *fold) close(s int) {
	l := &f.levels[s]
	if !l.open {
		return
	}
	f.spread(s, l.parent, &l.moments)
	if s > 0 {
		f.enter(s-1, int(f.d.stages[s-1].parent[l.parent]))
		up := &f.levels[s-1]
		for _, k := range l.touched {
			z := l.sum[k]
			up.add(k, z, z*z)
		}
	}
	l.reset()
	l.open = false
}

// spread adds a parent's part of the variance.
func (f *fold) spread(s, parent int, t *moments) {
	st := &f.d.stages[s]
	out := f.first
	if s > 0 {
		out = f.later
	}
	for _, k := range t.touched {
		out[k] += st.spread(parent, t.sum[k], t.square[k])
	}
}

// spread is scale · (Σz² - (Σz)²/n); a single cluster that is to be adjusted is
// measured from zero.
func (st *stage) spread(parent int, sum, square float64) float64 {
	if st.single[parent] {
		return st.scale[parent] * square
	}
	n := st.n[parent]
	rest := square - sum*sum/n
	if rest < square*1e-14 {
		rest = 0
	}
	return st.scale[parent] * rest
}

// done closes what is open and returns the variances.
func (f *fold) done() []float64 {
	for s := len(f.levels) - 1; s >= 0; s-- {
		f.close(s)
	}
	for k := range f.first {
		f.first[k] = f.first[k]*f.d.average + f.later[k]
	}
	return f.first
}
