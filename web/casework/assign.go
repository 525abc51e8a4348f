package casework

import (
	"slices"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
)

// assignPage puts a case, or all that somebody answers for, into other hands. It shows
// nothing that is in them.
type assignPage struct {
	Form   *page.Form
	Back   string
	Leaver bool
	What   string
}

// keepers are the roles that can go on with a concern or a case.
var keepers = []access.Role{access.Contact, access.Responder, access.Caseworker}

// colleagues are the people of an agency of the network who could go on with what is
// given to them, without some. For all agencies, agency is zero.
func (a *area) colleagues(r *page.Request, agency ids.ID, but ids.ID) ([]page.Option, error) {
	people, err := a.house.Accounts.Accounts(r.Context(), matter.At(r).Network.Programme)
	if err != nil {
		return nil, err
	}
	names := map[ids.ID]string{}
	for _, x := range people {
		if x.State == account.Active && slices.ContainsFunc(x.Members, func(m access.Membership) bool {
			return m.Programme == matter.At(r).Network.Programme && slices.Contains(keepers, m.Role)
		}) {
			names[x.ID] = x.Name
		}
	}
	members, err := a.Store.Members(r.Context(), matter.At(r).Network.Programme)
	if err != nil {
		return nil, err
	}
	list := []page.Option{{Text: r.Text("casework.choose")}}
	for _, m := range members {
		if (agency == 0 || m.Agency == agency) && m.Account != but && names[m.Account] != "" {
			list = append(list, page.Option{Value: m.Account.String(), Text: names[m.Account]})
		}
	}
	return list, nil
}

// chosen reads somebody of a list.
func chosen(f *page.Form, name string, of []page.Option) ids.ID {
	values := make([]string, 0, len(of))
	for _, o := range of {
		if o.Value != "" {
			values = append(values, o.Value)
		}
	}
	id, _ := ids.Parse(f.Choice(name, values, page.Required))
	return id
}

func (a *area) renderAssign(r *page.Request, status int, f *page.Form, to []page.Option) error {
	m := matter.At(r).Matter
	f.SetOptions("to", to)
	return r.Render(status, "casework/assign", assignPage{Form: f, Back: page.Path("/programmes/{programme}/cases", "programme", m.Network), What: m.Reference()})
}

func (a *area) assign(r *page.Request) error {
	m := matter.At(r).Matter
	to, err := a.colleagues(r, m.Agency, m.Owner)
	if err != nil {
		return err
	}
	return a.renderAssign(r, 200, r.NewForm("casework.assign"), to)
}

func (a *area) assignPost(r *page.Request) error {
	f, err := r.ReadForm("casework.assign")
	if err != nil {
		return err
	}
	m := matter.At(r).Matter
	to, err := a.colleagues(r, m.Agency, m.Owner)
	if err != nil {
		return err
	}
	who, reason := chosen(f, "to", to), f.Text("reason", page.Required, page.Max(2000), page.Lines)
	if !f.Bad() {
		c, err := m.Assign(who, reason, a.Who(r))
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderAssign(r, 422, f, to)
	}
	r.Flash("casework.assigned")
	return r.Redirect(page.Path("/programmes/{programme}/cases", "programme", m.Network))
}

func (a *area) renderLeaver(r *page.Request, status int, f *page.Form, all []page.Option) error {
	f.SetOptions("from", all)
	f.SetOptions("to", all)
	return r.Render(status, "casework/assign", assignPage{Form: f, Back: page.Path("/programmes/{programme}/cases", "programme", r.Programme.ID), Leaver: true})
}

// leaver hands all open matters of one person to another, before the account is
// closed. Nothing is decrypted.
func (a *area) leaver(r *page.Request) error {
	all, err := a.colleagues(r, 0, 0)
	if err != nil {
		return err
	}
	return a.renderLeaver(r, 200, r.NewForm("casework.assign"), all)
}

func (a *area) leaverPost(r *page.Request) error {
	f, err := r.ReadForm("casework.assign")
	if err != nil {
		return err
	}
	all, err := a.colleagues(r, 0, 0)
	if err != nil {
		return err
	}
	from, to, reason := chosen(f, "from", all), chosen(f, "to", all), f.Text("reason", page.Required, page.Max(2000), page.Lines)
	if from != 0 && from == to {
		f.Wrong("to", "casework.assign.same")
	}
	network, agency := r.Programme.ID, ids.ID(0)
	if !f.Bad() {
		// Where the leaver belongs now says nothing: each matter goes to somebody of
		// the agency that holds it.
		if agency, err = a.Store.AgencyOf(r.Context(), network, to); err != nil {
			return err
		}
		if agency == 0 {
			f.Wrong("to", "casework.assign.agency")
		}
	}
	n := 0
	if !f.Bad() {
		if n, err = a.handOver(r, network, agency, from, to, reason); err != nil {
			return err
		}
		if n == 0 {
			f.Wrong("to", "casework.assign.agency")
		}
	}
	if f.Bad() {
		return a.renderLeaver(r, 422, f, all)
	}
	r.Flash("casework.handed-over", "n", n)
	return r.Redirect(page.Path("/programmes/{programme}/cases", "programme", network))
}

// handOver goes through what somebody answers for and the agency holds; what another
// agency holds stays where it is. One that broke off is gone on with by doing it again.
func (a *area) handOver(r *page.Request, network, agency, from, to ids.ID, reason string) (int, error) {
	n := 0
	for _, k := range []referral.Kind{referral.Concern, referral.Case} {
		states := openStates
		if k == referral.Concern {
			states = []referral.State{referral.Received, referral.Seen, referral.Asked}
		}
		after := ""
		for {
			found, err := a.Store.ListMatters(r.Context(), referral.Filter{Network: network, Kind: k, Agency: agency, Owner: from, States: states, After: after, Limit: 200})
			if err != nil {
				return n, err
			}
			for _, m := range found.Matters {
				c, err := m.Assign(to, reason, a.Who(r))
				if _, err := a.Do(r, c, err); err != nil {
					return n, err
				}
				n++
			}
			if after = found.Next; after == "" {
				break
			}
		}
	}
	return n, nil
}
