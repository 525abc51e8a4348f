package survey

// calibration is what a weighting adds to a design: the joint margin of each
// row, and how a functional's values are fitted by the margins. The variance of
// a calibrated estimate is that of the residuals.
type calibration struct {
	kind    string
	joint   int      // joint margins; the last is for rows outside
	of      []uint32 // per row
	fitting fitting
}

// fitting returns the fitted value per joint margin, from the sums of the
// functional's values over the rows of each: plain, and weighted.
type fitting interface {
	fit(plain, weighted []float64) []float64
}

// fit fits a functional on a table's cells.
func (c *calibration) fit(t *cellTable, coef []float64) []float64 {
	plain, weighted := make([]float64, c.joint), make([]float64, c.joint)
	cells := len(t.count)
	out := t.g.out() * t.v.classes()
	sum := make([]float64, cells*t.ch)
	if t.dense != nil {
		for u := range t.d.units {
			for k := range cells {
				for ch := range t.ch {
					sum[k*t.ch+ch] += t.dense[(u*cells+k)*t.stride+ch]
				}
			}
		}
	} else {
		for e, k := range t.cell {
			for ch := range t.ch {
				sum[int(k)*t.ch+ch] += t.val[e*t.stride+ch]
			}
		}
	}
	for k := range cells {
		base, j := k%t.per, k/t.per
		if base >= out {
			continue
		}
		for ch := range t.ch {
			a := coef[base*t.ch+ch]
			if a == 0 {
				continue
			}
			weighted[j] += a * sum[k*t.ch+ch]
			if t.plain != nil {
				plain[j] += a * t.plain[k*t.ch+ch]
			} else {
				plain[j] += a * float64(t.count[k])
			}
		}
	}
	return c.fitting.fit(plain, weighted)
}
