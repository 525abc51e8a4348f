package refer

import (
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// listPage is the list of what is to be done.
type listPage struct {
	Reference string
	Outcome   outcomeView
	Notice    *page.Notice
	Sections  []task
	Check     string // where all answers are checked
	Next      string
	Left      int
	About     page.Summary
	Record    *page.SummaryRow
}

// outcomeView is where the answers lead, so far.
type outcomeView struct {
	Known    bool
	Title    matter.Said
	About    matter.Said
	Protects bool
}

// task is a section of the form.
type task struct {
	Title matter.Said
	Href  string
	State page.Tag
	Count string
}

func (a *area) list(r *page.Request) error {
	d, ok, err := a.write(r)
	if !ok {
		return err
	}
	p := listPage{Reference: d.Reference(), Outcome: d.outcome(r), Check: below(&d.File.Matter, "/check"), Next: below(&d.File.Matter, "/next")}
	if d.Pathway.Illustrative {
		p.Notice = &page.Notice{Kind: "warning", Text: r.Text("refer.illustrative")}
	}
	if d.Restricted {
		p.Notice = &page.Notice{Kind: "warning", Text: r.Text("refer.restricted")}
	}
	for _, s := range d.form().Sections {
		t, left := d.task(r, s)
		if t != nil {
			p.Sections = append(p.Sections, *t)
			p.Left += left
		}
	}
	if c := d.consent(); c != nil || !d.recorded() {
		p.Record = a.recordRow(r, d)
	}
	if p.About, err = a.about(r, d); err != nil {
		return err
	}
	return r.Render(200, "refer/list", p)
}

// outcome is where the answers lead, in words.
func (d *draft) outcome(r *page.Request) outcomeView {
	o := d.Pathway.Outcome(d.values)
	if o == nil {
		return outcomeView{}
	}
	return outcomeView{Known: true, Title: matter.Say(r, o.Title), About: matter.Say(r, o.About), Protects: o.Protects}
}

// task is one section, or nil if nothing of it is asked; left is how many of its
// questions were not seen.
func (d *draft) task(r *page.Request, s *rule.Section) (t *task, left int) {
	all, known := 0, 0
	first := ""
	for _, q := range d.asked() {
		if q.Section != s.ID || q.Kind == rule.Note {
			continue
		}
		if all++; all == 1 {
			first = q.ID
		}
		if d.done[q.ID] {
			continue
		}
		if left++; left == 1 {
			first = q.ID
		}
		if len(d.values[q.ID]) > 0 {
			known++
		}
	}
	if all == 0 {
		return nil, 0
	}
	t = &task{Title: matter.Say(r, s.Title), Href: d.question(first), Count: r.Text("refer.list.count", "done", all-left, "all", all)}
	switch {
	case known > 0:
		t.State = page.Tag{Text: r.Text("refer.state.known"), Colour: "yellow"}
	case left == 0:
		t.State = page.Tag{Text: r.Text("refer.state.done"), Colour: "green"}
	case left == all:
		t.State = page.Tag{Text: r.Text("refer.state.none"), Colour: "grey"}
	default:
		t.State = page.Tag{Text: r.Text("refer.state.some"), Colour: "blue"}
	}
	return t, left
}

// about says who has the draft and until when it is kept.
func (a *area) about(r *page.Request, d *draft) (page.Summary, error) {
	agencies, err := a.Agencies(r)
	if err != nil {
		return page.Summary{}, err
	}
	names, err := a.Names(r)
	if err != nil {
		return page.Summary{}, err
	}
	s := page.Summary{Rows: []page.SummaryRow{
		{Key: r.Text("refer.about.reference"), Value: page.Cell{Text: d.Reference()}},
		{Key: r.Text("refer.about.seen"), Value: page.Cell{Text: r.Text("refer.about.who", "person", names[d.Owner]), Note: r.Text("refer.about.others")}}}}
	if x := agencies[d.File.Agency]; x != nil {
		s.Rows = append(s.Rows, page.SummaryRow{Key: r.Text("refer.about.agency"), Value: page.Cell{Text: x.Name}})
	}
	if !d.KeepUntil.IsZero() {
		s.Rows = append(s.Rows, page.SummaryRow{Key: r.Text("refer.about.until"), Value: page.Cell{Text: r.Words().Day(d.KeepUntil), Note: r.Text("refer.about.kept")}})
	}
	return s, nil
}

// next leads to the first question that was not seen, or to the check.
func (a *area) next(r *page.Request) error {
	d, ok, err := a.write(r)
	if !ok {
		return err
	}
	return r.Redirect(d.onwards(""))
}
