package people

import (
	"net/http"
	"slices"
	"strings"

	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
)

// everywhere stands for the whole system in a list of programmes.
const everywhere = "system"

// roleForm fills the choices of a role and, for who runs the system, of where it
// counts.
func (a *area) roleForm(r *page.Request, f *page.Form) error {
	var options []page.Option
	for _, role := range access.Roles {
		if r.Resource.Programme != 0 && !account.MayGive(r.Account, access.Membership{Programme: r.Resource.Programme, Role: role}) {
			continue
		}
		options = append(options, page.Option{Value: string(role), Text: roleName(r, role), Hint: r.Text("people.role." + string(role) + ".hint")})
	}
	f.SetOptions("role", options)
	if r.Resource.Programme != 0 {
		return nil
	}
	names, order, err := programmes(r.Context(), r)
	if err != nil {
		return err
	}
	where := []page.Option{{Value: "", Text: r.Text("people.where.choose")}, {Value: everywhere, Text: r.Text("people.where.system")}}
	for _, id := range order {
		where = append(where, page.Option{Value: id.String(), Text: names[id]})
	}
	f.SetOptions("where", where)
	return nil
}

// member reads a role and where it counts; ok is false if something is wrong.
func (a *area) member(r *page.Request, f *page.Form) (m access.Membership, ok bool, err error) {
	if err := a.roleForm(r, f); err != nil {
		return m, false, err
	}
	var roles []string
	for _, role := range access.Roles {
		roles = append(roles, string(role))
	}
	m.Role = access.Role(f.Choice("role", roles, page.Required))
	m.Programme = r.Resource.Programme
	if m.Programme == 0 {
		if m.Programme, err = a.where(r, f); err != nil {
			return m, false, err
		}
	}
	if f.Bad() {
		return m, false, nil
	}
	if !account.MayGive(r.Account, m) {
		key := "people.wrong.role"
		if m.Programme == 0 {
			key = "people.wrong.everywhere"
		}
		f.Wrong("role", key)
		return m, false, nil
	}
	return m, true, nil
}

// where reads the programme that a role is to count in; zero is the whole system.
func (a *area) where(r *page.Request, f *page.Form) (ids.ID, error) {
	_, order, err := programmes(r.Context(), r)
	if err != nil {
		return 0, err
	}
	values := []string{everywhere}
	for _, id := range order {
		values = append(values, id.String())
	}
	v := f.Choice("where", values, page.Required)
	if v == "" || v == everywhere {
		return 0, nil
	}
	return ids.Parse(v)
}

// invite asks whom to let in.
func (a *area) invite(r *page.Request) error {
	f := r.NewForm("people.invite")
	return a.showInvite(r, http.StatusOK, f)
}

func (a *area) showInvite(r *page.Request, status int, f *page.Form) error {
	if err := a.roleForm(r, f); err != nil {
		return err
	}
	r.Crumb(r.Text("people.title"), root(r))
	return r.Render(status, "people/invite", struct {
		Form   *page.Form
		Where  bool
		Cancel string
	}{f, r.Resource.Programme == 0, root(r)})
}

func (a *area) invitePost(r *page.Request) error {
	f, err := r.ReadForm("people.invite")
	if err != nil {
		return err
	}
	in := account.Invitee{Name: f.Text("name", page.Required), Email: f.Text("email", page.Required, page.Max(254)), Lang: r.Lang}
	if in.Email != "" && account.CheckEmail(in.Email) != nil {
		f.Wrong("email", "people.wrong.email")
	}
	var ok bool
	if in.Member, ok, err = a.member(r, f); err != nil {
		return err
	}
	if !ok || f.Bad() {
		return a.showInvite(r, 422, f)
	}
	p, shown, err := a.accounts.InvitePerson(r.Context(), r.Account, in)
	if err != nil {
		if err := mark(f, err); err != nil {
			return err
		}
		return a.showInvite(r, statusOf(err), f)
	}
	if shown == nil {
		r.Flash("people.invite.there")
		return r.Redirect(of(r, p.ID, ""))
	}
	r.Crumb(r.Text("people.title"), root(r))
	return a.handLink(r, p, shown)
}

// handLink shows a one-time link, this once.
func (a *area) handLink(r *page.Request, p *account.Account, shown *account.Shown) error {
	return r.Render(http.StatusOK, "people/link", struct {
		Person  *account.Account
		Address string
		Purpose string
		Expires page.Cell
		Back    string
	}{p, shown.Address(strings.TrimSuffix(r.House.Base, "/")), string(shown.Purpose), r.Moment(shown.Expires), of(r, p.ID, "")})
}

// rolesPage is what the page shows on which roles are given and taken.
type rolesPage struct {
	Person *account.Account
	Form   *page.Form
	Held   []held
	Where  bool
	Back   string
}

// held is a role with whether it may be taken away by who looks.
type held struct {
	Value, Text string
	Mine        bool
}

func (a *area) roles(r *page.Request) error {
	p, err := a.person(r)
	if err != nil {
		return err
	}
	return a.showRoles(r, http.StatusOK, r.NewForm("people.roles"), p)
}

func (a *area) showRoles(r *page.Request, status int, f *page.Form, p *account.Account) error {
	if err := a.roleForm(r, f); err != nil {
		return err
	}
	names, _, err := programmes(r.Context(), r)
	if err != nil {
		return err
	}
	v := rolesPage{Person: p, Form: f, Where: r.Resource.Programme == 0, Back: of(r, p.ID, "")}
	for _, m := range here(r, p) {
		v.Held = append(v.Held, held{Value: m.Programme.String() + " " + string(m.Role), Text: roleText(r, m, names), Mine: account.MayGive(r.Account, m)})
	}
	r.Crumb(p.Name, v.Back)
	return r.Render(status, "people/roles", v)
}

// rolesPost gives a role or takes one away.
func (a *area) rolesPost(r *page.Request) error {
	f, err := r.ReadForm("people.roles")
	if err != nil {
		return err
	}
	p, err := a.person(r)
	if err != nil {
		return err
	}
	var m access.Membership
	take := f.Raw("take")
	if take != "" {
		i := slices.IndexFunc(here(r, p), func(m access.Membership) bool { return m.Programme.String()+" "+string(m.Role) == take })
		if i < 0 {
			return page.NotFound()
		}
		m = here(r, p)[i]
	} else {
		var ok bool
		if m, ok, err = a.member(r, f); err != nil {
			return err
		}
		if !ok {
			return a.showRoles(r, 422, f, p)
		}
	}
	if err := a.accounts.SetRole(r.Context(), r.Account, p.ID, m, take == ""); err != nil {
		if err := mark(f, err); err != nil {
			return err
		}
		return a.showRoles(r, statusOf(err), f, p)
	}
	if take == "" {
		r.Flash("people.roles.given")
	} else {
		r.Flash("people.roles.taken")
	}
	// Who has no role left is not of the programme any more.
	if take != "" && r.Resource.Programme != 0 && len(here(r, p)) == 1 {
		return r.Redirect(root(r))
	}
	return r.Redirect(of(r, p.ID, ""))
}
