package survey

import (
	"fmt"
	"math"
	"slices"
)

// parts splits the table's domains by their first by columns: per combination,
// in order, the domains that belong to it.
func (t *cellTable) parts(by int) [][]int {
	var out [][]int
	for d, levels := range t.g.domains {
		if n := len(out); n > 0 && slices.Equal(t.g.domains[out[n-1][0]][:by], levels[:by]) {
			out[n-1] = append(out[n-1], d)
		} else {
			out = append(out, []int{d})
		}
	}
	return out
}

// find returns the domain among these whose last levels are the ones given, or -1.
func (t *cellTable) find(domains, levels []int) int {
	for _, d := range domains {
		all := t.g.domains[d]
		if slices.Equal(all[len(all)-len(levels):], levels) {
			return d
		}
	}
	return -1
}

// compare answers one comparison in every combination of its By columns.
//
//	risk ratio       log(p1/p0) ± t(df) · se,  u = u1/p1 - u0/p0
//	odds ratio       log(o1/o0) ± t(df) · se,  u = u1/(p1 q1) - u0/(p0 q0)
//	risk difference  p1 - p0    ± t(df) · se,  u = u1 - u0
//
// u1 and u0 are what a row adds to either linearised proportion, so that PSUs
// shared by the groups bring their covariance. Missing answers leave both
// numerator and base. The degrees of freedom are the design's: PSUs less
// strata, of those that hold an answer of either group. Source: Lumley (2010),
// Complex Surveys, section 3.3; R survey 4.1-1, svyby with covmat and svycontrast.
func (t *cellTable) compare(r *ComparisonRequest, level int) []Comparison {
	g := target{stat: Mean}
	if t.v.num == nil {
		g = target{Proportion, t.v.class(level)}
	}
	of, against := make([]int, len(r.Over)), make([]int, len(r.Over))
	for k, c := range r.Over {
		of[k], against[k] = c.Index(r.Of[k]), c.Index(r.Against[k])
	}
	parts := t.parts(len(r.By))
	group := make(map[int]int) // domain to part
	arms := make([][2]int, len(parts))
	for i, domains := range parts {
		arms[i] = [2]int{t.find(domains, of), t.find(domains, against)}
		for _, d := range arms[i] {
			if d >= 0 {
				group[d] = i
			}
		}
	}
	k := t.v.classes()
	df := t.freedom(func(cell int) int {
		if i, ok := group[cell/k]; ok && cell%k < t.v.valued {
			return i
		}
		return -1
	}, len(parts))
	out := make([]Comparison, len(parts))
	for i, domains := range parts {
		c := Comparison{Domain: t.g.domains[domains[0]][:len(r.By)], DF: df[i]}
		if r.DF != 0 {
			c.DF = r.DF
		}
		t.compareArms(&c, r, g, arms[i])
		out[i] = c
	}
	return out
}

// compareArms makes one comparison.
func (t *cellTable) compareArms(c *Comparison, r *ComparisonRequest, g target, domain [2]int) {
	var p [2]point
	for i, d := range domain {
		p[i] = point{value: math.NaN(), why: "no one in the group has an answer"}
		if d >= 0 {
			p[i] = t.point(d, g)
		}
		arm := Arm{p[i].value, p[i].n, p[i].base, p[i].missing}
		if i == 0 {
			c.Of = arm
		} else {
			c.Against = arm
		}
	}
	names := [2]string{fmt.Sprintf("%q", r.Of), fmt.Sprintf("%q", r.Against)}
	for i := range p {
		if p[i].why != "" {
			c.fail(fmt.Sprintf("group %s: %s", names[i], p[i].why))
			return
		}
	}
	p1, p0 := p[0].value, p[1].value
	var slope [2]float64 // of the scale of the interval
	var x float64        // estimate on that scale
	logScale := true
	switch r.Measure {
	case RiskRatio:
		for i := range p {
			if !(p[i].value > 0) {
				c.fail(fmt.Sprintf("the value in group %s is not above zero, so the ratio has no interval", names[i]))
				return
			}
		}
		c.Value, x = p1/p0, math.Log(p1/p0)
		slope = [2]float64{1 / p1, -1 / p0}
	case OddsRatio:
		for i := range p {
			if p[i].n == 0 || p[i].n == p[i].base {
				c.fail(fmt.Sprintf("all or none in group %s have the characteristic, so the odds ratio has no interval", names[i]))
				return
			}
		}
		c.Value = p1 / (1 - p1) / (p0 / (1 - p0))
		x = math.Log(c.Value)
		slope = [2]float64{1 / (p1 * (1 - p1)), -1 / (p0 * (1 - p0))}
	default:
		if g.stat == Proportion && (p1 == 0 || p1 == 1) && (p0 == 0 || p0 == 1) {
			c.fail("all or none in both groups have the characteristic, so the difference has no interval")
			return
		}
		c.Value, x, logScale = p1-p0, p1-p0, false
		slope = [2]float64{1, -1}
	}
	v, why := t.contrast(domain, g, p, slope)
	se := math.Sqrt(max(0, v))
	switch {
	case why != "":
		c.fail(why)
		return
	case !(c.DF > 0):
		c.fail("the groups' answers come from too few primary sampling units for an interval")
		return
	case math.IsNaN(se) || math.IsInf(se, 0):
		c.fail(t.d.noVariance())
		return
	}
	confidence := r.Confidence
	if confidence == 0 {
		confidence = 0.95
	}
	q := tQuantile(1-(1-confidence)/2, c.DF)
	c.SE, c.Lo, c.Hi = se, x-q*se, x+q*se
	if logScale {
		c.LogSE, c.SE = se, c.Value*se
		c.Lo, c.Hi = math.Exp(c.Lo), math.Exp(c.Hi)
	}
	switch {
	case se > 0:
		c.P = tTwoSided(x/se, c.DF)
	case x == 0:
		c.P = 1
	}
}

func (c *Comparison) fail(why string) {
	c.Value, c.SE, c.Lo, c.Hi = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	c.P = 1
	c.NotEstimable = why
}
