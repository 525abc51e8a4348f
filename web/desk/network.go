package desk

import (
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// networkPage is what the page of a network shows.
type networkPage struct {
	Empty           page.Empty
	None            bool
	Warnings        []page.Notice
	About           page.Summary
	Agencies, Links page.Table
	Do              []page.Link
}

// network shows the settings, or what to do where the programme is no network yet.
func (a *area) network(r *page.Request) error {
	v := networkPage{}
	n, err := a.store.Network(r.Context(), r.Programme.ID)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		v.None = true
		v.Empty = page.Empty{Title: r.Text("desk.none"), Text: r.Text("desk.none.text")}
		if r.May(access.NetworkSet) {
			v.Empty.Actions = []page.Link{{Text: r.Text("desk.make"), Href: of(r, "/new")}}
		}
		return r.Render(200, "desk/network", v)
	}
	if err != nil {
		return err
	}
	p, err := a.Kit.Library.InForce(r.Context(), n)
	if err != nil {
		return err
	}
	v.About, v.Warnings = about(r, n, p)
	agencies, err := a.store.Agencies(r.Context(), n.Programme)
	if err != nil {
		return err
	}
	links, err := a.store.Links(r.Context(), n.Programme)
	if err != nil {
		return err
	}
	people, err := a.people(r)
	if err != nil {
		return err
	}
	v.Agencies = a.agencyTable(r, n, p, agencies, people)
	v.Links = a.linkTable(r, n, p, agencies, links)
	if r.May(access.NetworkSet) {
		v.Do = []page.Link{{Text: r.Text("desk.agency.add"), Href: of(r, "/agencies/new")}, {Text: r.Text("desk.members"), Href: of(r, "/members")}}
		if slices.ContainsFunc(agencies, open) {
			v.Do = append(v.Do, page.Link{Text: r.Text("desk.link.add"), Href: of(r, "/links/new")})
		}
	}
	return r.Render(200, "desk/network", v)
}

// open says whether concerns can come to an agency.
func open(a *referral.Agency) bool { return a.Desk && !a.Closed }

func about(r *page.Request, n *referral.Network, p *rule.Pathway) (page.Summary, []page.Notice) {
	var change []page.Link
	if r.May(access.NetworkSet) {
		change = []page.Link{{Text: r.Text("page.change"), Href: of(r, "/change"), Hidden: r.Text("desk.network.accept")}}
	}
	nation := page.Cell{Text: n.Nation}
	if x := p.Nation(n.Nation); x != nil {
		nation = matter.Say(r, x.Title).Cell()
	}
	s := page.Summary{Rows: []page.SummaryRow{
		{Key: r.Text("desk.network.pathway"), Value: matter.Say(r, p.Title).Cell()},
		{Key: r.Text("desk.network.nation"), Value: nation},
		{Key: r.Text("desk.network.version"), Value: page.Cell{Text: p.Version,
			Note: r.Text("desk.network.unverified", "n", len(p.Unverified()), "all", len(p.Rules()))}},
		{Key: r.Text("desk.network.accept"), Value: page.Cell{Text: r.Text("desk.days", "n", n.AcceptWithin)}, Actions: change},
	}}
	var warn []page.Notice
	if p.Illustrative {
		warn = append(warn, page.Notice{Kind: "warning", Text: r.Text("desk.network.illustrative")})
	}
	return s, warn
}

// pathways are the nations of all pathways that may be chosen.
func (a *area) pathways(r *page.Request) []page.Option {
	var all []page.Option
	for id, p := range a.Kit.Library.Pathways() {
		for _, n := range p.Nations {
			o := page.Option{Value: id + "/" + n.ID, Text: matter.Say(r, p.Title).Text + " – " + matter.Say(r, n.Title).Text}
			if p.Illustrative {
				o.Hint = r.Text("desk.network.illustrative")
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(x, y page.Option) int { return strings.Compare(x.Text, y.Text) })
	return all
}

func (a *area) make(r *page.Request) error {
	f := r.NewForm("desk.network")
	f.Set("accept", "2")
	return a.showMake(r, 200, f)
}

func (a *area) showMake(r *page.Request, status int, f *page.Form) error {
	f.SetOptions("pathway", a.pathways(r))
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	return r.Render(status, "desk/network-form", struct {
		Form *page.Form
		New  bool
		Back string
	}{f, true, of(r, "")})
}

// makePost makes the programme a network.
func (a *area) makePost(r *page.Request) error {
	f, err := r.ReadForm("desk.network")
	if err != nil {
		return err
	}
	var values []string
	for _, o := range a.pathways(r) {
		values = append(values, o.Value)
	}
	pathway, nation, _ := strings.Cut(f.Choice("pathway", values, page.Required), "/")
	n := &referral.Network{Programme: r.Programme.ID, Pathway: pathway, Nation: nation}
	n.AcceptWithin, _ = f.Whole("accept", page.Required, page.Between(1, 30))
	if !f.Bad() {
		p, err := a.Kit.Library.InForce(r.Context(), n)
		if err != nil {
			return err
		}
		n.Version = p.Version
		if err := settle(f, a.store.PutNetwork(r.Context(), r.By, n)); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.showMake(r, 422, f)
	}
	r.Flash("desk.network.made")
	return r.Redirect(of(r, ""))
}

func (a *area) change(r *page.Request) error {
	f, n := r.NewForm("desk.network"), matter.At(r).Network
	f.Set("accept", r.Words().Whole(n.AcceptWithin))
	f.SetEtag(n.Etag)
	return a.showChange(r, 200, f)
}

func (a *area) showChange(r *page.Request, status int, f *page.Form) error {
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	return r.Render(status, "desk/network-form", struct {
		Form *page.Form
		New  bool
		Back string
	}{f, false, of(r, "")})
}

func (a *area) changePost(r *page.Request) error {
	f, err := r.ReadForm("desk.network")
	if err != nil {
		return err
	}
	n := *matter.At(r).Network
	n.AcceptWithin, _ = f.Whole("accept", page.Required, page.Between(1, 30))
	n.Etag = f.Etag()
	if !f.Bad() {
		if err := settle(f, a.store.PutNetwork(r.Context(), r.By, &n)); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.showChange(r, 422, f)
	}
	r.Flash("desk.saved")
	return r.Redirect(of(r, ""))
}

// settle puts a conflict on the form in the page's language, and what the domain finds
// wrong on its field.
func settle(f *page.Form, err error) error {
	if err != nil && fault.KindOf(err) == fault.Conflict {
		f.Wrong("", "desk.clash")
		return nil
	}
	return f.Take(err)
}
