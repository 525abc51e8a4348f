package refer

import (
	"slices"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// questionPage is one question.
type questionPage struct {
	Form      *page.Form
	Reference string
	Section   matter.Said
	Question  *matter.Question
	Heading   matter.Said // of a page without a field
	Back      string
	List      string
	Known     bool // told by the concern and not confirmed yet
	Clash     *page.Clash
	Removed   *removed
	// Files are what was uploaded to a question that takes files.
	Files    []fileView
	Upload   string
	Remove   string
	Limit    matter.Said
	File     *page.Form // of one file
	Accept   []string
	Optional bool
}

// removed says which answers went away because of another.
type removed struct {
	By   matter.Said
	Gone []matter.Said
}

// ask opens a question of the draft. ok is false if it is not asked now, and the
// request answered.
func (a *area) ask(r *page.Request) (d *draft, q *rule.Question, ok bool, err error) {
	d, ok, err = a.write(r)
	if !ok {
		return nil, nil, false, err
	}
	if q = d.at(r.PathValue("question")); q == nil {
		if d.form().Question(r.PathValue("question")) == nil {
			return nil, nil, false, page.NotFound()
		}
		r.Flash("refer.not-asked")
		return nil, nil, false, matter.Onward(r, below(&d.File.Matter, ""))
	}
	return d, q, true, nil
}

func (a *area) question(r *page.Request) error {
	d, q, ok, err := a.ask(r)
	if !ok {
		return err
	}
	f := matter.NewForm(r)
	matter.Fill(f, []*rule.Question{q}, d.values)
	return a.showQuestion(r, 200, f, d, q, nil)
}

func (a *area) showQuestion(r *page.Request, status int, f *page.Form, d *draft, q *rule.Question, c *page.Clash) error {
	p := a.pageOf(r, f, d, q)
	p.Clash = c
	if q.Kind == rule.Files {
		return a.showUploads(r, status, d, q, &p, r.NewForm("refer.upload"))
	}
	if q.Kind == rule.Note {
		p.Heading = p.Section
	}
	var err error
	if p.Question, err = a.Show(r, f, q, matter.Heading); err != nil {
		return err
	}
	return r.Render(status, "refer/question", p)
}

// pageOf is what all pages of a question show.
func (a *area) pageOf(r *page.Request, f *page.Form, d *draft, q *rule.Question) questionPage {
	f.SetEtag(etagOf(q.ID, d.values[q.ID]))
	p := questionPage{Form: f, Reference: d.Reference(), List: below(&d.File.Matter, ""), Removed: d.removed(r),
		Known: !d.done[q.ID] && len(d.values[q.ID]) > 0}
	for _, s := range d.form().Sections {
		if s.ID == q.Section {
			p.Section = matter.Say(r, s.Title)
		}
	}
	p.Back = p.List
	for _, before := range d.asked() {
		if before.ID == q.ID {
			break
		}
		p.Back = d.question(before.ID)
	}
	return p
}

// questionPost keeps one answer and leads on.
func (a *area) questionPost(r *page.Request) error {
	f, err := matter.ReadForm(r)
	if err != nil {
		return err
	}
	later := f.Raw("then") == "later"
	for range most {
		d, q, ok, err := a.ask(r)
		if !ok {
			return err
		}
		stored := d.values[q.ID]
		typed := matter.Typed(f, q)
		if q.Kind == rule.Files {
			typed = stored // files have come by themselves
			if err := q.Check(typed, a.Today(d.Here)); err != nil && !later {
				matter.MarkAll(f, err)
			}
		} else if later && len(typed) == 0 && len(stored) == 0 {
			return matter.Onward(r, below(&d.File.Matter, ""))
		} else {
			a.Read(r, f, q)
		}
		if f.Bad() {
			return a.showQuestion(r, 422, f, d, q, nil)
		}
		if q.Kind != rule.Files && f.Etag() != etagOf(q.ID, stored) && !slices.Equal(stored, typed) {
			return a.clash(r, f, d, q, typed)
		}
		given := rule.Answers{q.ID: typed}
		if err := a.bound(r, d, given); err != nil {
			return err
		}
		c, dropped, err := d.SaveReferral(d.Pathway, d.Here.Network.Nation, given, a.Who(r))
		if err != nil {
			if err := f.Take(err); err != nil {
				return err
			}
			return a.showQuestion(r, 422, f, d, q, nil)
		}
		_, err = a.Store.Do(r.Context(), c)
		if err != nil && fault.KindOf(err) == fault.Conflict {
			continue // somebody saved another answer in the moment between
		}
		if err != nil {
			return err
		}
		return a.lead(r, q.ID, dropped, later)
	}
	return clashed()
}

// lead goes on after a question was saved; what went away with it is said there.
func (a *area) lead(r *page.Request, id string, dropped []string, later bool) error {
	d, ok, err := a.write(r)
	if !ok {
		return err
	}
	to := d.onwards(id)
	switch {
	case later:
		r.Flash("refer.saved")
		to = below(&d.File.Matter, "")
	case id == referral.ConsentQuestion && !d.recorded():
		to = below(&d.File.Matter, "/record")
	}
	dropped = slices.DeleteFunc(dropped, func(id string) bool { q := d.form().Question(id); return q == nil || q.Bound != "" })
	if len(dropped) > 0 {
		to = page.Path(to, "by", id, "removed", dropped)
	}
	return matter.Onward(r, to)
}

// removed reads what the page before says went away. The address names questions of
// the form, never answers.
func (d *draft) removed(r *page.Request) *removed {
	query := r.URL.Query()
	by := d.form().Question(query.Get("by"))
	if by == nil {
		return nil
	}
	v := &removed{By: matter.Say(r, by.Text)}
	for _, id := range query["removed"] {
		// What was answered again since is not gone.
		if q := d.form().Question(id); q != nil && len(d.values[id]) == 0 {
			v.Gone = append(v.Gone, matter.Say(r, q.Text))
		}
	}
	if len(v.Gone) == 0 {
		return nil
	}
	return v
}

// clash shows what somebody else answered meanwhile beside what was typed. Nothing was
// saved; saving again keeps what was typed.
func (a *area) clash(r *page.Request, f *page.Form, d *draft, q *rule.Question, typed []string) error {
	c := &page.Clash{}
	c.Add(matter.Say(r, q.Text).Text, matter.Answer(r, q, d.values[q.ID]).Text, matter.Answer(r, q, typed).Text)
	return a.showQuestion(r, 409, f, d, q, c)
}
