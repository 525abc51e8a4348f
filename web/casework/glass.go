package casework

import (
	"waymark/internal/fault"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// glass asks for the reason of an emergency before a case is opened to somebody who
// does not work on it.
func (a *area) glass(r *page.Request) error { return askGlass(r, r.NewForm("casework.emergency")) }

func askGlass(r *page.Request, f *page.Form) error {
	reason, err := f.Field("reason", "sensitive", true)
	if err != nil {
		return err
	}
	reason.Type = "textarea"
	m := matter.At(r).Matter
	return r.Confirm(page.Confirm{Title: r.Text("casework.emergency.title", "reference", m.Reference()),
		Lines:  []string{r.Text("casework.emergency.what"), r.Text("casework.emergency.alert"), r.Text("casework.emergency.review")},
		Action: path(m.ID) + "/emergency", Button: r.Text("casework.emergency.button"), Dangerous: true,
		Cancel: page.Path("/programmes/{programme}/cases", "programme", m.Network), Form: f, Fields: []page.Field{*reason}})
}

func (a *area) glassPost(r *page.Request) error {
	f, err := r.ReadForm("casework.emergency")
	if err != nil {
		return err
	}
	m := matter.At(r).Matter
	reason := f.Text("reason", page.Required, page.Max(4000), page.Lines)
	if !f.Bad() {
		c, err := m.Break(reason, a.Who(r))
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return askGlass(r, f)
	}
	r.Flash("casework.emergency.done")
	return r.Redirect(path(m.ID))
}

// glassPage lists the emergencies of a network.
type glassPage struct{ Table page.Table }

func (a *area) glasses(r *page.Request) error {
	list, err := a.Store.Glasses(r.Context(), r.Programme.ID, 200)
	if err != nil {
		return err
	}
	names, err := a.Names(r)
	if err != nil {
		return err
	}
	t := page.Table{Caption: r.Text("casework.emergency.nav"), Quiet: true,
		Head:  []page.Head{{Text: r.Text("casework.reference")}, {Text: r.Text("casework.emergency.by")}, {Text: r.Text("casework.emergency.when")}, {Text: r.Text("casework.emergency.until")}, {Text: r.Text("casework.state")}},
		Empty: page.Empty{Title: r.Text("casework.emergency.none"), Text: r.Text("casework.emergency.none.text")}}
	for _, g := range list {
		m := referral.Matter{ID: g.Matter, Kind: referral.Case}
		tag := page.Tag{Text: r.Text("casework.emergency.waits"), Colour: "red"}
		href := page.Path("/cases/{matter}/emergencies/{grant}", "matter", g.Matter, "grant", g.ID)
		if !g.Reviewed.IsZero() {
			tag, href = page.Tag{Text: r.Text("casework.emergency.reviewed"), Colour: "green"}, ""
		}
		if g.By == r.Principal.Account {
			href = ""
		}
		end := g.Until
		if !g.Ended.IsZero() {
			end = g.Ended
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: m.Reference(), Href: href}, {Text: names[g.By]}, r.Moment(g.From), r.Moment(end), {Tags: []page.Tag{tag}}}})
	}
	return r.Render(200, "casework/emergencies", glassPage{t})
}

// reviewPage shows why a case was opened in an emergency, and nothing else of it.
type reviewPage struct {
	Form    *page.Form
	Summary page.Summary
	Back    string
}

// broken finds the reason of a broken glass. Whoever reviews it may not read the case:
// nothing else of it is shown.
func (a *area) broken(r *page.Request) (*referral.Grant, string, error) {
	g, err := a.grantOf(r.Context(), r.Request)
	if err != nil {
		return nil, "", err
	}
	if g.Kind != referral.Glass {
		return nil, "", page.NotFound()
	}
	f, err := a.Store.Open(r.Context(), r.By, g.Matter, string(access.GlassReview))
	if err != nil {
		return nil, "", err
	}
	for _, p := range f.Of(referral.PartStep) {
		var s referral.Step
		if err := p.Decode(&s); err != nil {
			return nil, "", err
		}
		if s.Verb == referral.BreakGlass && p.By == g.By && s.At.Sub(g.From).Abs() < 1e9 {
			return g, s.Reason, nil
		}
	}
	return g, "", nil
}

func (a *area) renderReview(r *page.Request, status int, f *page.Form) error {
	g, reason, err := a.broken(r)
	if err != nil {
		return err
	}
	names, err := a.Names(r)
	if err != nil {
		return err
	}
	m := matter.At(r).Matter
	row := func(key string, c page.Cell) page.SummaryRow {
		return page.SummaryRow{Key: r.Text("casework." + key), Value: c}
	}
	f.Choices("verdict", "justified", "not-justified")
	return r.Render(status, "casework/review", reviewPage{Form: f, Back: page.Path("/programmes/{programme}/emergencies", "programme", m.Network),
		Summary: page.Summary{Rows: []page.SummaryRow{row("reference", page.Cell{Text: m.Reference()}), row("emergency.by", page.Cell{Text: names[g.By]}),
			row("emergency.when", r.Moment(g.From)), row("emergency.reason", page.Cell{Text: reason})}}})
}

func (a *area) reviewGlass(r *page.Request) error {
	return a.renderReview(r, 200, r.NewForm("casework.verdict"))
}

func (a *area) reviewGlassPost(r *page.Request) error {
	f, err := r.ReadForm("casework.verdict")
	if err != nil {
		return err
	}
	verdict := f.Choice("verdict", []string{"justified", "not-justified"}, page.Required)
	m := matter.At(r).Matter
	if !f.Bad() {
		g, err := a.grantOf(r.Context(), r.Request)
		if err != nil {
			return err
		}
		c, err := m.ReviewGlass(g, verdict == "justified", a.Who(r))
		if fault.KindOf(err) == fault.Conflict {
			r.Flash("casework.meanwhile")
			return r.Redirect(page.Path("/programmes/{programme}/emergencies", "programme", m.Network))
		}
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderReview(r, 422, f)
	}
	r.Flash("casework.emergency.verdict")
	return r.Redirect(page.Path("/programmes/{programme}/emergencies", "programme", m.Network))
}
