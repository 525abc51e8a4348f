package casework

import (
	"slices"
	"strings"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

const perPage = 50

// listPage is the list of cases.
type listPage struct {
	Tabs     page.Tabs
	Table    page.Table
	Pages    page.Pagination
	Find     *page.Form
	NotFound bool
	Begin    string // a referral that comes from no concern
}

// The views of the list.
const (
	viewMine   = "mine"
	viewAgency = "agency"
	viewShared = "shared"
	viewAll    = "all"
	viewClosed = "closed"
)

var openStates = []referral.State{referral.Draft, referral.Ready, referral.Sent}

// mine leads to the cases of the only network of a person, or lists the networks.
func (a *area) mine(r *page.Request) error {
	choose, answered, err := a.Mine(r, access.CaseList, "/cases")
	if err != nil || answered {
		return err
	}
	return r.Render(200, "casework/networks", choose)
}

// list shows cases: codes, dates and who answers for them, nothing that is in them.
func (a *area) list(r *page.Request) error {
	network := r.Programme.ID
	agency, err := a.Store.AgencyOf(r.Context(), network, r.Principal.Account)
	if err != nil {
		return err
	}
	p := listPage{Find: r.NewForm("casework.find")}
	q := r.URL.Query()
	if text := strings.TrimSpace(q.Get("reference")); text != "" && len(text) < 40 {
		p.Find.Set("reference", text)
		p.NotFound = true
		if id, err := referral.ParseReference(text); err == nil {
			if m, err := a.Store.Matter(r.Context(), id); err == nil && m.Network == network && m.Kind == referral.Case {
				return r.Redirect(path(id))
			}
		}
	}
	views := []string{viewMine, viewAgency, viewShared, viewClosed}
	if agency == 0 {
		// Coordinators see all; whoever was put into no agency yet has nothing here.
		if views = []string{viewAll, viewClosed}; !r.May(access.CaseAssign) && !r.Resource.Demo {
			p.Table = page.Table{Caption: r.Text("casework.title"), Quiet: true, Empty: page.Empty{Title: r.Text("casework.empty.mine"), Text: r.Text("casework.empty.text")}}
			return r.Render(200, "casework/list", p)
		}
	}
	view := q.Get("view")
	if !slices.Contains(views, view) {
		view = views[0]
	}
	f := referral.Filter{Network: network, Kind: referral.Case, States: openStates, ByDue: true, After: q.Get("after"), Limit: perPage}
	switch view {
	case viewMine:
		f.Owner = r.Principal.Account
	case viewAgency:
		f.Agency = agency
	case viewShared:
		f.SharedWith, f.At = agency, a.house.Now()
	case viewClosed:
		f.States, f.ByDue, f.Agency = []referral.State{referral.Closed, referral.Erased}, false, agency
	}
	found, err := a.Store.ListMatters(r.Context(), f)
	if err != nil {
		return err
	}
	p.Tabs = page.Tabs{Label: r.Text("casework.views")}
	base := page.Path("/programmes/{programme}/cases", "programme", network)
	for _, v := range views {
		p.Tabs.Links = append(p.Tabs.Links, page.Link{Text: r.Text("casework.view." + v), Href: page.Path(base, "view", v), Current: v == view})
	}
	if p.Table, err = a.table(r, found.Matters, view, network); err != nil {
		return err
	}
	if found.Next != "" {
		p.Pages.Next = page.Path(base, "view", view, "after", found.Next)
	}
	if p.Begin, err = a.begin(r, agency); err != nil {
		return err
	}
	return r.Render(200, "casework/list", p)
}

// begin is where somebody of an agency that may refer begins a case of their own, or
// "".
func (a *area) begin(r *page.Request, agency ids.ID) (string, error) {
	h := matter.At(r)
	if agency == 0 || !r.MayOn(access.ReferralWrite, access.Resource{Programme: h.Network.Programme, Demo: r.Resource.Demo, Assigned: true, Agency: true}) {
		return "", nil
	}
	x, err := a.Store.Agency(r.Context(), agency)
	if err != nil || x.Closed || !h.Pathway.MayRefer(x.Kind, h.Network.Nation) {
		return "", err
	}
	return page.Path("/programmes/{programme}/referrals/new", "programme", h.Network.Programme), nil
}

func (a *area) table(r *page.Request, list []*referral.Matter, view string, network ids.ID) (page.Table, error) {
	names, err := a.Names(r)
	if err != nil {
		return page.Table{}, err
	}
	agencies, _, err := a.agencies(r)
	if err != nil {
		return page.Table{}, err
	}
	t := page.Table{Caption: r.Text("casework.view." + view), Quiet: true,
		Head:  []page.Head{{Text: r.Text("casework.reference")}, {Text: r.Text("casework.state")}, {Text: r.Text("casework.due")}, {Text: r.Text("casework.owner")}, {Text: r.Text("casework.agency")}, {Text: r.Text("casework.changed")}},
		Empty: page.Empty{Title: r.Text("casework.empty." + view), Text: r.Text("casework.empty.text")}}
	for _, m := range list {
		owner := names[m.Owner]
		if m.Owner == 0 {
			owner = r.Text("casework.nobody")
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			matter.Reference(r, m, path(m.ID)),
			matter.State(r, m),
			a.due(r, m),
			{Text: owner},
			{Text: agencies[m.Agency]},
			{Text: r.Words().Day(m.Changed)},
		}})
	}
	return t, nil
}

// due is the next date that binds, with how far away it is.
func (a *area) due(r *page.Request, m *referral.Matter) page.Cell {
	if m.Due.IsZero() {
		return page.Cell{Text: "–"}
	}
	c := page.Cell{Text: r.Words().Day(m.Due)}
	if p, err := a.Pathway(r.Context(), matter.At(r).Network, m); err == nil {
		for _, k := range p.Clocks {
			if k.ID == m.DueRule {
				c.Note, c.Lang = k.Title.In(r.Lang)
				if c.Lang == r.Lang {
					c.Lang = ""
				}
				break
			}
		}
	}
	if late(m.Due, a.house.Now()) {
		c.Tags = []page.Tag{{Text: r.Text("casework.overdue"), Colour: "red"}}
	}
	return c
}

// reminderPage is what waits for somebody, over all their cases.
type reminderPage struct{ Table page.Table }

// reminders shows codes and dates alone: a list of tasks may be seen by others on a
// screen.
func (a *area) reminders(r *page.Request) error {
	list, err := a.Store.Reminders(r.Context(), r.Principal.Account, a.house.Now().AddDate(0, 1, 0), 200)
	if err != nil {
		return err
	}
	t := page.Table{Caption: r.Text("casework.reminders"), Quiet: true,
		Head:  []page.Head{{Text: r.Text("casework.reminder.what")}, {Text: r.Text("casework.reference")}, {Text: r.Text("casework.due")}},
		Empty: page.Empty{Title: r.Text("casework.reminders.empty"), Text: r.Text("casework.reminders.empty.text")}}
	for _, m := range list {
		due := page.Cell{Text: r.Words().Day(m.Part.Due)}
		if late(m.Part.Due, a.house.Now()) {
			due.Tags = []page.Tag{{Text: r.Text("casework.overdue"), Colour: "red"}}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			{Text: r.Text("casework.reminder." + string(m.Part.Kind)), Href: path(m.Matter.ID)},
			matter.Reference(r, &m.Matter, ""), due}})
	}
	return r.Render(200, "casework/reminders", reminderPage{t})
}
