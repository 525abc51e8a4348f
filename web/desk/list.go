package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// views are the lists of a desk, in the order of tabs.
var views = []struct {
	name   string
	states []referral.State
	due    bool
}{
	{"open", []referral.State{referral.Received, referral.Seen, referral.Asked}, true},
	{"new", []referral.State{referral.Received}, true},
	{"asked", []referral.State{referral.Asked}, false},
	{"decided", []referral.State{referral.Decided}, false},
}

// listPage is what the list of concerns shows: nothing that anybody said.
type listPage struct {
	None          page.Empty
	Agency        *referral.Agency
	Tabs          page.Tabs
	Table         page.Table
	Pages         page.Pagination
	News, Refresh string
	Contact       bool // who looks is the desk's contact
	Away          string
}

// mine leads to the concerns of the only network of a person, or lists the networks.
func (a *area) mine(r *page.Request) error {
	choose, answered, err := a.Kit.Mine(r, access.ConcernList, "/concerns")
	if err != nil || answered {
		return err
	}
	return r.Render(200, "desk/networks", choose)
}

// home is the agency of who looks, or nil: then there is nothing for them here. Whoever
// looks at an example has its desk.
func (a *area) home(ctx context.Context, r *page.Request) (*referral.Agency, error) {
	of := matter.At(r).Standing.Of
	if of == 0 && r.Resource.Demo {
		all, err := a.store.Agencies(ctx, matter.At(r).Network.Programme)
		for _, x := range all {
			if x.Desk {
				return x, nil
			}
		}
		return nil, err
	}
	if of == 0 {
		return nil, nil
	}
	x, err := a.store.Agency(ctx, of)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return x, err
}

// list shows the concerns of the desk that who looks belongs to.
func (a *area) list(r *page.Request) error {
	x, err := a.home(r.Context(), r)
	if err != nil {
		return err
	}
	if x == nil || !x.Desk {
		return r.Render(200, "desk/list", listPage{None: page.Empty{Title: r.Text("desk.list.nothing"), Text: r.Text("desk.list.nothing.text")}})
	}
	f, err := r.ReadQuery("desk.list")
	if err != nil {
		return err
	}
	at := 0
	for i, v := range views {
		if v.name == f.Raw("view") {
			at = i
		}
	}
	filter := referral.Filter{Network: r.Programme.ID, Kind: referral.Concern, States: views[at].states, Agency: x.ID, ByDue: views[at].due, After: f.Raw("after")}
	if f.Raw("urgent") != "" {
		filter.Urgent = true
	}
	found, err := a.store.ListMatters(r.Context(), filter)
	if err != nil {
		return err
	}
	if views[at].due && !filter.Urgent && filter.After == "" {
		if found.Matters, err = a.urgentFirst(r.Context(), filter, found.Matters); err != nil {
			return err
		}
	}
	v := listPage{Agency: x, Refresh: r.URL.RequestURI(), Contact: r.Account.ID == x.Contact,
		Away: page.Path("/programmes/{programme}/concerns/away", "programme", r.Programme.ID),
		News: page.Path("/programmes/{programme}/concerns/news", "programme", r.Programme.ID, "since", strconv.FormatInt(r.House.Now().UnixMilli(), 10))}
	if v.Tabs, err = a.tabs(r, x, views[at].name, filter.Urgent); err != nil {
		return err
	}
	if v.Table, err = a.table(r, x, found.Matters); err != nil {
		return err
	}
	v.Table.Caption, v.Table.Quiet = r.Text("desk.view."+views[at].name), true
	v.Table.Empty = page.Empty{Title: r.Text("desk.empty." + views[at].name), Text: r.Text("desk.empty.text")}
	if found.Next != "" {
		v.Pages.Next = a.listPath(r, views[at].name, filter.Urgent, found.Next)
	}
	return r.Render(200, "desk/list", v)
}

// urgentFirst puts what is urgent and new before all else.
func (a *area) urgentFirst(ctx context.Context, f referral.Filter, rest []*referral.Matter) ([]*referral.Matter, error) {
	f.Urgent, f.States = true, []referral.State{referral.Received}
	first, err := a.store.ListMatters(ctx, f)
	if err != nil {
		return nil, err
	}
	all := first.Matters
	for _, m := range rest {
		if !slices.ContainsFunc(first.Matters, func(u *referral.Matter) bool { return u.ID == m.ID }) {
			all = append(all, m)
		}
	}
	return all, nil
}

func (a *area) listPath(r *page.Request, view string, urgent bool, after string) string {
	u := ""
	if urgent {
		u = "yes"
	}
	return page.Path("/programmes/{programme}/concerns", "programme", r.Programme.ID, "view", view, "urgent", u, "after", after)
}

// tabs are the views with how many concerns each has, and the switch to urgent ones.
func (a *area) tabs(r *page.Request, x *referral.Agency, now string, urgent bool) (page.Tabs, error) {
	n, err := a.store.CountMatters(r.Context(), referral.Filter{Network: r.Programme.ID, Kind: referral.Concern, Agency: x.ID, Urgent: urgent})
	if err != nil {
		return page.Tabs{}, err
	}
	t := page.Tabs{Label: r.Text("desk.views")}
	for _, v := range views {
		sum := 0
		for _, s := range v.states {
			sum += n[s]
		}
		t.Links = append(t.Links, page.Link{Text: r.Text("desk.view." + v.name), Href: a.listPath(r, v.name, urgent, ""),
			Current: v.name == now, Count: r.Words().Whole(sum)})
	}
	only := page.Link{Text: r.Text("desk.view.urgent"), Href: a.listPath(r, now, true, "")}
	if urgent {
		only = page.Link{Text: r.Text("desk.view.all"), Href: a.listPath(r, now, false, "")}
	}
	t.Links = append(t.Links, only)
	return t, nil
}

func (a *area) table(r *page.Request, x *referral.Agency, rows []*referral.Matter) (page.Table, error) {
	t := page.Table{Head: []page.Head{{Text: r.Text("desk.list.reference")}, {Text: r.Text("desk.list.from")}, {Text: r.Text("desk.list.when")},
		{Text: r.Text("desk.list.state")}, {Text: r.Text("desk.list.clock")}, {Text: r.Text("desk.list.turn")}}}
	links, err := a.store.Links(r.Context(), r.Programme.ID)
	if err != nil {
		return t, err
	}
	from := map[ids.ID]string{}
	for _, l := range links {
		from[l.ID] = l.Name
	}
	people, err := a.people(r)
	if err != nil {
		return t, err
	}
	names := map[ids.ID]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	for _, m := range rows {
		href := ""
		if r.MayOn(access.ConcernRead, access.Resource{Programme: m.Network, Demo: r.Programme.Demo, Agency: m.Agency == x.ID, Restricted: m.Restricted}) {
			href = matter.Path(m)
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{matter.Reference(r, m, href), {Text: or(from[m.Link], "–")}, r.Moment(m.Opened),
			matter.State(r, m), a.left(r, x, m), a.turn(r, x, m, names)}})
	}
	return t, nil
}

// left is how much of the service level is left, in open hours.
func (a *area) left(r *page.Request, x *referral.Agency, m *referral.Matter) page.Cell {
	if m.Due.IsZero() || m.State != referral.Received {
		return page.Cell{Text: "–"}
	}
	n := matter.At(r).OpenMinutes(x, r.House.Now(), m.Due)
	switch {
	case !r.House.Now().Before(m.Due):
		return page.Cell{Tags: []page.Tag{{Text: r.Text("desk.late", "time", span(r, -n)), Colour: "red"}}}
	case n <= 30:
		return page.Cell{Tags: []page.Tag{{Text: r.Text("desk.left", "time", span(r, n)), Colour: "orange"}}}
	}
	return page.Cell{Text: r.Text("desk.left", "time", span(r, n))}
}

// span prints minutes as hours and minutes.
func span(r *page.Request, n int) string {
	n = max(n, 0)
	if n < 60 {
		return r.Text("desk.span.minutes", "n", n)
	}
	return r.Text("desk.span.hours", "h", n/60, "m", n%60)
}

// turn is who is to do something next.
func (a *area) turn(r *page.Request, x *referral.Agency, m *referral.Matter, names map[ids.ID]string) page.Cell {
	var who []ids.ID
	switch {
	case !m.Open():
		return page.Cell{Text: "–"}
	case m.State == referral.Asked:
		c := page.Cell{Text: r.Text("desk.turn.worker")}
		c.Note = names[m.Owner]
		return c
	case m.Owner != 0:
		who = []ids.ID{m.Owner}
	default:
		who = matter.At(r).Turn(x, m.Opened, r.House.Now())
	}
	var texts []string
	for _, id := range who {
		if id != 0 {
			texts = append(texts, or(names[id], r.Text("desk.turn.gone")))
		}
	}
	c := page.Cell{Text: or(r.Words().List(texts), r.Text("desk.nobody"))}
	if slices.Contains(who, r.Account.ID) {
		c.Tags = []page.Tag{{Text: r.Text("desk.turn.yours"), Colour: "blue"}}
	}
	return c
}

// away lets the contact of a desk say that they are away, or back.
func (a *area) away(r *page.Request) error {
	f, err := r.ReadForm("desk.away")
	if err != nil {
		return err
	}
	for range 3 {
		x, err := a.home(r.Context(), r)
		if err != nil {
			return err
		}
		if x == nil || !x.Desk || x.Contact != r.Account.ID {
			return page.NotFound()
		}
		x.ContactAway = f.Raw("away") == "yes"
		err = a.store.PutAgency(r.Context(), r.By, x)
		if err != nil && fault.KindOf(err) == fault.Conflict {
			continue
		}
		if err != nil {
			return err
		}
		r.Flash("desk.away.done." + map[bool]string{true: "away", false: "back"}[x.ContactAway])
		return r.Redirect(a.listPath(r, "", false, ""))
	}
	return fault.New(fault.Unavailable, fault.Place{}, "somebody else changes the desk at this moment", "try again")
}

// timeOf reads a moment from the address of a stream.
func timeOf(text string) (time.Time, error) {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms < 0 || len(text) > 15 {
		return time.Time{}, page.NotFound()
	}
	return time.UnixMilli(ms), nil
}
