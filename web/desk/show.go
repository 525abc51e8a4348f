package desk

import (
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/matter"
	"waymark/web/page"
)

// showPage is a concern as its desk sees it.
type showPage struct {
	Matter  *referral.Matter
	State   page.Cell
	Tags    []page.Tag
	About   page.Summary
	Next    *page.Notice
	Do      []page.Link // what may be done, the next thing first
	Take    string      // where it is taken on, or ""
	Refer   string      // where a referral is started, or ""
	NoRefer bool        // the agency is no first responder
	Cases   page.Table
	Asks    []askView
	Answers []matter.SectionView
	Advice  []matter.AdviceLevel
	Steps   []matter.StepView
	Reads   page.Table
}

// askView is a question to the worker with the reply.
type askView struct {
	Text, Reply  string
	At, Answered page.Cell
	Waits        bool
}

func (a *area) show(r *page.Request) error {
	f, err := a.Kit.Open(r)
	if err != nil {
		return err
	}
	h, m := matter.At(r), &f.Matter
	x, err := a.store.Agency(r.Context(), m.Agency)
	if err != nil {
		return err
	}
	names, err := a.Kit.Names(r)
	if err != nil {
		return err
	}
	v := showPage{Matter: m, State: matter.State(r, m), Tags: matter.Reference(r, m, "").Tags}
	if v.About, err = a.facts(r, x, m, names); err != nil {
		return err
	}
	_, answers, err := f.Answered()
	if err != nil {
		return err
	}
	v.Answers = matter.Answers(r, h.Pathway.Concern, answers.Values, nil)
	v.Advice = a.Kit.Advice(r, answers.Values)
	for _, p := range f.Of(referral.PartAsk) {
		var ask referral.Ask
		if err := p.Decode(&ask); err != nil {
			return err
		}
		view := askView{Text: ask.Text, Reply: ask.Reply, At: r.Moment(ask.At), Waits: ask.Replied.IsZero()}
		if !view.Waits {
			view.Answered = r.Moment(ask.Replied)
		}
		v.Asks = append(v.Asks, view)
	}
	if v.Steps, err = a.Kit.Steps(r, f, names); err != nil {
		return err
	}
	if v.Cases, err = a.cases(r, m, names); err != nil {
		return err
	}
	if r.May(access.CaseHistory) {
		if v.Reads, err = a.reads(r, m, names); err != nil {
			return err
		}
	}
	a.offer(r, &v, m)
	v.NoRefer = !h.Pathway.MayRefer(x.Kind, h.Network.Nation)
	if v.NoRefer || m.Restricted || !r.May(access.ReferralWrite) || m.State == referral.Received {
		v.Refer = ""
	}
	r.Crumb(r.Text("desk.nav.concerns"), a.listPath(r, "", false, ""))
	return r.Render(200, "desk/show", v)
}

// offer says what may be done now, the next thing first.
func (a *area) offer(r *page.Request, v *showPage, m *referral.Matter) {
	if !r.May(access.ConcernDecide) {
		return
	}
	at := matter.Path(m)
	do := func(verb referral.Verb, key, below string) {
		if m.Can(verb) {
			v.Do = append(v.Do, page.Link{Text: r.Text(key), Href: at + below})
		}
	}
	if m.Can(referral.Take) && m.Owner != r.Account.ID {
		v.Take = at + "/take"
	}
	if m.State == referral.Received {
		v.Next = &page.Notice{Text: r.Text("desk.next.take")}
	}
	do(referral.Decide, "desk.decide", "/decide")
	do(referral.AskBack, "desk.ask", "/ask")
	do(referral.Assign, "desk.assign", "/assign")
	do(referral.Reopen, "desk.reopen", "/reopen")
	if r.May(access.ErasePropose) {
		do(referral.Propose, "desk.erase", "/erasure")
	}
	v.Refer = at + "/refer"
}

func (a *area) facts(r *page.Request, x *referral.Agency, m *referral.Matter, names map[ids.ID]string) (page.Summary, error) {
	from := "–"
	if m.Link != 0 {
		l, err := a.store.Link(r.Context(), m.Link)
		if err != nil {
			return page.Summary{}, err
		}
		from = l.Name
	}
	rows := []page.SummaryRow{
		{Key: r.Text("desk.list.state"), Value: matter.State(r, m)},
		{Key: r.Text("desk.list.from"), Value: page.Cell{Text: from}},
		{Key: r.Text("desk.list.when"), Value: r.Moment(m.Opened)},
	}
	if m.State == referral.Received {
		due := r.Moment(m.Due)
		left := a.left(r, x, m)
		due.Tags, due.Note = left.Tags, left.Text
		rows = append(rows, page.SummaryRow{Key: r.Text("desk.list.clock"), Value: due})
	}
	rows = append(rows, page.SummaryRow{Key: r.Text("desk.list.turn"), Value: a.turn(r, x, m, names)})
	if !m.KeepUntil.IsZero() {
		rows = append(rows, page.SummaryRow{Key: r.Text("desk.keep"), Value: r.Moment(m.KeepUntil)})
	}
	return page.Summary{Rows: rows}, nil
}

// cases are what was begun from the concern.
func (a *area) cases(r *page.Request, m *referral.Matter, names map[ids.ID]string) (page.Table, error) {
	t := page.Table{Caption: r.Text("desk.cases"), Quiet: true, Head: []page.Head{{Text: r.Text("desk.list.reference")}, {Text: r.Text("desk.list.state")}, {Text: r.Text("desk.list.turn")}},
		Empty: page.Empty{Title: r.Text("desk.cases.none"), Text: r.Text("desk.cases.none.text")}}
	found, err := a.store.ListMatters(r.Context(), referral.Filter{Network: m.Network, Kind: referral.Case, Origin: m.ID})
	if err != nil {
		return t, err
	}
	for _, c := range found.Matters {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{matter.Reference(r, c, matter.Path(c)), matter.State(r, c), {Text: or(names[c.Owner], r.Text("desk.nobody"))}}})
	}
	return t, nil
}

// mostReads is how many entries of the audit the page shows.
const mostReads = 50

// reads is who read or changed the concern, by the audit.
func (a *area) reads(r *page.Request, m *referral.Matter, names map[ids.ID]string) (page.Table, error) {
	t := page.Table{Caption: r.Text("desk.reads"), Quiet: true, Head: []page.Head{{Text: r.Text("desk.reads.when")}, {Text: r.Text("desk.reads.who")}, {Text: r.Text("desk.reads.what")}},
		Empty: page.Empty{Title: r.Text("desk.reads.none")}}
	all, err := a.store.MatterHistory(r.Context(), m.ID)
	if err != nil {
		return t, err
	}
	for i := len(all) - 1; i >= 0 && len(t.Rows) < mostReads; i-- {
		e := all[i]
		if i+1 < len(all) && all[i+1].Actor == e.Actor && all[i+1].Action == e.Action {
			continue // the same again: only the last time is shown
		}
		who := names[e.Actor.ID]
		switch {
		case e.Actor.Kind == audit.Visitor:
			who = r.Text("matter.worker")
		case who == "":
			who = r.Text("desk.reads.somebody")
		}
		what := "desk.did." + e.Action
		text := e.Action
		if r.Words().Has(what) {
			text = r.Text(what)
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{r.Moment(e.At), {Text: who}, {Text: text}}})
	}
	return t, nil
}
