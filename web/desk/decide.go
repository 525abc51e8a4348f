package desk

import (
	"slices"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
)

// act carries out what a pure function made of the file as it is now. What clashes or
// is wrong lands on the form, and back is shown; f may be nil for acts without one.
func (a *area) act(r *page.Request, f *page.Form, do func(*referral.File, referral.Who) (*referral.Change, error), done string, back func() error) error {
	file, err := a.store.Open(r.Context(), r.By, matter.At(r).Matter.ID, string(access.ConcernRead))
	if err != nil {
		return err
	}
	c, err := do(file, a.Kit.Who(r))
	_, err = a.Kit.Do(r, c, err)
	switch k := fault.KindOf(err); {
	case err == nil:
		r.Flash(done)
		return r.Redirect(matter.Path(matter.At(r).Matter))
	case k == fault.Conflict && f == nil:
		r.Flash("desk.moved")
		return r.Redirect(matter.Path(matter.At(r).Matter))
	case k == fault.Conflict:
		f.Wrong("", "desk.moved")
		return back()
	case k == fault.Invalid && f != nil:
		if err := f.Take(err); err != nil {
			return err
		}
		return back()
	}
	return err
}

// take makes who asks answer for the concern.
func (a *area) take(r *page.Request) error {
	return a.act(r, nil, func(f *referral.File, w referral.Who) (*referral.Change, error) { return f.Take(w) }, "desk.take.done", nil)
}

// formOf is a page with one form about a concern.
type formOf struct {
	Form      *page.Form
	Reference string
	Back      string
	Kind      string
	Texts     []string
}

func (a *area) showAct(r *page.Request, status int, kind string, f *page.Form, texts ...string) error {
	m := matter.At(r).Matter
	r.Crumb(r.Text("desk.nav.concerns"), a.listPath(r, "", false, ""))
	r.Crumb(m.Reference(), matter.Path(m))
	return r.Render(status, "desk/act", formOf{f, m.Reference(), matter.Path(m), kind, texts})
}

// can leads back to the concern if a verb is not open to it now.
func can(r *page.Request, verb referral.Verb) bool {
	m := matter.At(r).Matter
	if m.Can(verb) {
		return true
	}
	r.Flash("desk.moved")
	_ = r.Redirect(matter.Path(m))
	return false
}

func (a *area) ask(r *page.Request) error {
	if !can(r, referral.AskBack) {
		return nil
	}
	return a.showAct(r, 200, "ask", r.NewForm("desk.ask"))
}

// askPost asks the worker something. They see it with their code.
func (a *area) askPost(r *page.Request) error {
	f, err := r.ReadForm("desk.ask")
	if err != nil {
		return err
	}
	text := f.Text("text", page.Required, page.Lines, page.Max(4000))
	back := func() error { return a.showAct(r, 422, "ask", f) }
	if f.Bad() {
		return back()
	}
	return a.act(r, f, func(x *referral.File, w referral.Who) (*referral.Change, error) { return x.AskBack(text, w) }, "desk.ask.done", back)
}

func (a *area) decide(r *page.Request) error {
	if !can(r, referral.Decide) {
		return nil
	}
	return a.showDecide(r, 200, r.NewForm("desk.decide"))
}

func (a *area) showDecide(r *page.Request, status int, f *page.Form) error {
	var options []page.Option
	for _, x := range referral.Results {
		options = append(options, page.Option{Value: string(x), Text: r.Text("matter.result." + string(x)), Hint: r.Text("desk.decide." + string(x))})
	}
	f.SetOptions("result", options)
	return a.showAct(r, status, "decide", f)
}

// decidePost ends the concern with a result and a reason.
func (a *area) decidePost(r *page.Request) error {
	f, err := r.ReadForm("desk.decide")
	if err != nil {
		return err
	}
	var results []string
	for _, x := range referral.Results {
		results = append(results, string(x))
	}
	result := referral.Result(f.Choice("result", results, page.Required))
	reason := f.Text("reason", page.Required, page.Lines, page.Max(4000))
	back := func() error { return a.showDecide(r, 422, f) }
	if f.Bad() {
		return back()
	}
	h := matter.At(r)
	return a.act(r, f, func(x *referral.File, w referral.Who) (*referral.Change, error) {
		keep, err := x.Keep(h.Pathway, h.Network.Nation, referral.KeepConcern, w.At)
		if err != nil {
			return nil, err
		}
		return x.Decide(result, reason, keep, w)
	}, "desk.decide.done", back)
}

func (a *area) reopen(r *page.Request) error {
	if !can(r, referral.Reopen) {
		return nil
	}
	return a.showAct(r, 200, "reopen", r.NewForm("desk.reopen"))
}

func (a *area) reopenPost(r *page.Request) error {
	f, err := r.ReadForm("desk.reopen")
	if err != nil {
		return err
	}
	reason := f.Text("reason", page.Required, page.Lines, page.Max(4000))
	back := func() error { return a.showAct(r, 422, "reopen", f) }
	if f.Bad() {
		return back()
	}
	return a.act(r, f, func(x *referral.File, w referral.Who) (*referral.Change, error) { return x.Reopen(reason, w) }, "desk.reopen.done", back)
}

// colleagues are those of the desk who may have the concern, without its owner.
func (a *area) colleagues(r *page.Request) ([]page.Option, error) {
	people, _, in, err := a.belongs(r)
	if err != nil {
		return nil, err
	}
	m := matter.At(r).Matter
	var options []page.Option
	for _, p := range people {
		contact := slices.Contains(p.Members, access.Membership{Programme: m.Network, Role: access.Contact})
		if in[p.ID] == m.Agency && contact && p.ID != m.Owner && p.State == account.Active {
			options = append(options, page.Option{Value: p.ID.String(), Text: p.Name})
		}
	}
	return options, nil
}

func (a *area) assign(r *page.Request) error {
	if !can(r, referral.Assign) {
		return nil
	}
	return a.showAssign(r, 200, r.NewForm("desk.assign"))
}

func (a *area) showAssign(r *page.Request, status int, f *page.Form) error {
	options, err := a.colleagues(r)
	if err != nil {
		return err
	}
	f.SetOptions("to", options)
	var texts []string
	if len(options) == 0 {
		texts = []string{r.Text("desk.assign.nobody")}
	}
	return a.showAct(r, status, "assign", f, texts...)
}

// assignPost gives the concern to a colleague of the desk, such as the deputy.
func (a *area) assignPost(r *page.Request) error {
	f, err := r.ReadForm("desk.assign")
	if err != nil {
		return err
	}
	options, err := a.colleagues(r)
	if err != nil {
		return err
	}
	var values []string
	for _, o := range options {
		values = append(values, o.Value)
	}
	to, _ := ids.Parse(f.Choice("to", values, page.Required))
	reason := f.Text("reason", page.Required, page.Lines, page.Max(4000))
	back := func() error { return a.showAssign(r, 422, f) }
	if f.Bad() {
		return back()
	}
	return a.act(r, f, func(x *referral.File, w referral.Who) (*referral.Change, error) { return x.Assign(to, reason, w) }, "desk.assign.done", back)
}

// refer begins the case of one person with what is already known, and leads to its
// referral. Several people are several cases.
func (a *area) refer(r *page.Request) error {
	if _, err := r.ReadForm("desk.refer"); err != nil {
		return err
	}
	h := matter.At(r)
	x, err := a.home(r.Context(), r)
	if err != nil {
		return err
	}
	if x == nil || h.Matter.Restricted || h.Matter.State == referral.Received {
		return page.NotFound()
	}
	file, err := a.store.Open(r.Context(), r.By, h.Matter.ID, string(access.ReferralWrite))
	if err != nil {
		return err
	}
	rules, err := a.Kit.Library.InForce(r.Context(), h.Network)
	if err != nil {
		return err
	}
	who := a.Kit.Who(r)
	keep, err := file.Keep(rules, h.Network.Nation, referral.KeepDraft, who.At)
	if err != nil {
		return err
	}
	c, err := referral.NewCase(referral.Starter{Network: h.Network, Agency: x, Rules: rules, From: file, Keep: keep}, who)
	id, err := a.Kit.Do(r, c, err)
	if err != nil {
		return err
	}
	return r.Redirect(page.Path("/cases/{matter}/referral", "matter", id))
}
