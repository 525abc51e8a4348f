package impute

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// The limits of matching categories.
const (
	maxVariates = 4       // canonical variates by which rows are compared
	matchWork   = 1 << 28 // comparisons of one turn; beyond it donors are a random part
	fewDonors   = 1000    // that part is no smaller than this
)

// drawMatched fills a category by matching. Its levels are scored by the first
// canonical variates of their indicators and the predictors, at most four, and
// rows are matched by their predictions of these scores: a row takes the level
// of one of the rows whose predictions are nearest, ties at random.
// Source: mice, pmm of categories (by one variate); Hotelling (1936), Biometrika 28.
func (c *chain) drawMatched(k int) {
	v := &c.w.vars[k]
	scores := c.scores(v)
	dims := len(scores)
	hats, stars := make([][]float64, dims), make([][]float64, dims)
	y := make([]float64, len(v.seen))
	for d, score := range scores {
		for j, i := range v.seen {
			y[j] = score[int(v.values[i])]
		}
		hats[d], stars[d], _ = c.drawLine(v, y)
	}
	n := len(v.seen)
	pool := c.rng.Perm(n)
	if most := max(fewDonors, matchWork/max(1, len(v.missing))); n > most {
		pool = pool[:most]
	}
	n = len(pool)
	places := make([]float64, n*dims)
	for j, s := range pool {
		x := c.row(v, v.seen[s])
		for d := range dims {
			places[j*dims+d] = dot(x, hats[d])
		}
	}
	want := make([]float64, dims)
	best, at := make([]float64, 0, v.donors), make([]int, 0, v.donors)
	for _, i := range v.missing {
		x := c.row(v, i)
		for d := range dims {
			want[d] = dot(x, stars[d])
		}
		best, at = best[:0], at[:0]
		from := c.rng.IntN(n)
		for step := range n {
			j := from + step
			if j >= n {
				j -= n
			}
			far := 0.0
			for d, w := range want {
				far += (w - places[j*dims+d]) * (w - places[j*dims+d])
			}
			if len(best) == v.donors {
				if far >= best[len(best)-1] {
					continue
				}
				best, at = best[:len(best)-1], at[:len(at)-1]
			}
			r := len(best)
			best, at = append(best, far), append(at, j)
			for ; r > 0 && best[r-1] > far; r-- {
				best[r], at[r] = best[r-1], at[r-1]
			}
			best[r], at[r] = far, j
		}
		c.state[k][i] = v.values[v.seen[pool[at[c.rng.IntN(len(at))]]]]
	}
}

// scores are the levels' places on the canonical variates: the eigenvectors of
// N^-½ G'X (X'X)⁻¹ X'G N^-½ without the constant's, largest value first.
func (c *chain) scores(v *variable) [][]float64 {
	p, levels := len(v.reads), len(v.levels)
	l := c.gram(v, v.seen)
	for a := range p {
		l[a*p+a] *= 1 + ridge
	}
	cholesky(l, p)
	n := make([]float64, levels)
	sums := make([]float64, levels*p)
	for _, i := range v.seen {
		y := int(v.values[i])
		n[y]++
		for a, x := range c.row(v, i) {
			sums[y*p+a] += x
		}
	}
	for y := range levels {
		forward(l, p, sums[y*p:(y+1)*p])
	}
	total := float64(len(v.seen))
	m := mat.NewSymDense(levels, nil)
	for y := range levels {
		for z := range y + 1 {
			s := dot(sums[y*p:(y+1)*p], sums[z*p:(z+1)*p]) / math.Sqrt(n[y]*n[z])
			m.SetSym(y, z, s-math.Sqrt(n[y]*n[z])/total) // without the constant
		}
	}
	out := [][]float64{make([]float64, levels)}
	var eigen mat.EigenSym
	if !eigen.Factorize(m, true) {
		for y := range out[0] {
			out[0][y] = float64(y)
		}
		return out
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for d := range max(1, min(maxVariates, levels-1, p-1)) {
		if d > 0 {
			out = append(out, make([]float64, levels))
		}
		for y := range levels {
			out[d][y] = vectors.At(y, levels-1-d) * math.Sqrt(total/n[y])
		}
	}
	return out
}
