package casework

import (
	"slices"

	"waymark/referral"
	"waymark/web/matter"
	"waymark/web/page"
)

// eventPage asks for a decision that was received, or another event that the clocks
// look at.
type eventPage struct {
	Form *page.Form
	Back string
}

func (a *area) renderEvent(r *page.Request, status int, s *seen, f *page.Form) error {
	options := []page.Option{{Text: r.Text("casework.choose")}}
	for _, e := range s.rules.Events {
		if e.ByHand() {
			options = append(options, page.Option{Value: e.ID, Text: matter.Say(r, e.Title).Text})
		}
	}
	f.SetOptions("name", options)
	return r.Render(status, "casework/event", eventPage{f, path(s.ID)})
}

// keeper opens the case to those who keep it, and not to partners.
func (a *area) keeper(r *page.Request) (*seen, error) {
	if !matter.At(r).Standing.Assigned {
		return nil, page.NotFound()
	}
	return a.open(r)
}

func (a *area) event(r *page.Request) error {
	s, err := a.keeper(r)
	if err != nil {
		return err
	}
	f := r.NewForm("casework.event")
	f.SetDate("date", s.today.String())
	return a.renderEvent(r, 200, s, f)
}

func (a *area) eventPost(r *page.Request) error {
	s, err := a.keeper(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.event")
	if err != nil {
		return err
	}
	var names []string
	for _, e := range s.rules.Events {
		if e.ByHand() {
			names = append(names, e.ID)
		}
	}
	e := &referral.Event{Name: f.Choice("name", names, page.Required), Date: f.Date("date", page.Required), Text: f.Text("text", page.Max(4000), page.Lines)}
	if e.Date > s.today.String() {
		f.Wrong("date", "casework.event.future")
	}
	if !f.Bad() {
		c, err := s.Happened(s.rules, s.network, e, s.who)
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderEvent(r, 422, s, f)
	}
	r.Flash("casework.saved")
	return r.Redirect(path(s.ID))
}

// events lists what happened, as it was written down.
func (t *teller) events() (section, error) {
	r, s := t.r, t.s
	sec := section{Title: r.Text("casework.event.many"), Empty: r.Text("casework.event.none")}
	for _, p := range s.Of(referral.PartEvent) {
		var e referral.Event
		if err := p.Decode(&e); err != nil {
			return sec, err
		}
		v := shownPart{Title: e.Name, Note: t.byline(p), Anchor: p.ID.String()}
		for _, known := range s.rules.Events {
			if known.ID == e.Name {
				v.Title = matter.Say(r, known.Title).Text
			}
		}
		v.Rows.Rows = []page.SummaryRow{{Key: r.Text("casework.event.date"), Value: page.Cell{Text: r.Words().Date(e.Date)}}}
		if e.Text != "" {
			v.Rows.Rows = append(v.Rows.Rows, page.SummaryRow{Key: r.Text("casework.event.text"), Value: page.Cell{Text: e.Text}})
		}
		sec.Parts = append(sec.Parts, v)
	}
	slices.Reverse(sec.Parts)
	return sec, nil
}
