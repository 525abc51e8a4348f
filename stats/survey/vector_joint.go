package survey

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// vectorLimit bounds the estimates of one Joint: their covariance has its square.
const vectorLimit = 2048

// Joint answers any mix of requests, of different variables, groupings and
// statistics, as one vector with its full covariance matrix
//
//	cov(i, j) = design covariance of Σ w u_i and Σ w u_j
//
// with u the linearised values: (y - m)/W for a mean, y for a total, (y - r x)/X
// for a ratio, (1 - p)/W or -p/W for a proportion and a share; 0 for rows that
// do not count. Missing answers leave their own estimate only; rows of weight
// zero count nowhere. Under a calibrated design u is the residual. Its diagonal
// is the square of Estimate's standard errors.
//
// Names: a mean has the variable's, `api00`; a total `total(api00)`; a ratio
// `api00/enroll`; a proportion and a share the variable's with the level,
// `sch.wide=Yes`, for a boolean `flag=true`. A domain follows in brackets,
// `api00[stype=E]` or `api00[stype=E,awards=No]`. A name that occurred already
// has #2, #3 and so on after it.
//
// DF is the PSUs less the strata of those that hold a row of at least one
// estimate. The order is that of the requests, then as in Estimate. Levels of a
// Share are all kept, so the covariance of a full set of shares is singular.
// It fails as Run does, and with more than 2,048 estimates.
// Source: R survey 4.1-1, svyby with covmat; Lumley (2010), section 3.3.
func (d *Design) Joint(ctx context.Context, requests []Request, opt EngineOptions) (*Vector, error) {
	plain := slices.Clone(requests)
	for k := range plain { // intervals do not matter, so none may fail
		plain[k].Interval, plain[k].DF = Normal, math.Inf(1)
	}
	var results []Result
	var tables []*cellTable
	var err error
	byCells := d.rep == nil && d.oneStage()
	if byCells {
		results, tables, err = d.jointTables(ctx, plain, opt)
	} else {
		results, err = d.Estimate(ctx, plain, opt)
	}
	if err != nil {
		return nil, err
	}
	v := &Vector{}
	parts := make([]jointPart, len(requests))
	for k := range requests {
		if parts[k], err = d.jointPart(ctx, &requests[k], results[k].Estimates, v, opt.Workers); err != nil {
			return nil, err
		}
		if len(v.Names) > vectorLimit {
			return nil, fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("there are more than %d estimates to be taken together", vectorLimit), "ask for fewer groups or variables")
		}
	}
	unique(v.Names)
	counts := make([]bool, d.rows)
	score := func(row int, part []float64) bool {
		clear(part)
		w, any := d.Weight(row), false
		for k := range parts {
			any = parts[k].score(row, w, part) || any
		}
		counts[row] = any
		return any
	}
	if d.rep != nil || byCells {
		for k := range parts {
			p := &parts[k]
			for i := range counts {
				counts[i] = counts[i] || d.inSample(i) && p.counts(i)
			}
		}
	}
	switch {
	case d.rep != nil:
		if err := d.replicatedJoint(ctx, v, requests, results, opt); err != nil {
			return nil, err
		}
	case byCells:
		v.Cov = d.cellsCovariance(parts, tables, len(v.Names))
	default:
		v.Cov = d.rowCovariance(len(v.Names), score)
	}
	for _, in := range counts {
		if in {
			v.Base++
		}
	}
	v.DF = d.freedomOf(func(row int) bool { return counts[row] })
	v.markInestimable()
	return v, nil
}

// markInestimable puts NaN where there is a reason, and a reason where there is
// no finite variance.
func (v *Vector) markInestimable() {
	q, some := len(v.Names), false
	for i := range v.Values {
		if s := v.Cov[i*q+i]; v.NotEstimable[i] == "" && s-s != 0 {
			v.NotEstimable[i] = "the numbers are too large for a variance, or its estimate is negative"
		}
		if v.NotEstimable[i] == "" {
			continue
		}
		some = true
		v.Values[i] = math.NaN()
		for j := range q {
			v.Cov[i*q+j], v.Cov[j*q+i] = math.NaN(), math.NaN()
		}
	}
	if !some {
		v.NotEstimable = nil
	}
}

// jointPart is what one request adds to a vector.
type jointPart struct {
	r     *Request
	g     *grouping
	first []int // per domain, the place of its first estimate; -1: none
	// level has the place of a level within its domain, or -1 (Share); for a
	// Proportion only its own is 0.
	level []int
	n     int // estimates per domain
	value []float64
	total []float64 // per place: the weights of the base, or the denominator's total
	at    int       // place of value[0]
}

// jointPart names a request's estimates, adds their values to the vector and
// prepares the scores.
func (d *Design) jointPart(ctx context.Context, r *Request, estimates []Estimate, v *Vector, workers int) (jointPart, error) {
	g, err := numberDomains(ctx, d, r.By, r.Where, workers)
	if err != nil {
		return jointPart{}, err
	}
	p := jointPart{r: r, g: g, at: len(v.Names), n: 1, first: make([]int, g.n())}
	if r.Statistic == Share || r.Statistic == Proportion {
		p.levels(estimates)
	}
	next := 0
	for k, domain := range g.domains {
		p.first[k] = -1
		if next < len(estimates) && slices.Equal(estimates[next].Domain, domain) {
			p.first[k] = p.at + next
			next += p.n
		}
	}
	for _, e := range estimates {
		v.Names = append(v.Names, r.nameOf(&e))
		v.Values = append(v.Values, e.Value)
		v.NotEstimable = append(v.NotEstimable, e.NotEstimable)
		p.value = append(p.value, e.Value)
		p.total = append(p.total, e.SumWeights)
	}
	if r.Statistic == Ratio {
		p.denominators(d)
	}
	return p, nil
}

// levels places the levels within a domain.
func (p *jointPart) levels(estimates []Estimate) {
	n := 2
	if c, ok := p.r.Variable.(*table.CategoryColumn); ok {
		n = len(c.Levels)
	}
	p.level = make([]int, n)
	for l := range p.level {
		p.level[l] = -1
	}
	if p.r.Statistic == Proportion {
		p.level[p.r.level()] = 0
		return
	}
	p.n = 0
	for _, e := range estimates {
		if !slices.Equal(e.Domain, estimates[0].Domain) {
			break
		}
		p.level[e.Level] = p.n
		p.n++
	}
}

// denominators adds up the denominator of each domain.
func (p *jointPart) denominators(d *Design) {
	clear(p.total)
	y := p.r.Variable.(*table.NumberColumn)
	for i := range d.rows {
		if k := p.place(i); k >= 0 && present(y, i) && present(p.r.Denominator, i) {
			p.total[k-p.at] += d.Weight(i) * p.r.Denominator.Values[i]
		}
	}
}

// place is that of the first estimate of a row's domain, or -1.
func (p *jointPart) place(row int) int {
	if k := p.g.domain(row); k < len(p.first) {
		return p.first[k]
	}
	return -1
}

// present says whether a number column has a number in a row.
func present(c *table.NumberColumn, row int) bool {
	return c.Missing(row) == table.Present && c.Values[row] == c.Values[row]
}

// score writes a row's parts of the request's estimates, weight included, and
// says whether the row counts.
func (p *jointPart) score(row int, w float64, part []float64) bool {
	at := p.place(row)
	if at < 0 {
		return false
	}
	k := at - p.at
	switch c := p.r.Variable.(type) {
	case *table.NumberColumn:
		if !present(c, row) {
			return false
		}
		y := c.Values[row]
		switch p.r.Statistic {
		case Total:
			part[at] = w * y
		case Ratio:
			if !present(p.r.Denominator, row) {
				return false
			}
			part[at] = w * (y - p.value[k]*p.r.Denominator.Values[row]) / p.total[k]
		default:
			part[at] = w * (y - p.value[k]) / p.total[k]
		}
		return true
	case *table.CategoryColumn:
		l := c.Level(row)
		if l >= 0 {
			p.shares(at, p.level[l], w, part)
		}
		return l >= 0
	case *table.BoolColumn:
		if c.Missing(row) != table.Present {
			return false
		}
		l := 0
		if c.Values[row] {
			l = 1
		}
		p.shares(at, p.level[l], w, part)
		return true
	}
	return false
}

// shares writes a row's parts of proportions; has is the place within its
// domain of the level that the row has, or -1.
func (p *jointPart) shares(at, has int, w float64, part []float64) {
	for l := range p.n {
		k := at - p.at + l
		one := 0.0
		if l == has {
			one = 1
		}
		part[at+l] = w * (one - p.value[k]) / p.total[k]
	}
}

// nameOf is the name of one of the request's estimates, see Joint.
func (r *Request) nameOf(e *Estimate) string {
	name := r.Variable.Name()
	switch r.Statistic {
	case Total:
		name = "total(" + name + ")"
	case Ratio:
		name += "/" + r.Denominator.Name()
	case Proportion:
		name += "=" + levelCode(r.Variable, r.level())
	case Share:
		name += "=" + levelCode(r.Variable, e.Level)
	}
	return name + domainName(r.By, e.Domain)
}

// domainName writes a domain as [stype=E,awards=No]; nothing without columns.
func domainName(by []*table.CategoryColumn, domain []int) string {
	if len(domain) == 0 {
		return ""
	}
	var parts []string
	for k, l := range domain {
		parts = append(parts, by[k].Name()+"="+by[k].Levels[l].Code)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// levelCode is the code of a level of a category or boolean.
func levelCode(col table.Column, level int) string {
	if c, ok := col.(*table.CategoryColumn); ok {
		return c.Levels[level].Code
	}
	return [2]string{"false", "true"}[level]
}

// unique numbers the names that occurred before.
func unique(names []string) {
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		seen[n] = true
	}
	used := make(map[string]bool, len(names))
	for i, n := range names {
		if used[n] {
			k := 2
			for ; seen[fmt.Sprintf("%s#%d", n, k)]; k++ {
			}
			names[i] = fmt.Sprintf("%s#%d", n, k)
			seen[names[i]] = true
		}
		used[names[i]] = true
	}
}
