package casework

import (
	"slices"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/page"
)

// rightPage writes down what a person asks about what is held, or answers it.
type rightPage struct {
	Form *page.Form
	Back string
	What *page.Summary
	// Held leads to the copy of what is held.
	Held string
}

func back(s *seen) string { return page.Path(path(s.ID), "view", "rights") }

func (a *area) renderRight(r *page.Request, status int, s *seen, f *page.Form) error {
	f.Choices("kind", referral.RightKinds...)
	return r.Render(status, "casework/right", rightPage{Form: f, Back: back(s)})
}

func (a *area) right(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	f := r.NewForm("casework.right")
	f.SetDate("asked", s.today.String())
	f.Set("language", r.Lang)
	return a.renderRight(r, 200, s, f)
}

func (a *area) rightPost(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.right")
	if err != nil {
		return err
	}
	x := &referral.Right{Kind: f.Choice("kind", referral.RightKinds, page.Required), Asked: f.Date("asked", page.Required),
		Language: f.Text("language", page.Required, page.Max(35)), Text: f.Text("text", page.Max(8000), page.Lines)}
	if !f.Bad() {
		c, err := s.Add(referral.PartRight, x, referral.About{Due: referral.RightDue(midnight(x.Asked)), For: s.Owner}, s.who)
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderRight(r, 422, s, f)
	}
	r.Flash("casework.saved")
	return r.Redirect(back(s))
}

// rightOf finds the request of the address, if it was not answered.
func (a *area) rightOf(r *page.Request) (*seen, *referral.Part, *referral.Right, error) {
	s, err := a.open(r)
	if err != nil {
		return nil, nil, nil, err
	}
	id, err := r.PathID("part")
	if err != nil {
		return nil, nil, nil, err
	}
	p := s.Part(id)
	if p == nil || p.Kind != referral.PartRight {
		return nil, nil, nil, page.NotFound()
	}
	x := &referral.Right{}
	if err := p.Decode(x); err != nil {
		return nil, nil, nil, err
	}
	if x.Answered != "" {
		return nil, nil, nil, page.NotFound()
	}
	return s, p, x, nil
}

func (a *area) renderAnswer(r *page.Request, status int, s *seen, x *referral.Right, f *page.Form) error {
	sum := rightRows(r, x)
	p := rightPage{Form: f, Back: back(s), What: &sum}
	if x.Kind == "access" {
		p.Held = page.Path(path(s.ID)+"/held", "lang", x.Language)
	}
	f.Choices("granted", "yes", "no")
	return r.Render(status, "casework/answer", p)
}

func (a *area) answer(r *page.Request) error {
	s, p, x, err := a.rightOf(r)
	if err != nil {
		return err
	}
	f := r.NewForm("casework.answer")
	f.SetDate("answered", s.today.String())
	f.SetEtag(p.Etag)
	return a.renderAnswer(r, 200, s, x, f)
}

func (a *area) answerPost(r *page.Request) error {
	s, p, x, err := a.rightOf(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.answer")
	if err != nil {
		return err
	}
	y := *x
	y.Answered, y.Answer = f.Date("answered", page.Required), f.Text("answer", page.Required, page.Max(8000), page.Lines)
	y.Granted = f.Choice("granted", []string{"yes", "no"}, page.Required) == "yes"
	if !f.Bad() {
		c, err := s.AnswerRight(p.ID, f.Etag(), &y, s.who)
		if err == nil {
			_, err = a.Store.Do(r.Context(), c)
		}
		if fault.KindOf(err) == fault.Conflict {
			r.Flash("casework.meanwhile")
			return r.Redirect(back(s))
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderAnswer(r, 422, s, x, f)
	}
	r.Flash("casework.saved")
	return r.Redirect(back(s))
}

func rightRows(r *page.Request, x *referral.Right) page.Summary {
	row := func(key, text string) page.SummaryRow {
		return page.SummaryRow{Key: r.Text("casework.right." + key), Value: page.Cell{Text: text}}
	}
	sum := page.Summary{Rows: []page.SummaryRow{row("kind", r.Text("casework.right.kind."+x.Kind)), row("asked", r.Words().Date(x.Asked)), row("language", x.Language)}}
	if x.Text != "" {
		sum.Rows = append(sum.Rows, row("text", x.Text))
	}
	if x.Answered != "" {
		given := "no"
		if x.Granted {
			given = "yes"
		}
		sum.Rows = append(sum.Rows,
			page.SummaryRow{Key: r.Text("casework.answer.granted"), Value: page.Cell{Text: r.Text("casework.answer.granted." + given)}},
			page.SummaryRow{Key: r.Text("casework.answer.answered"), Value: page.Cell{Text: r.Words().Date(x.Answered)}},
			page.SummaryRow{Key: r.Text("casework.answer.answer"), Value: page.Cell{Text: x.Answer}})
	}
	return sum
}

// rights is the tab of what a person may ask, of changes of state and of history.
func (t *teller) rights(p *showPage) error {
	r, s := t.r, t.s
	base := path(s.ID)
	sec := section{Title: r.Text("casework.right.many"), Empty: r.Text("casework.right.none")}
	if r.May(access.CaseRights) {
		sec.Add = &page.Link{Text: r.Text("casework.right.new"), Href: base + "/right"}
		p.Actions = append(p.Actions, page.Link{Text: r.Text("casework.held"), Href: base + "/held"})
		if s.consented() && !s.Restricted {
			p.Actions = append(p.Actions, page.Link{Text: r.Text("casework.withdrawal"), Href: base + "/withdrawal"})
		}
		for _, v := range byHand {
			if s.Can(v) {
				p.Actions = append(p.Actions, page.Link{Text: r.Text("casework.do." + string(v)), Href: base + "/state/" + string(v)})
			}
		}
	}
	if r.May(access.ErasePropose) && s.Can(referral.Propose) {
		p.Actions = append(p.Actions, page.Link{Text: r.Text("casework.do.propose-erasure"), Href: base + "/erasure"})
	}
	if r.May(access.CaseHistory) {
		p.Actions = append(p.Actions, page.Link{Text: r.Text("casework.history"), Href: base + "/history"})
	}
	for _, part := range s.Of(referral.PartRight) {
		var x referral.Right
		if err := part.Decode(&x); err != nil {
			return err
		}
		v := shownPart{Rows: rightRows(r, &x), Note: t.byline(part), Anchor: part.ID.String(), Folded: x.Answered != ""}
		if x.Answered == "" {
			due := page.Cell{Text: r.Words().Day(part.Due)}
			if late(part.Due, t.house.Now()) {
				due.Tags = []page.Tag{{Text: r.Text("casework.overdue"), Colour: "red"}}
			}
			v.Rows.Rows = append(v.Rows.Rows, page.SummaryRow{Key: r.Text("casework.due"), Value: due})
			if r.May(access.CaseRights) {
				v.Links = []page.Link{{Text: r.Text("casework.answer.title"), Href: page.Path("/cases/{matter}/right/{part}", "matter", s.ID, "part", part.ID)}}
			}
		}
		sec.Parts = append(sec.Parts, v)
	}
	slices.Reverse(sec.Parts)
	p.Sections = append(p.Sections, sec)
	var err error
	p.Steps, err = t.Steps(r, s.File, t.names)
	return err
}

// consented says whether there is a consent to the referral that could be withdrawn.
func (s *seen) consented() bool {
	list, err := s.Consents("referral")
	return err == nil && len(list) > 0 && list[len(list)-1].Given == "yes"
}

// withdrawal writes down that a person takes consent back: it is a consent of its own,
// with how it was said.
func (a *area) withdrawal(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	if !s.consented() {
		return page.NotFound()
	}
	f := r.NewForm("casework.consent")
	f.SetDate("date", s.today.String())
	return a.renderWithdrawal(r, 200, s, f)
}

type withdrawalPage struct {
	Form *page.Form
	Back string
	Sent bool
}

func (a *area) renderWithdrawal(r *page.Request, status int, s *seen, f *page.Form) error {
	f.Choices("interpreter", referral.Interpreters...)
	f.Choices("how", referral.ConsentWays...)
	return r.Render(status, "casework/withdrawal", withdrawalPage{f, back(s), s.State == referral.Sent})
}

func (a *area) withdrawalPost(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.consent")
	if err != nil {
		return err
	}
	record := referral.Consent{Date: f.Date("date", page.Required), Language: f.Text("language", page.Required, page.Max(35)),
		Interpreter: f.Choice("interpreter", referral.Interpreters, page.Required), How: f.ChoiceMany("how", referral.ConsentWays, page.Required),
		Text: f.Text("text", page.Max(8000), page.Lines)}
	if !f.Bad() {
		c, err := s.Withdraw(s.rules, s.network, record, s.who)
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderWithdrawal(r, 422, s, f)
	}
	r.Flash("casework.withdrawn")
	return r.Redirect(path(s.ID))
}
