package desk

import (
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/account"
	"waymark/web/page"
)

// memberRow is a person with the agency that they belong to.
type memberRow struct {
	ID, Was string
	Field   *page.Field
}

// belongs is who belongs where, with the people of the programme.
func (a *area) belongs(r *page.Request) ([]*account.Account, []*referral.Agency, map[ids.ID]ids.ID, error) {
	people, err := a.people(r)
	if err != nil {
		return nil, nil, nil, err
	}
	agencies, err := a.store.Agencies(r.Context(), r.Programme.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	members, err := a.store.Members(r.Context(), r.Programme.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	in := map[ids.ID]ids.ID{}
	for _, m := range members {
		in[m.Account] = m.Agency
	}
	return people, agencies, in, nil
}

// members asks who belongs to which agency.
func (a *area) members(r *page.Request) error {
	people, agencies, in, err := a.belongs(r)
	if err != nil {
		return err
	}
	f := r.NewForm("desk.member")
	for _, p := range people {
		f.Set("of."+p.ID.String(), in[p.ID].String())
		f.Set("was."+p.ID.String(), in[p.ID].String())
	}
	return a.showMembers(r, 200, f, people, agencies)
}

func (a *area) showMembers(r *page.Request, status int, f *page.Form, people []*account.Account, agencies []*referral.Agency) error {
	options := []page.Option{{Value: "", Text: r.Text("desk.member.none")}}
	for _, x := range agencies {
		if !x.Closed {
			options = append(options, page.Option{Value: x.ID.String(), Text: x.Name})
		}
	}
	var rows []memberRow
	for _, p := range people {
		field, err := f.Field("of."+p.ID.String(), "label", p.Name, "hint", rolesOf(r, p), "options", options)
		if err != nil {
			return err
		}
		rows = append(rows, memberRow{ID: p.ID.String(), Was: f.Raw("was." + p.ID.String()), Field: field})
	}
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	return r.Render(status, "desk/members", struct {
		Form *page.Form
		Rows []memberRow
		Back string
	}{f, rows, of(r, "")})
}

// rolesOf are a person's roles in the programme, in words.
func rolesOf(r *page.Request, p *account.Account) string {
	var names []string
	for _, m := range p.Members {
		if key := "people.role." + string(m.Role); m.Programme == r.Programme.ID && r.Words().Has(key) {
			names = append(names, r.Text(key))
		}
	}
	return r.Words().Join(names...)
}

// membersPost puts people where the form says. Who was moved by somebody else since
// the page was made stays there.
func (a *area) membersPost(r *page.Request) error {
	f, err := r.ReadForm("desk.member")
	if err != nil {
		return err
	}
	people, agencies, in, err := a.belongs(r)
	if err != nil {
		return err
	}
	known := map[string]ids.ID{"": 0}
	desks := map[ids.ID]ids.ID{}
	for _, x := range agencies {
		if !x.Closed {
			known[x.ID.String()] = x.ID
		}
		if x.Desk {
			desks[x.Contact], desks[x.Deputy] = x.ID, x.ID
		}
	}
	to := map[ids.ID]ids.ID{}
	for _, p := range people {
		name := "of." + p.ID.String()
		agency, ok := known[f.Raw(name)]
		switch was := f.Raw("was." + p.ID.String()); {
		case len(f.Values(name)) == 0 || f.Raw(name) == was:
		case !ok:
			f.Wrong(name, "desk.member.choose")
		case in[p.ID].String() != was:
			f.Wrong(name, "desk.clash")
		case desks[p.ID] != 0 && desks[p.ID] != agency:
			f.Wrong(name, "desk.member.contact")
		default:
			to[p.ID] = agency
		}
	}
	if f.Bad() {
		return a.showMembers(r, 422, f, people, agencies)
	}
	for who, agency := range to {
		if err := a.store.SetMember(r.Context(), r.By, r.Programme.ID, who, agency); err != nil {
			return err
		}
	}
	r.Flash("desk.saved")
	return r.Redirect(of(r, ""))
}
