package survey

import (
	"context"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// jointTables answers requests as Estimate does and keeps their tables.
func (d *Design) jointTables(ctx context.Context, requests []Request, opt EngineOptions) ([]Result, []*cellTable, error) {
	p := &program{d: d, index: map[string]*batch{}, shared: map[[2]table.Column]*variable{}, faults: fault.NewList(maxFaults)}
	results, tables := make([]Result, len(requests)), make([]*cellTable, len(requests))
	for i := range requests {
		r := &requests[i]
		if p.checkRequest(i, r) {
			j := p.job(r.By, r.Where, r.Variable, r.Denominator, r.level(), r.Statistic == Share)
			j.finish = append(j.finish, func(t *cellTable) { results[i], tables[i] = Result{t.estimates(r)}, t })
		}
	}
	if err := p.faults.Err(); err != nil {
		return nil, nil, err
	}
	return results, tables, p.run(ctx, opt.Workers)
}

// share of a cell in an estimate: what its channels add to it.
type cellPart struct {
	at   int // place of the estimate
	coef [3]float64
}

// cellsCovariance is the covariance of a vector's q estimates from the tables of
// its requests, unit by unit instead of row by row. The design must be of one
// stage of clusters, with weights as they were given.
func (d *Design) cellsCovariance(parts []jointPart, tables []*cellTable, q int) []float64 {
	byCell := make([][][]cellPart, len(parts))
	for k := range parts {
		byCell[k] = parts[k].cells(tables[k])
	}
	c := newCross(d, q)
	now := crossLevel{sum: make([]float64, q)}
	for u := range d.units {
		for k, t := range tables {
			for e := t.start[u]; e < t.start[u+1]; e++ {
				val := t.val[e*t.stride : (e+1)*t.stride]
				for _, p := range byCell[k][t.cell[e]] {
					for ch := range t.ch {
						now.sum[p.at] += p.coef[ch] * val[ch]
					}
				}
			}
		}
		c.unit(u, &now)
		clear(now.sum)
	}
	return c.done()
}

// cells lists by cell of its table the estimates of a request that it is part of.
func (p *jointPart) cells(t *cellTable) [][]cellPart {
	out := make([][]cellPart, t.per)
	coef := make([]float64, t.per*t.ch)
	k := t.v.classes()
	for domain, first := range p.first {
		if first < 0 {
			continue
		}
		for l := range p.n {
			g := target{stat: p.r.Statistic}
			switch {
			case g.stat == Proportion:
				g.class = t.v.class(p.r.level())
			case g.stat == Share:
				g.class = t.v.class(p.levelAt(l))
			}
			point := t.point(domain, g)
			if point.why != "" {
				continue
			}
			from, to := domain*k, domain*k+t.v.valued
			clear(coef[from*t.ch : to*t.ch])
			t.influence(coef, domain, g, point, 1)
			for c := from; c < to; c++ {
				part := cellPart{at: first + l}
				copy(part.coef[:], coef[c*t.ch:(c+1)*t.ch])
				if part.coef != [3]float64{} {
					out[c] = append(out[c], part)
				}
			}
		}
	}
	return out
}

// levelAt is the level that stands at a place within a domain.
func (p *jointPart) levelAt(place int) int {
	for level, at := range p.level {
		if at == place {
			return level
		}
	}
	return -1
}

// counts says whether a row counts in the request's estimates.
func (p *jointPart) counts(row int) bool {
	if p.place(row) < 0 {
		return false
	}
	switch c := p.r.Variable.(type) {
	case *table.NumberColumn:
		return present(c, row) && (p.r.Statistic != Ratio || present(p.r.Denominator, row))
	default:
		return c.Missing(row) == table.Present
	}
}
