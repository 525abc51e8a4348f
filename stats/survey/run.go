package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// job is one table and what is to be made of it.
type job struct {
	v      *variable
	finish []func(*cellTable)
	// proportions are those finishes that only want proportions.
	proportions []proportion
}

// proportion is a request for a proportion and where its estimates go.
type proportion struct {
	request *Request
	give    func([]Estimate)
}

// batch is the jobs of one grouping.
type batch struct {
	by    []*table.CategoryColumn
	where []bool
	jobs  []*job
	index map[[2]table.Column]*job
}

// program is a query arranged so that each column is scanned once a grouping.
type program struct {
	d         *Design
	batches   []*batch
	variables []*variable
	index     map[string]*batch
	shared    map[[2]table.Column]*variable // one per column, or pair, in all groupings
	faults    *fault.List
}

// Run answers a query. Requests on the same By columns, Where and variable
// share one scan of the rows; scans of different variables run side by side.
//
// It reports all faulty requests at once: a missing or wrong kind of variable,
// a level that does not exist, columns of another length, numbers that are not
// finite. An estimate that the data do not support is no fault: it says so in
// NotEstimable.
func (d *Design) Run(ctx context.Context, q Query, opt EngineOptions) (*Answer, error) {
	p := &program{d: d, index: map[string]*batch{}, shared: map[[2]table.Column]*variable{}, faults: fault.NewList(maxFaults)}
	a := &Answer{
		Estimates:     make([]Result, len(q.Estimates)),
		Comparisons:   make([][]Comparison, len(q.Comparisons)),
		Trends:        make([][]Trend, len(q.Trends)),
		Independences: make([][]Independence, len(q.Independences)),
	}
	for i := range q.Estimates {
		r := &q.Estimates[i]
		if p.checkRequest(i, r) {
			j := p.job(r.By, r.Where, r.Variable, r.Denominator, r.level(), r.Statistic == Share)
			give := func(e []Estimate) { a.Estimates[i] = Result{e} }
			j.finish = append(j.finish, func(t *cellTable) { give(t.estimates(r)) })
			if r.Statistic == Proportion {
				j.proportions = append(j.proportions, proportion{r, give})
			}
		}
	}
	for i := range q.Comparisons {
		r := &q.Comparisons[i]
		if level, ok := p.checkComparison(i, r); ok {
			j := p.job(slices.Concat(r.By, r.Over), r.Where, r.Variable, nil, level, false)
			j.finish = append(j.finish, func(t *cellTable) { a.Comparisons[i] = t.compare(r, level) })
		}
	}
	for i := range q.Trends {
		r := &q.Trends[i]
		if level, ok := p.checkTrend(i, r); ok {
			j := p.job(append(slices.Clone(r.By), r.Over), r.Where, r.Variable, nil, level, false)
			j.finish = append(j.finish, func(t *cellTable) { a.Trends[i] = t.trend(r, level) })
		}
	}
	for i := range q.Independences {
		r := &q.Independences[i]
		if p.checkIndependence(i, r) {
			j := p.job(append(slices.Clone(r.By), r.Columns), r.Where, r.Rows, nil, -1, true)
			j.finish = append(j.finish, func(t *cellTable) { a.Independences[i] = t.independence(r) })
		}
	}
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	if err := p.run(ctx, opt.Workers); err != nil {
		return nil, err
	}
	return a, nil
}

// job finds or makes the job for a variable in a grouping.
func (p *program) job(by []*table.CategoryColumn, where []bool, col table.Column, den *table.NumberColumn, level int, all bool) *job {
	key := ""
	for _, c := range by {
		key += fmt.Sprintf("%p ", c)
	}
	if len(where) > 0 {
		key += fmt.Sprintf("where %p", &where[0])
	}
	b := p.index[key]
	if b == nil {
		b = &batch{by: by, where: where, index: map[[2]table.Column]*job{}}
		p.index[key] = b
		p.batches = append(p.batches, b)
	}
	id := [2]table.Column{col, nil}
	if den != nil {
		id[1] = den
	}
	j := b.index[id]
	if j == nil {
		v := p.shared[id]
		if v == nil {
			v = &variable{wanted: map[int]bool{}, den: den}
			switch c := col.(type) {
			case *table.CategoryColumn:
				v.cat = c
			case *table.BoolColumn:
				v.truth = c
			case *table.NumberColumn:
				v.num = c
			}
			p.shared[id] = v
			p.variables = append(p.variables, v)
		}
		j = &job{v: v}
		b.index[id] = j
		b.jobs = append(b.jobs, j)
	}
	j.v.all = j.v.all || all
	j.v.wanted[level] = true
	return j
}

// run numbers the groupings side by side, then scans the variables of each side
// by side.
func (p *program) run(ctx context.Context, workers int) error {
	faults := make([]*fault.List, len(p.variables))
	err := each(ctx, workers, len(p.variables), func(i int) {
		faults[i] = fault.NewList(maxFaults)
		p.variables[i].prepare(faults[i])
		p.variables[i].layOut(p.d)
	})
	if err != nil {
		return err
	}
	for _, f := range faults {
		p.faults.Merge(f)
	}
	if err := p.faults.Err(); err != nil {
		return err
	}
	groupings := make([]*grouping, len(p.batches))
	failed := make([]error, len(p.batches))
	err = each(ctx, workers, len(p.batches), func(i int) {
		groupings[i], failed[i] = newGrouping(ctx, p.d, p.batches[i].by, p.batches[i].where, 1)
		if failed[i] == nil {
			groupings[i].layOut(p.d)
		}
	})
	if err = errors.Join(append(failed, err)...); err != nil {
		return err
	}
	if p.d.rep != nil {
		var jobs []*job
		var of []*grouping
		for i, b := range p.batches {
			for _, j := range b.jobs {
				jobs, of = append(jobs, j), append(of, groupings[i])
			}
		}
		return p.replicate(ctx, workers, jobs, of)
	}
	var tasks []task
	for i, b := range p.batches {
		tasks = append(tasks, p.divide(groupings[i], b.jobs)...)
	}
	return each(ctx, workers, len(tasks), func(i int) { tasks[i].do(p.d, workers) })
}

// task is a visit to the rows, for one job or for several together.
type task struct {
	g        *grouping
	jobs     []*job
	together bool
}

// divide makes tasks of a grouping's jobs.
func (p *program) divide(g *grouping, jobs []*job) []task {
	var tasks []task
	var two []*job
	most := g.yesNo(p.d)
	for _, j := range jobs {
		if _, ok := j.v.yesNo(); ok && most > 0 {
			two = append(two, j)
		} else {
			tasks = append(tasks, task{g: g, jobs: []*job{j}})
		}
	}
	for together := range slices.Chunk(two, max(1, most)) {
		tasks = append(tasks, task{g, together, true})
	}
	return tasks
}

func (k task) do(d *Design, workers int) {
	if k.together {
		yesNoTask(d, k.g, k.jobs, workers)
		return
	}
	if j := k.jobs[0]; !j.straightTo(d, k.g) {
		j.make(newCellTable(d, k.g, j.v))
	}
}

// make makes what is wanted of a table.
func (j *job) make(t *cellTable) {
	for _, finish := range j.finish {
		finish(t)
	}
}
