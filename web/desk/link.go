package desk

import (
	"bytes"
	"html/template"
	"slices"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

func (a *area) linkTable(r *page.Request, n *referral.Network, p *rule.Pathway, agencies []*referral.Agency, all []*referral.Link) page.Table {
	names := map[ids.ID]string{}
	for _, x := range agencies {
		names[x.ID] = x.Name
	}
	t := page.Table{Caption: r.Text("desk.links"), Head: []page.Head{{Text: r.Text("desk.link.name")}, {Text: r.Text("desk.agency.kind")},
		{Text: r.Text("desk.link.desk")}, {Text: r.Text("desk.link.made")}, {Text: r.Text("desk.link.state")}},
		Empty: page.Empty{Title: r.Text("desk.links.none"), Text: r.Text("desk.links.none.text")}}
	for _, l := range all {
		state := page.Cell{Tags: []page.Tag{{Text: r.Text("desk.link.works"), Colour: "green"}}}
		if !l.Revoked.IsZero() {
			state = r.Moment(l.Revoked)
			state.Tags = []page.Tag{{Text: r.Text("desk.link.revoked"), Colour: "grey"}}
		} else if r.May(access.NetworkSet) {
			state.Links = []page.Link{{Text: r.Text("desk.link.revoke"), Hidden: l.Name, Href: of(r, "/links/{link}/revoke", "link", l.ID)}}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: l.Name}, kindCell(r, p, n.Nation, l.Kind), {Text: names[l.Desk]}, r.Moment(l.Made), state}})
	}
	return t
}

func (a *area) linkNew(r *page.Request) error {
	f := r.NewForm("desk.link")
	f.Set("lang", r.Lang)
	return a.showLink(r, 200, f)
}

// desks are the agencies that concerns can come to.
func (a *area) desks(r *page.Request) ([]*referral.Agency, error) {
	all, err := a.store.Agencies(r.Context(), r.Programme.ID)
	return slices.DeleteFunc(all, func(x *referral.Agency) bool { return !open(x) }), err
}

func (a *area) showLink(r *page.Request, status int, f *page.Form) error {
	h := matter.At(r)
	kinds := []page.Option{{Value: "", Text: r.Text("matter.choose")}}
	for _, o := range organisations(h.Pathway, h.Network.Nation) {
		kinds = append(kinds, page.Option{Value: codeOf(h.Pathway, h.Network.Nation, o), Text: matter.Say(r, o.Title).Text})
	}
	desks, err := a.desks(r)
	if err != nil {
		return err
	}
	var to, languages []page.Option
	for _, x := range desks {
		to = append(to, page.Option{Value: x.ID.String(), Text: x.Name})
	}
	if len(to) == 1 {
		f.Set("desk", to[0].Value)
	}
	for _, code := range page.Languages {
		languages = append(languages, page.Option{Value: code, Text: page.LanguageNames[code]})
	}
	f.SetOptions("kind", kinds)
	f.SetOptions("desk", to)
	f.SetOptions("lang", languages)
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	return r.Render(status, "desk/link", struct {
		Form *page.Form
		Once page.Notice
		Back string
	}{f, page.Notice{Kind: "warning", Text: r.Text("desk.link.once")}, of(r, "")})
}

// linkPost makes a link and shows its address, this once: the store holds a digest.
func (a *area) linkPost(r *page.Request) error {
	f, err := r.ReadForm("desk.link")
	if err != nil {
		return err
	}
	h := matter.At(r)
	var kinds, to []string
	for _, o := range organisations(h.Pathway, h.Network.Nation) {
		kinds = append(kinds, codeOf(h.Pathway, h.Network.Nation, o))
	}
	desks, err := a.desks(r)
	if err != nil {
		return err
	}
	for _, x := range desks {
		to = append(to, x.ID.String())
	}
	l := &referral.Link{Network: r.Programme.ID, Name: f.Text("name", page.Required, page.Max(120)), Kind: f.Choice("kind", kinds, page.Required),
		Lang: f.Choice("lang", page.Languages, page.Required), Made: r.House.Now()}
	l.Desk, _ = ids.Parse(f.Choice("desk", to, page.Required))
	token := matter.NewToken()
	if !f.Bad() {
		if err := settle(f, a.store.PutLink(r.Context(), r.By, l, a.Kit.Digest(matter.LinkKind, token))); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.showLink(r, 422, f)
	}
	address := r.House.Base + page.Path("/report/{token}", "token", token)
	var qr bytes.Buffer
	if err := a.QR(&qr, address, r.Text("desk.sheet.qr")); err != nil {
		return err
	}
	r.Lang = l.Lang // the sheet is read by those who get it
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	return r.Render(200, "desk/sheet", struct {
		Link    *referral.Link
		Address string
		QR      template.HTML
		Back    string
	}{l, address, template.HTML(qr.String()), of(r, "")}) // the picture holds its label escaped, and nothing that was typed
}

// linkAt is the link of the address, of this network.
func (a *area) linkAt(r *page.Request) (*referral.Link, error) {
	id, err := r.PathID("link")
	if err != nil {
		return nil, err
	}
	l, err := a.store.Link(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if l.Network != r.Programme.ID {
		return nil, page.NotFound()
	}
	return l, nil
}

func (a *area) revoke(r *page.Request) error {
	l, err := a.linkAt(r)
	if err != nil {
		return err
	}
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	return r.Confirm(page.Confirm{Title: r.Text("desk.link.revoke.title", "name", l.Name),
		Lines:  []string{r.Text("desk.link.revoke.now"), r.Text("desk.link.revoke.kept"), r.Text("desk.link.revoke.new")},
		Action: of(r, "/links/{link}/revoke", "link", l.ID), Button: r.Text("desk.link.revoke"), Dangerous: true, Cancel: of(r, "")})
}

// revokePost ends a link: the next request over it finds nothing.
func (a *area) revokePost(r *page.Request) error {
	l, err := a.linkAt(r)
	if err != nil {
		return err
	}
	if l.Revoked.IsZero() {
		l.Revoked = r.House.Now()
		if err := a.store.PutLink(r.Context(), r.By, l, nil); err != nil {
			return err
		}
	}
	r.Flash("desk.link.revoked.done")
	return r.Redirect(of(r, ""))
}
