package impute

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// ridge is the share of the diagonal added to it, as in mice.
const ridge = 1e-5

// cholesky factors a symmetric matrix given on and below its diagonal, in
// place. A pivot that is lost to rounding is held up, so that it never fails.
func cholesky(a []float64, p int) {
	for i := range p {
		for j := range i + 1 {
			s := a[i*p+j]
			for k := range j {
				s -= a[i*p+k] * a[j*p+k]
			}
			if i != j {
				a[i*p+j] = s / a[j*p+j]
				continue
			}
			a[i*p+i] = math.Sqrt(max(s, 1e-12*(1+math.Abs(a[i*p+i]))))
		}
	}
}

// forward solves L x = b in place, backward L' x = b.
func forward(l []float64, p int, b []float64) {
	for i := range p {
		for k := range i {
			b[i] -= l[i*p+k] * b[k]
		}
		b[i] /= l[i*p+i]
	}
}

func backward(l []float64, p int, b []float64) {
	for i := p - 1; i >= 0; i-- {
		for k := i + 1; k < p; k++ {
			b[i] -= l[k*p+i] * b[k]
		}
		b[i] /= l[i*p+i]
	}
}

// gram is X'X over rows, on and below the diagonal.
func (c *chain) gram(v *variable, rows []int) []float64 {
	p := len(v.reads)
	out := make([]float64, p*p)
	for _, i := range rows {
		x := c.row(v, i)
		for a, xa := range x {
			if xa == 0 {
				continue
			}
			line := out[a*p:]
			for b, xb := range x[:a+1] {
				line[b] += xa * xb
			}
		}
	}
	return out
}

// drawLine fits y, one number per observed row, and draws from the posterior:
//
//	σ*² = RSS/χ²(n-p),  β* = β̂ + σ* L⁻ᵀ z,  LL' = X'X + ridge
//
// Source: Rubin (1987), p. 167; mice, norm.draw.
func (c *chain) drawLine(v *variable, y []float64) (hat, star []float64, sigma float64) {
	p := len(v.reads)
	l := c.gram(v, v.seen)
	for a := range p {
		l[a*p+a] *= 1 + ridge
	}
	cholesky(l, p)
	hat = make([]float64, p)
	for j, i := range v.seen {
		for a, x := range c.row(v, i) {
			hat[a] += x * y[j]
		}
	}
	forward(l, p, hat)
	backward(l, p, hat)
	rss := 0.0
	for j, i := range v.seen {
		e := y[j] - dot(c.row(v, i), hat)
		rss += e * e
	}
	df := float64(max(1, len(v.seen)-p))
	sigma = math.Sqrt(rss / chiSquared(c.rng, df))
	star = make([]float64, p)
	for a := range star {
		star[a] = c.rng.NormFloat64()
	}
	backward(l, p, star)
	for a := range star {
		star[a] = hat[a] + sigma*star[a]
	}
	return hat, star, sigma
}

func dot(a, b []float64) (s float64) {
	for k, x := range a {
		s += x * b[k]
	}
	return s
}

// drawNumber fills a number by normal regression or by matching.
func (c *chain) drawNumber(k int) {
	v := &c.w.vars[k]
	y := make([]float64, len(v.seen))
	for j, i := range v.seen {
		y[j] = (v.values[i] - v.mean) / v.sd
	}
	hat, star, sigma := c.drawLine(v, y)
	if v.method == Normal {
		for _, i := range v.missing {
			c.state[k][i] = v.mean + v.sd*(dot(c.row(v, i), star)+sigma*c.rng.NormFloat64())
		}
		return
	}
	c.match(k, hat, star)
}

// donor is an observed row and its prediction.
type donor struct {
	at  float64
	row int32
}

// match gives each missing row the value of one of the rows whose predictions
// by hat are nearest to its own by star (type 1 matching): one of the ranks
// 1 to donors, and among rows of the same prediction any of them.
// Source: van Buuren (2018), Flexible Imputation of Missing Data, §3.4.
func (c *chain) match(k int, hat, star []float64) {
	v := &c.w.vars[k]
	c.sorted = c.sorted[:0]
	for _, i := range v.seen {
		c.sorted = append(c.sorted, donor{dot(c.row(v, i), hat), int32(i)})
	}
	slices.SortFunc(c.sorted, func(a, b donor) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Compare(a.row, b.row)
	})
	n := len(c.sorted)
	for _, i := range v.missing {
		want := dot(c.row(v, i), star)
		hi, _ := slices.BinarySearchFunc(c.sorted, want, func(d donor, at float64) int { return cmp.Compare(d.at, at) })
		lo := hi - 1
		take := 0
		for range 1 + c.rng.IntN(min(v.donors, n)) {
			if lo >= 0 && (hi == n || want-c.sorted[lo].at <= c.sorted[hi].at-want) {
				take = lo
				lo--
			} else {
				take = hi
				hi++
			}
		}
		first, last := take, take
		for first > 0 && c.sorted[first-1].at == c.sorted[take].at {
			first--
		}
		for last+1 < n && c.sorted[last+1].at == c.sorted[take].at {
			last++
		}
		c.state[k][i] = v.values[c.sorted[first+c.rng.IntN(last-first+1)].row]
	}
}

// chiSquared draws from a chi-squared distribution. Source: Marsaglia and Tsang
// (2000), ACM Transactions on Mathematical Software 26, for the gamma.
func chiSquared(rng *rand.Rand, df float64) float64 {
	shape, boost := df/2, 1.0
	if shape < 1 {
		boost = math.Pow(rng.Float64(), 1/shape)
		shape++
	}
	d := shape - 1.0/3
	s := 1 / math.Sqrt(9*d)
	for {
		z := rng.NormFloat64()
		v := 1 + s*z
		if v <= 0 {
			continue
		}
		v *= v * v
		if u := rng.Float64(); math.Log(u) < z*z/2+d-d*v+d*math.Log(v) {
			return max(2*d*v*boost, 1e-300)
		}
	}
}
