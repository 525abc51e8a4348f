package survey

import "math/bits"

// straightLimit bounds strata times domains of a straight count.
const straightLimit = 1 << 20

// straight estimates proportions of one level from bits, in one visit to the
// units and without a table of cells: with y the unit's rows of a domain with
// the level and n those with a value,
//
//	Σ (y - p n)² = Σ y² - 2p Σ y n + p² Σ n²
//
// is all that the variance needs. It fills the table's counts and returns the
// variances and degrees of freedom by domain.
func (t *cellTable) straight(class int) (variances, df []float64) {
	pieces, start := t.g.pieces(t.d)
	classes := t.v.unitBits(t.d)
	k, valued, domains := t.v.classes(), t.v.valued, t.g.n()
	st := &t.d.stages[0]
	df = make([]float64, domains)
	sums := make([]straightSums, len(st.n)*domains) // by stratum, then domain
	var n [bitClasses]uint32
	for u := range t.d.units {
		stratum := sums[int(st.parent[u])*domains:][:domains]
		for i := start[u]; i < start[u+1]; {
			domain, rows := pieces[i].domain, pieces[i].rows
			n = [bitClasses]uint32{}
			for more := true; more; i++ {
				p := &pieces[i]
				for c := 1; c < k; c++ {
					n[c] += uint32(bits.OnesCount64(p.bits & classes[c][p.word]))
				}
				more = i+1 < start[u+1] && pieces[i+1].rows == 0
			}
			n[0] = rows
			for c := 1; c < k; c++ {
				n[0] -= n[c]
			}
			count := t.count[int(domain)*k:][:k]
			base := uint32(0)
			for c := range count {
				count[c] += n[c]
				if c < valued {
					base += n[c]
				}
			}
			if base == 0 {
				continue
			}
			s := &stratum[domain]
			if s.n == 0 {
				df[domain]-- // a stratum more
			}
			df[domain]++ // a PSU more
			y := float64(0)
			if class >= 0 {
				y = float64(n[class])
			}
			s.add(y, float64(base))
		}
	}
	t.total = make([]float64, t.per)
	for c, m := range t.count {
		t.total[c] = float64(m)
	}
	variances = make([]float64, domains)
	for d := range domains {
		p := t.point(d, target{Proportion, class})
		if p.why != "" {
			continue
		}
		for h := range st.n {
			if s := &sums[h*domains+d]; s.n > 0 {
				z := (s.y - p.value*s.n) / p.weights
				zz := (s.yy - 2*p.value*s.yn + p.value*p.value*s.nn) / (p.weights * p.weights)
				variances[d] += st.spread(h, z, zz)
			}
		}
		variances[d] *= t.d.average
	}
	return variances, df
}

// straightSums are sums over the units of a stratum, exact for counts.
type straightSums struct{ y, n, yy, yn, nn float64 }

func (s *straightSums) add(y, n float64) {
	s.y += y
	s.n += n
	s.yy += y * y
	s.yn += y * n
	s.nn += n * n
}

// straightTo answers requests for proportions of one level, if it can.
func (j *job) straightTo(d *Design, g *grouping) bool {
	class, ok := j.oneProportion()
	if !ok || !d.inBits() || !g.inBits() || !j.v.inBits() || !d.oneStage() ||
		len(d.stages[0].n)*g.n() > straightLimit {
		return false
	}
	t := emptyCellTable(d, g, j.v)
	variances, df := t.straight(class)
	points := make([]point, g.n())
	for k := range points {
		points[k] = t.point(k, target{Proportion, class})
	}
	for _, p := range j.proportions {
		p.give(t.inOccupied(t.oneTarget(p.request, target{Proportion, class}, -1, points, variances, df)))
	}
	return true
}

// inOccupied leaves out the domains without a row.
func (t *cellTable) inOccupied(all []Estimate) []Estimate {
	var out []Estimate
	for d, e := range all {
		rows := 0
		for c := range t.v.classes() {
			rows += t.rowsIn(d, c)
		}
		if rows > 0 {
			out = append(out, e)
		}
	}
	return out
}
