package survey

import (
	"context"
	"fmt"

	"waymark/internal/fault"
)

// replicaTotals is a table's weighted sums in every replicate.
type replicaTotals struct {
	rep *replicas
	sum []float64 // (cell·channels + channel)·n + replicate
}

// of returns the sums of one cell and channel by replicate.
func (t *cellTable) replicaSum(cell, channel int) []float64 {
	n := t.rep.rep.n
	at := (cell*t.ch + channel) * n
	return t.rep.sum[at : at+n]
}

// Replicates are added up in batches, and rows in strips, so that what is at
// hand stays in the second cache. Each batch is one piece of work: results do
// not depend on the number of workers.
const (
	replicaBatch = 64
	replicaStrip = 512
	// replicaLimit bounds the sums that are held at once (8 bytes each).
	replicaLimit = 1 << 27
)

// replicate answers jobs with replicate weights.
func (p *program) replicate(ctx context.Context, workers int, jobs []*job, of []*grouping) error {
	r := p.d.rep
	tables := make([]*cellTable, len(jobs))
	err := each(ctx, workers, len(jobs), func(i int) { tables[i] = newCellTable(p.d, of[i], jobs[i].v) })
	if err != nil {
		return err
	}
	for from := 0; from < len(jobs); {
		size, to := 0, from
		for ; to < len(jobs); to++ {
			s := tables[to].per * tables[to].ch * r.n
			if s > replicaLimit {
				return fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("%d replicates of %d groups are more than can be held at once", r.n, of[to].n()), "ask for fewer groups, or use fewer replicates or Taylor linearisation")
			}
			if to > from && size+s > replicaLimit {
				break
			}
			size += s
		}
		if err := r.addUp(ctx, workers, p.d, tables[from:to]); err != nil {
			return err
		}
		err := each(ctx, workers, to-from, func(i int) {
			for _, finish := range jobs[from+i].finish {
				finish(tables[from+i])
			}
			tables[from+i] = nil
		})
		if err != nil {
			return err
		}
		from = to
	}
	return nil
}

// addUp makes the sums of tables in every replicate.
func (r *replicas) addUp(ctx context.Context, workers int, d *Design, tables []*cellTable) error {
	for _, t := range tables {
		t.rep = &replicaTotals{rep: r, sum: make([]float64, t.per*t.ch*r.n)}
	}
	if j, ok := r.source.(*leaveOneOut); ok {
		return each(ctx, workers, len(tables), func(i int) { j.addUp(tables[i]) })
	}
	batches := (r.n + replicaBatch - 1) / replicaBatch
	if r.unitOf != nil {
		return each(ctx, workers, batches, func(b int) {
			first, last := b*replicaBatch, min((b+1)*replicaBatch, r.n)
			r.addUnits(tables, first, last)
		})
	}
	plan := newRowPlan(d, tables)
	return each(ctx, workers, batches, func(b int) {
		first, last := b*replicaBatch, min((b+1)*replicaBatch, r.n)
		r.addRows(d, plan, first, last)
	})
}

// addUnits adds up the tables' entries, which are listed by unit.
func (r *replicas) addUnits(tables []*cellTable, first, last int) {
	wide := last - first
	weight := make([]float64, replicaStrip*wide)
	fill := r.source.batch(first, last)
	for from := 0; from < r.units; from += replicaStrip {
		to := min(from+replicaStrip, r.units)
		fill(weight[:(to-from)*wide], from, to)
		for _, t := range tables {
			for u := from; u < to; u++ {
				w := weight[(u-from)*wide : (u-from+1)*wide]
				for e := t.start[u]; e < t.start[u+1]; e++ {
					for ch := range t.ch {
						addTimes(t.replicaSum(int(t.cell[e]), ch)[first:last], t.val[e*t.stride+ch], w)
					}
				}
			}
		}
	}
}
