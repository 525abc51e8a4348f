package programme

import (
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// plan is the periods and targets of a round with its points.
type plan struct {
	points  []*collection.Point
	periods []*collection.Period
	counts  map[[2]ids.ID]int // by point and period
}

func readPlan(r *page.Request) (*plan, error) {
	ctx, c, id := r.Context(), r.House.Collection, r.Round.ID
	p := &plan{counts: map[[2]ids.ID]int{}}
	var err error
	if p.points, err = c.ListPoints(ctx, id); err != nil {
		return nil, err
	}
	if p.periods, err = c.ListPeriods(ctx, id); err != nil {
		return nil, err
	}
	targets, err := c.ListTargets(ctx, id)
	for _, t := range targets {
		p.counts[[2]ids.ID{t.Point, t.Period}] = t.Count
	}
	return p, err
}

// targets shows periods and targets as one table.
func targets(r *page.Request) error {
	p, err := readPlan(r)
	if err != nil {
		return err
	}
	w := r.Words()
	change := roundPath(r) + "/targets/change"
	t := page.Table{Caption: r.Text("programme.targets"), Quiet: true, Head: []page.Head{{Text: r.Text("programme.targets.point")}}}
	for _, one := range p.periods {
		t.Head = append(t.Head, page.Head{Text: one.Name, Number: true})
	}
	t.Head = append(t.Head, page.Head{Text: r.Text("programme.targets.total"), Number: true})
	sums := make([]int, len(p.periods)+1)
	for _, point := range p.points {
		row := page.Row{Cells: []page.Cell{{Text: point.Code, Note: point.Name}}}
		total := 0
		for i, one := range p.periods {
			n, ok := p.counts[[2]ids.ID{point.ID, one.ID}]
			text := "–"
			if ok {
				text = w.Whole(n)
			}
			row.Cells = append(row.Cells, page.Cell{Text: text})
			total, sums[i] = total+n, sums[i]+n
		}
		sums[len(p.periods)] += total
		row.Cells = append(row.Cells, page.Cell{Text: w.Whole(total)})
		t.Rows = append(t.Rows, row)
	}
	if len(p.points) > 1 {
		row := page.Row{Cells: []page.Cell{{Text: r.Text("programme.targets.all")}}}
		for _, n := range sums {
			row.Cells = append(row.Cells, page.Cell{Text: w.Whole(n)})
		}
		t.Rows = append(t.Rows, row)
	}
	v := struct {
		Table   page.Table
		Periods page.Table
		Change  string
		Empty   *page.Empty
	}{Table: t, Periods: periodTable(r, p.periods)}
	switch {
	case len(p.points) == 0:
		v.Empty = &page.Empty{Title: r.Text("programme.targets.points.title"), Text: r.Text("programme.targets.points.text"),
			Actions: []page.Link{{Text: r.Text("programme.points"), Href: roundPath(r) + "/points"}}}
	case len(p.periods) == 0:
		v.Empty = &page.Empty{Title: r.Text("programme.targets.empty.title"), Text: r.Text("programme.targets.empty.text")}
		if maySet(r) {
			v.Empty.Text = r.Text("programme.targets.empty.add")
			v.Empty.Actions = []page.Link{{Text: r.Text("programme.targets.set"), Href: change}}
		}
	case maySet(r):
		v.Change = change
	}
	return r.Render(200, "programme/targets", v)
}

func periodTable(r *page.Request, periods []*collection.Period) page.Table {
	t := page.Table{Caption: r.Text("programme.periods"), Head: []page.Head{
		{Text: r.Text("programme.targets.name")}, {Text: r.Text("programme.targets.from")}, {Text: r.Text("programme.targets.to")}}}
	for _, one := range periods {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: one.Name}, {Text: r.Words().Date(one.From)}, {Text: r.Words().Date(one.To)}}})
	}
	return t
}
