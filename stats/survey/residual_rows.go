package survey

// adjustment is one way in which weights were made to agree with totals. It
// turns the row scores of a functional, weight included, into the residuals
// that its variance is made of. Several are taken out last one first: the
// weights that a later one started from are those that an earlier one gave.
type adjustment interface {
	// sums is how many sums over rows a fit needs, and coefficients it has.
	sums() int
	add(row int, score float64, sum []float64)
	// solve turns the sums into coefficients, in place.
	solve(sum []float64)
	// fitted is what a row's score loses: 0 for rows that the adjustment left out.
	fitted(row int, coef []float64) float64
}

// Adjusted says whether weights were made to agree with totals, so that
// variances are those of residuals.
func (d *Design) Adjusted() bool { return len(d.adjusted) > 0 }

// residuals returns a score that gives the residuals of one.
func (d *Design) residuals(q int, score func(row int, part []float64) bool) func(row int, part []float64) bool {
	alive := func(row int, part []float64) bool {
		return (d.dead == nil || !d.dead[row]) && score(row, part)
	}
	if len(d.adjusted) == 0 {
		return alive
	}
	coefs := make([][]float64, len(d.adjusted))
	left := len(d.adjusted) // the first of the adjustments that were taken out
	residual := func(row int, part []float64) bool {
		if !alive(row, part) {
			clear(part)
		}
		for k := len(d.adjusted) - 1; k >= left; k-- {
			a, n := d.adjusted[k], d.adjusted[k].sums()
			for f := range part {
				part[f] -= a.fitted(row, coefs[k][f*n:(f+1)*n])
			}
		}
		return true
	}
	part := make([]float64, q)
	for left > 0 {
		a := d.adjusted[left-1]
		n := a.sums()
		sum := make([]float64, q*n)
		for row := range d.rows {
			residual(row, part)
			for f, x := range part {
				if x != 0 {
					a.add(row, x, sum[f*n:(f+1)*n])
				}
			}
		}
		for f := range q {
			a.solve(sum[f*n : (f+1)*n])
		}
		left--
		coefs[left] = sum
	}
	return residual
}

// rowWise says whether variances are made row by row, because the residuals
// are not those of a few joint margins, or probabilities of inclusion differ.
func (t *cellTable) rowWise() bool { return t.d.Adjusted() && t.d.cal == nil || t.d.pps != nil }

// rowScore gives the parts of functionals on the table's cells row by row.
func (t *cellTable) rowScore(coefs [][]float64) func(row int, part []float64) bool {
	cells := t.cellOfRow()
	return func(row int, part []float64) bool {
		c, w := int(cells[row])%t.per, t.d.Weight(row)
		for f, coef := range coefs {
			part[f] = w * t.value(row, coef[c*t.ch:(c+1)*t.ch])
		}
		return true
	}
}

// functionalsAtOnce is how many functionals go through the rows together.
const functionalsAtOnce = 16

// onlyRegressed returns the adjustment of a design that has one, of that kind.
func (d *Design) onlyRegressed() (*regressed, bool) {
	if len(d.adjusted) != 1 || d.pps != nil {
		return nil, false
	}
	a, ok := d.adjusted[0].(*regressed)
	return a, ok
}

// rowVariances is variances row by row.
func (t *cellTable) rowVariances(of []int32, coef []float64, n int) []float64 {
	if a, ok := t.d.onlyRegressed(); ok && t.d.clustered && a.p <= unitCoefficients {
		return t.unitVariances(a, of, coef, n)
	}
	cells := t.cellOfRow()
	out := make([]float64, n)
	for from := 0; from < n; from += functionalsAtOnce {
		q := min(functionalsAtOnce, n-from)
		v := t.d.rowCovariance(q, func(row int, part []float64) bool {
			c := int(cells[row]) % t.per
			f := int(of[c]) - from
			if of[c] < 0 || f < 0 || f >= q {
				return false
			}
			clear(part)
			part[f] = t.d.Weight(row) * t.value(row, coef[c*t.ch:(c+1)*t.ch])
			return true
		})
		for f := range q {
			out[from+f] = v[f*q+f]
		}
	}
	return out
}

// cellOfRow is the cell of every row; a row without a domain is in one of no
// functional.
func (t *cellTable) cellOfRow() []uint32 {
	cells := make([]uint32, t.d.rows)
	for from := 0; from < len(cells); from += blockRows {
		t.fill(cells[from:min(from+blockRows, len(cells))], from)
	}
	return cells
}

// value is what a row adds to a functional for each unit of its weight.
func (t *cellTable) value(row int, coef []float64) float64 {
	x := coef[0]
	if t.ch > 1 && coef[1] != 0 {
		x += coef[1] * (t.v.num.Values[row] - t.v.shift[0])
	}
	if t.ch > 2 && coef[2] != 0 {
		x += coef[2] * (t.v.den.Values[row] - t.v.shift[1])
	}
	return x
}

// poststratified takes out the weighted means of groups.
type poststratified struct {
	of      []uint32  // group per row
	weights []float64 // after the adjustment, per row
	total   []float64 // their sum per group
}

func (a *poststratified) sums() int { return len(a.total) }

func (a *poststratified) add(row int, score float64, sum []float64) {
	if a.weights[row] != 0 {
		sum[a.of[row]] += score
	}
}

func (a *poststratified) solve(sum []float64) {
	for g, w := range a.total {
		if w != 0 {
			sum[g] /= w
		}
	}
}

func (a *poststratified) fitted(row int, coef []float64) float64 {
	return a.weights[row] * coef[a.of[row]]
}

// raked takes out the unweighted means of each margin in turn, as in R.
type raked struct {
	of      []uint32 // joint margin per row
	weights []float64
	raking
}

func (a *raked) sums() int { return len(a.count) }

func (a *raked) add(row int, score float64, sum []float64) {
	if w := a.weights[row]; w != 0 {
		sum[a.of[row]] += score / w
	}
}

func (a *raked) solve(sum []float64) { copy(sum, a.fit(sum, nil)) }

func (a *raked) fitted(row int, coef []float64) float64 { return a.weights[row] * coef[a.of[row]] }
