package casework

import (
	"waymark/internal/fault"
	"waymark/referral"
	"waymark/web/page"
)

// coursePage asks what became of help that was offered, or of a referral to a
// partner.
type coursePage struct {
	Form    *page.Form
	Back    string
	Heading string
}

// courseOf finds the part of the address and what may follow in its course.
func (a *area) courseOf(r *page.Request) (s *seen, p *referral.Part, next []string, err error) {
	if s, err = a.open(r); err != nil {
		return nil, nil, nil, err
	}
	id, err := r.PathID("part")
	if err != nil {
		return nil, nil, nil, err
	}
	if p = s.Part(id); p == nil {
		return nil, nil, nil, page.NotFound()
	}
	switch p.Kind {
	case referral.PartService:
		var sv referral.Service
		if err := p.Decode(&sv); err != nil {
			return nil, nil, nil, err
		}
		next = referral.ServiceNext[sv.State()]
	case referral.PartPartner:
		var pr referral.PartnerReferral
		if err := p.Decode(&pr); err != nil {
			return nil, nil, nil, err
		}
		next = referral.PartnerNext[pr.State()]
	}
	if len(next) == 0 {
		return nil, nil, nil, page.NotFound()
	}
	return s, p, next, nil
}

func courseWords(p *referral.Part) string { return "casework.course." + string(p.Kind) }

func (a *area) renderCourse(r *page.Request, status int, s *seen, p *referral.Part, next []string, f *page.Form) error {
	options := make([]page.Option, len(next))
	for i, st := range next {
		options[i] = page.Option{Value: st, Text: r.Text("casework." + string(p.Kind) + ".state." + st)}
	}
	f.SetOptions("state", options)
	return r.Render(status, "casework/course", coursePage{Form: f, Back: path(s.ID), Heading: r.Text(courseWords(p))})
}

func (a *area) course(r *page.Request) error {
	s, p, next, err := a.courseOf(r)
	if err != nil {
		return err
	}
	f := r.NewForm("casework.course")
	f.SetDate("date", s.today.String())
	f.SetEtag(p.Etag)
	return a.renderCourse(r, 200, s, p, next, f)
}

func (a *area) coursePost(r *page.Request) error {
	s, p, next, err := a.courseOf(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.course")
	if err != nil {
		return err
	}
	mark := referral.Mark{State: f.Choice("state", next, page.Required), Date: f.Date("date", page.Required), Why: f.Text("why", page.Max(2000), page.Lines)}
	if !f.Bad() {
		c, err := a.marked(r, s, p, f.Etag(), mark)
		if err == nil {
			_, err = a.Store.Do(r.Context(), c)
		}
		if fault.KindOf(err) == fault.Conflict {
			r.Flash("casework.meanwhile")
			return r.Redirect(page.Path(path(s.ID), "view", viewOf(p)))
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderCourse(r, 422, s, p, next, f)
	}
	r.Flash("casework.saved")
	return r.Redirect(page.Path(path(s.ID), "view", viewOf(p)))
}

func viewOf(p *referral.Part) string {
	if p.Kind == referral.PartPartner {
		return "partners"
	}
	return "now"
}

// marked is the change of a step in a course.
func (a *area) marked(r *page.Request, s *seen, p *referral.Part, etag int64, mark referral.Mark) (*referral.Change, error) {
	if p.Kind == referral.PartPartner {
		grants, err := a.Store.Grants(r.Context(), s.ID)
		if err != nil {
			return nil, err
		}
		return s.AnswerPartner(p.ID, etag, mark, grants, s.who)
	}
	var sv referral.Service
	if err := p.Decode(&sv); err != nil {
		return nil, err
	}
	sv.Course = append(sv.Course, mark)
	return s.Edit(p.ID, etag, &sv, referral.About{Purpose: p.Purpose, Private: p.Private, Due: p.Due, For: p.For, Done: p.Done}, s.who)
}
