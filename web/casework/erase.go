package casework

import (
	"waymark/internal/fault"
	"waymark/referral"
	"waymark/web/matter"
	"waymark/web/page"
)

// rightsOf is where whoever asks to erase something comes from.
func rightsOf(m *referral.Matter) string {
	if m.Kind == referral.Concern {
		return matter.Path(m)
	}
	return page.Path(matter.Path(m), "view", "rights")
}

// propose asks for the erasure of a concern or a case; somebody else approves it.
func (a *area) propose(r *page.Request) error {
	m := matter.At(r).Matter
	if !m.Can(referral.Propose) {
		return r.Redirect(rightsOf(m))
	}
	return askErasure(r, r.NewForm("casework.erasure"))
}

func askErasure(r *page.Request, f *page.Form) error {
	reason, err := f.Field("reason", "sensitive", true)
	if err != nil {
		return err
	}
	reason.Type = "textarea"
	m := matter.At(r).Matter
	return r.Confirm(page.Confirm{Title: r.Text("casework.erasure.title", "reference", m.Reference()),
		Lines:  []string{r.Text("casework.erasure.what"), r.Text("casework.erasure.second")},
		Action: matter.Path(m) + "/erasure", Button: r.Text("casework.erasure.button"), Cancel: rightsOf(m), Form: f, Fields: []page.Field{*reason}})
}

func (a *area) proposePost(r *page.Request) error {
	file, err := a.Open(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.erasure")
	if err != nil {
		return err
	}
	reason := f.Text("reason", page.Required, page.Max(4000), page.Lines)
	if !f.Bad() {
		c, err := file.ProposeErasure(reason, a.Who(r))
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return askErasure(r, f)
	}
	r.Flash("casework.erasure.proposed")
	return r.Redirect(rightsOf(&file.Matter))
}

// erasuresPage lists what was proposed for erasure, and what is kept no longer soon.
type erasuresPage struct{ Asked, Due page.Table }

// warnDays is how many days before the end of a file's time it is listed.
const warnDays = 30

func (a *area) erasures(r *page.Request) error {
	network := r.Programme.ID
	names, err := a.Names(r)
	if err != nil {
		return err
	}
	table := func(title string) page.Table {
		return page.Table{Caption: r.Text("casework.erasure." + title),
			Head:  []page.Head{{Text: r.Text("casework.reference")}, {Text: r.Text("casework.state")}, {Text: r.Text("casework.owner")}, {Text: r.Text("casework.kept")}, {Text: r.Text("casework.erasure.by")}},
			Empty: page.Empty{Title: r.Text("casework.erasure." + title + ".none"), Text: r.Text("casework.erasure." + title + ".none.text")}}
	}
	p := erasuresPage{table("asked"), table("due")}
	soon := a.house.Now().AddDate(0, 0, warnDays)
	add := func(t *page.Table, m *referral.Matter) {
		kept := page.Cell{Text: "–"}
		if !m.KeepUntil.IsZero() {
			kept = page.Cell{Text: r.Words().Day(m.KeepUntil)}
			if expired(m, a.house.Now()) {
				kept.Tags = []page.Tag{{Text: r.Text("casework.overdue"), Colour: "red"}}
			}
		}
		by := names[m.EraseAsked]
		if m.EraseAsked == 0 {
			by = r.Text("casework.erasure.rule")
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: m.Reference(), Href: matter.Path(m) + "/erase"}, matter.State(r, m), {Text: names[m.Owner]}, kept, {Text: by}}})
	}
	for kind, ended := range map[referral.Kind]referral.State{referral.Concern: referral.Decided, referral.Case: referral.Closed} {
		asked, err := a.Store.ListMatters(r.Context(), referral.Filter{Network: network, Kind: kind, EraseAsked: true, Limit: 200})
		if err != nil {
			return err
		}
		for _, m := range asked.Matters {
			add(&p.Asked, m)
		}
		due, err := a.Store.ListMatters(r.Context(), referral.Filter{Network: network, Kind: kind, States: []referral.State{ended}, KeepBefore: soon, Limit: 200})
		if err != nil {
			return err
		}
		for _, m := range due.Matters {
			if m.EraseAsked == 0 {
				add(&p.Due, m)
			}
		}
	}
	return r.Render(200, "casework/erasures", p)
}

// erasePage asks before a key is destroyed, or why the case is kept. It shows nothing
// that is in the case.
type erasePage struct {
	Form, Keep *page.Form
	Reference  string
	Here, Back string
	// Asked says that somebody proposed it, so that it can be refused.
	Asked bool
}

func (a *area) erase(r *page.Request) error {
	m := matter.At(r).Matter
	if m.State == referral.Erased {
		return r.Redirect(matter.Path(m) + "/proof")
	}
	return renderErase(r, 200, m, r.NewForm("casework.erase"), r.NewForm("casework.keep"))
}

func renderErase(r *page.Request, status int, m *referral.Matter, f, keep *page.Form) error {
	return r.Render(status, "casework/erase", erasePage{f, keep, m.Reference(), matter.Path(m), page.Path("/programmes/{programme}/erasures", "programme", m.Network), m.EraseAsked != 0})
}

func (a *area) erasePost(r *page.Request) error {
	f, err := r.ReadForm("casework.erase")
	if err != nil {
		return err
	}
	m := matter.At(r).Matter
	if !f.Checked("sure", page.Required) {
		return renderErase(r, 422, m, f, r.NewForm("casework.keep"))
	}
	if !expired(m, a.house.Now()) {
		if err := m.ApproveErasure(a.Who(r)); err != nil {
			if fault.KindOf(err) == fault.Conflict {
				r.Flash("casework.meanwhile")
				return r.Redirect(page.Path("/programmes/{programme}/erasures", "programme", m.Network))
			}
			return err
		}
	}
	if err := a.Store.Erase(r.Context(), r.By, m.ID); err != nil {
		return err
	}
	r.Flash("casework.erased")
	return r.Redirect(matter.Path(m) + "/proof")
}

// keepPost refuses an erasure that was proposed.
func (a *area) keepPost(r *page.Request) error {
	f, err := r.ReadForm("casework.keep")
	if err != nil {
		return err
	}
	m := matter.At(r).Matter
	reason := f.Text("reason", page.Required, page.Max(2000), page.Lines)
	if !f.Bad() {
		c, err := m.RefuseErasure(reason, a.Who(r))
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return renderErase(r, 422, m, r.NewForm("casework.erase"), f)
	}
	r.Flash("casework.kept-on")
	return r.Redirect(page.Path("/programmes/{programme}/erasures", "programme", m.Network))
}

// proofPage shows what is left of a case that was erased.
type proofPage struct{ Summary page.Summary }

func (a *area) proof(r *page.Request) error {
	m := matter.At(r).Matter
	if m.State != referral.Erased {
		return page.NotFound()
	}
	row := func(key string, c page.Cell) page.SummaryRow {
		return page.SummaryRow{Key: r.Text("casework." + key), Value: c}
	}
	return r.Render(200, "casework/proof", proofPage{page.Summary{Rows: []page.SummaryRow{
		row("reference", page.Cell{Text: m.Reference()}), row("opened", page.Cell{Text: r.Words().Day(m.Opened)}),
		row("proof.erased", r.Moment(m.ErasedAt)), row("proof.print", page.Cell{Text: m.Print}), row("proof.how", page.Cell{Text: r.Text("casework.proof.how.text")})}}})
}
