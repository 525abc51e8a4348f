// Package people holds the pages about those who sign in: who is there, of the
// system or of a programme, letting someone in, roles, one-time links, suspension,
// and handing over the work of a person who leaves.
//
// It knows no passwords and no answers; no address of a page names a person.
package people

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"slices"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// area is the pages over a service.
type area struct{ accounts *account.Service }

// Area is the pages about people.
func Area(h *page.House, accounts *account.Service) page.Area {
	a := &area{accounts: accounts}
	in := page.OfProgramme(h)
	all := page.OfSystem
	return page.Area{Name: "people", Files: files,
		Links: []page.NavLink{
			// Who runs the system sees all people; a coordinator those of the programme.
			{Level: page.Site, Order: 80, Key: "people.nav", Path: "/people", Action: access.SystemView},
			{Level: page.Programme, Order: 80, Key: "people.nav", Path: "/programmes/{programme}/people", Action: access.PeopleView},
		},
		Routes: []page.Route{
			{Pattern: "GET /people", Action: access.PeopleView, Do: a.list},
			{Pattern: "GET /people/new", Action: access.PeopleSet, Do: a.invite},
			{Pattern: "POST /people/new", Action: access.PeopleSet, Do: a.invitePost},
			{Pattern: "GET /people/{account}", Action: access.PeopleView, Of: all, Do: a.show},
			{Pattern: "GET /people/{account}/roles", Action: access.PeopleSet, Of: all, Do: a.roles},
			{Pattern: "POST /people/{account}/roles", Action: access.PeopleSet, Of: all, Do: a.rolesPost},
			{Pattern: "GET /people/{account}/link", Action: access.PeopleSet, Of: all, Do: a.link},
			{Pattern: "POST /people/{account}/link", Action: access.PeopleSet, Of: all, Do: a.linkPost},
			{Pattern: "GET /people/{account}/suspend", Action: access.PeopleSet, Of: all, Do: a.suspend},
			{Pattern: "POST /people/{account}/suspend", Action: access.PeopleSet, Of: all, Do: a.suspendPost},
			{Pattern: "GET /people/{account}/restore", Action: access.PeopleSet, Of: all, Do: a.restore},
			{Pattern: "POST /people/{account}/restore", Action: access.PeopleSet, Of: all, Do: a.restorePost},
			{Pattern: "GET /people/{account}/sessions", Action: access.PeopleSet, Of: all, Do: a.sessions},
			{Pattern: "POST /people/{account}/sessions", Action: access.PeopleSet, Of: all, Do: a.sessionsPost},
			{Pattern: "GET /people/{account}/hand-over", Action: access.PeopleSet, Of: all, Do: a.handOver},
			{Pattern: "POST /people/{account}/hand-over", Action: access.PeopleSet, Of: all, Do: a.handOverPost},

			{Pattern: "GET /programmes/{programme}/people", Action: access.PeopleView, Of: in, Do: a.list},
			{Pattern: "GET /programmes/{programme}/people/new", Action: access.PeopleSet, Of: in, Do: a.invite},
			{Pattern: "POST /programmes/{programme}/people/new", Action: access.PeopleSet, Of: in, Do: a.invitePost},
			{Pattern: "GET /programmes/{programme}/people/{account}", Action: access.PeopleView, Of: in, Do: a.show},
			{Pattern: "GET /programmes/{programme}/people/{account}/roles", Action: access.PeopleSet, Of: in, Do: a.roles},
			{Pattern: "POST /programmes/{programme}/people/{account}/roles", Action: access.PeopleSet, Of: in, Do: a.rolesPost},
			{Pattern: "GET /programmes/{programme}/people/{account}/link", Action: access.PeopleSet, Of: in, Do: a.link},
			{Pattern: "POST /programmes/{programme}/people/{account}/link", Action: access.PeopleSet, Of: in, Do: a.linkPost},
		}}
}

// root is where the people at hand are listed.
func root(r *page.Request) string {
	if r.Resource.Programme == 0 {
		return "/people"
	}
	return page.Path("/programmes/{programme}/people", "programme", r.Resource.Programme)
}

// of is the address of a person's page, or of one below it.
func of(r *page.Request, id ids.ID, below string) string {
	return page.Path(root(r)+"/{account}", "account", id) + below
}

// person finds whom a page is about. In a programme it is one who has a role there.
func (a *area) person(r *page.Request) (*account.Account, error) {
	id, err := r.PathID("account")
	if err != nil {
		return nil, err
	}
	p, err := r.House.Accounts.Account(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if r.Resource.Programme != 0 && len(here(r, p)) == 0 {
		return nil, page.NotFound()
	}
	r.Crumb(r.Text("people.title"), root(r))
	return p, nil
}

// here are a person's roles that the page is about: all, or those in its programme.
func here(r *page.Request, p *account.Account) []access.Membership {
	if r.Resource.Programme == 0 {
		return p.Members
	}
	return slices.DeleteFunc(slices.Clone(p.Members), func(m access.Membership) bool { return m.Programme != r.Resource.Programme })
}

// touring says whether an account is that of the tour, which is nobody's.
func touring(p *account.Account) bool {
	return slices.ContainsFunc(p.Members, func(m access.Membership) bool { return m.Role == access.Tour })
}

// roleName is the short name of a role.
func roleName(r *page.Request, role access.Role) string { return r.Text("people.role." + string(role)) }

// programmes names programmes by ID, those that this person may manage people of.
func programmes(ctx context.Context, r *page.Request) (names map[ids.ID]string, order []ids.ID, err error) {
	list, err := r.House.Collection.ListProgrammes(ctx)
	if err != nil {
		return nil, nil, err
	}
	names = map[ids.ID]string{}
	for _, p := range list {
		names[p.ID] = p.Name
		order = append(order, p.ID)
	}
	return names, order, nil
}

// state is a tag.
func state(r *page.Request, p *account.Account) page.Tag {
	return page.Tag{Text: r.Text("people.state." + string(p.State)), Colour: page.StateColour(string(p.State))}
}

// list shows who is there.
func (a *area) list(r *page.Request) error {
	list, err := r.House.Accounts.Accounts(r.Context(), r.Resource.Programme)
	if err != nil {
		return err
	}
	names := map[ids.ID]string{}
	if r.Resource.Programme == 0 {
		if names, _, err = programmes(r.Context(), r); err != nil {
			return err
		}
	}
	add := page.Link{Text: r.Text("people.invite"), Href: root(r) + "/new"}
	t := page.Table{Caption: r.Text("people.title"), Quiet: true,
		Head:  []page.Head{{Text: r.Text("people.name")}, {Text: r.Text("people.email")}, {Text: r.Text("people.roles")}, {Text: r.Text("people.state")}},
		Empty: page.Empty{Title: r.Text("people.empty.title"), Text: r.Text("people.empty.text")}}
	if r.May(access.PeopleSet) {
		t.Empty.Actions = []page.Link{add}
	}
	for _, p := range list {
		row := page.Row{Cells: []page.Cell{{Text: p.Name, Href: of(r, p.ID, "")}, {Text: p.Email}, {Text: rolesText(r, p, names)}, {Tags: []page.Tag{state(r, p)}}}}
		t.Rows = append(t.Rows, row)
	}
	return r.Render(http.StatusOK, "people/list", struct {
		Table page.Table
		Add   page.Link
	}{t, add})
}

// rolesText is a list of roles in words, with their programmes where they differ.
func rolesText(r *page.Request, p *account.Account, names map[ids.ID]string) string {
	var texts []string
	for _, m := range here(r, p) {
		texts = append(texts, roleText(r, m, names))
	}
	if len(texts) == 0 {
		return r.Text("people.no-role")
	}
	return r.Words().List(texts)
}

func roleText(r *page.Request, m access.Membership, names map[ids.ID]string) string {
	switch {
	case r.Resource.Programme != 0:
		return roleName(r, m.Role)
	case m.Programme == 0:
		return r.Text("people.role.everywhere", "role", roleName(r, m.Role))
	default:
		return r.Text("people.role.in", "role", roleName(r, m.Role), "programme", names[m.Programme])
	}
}

// mark says on a form why a change of people was not made.
func mark(f *page.Form, err error) error {
	switch {
	case errors.Is(err, account.ErrSelf):
		f.Wrong("", "people.wrong.self")
	case errors.Is(err, account.ErrMayNotGive):
		f.Wrong("", "people.wrong.role")
	case errors.Is(err, account.ErrLastAdministrator):
		f.Wrong("", "people.wrong.last")
	default:
		return f.Take(err)
	}
	return nil
}

// statusOf is the status of a page that says so.
func statusOf(err error) int {
	if fault.KindOf(err) == fault.Denied {
		return http.StatusForbidden
	}
	return http.StatusUnprocessableEntity
}
