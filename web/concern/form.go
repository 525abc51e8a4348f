package concern

import (
	"waymark/internal/fault"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// formPage is what a page of questions shows.
type formPage struct {
	Form     *page.Form
	Parts    []formPart
	Step     string
	Progress string
	Back     string
	Notice   *page.Notice
	Paper    *paper
	Desk     string
}

// formPart is the questions of one section on a page.
type formPart struct {
	Title     matter.Said
	Heading   bool // the page's title
	Questions []*matter.Question
}

// next leads to the first page that was not seen yet, or to the advice.
func (a *area) next(r *page.Request) error {
	d, err := a.draft(r)
	if err != nil {
		return lost(r, err)
	}
	if s := d.first(); s != nil {
		return matter.Onward(r, of(r, "/form/{step}", "step", s.Name))
	}
	return matter.Onward(r, of(r, "/advice"))
}

func (a *area) form(r *page.Request) error {
	d, err := a.draft(r)
	if err != nil {
		return lost(r, err)
	}
	s, _, _ := d.at(r.PathValue("step"))
	if s == nil {
		return matter.Onward(r, of(r, "/form"))
	}
	f := matter.NewForm(r)
	matter.Fill(f, s.Questions, d.Values)
	return a.showForm(r, 200, f, d, s)
}

func (a *area) showForm(r *page.Request, status int, f *page.Form, d *draft, s *step) error {
	desk, err := a.desk(r)
	if err != nil {
		return err
	}
	v := formPage{Form: f, Step: s.Name, Desk: desk.Name}
	steps := d.steps()
	_, place, all := d.at(s.Name)
	v.Progress = r.Text("concern.progress", "n", place+1, "all", all)
	v.Back = of(r, "")
	if place > 0 {
		v.Back = of(r, "/form/{step}", "step", steps[place-1].Name)
	}
	asked := d.asked(s)
	for i, section := range s.Sections {
		p := formPart{Title: matter.Say(r, section.Title), Heading: i == 0}
		for _, q := range asked {
			if q.Section != section.ID {
				continue
			}
			shown, err := a.kit.Show(r, f, q, matter.Quiet)
			if err != nil {
				return err
			}
			p.Questions = append(p.Questions, shown)
		}
		if len(p.Questions) > 0 {
			v.Parts = append(v.Parts, p)
		}
	}
	if len(v.Parts) > 0 {
		v.Parts[0].Heading = true
	}
	v.Notice = urgent(r, d)
	v.Paper = a.paperOf(r, d)
	return r.Render(status, "concern/form", v)
}

// urgent says on every further page what to do first, if somebody is in danger.
func urgent(r *page.Request, d *draft) *page.Notice {
	p := d.here.Pathway
	if !p.Concern.Marked(rule.MarkUrgent, d.Values) {
		return nil
	}
	for _, x := range p.Advise(d.Values, d.here.Network.Nation, rule.DateOf(r.House.Now().In(d.here.Zone()))) {
		if x.Level == rule.Now {
			return &page.Notice{Kind: "warning", Text: matter.Say(r, x.Text).Text}
		}
	}
	return nil
}

// formPost keeps the answers of a page and leads on. Two tabs at once both keep what
// they sent: of one question the last counts.
func (a *area) formPost(r *page.Request) error {
	f, err := matter.ReadForm(r)
	if err != nil {
		return err
	}
	for range 5 {
		d, err := a.draft(r)
		if err != nil {
			return lost(r, err)
		}
		s, _, _ := d.at(r.PathValue("step"))
		if s == nil {
			return matter.Onward(r, of(r, "/form"))
		}
		given := rule.Answers{}
		for _, q := range d.asked(s) {
			given[q.ID] = a.kit.Read(r, f, q)
		}
		if f.Bad() {
			return a.showForm(r, 422, f, d, s)
		}
		c, _, err := d.SaveConcern(d.form(), given, a.kit.Who(r))
		if _, err = a.kit.Do(r, c, err); fault.KindOf(err) == fault.Conflict && err != nil {
			continue
		}
		if err != nil {
			return err
		}
		return a.next(r)
	}
	return fault.New(fault.Unavailable, fault.Place{}, "this was changed in too many places at once", "close the other tabs and try again")
}
