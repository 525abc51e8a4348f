package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
)

// people are those of the programme, by name.
func (a *area) people(r *page.Request) ([]*account.Account, error) {
	all, err := r.House.Accounts.Accounts(r.Context(), r.Programme.ID)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(x, y *account.Account) int { return strings.Compare(x.Name, y.Name) })
	return all, nil
}

func nameOf(people []*account.Account, id ids.ID) string {
	for _, p := range people {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// organisations are the kinds that an agency may be in a nation. Several that the
// rules name one by one stand under one kind, each by its own ID.
func organisations(p *rule.Pathway, nation string) []*rule.Organisation {
	var all []*rule.Organisation
	for _, o := range p.Organisations {
		if o.For(nation) {
			all = append(all, o)
		}
	}
	return all
}

// codeOf is what an agency of an organisation keeps as its kind.
func codeOf(p *rule.Pathway, nation string, o *rule.Organisation) string {
	n := 0
	for _, other := range organisations(p, nation) {
		if other.Kind == o.Kind {
			n++
		}
	}
	if n == 1 {
		return o.Kind
	}
	return o.ID
}

// organisation finds what the rules say of an agency's kind, or nil.
func organisation(p *rule.Pathway, nation, kind string) *rule.Organisation {
	for _, o := range organisations(p, nation) {
		if codeOf(p, nation, o) == kind || o.Kind == kind {
			return o
		}
	}
	return nil
}

// duties are what an organisation may and must do, as tags.
func duties(r *page.Request, o *rule.Organisation) []page.Tag {
	var tags []page.Tag
	if o != nil && o.Refer {
		tags = append(tags, page.Tag{Text: r.Text("desk.may-refer"), Colour: "green"})
	}
	if o != nil && o.Notify {
		tags = append(tags, page.Tag{Text: r.Text("desk.must-notify"), Colour: "blue"})
	}
	if len(tags) == 0 {
		tags = append(tags, page.Tag{Text: r.Text("desk.neither"), Colour: "grey"})
	}
	return tags
}

func kindCell(r *page.Request, p *rule.Pathway, nation, kind string) page.Cell {
	if o := organisation(p, nation, kind); o != nil {
		return matter.Say(r, o.Title).Cell()
	}
	return page.Cell{Text: kind}
}

func (a *area) agencyTable(r *page.Request, n *referral.Network, p *rule.Pathway, all []*referral.Agency, people []*account.Account) page.Table {
	t := page.Table{Caption: r.Text("desk.agencies"), Head: []page.Head{{Text: r.Text("desk.agency.name")}, {Text: r.Text("desk.agency.kind")},
		{Text: r.Text("desk.agency.duties")}, {Text: r.Text("desk.agency.contact")}},
		Empty: page.Empty{Title: r.Text("desk.agencies.none"), Text: r.Text("desk.agencies.none.text")}}
	for _, x := range all {
		name := page.Cell{Text: x.Name, Href: of(r, "/agencies/{agency}", "agency", x.ID)}
		if x.Closed {
			name.Tags = []page.Tag{{Text: r.Text("desk.agency.left"), Colour: "grey"}}
		}
		contact := page.Cell{Text: r.Text("desk.agency.no-desk")}
		if x.Desk {
			contact = page.Cell{Text: nameOf(people, x.Contact)}
			if x.ContactAway {
				contact.Tags = []page.Tag{{Text: r.Text("desk.is-away"), Colour: "orange"}}
			}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{name, kindCell(r, p, n.Nation, x.Kind), {Tags: duties(r, organisation(p, n.Nation, x.Kind))}, contact}})
	}
	return t
}

// found is the agency of the address, of this network.
func (a *area) found(r *page.Request) (*referral.Agency, error) {
	id, err := r.PathID("agency")
	if err != nil {
		return nil, err
	}
	x, err := a.store.Agency(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if x.Network != r.Programme.ID {
		return nil, page.NotFound()
	}
	return x, nil
}

// agency shows one with what the rules say of its kind, and its people.
func (a *area) agency(r *page.Request) error {
	x, err := a.found(r)
	if err != nil {
		return err
	}
	people, err := a.people(r)
	if err != nil {
		return err
	}
	members, err := a.store.Members(r.Context(), r.Programme.ID)
	if err != nil {
		return err
	}
	h := matter.At(r)
	rows := []page.SummaryRow{{Key: r.Text("desk.agency.kind"), Value: kindCell(r, h.Pathway, h.Network.Nation, x.Kind)}}
	if o := organisation(h.Pathway, h.Network.Nation, x.Kind); o != nil {
		rows = append(rows, page.SummaryRow{Key: r.Text("desk.may-refer"), Value: duty(r, h.Pathway, o, o.Refer, &o.Cite)},
			page.SummaryRow{Key: r.Text("desk.must-notify"), Value: duty(r, h.Pathway, o, o.Notify, o.NotifyCite)})
	}
	if x.Desk {
		rows = append(rows, deskRows(r, x, people)...)
	}
	var names []string
	for _, m := range members {
		if m.Agency == x.ID {
			if name := nameOf(people, m.Account); name != "" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	rows = append(rows, page.SummaryRow{Key: r.Text("desk.agency.people"), Value: page.Cell{Text: or(strings.Join(names, ", "), r.Text("desk.nobody"))}})
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	return r.Render(200, "desk/agency", struct {
		Agency *referral.Agency
		About  page.Summary
		Change string
	}{x, page.Summary{Rows: rows}, of(r, "/agencies/{agency}/change", "agency", x.ID)})
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// duty says yes or no with the source and whether somebody compared it.
func duty(r *page.Request, p *rule.Pathway, o *rule.Organisation, is bool, cite *rule.Cite) page.Cell {
	c := page.Cell{Text: r.Text("desk.no")}
	if is {
		c.Text = r.Text("desk.yes")
	}
	if cite == nil {
		cite = &o.Cite
	}
	c.Note, c.Tags = matter.Cite(p, *cite), []page.Tag{matter.Checked(r, &o.Rule)}
	if o.Doubt != "" {
		c.Note += ". " + o.Doubt
	}
	return c
}

func deskRows(r *page.Request, x *referral.Agency, people []*account.Account) []page.SummaryRow {
	contact := page.Cell{Text: or(nameOf(people, x.Contact), r.Text("desk.nobody"))}
	if x.ContactAway {
		contact.Tags = []page.Tag{{Text: r.Text("desk.is-away"), Colour: "orange"}}
	}
	hours := r.Text("desk.hours.some", "from", clock(x.Hours.From), "to", clock(x.Hours.To))
	if x.Hours.From == x.Hours.To {
		hours = r.Text("desk.hours.all")
	}
	days := r.Text("desk.hours.working")
	if x.Hours.EveryDay {
		days = r.Text("desk.hours.every")
	}
	return []page.SummaryRow{
		{Key: r.Text("desk.agency.contact"), Value: contact},
		{Key: r.Text("desk.agency.deputy"), Value: page.Cell{Text: or(nameOf(people, x.Deputy), r.Text("desk.nobody")),
			Note: r.Text("desk.deputy.rule", "n", x.DeputyAfter)}},
		{Key: r.Text("desk.agency.hours"), Value: page.Cell{Text: hours, Note: days}},
		{Key: r.Text("desk.agency.see"), Value: page.Cell{Text: r.Text("desk.minutes", "n", x.SeeWithin)}},
	}
}

// clock prints a minute of the day.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func (a *area) agencyNew(r *page.Request) error {
	f := r.NewForm("desk.agency")
	for field, v := range map[string]string{"from": "09:00", "to": "17:00", "see": "120", "after": "60"} {
		f.Set(field, v)
	}
	return a.showAgency(r, 200, f, nil)
}

func (a *area) agencyChange(r *page.Request) error {
	x, err := a.found(r)
	if err != nil {
		return err
	}
	f := r.NewForm("desk.agency")
	f.SetEtag(x.Etag)
	set := func(name, v string) {
		if v != "" {
			f.Set(name, v)
		}
	}
	yes := func(name string, is bool) {
		if is {
			f.Set(name, "yes")
		}
	}
	h := matter.At(r)
	set("name", x.Name)
	set("kind", x.Kind)
	if o := organisation(h.Pathway, h.Network.Nation, x.Kind); o != nil {
		set("kind", codeOf(h.Pathway, h.Network.Nation, o))
	}
	yes("desk", x.Desk)
	set("contact", x.Contact.String())
	set("deputy", x.Deputy.String())
	yes("away", x.ContactAway)
	set("after", r.Words().Whole(x.DeputyAfter))
	set("see", r.Words().Whole(x.SeeWithin))
	set("from", clock(x.Hours.From))
	set("to", clock(x.Hours.To))
	yes("every", x.Hours.EveryDay)
	yes("closed", x.Closed)
	return a.showAgency(r, 200, f, x)
}

func (a *area) showAgency(r *page.Request, status int, f *page.Form, x *referral.Agency) error {
	contacts, err := a.contacts(r)
	if err != nil {
		return err
	}
	h := matter.At(r)
	kinds := []page.Option{{Value: "", Text: r.Text("matter.choose")}}
	for _, o := range organisations(h.Pathway, h.Network.Nation) {
		text := matter.Say(r, o.Title).Text
		for _, tag := range duties(r, o) {
			text += " · " + tag.Text
		}
		kinds = append(kinds, page.Option{Value: codeOf(h.Pathway, h.Network.Nation, o), Text: text})
	}
	f.SetOptions("kind", kinds)
	f.SetOptions("contact", contacts)
	f.SetOptions("deputy", contacts)
	r.Crumb(r.Text("desk.nav.network"), of(r, ""))
	back := of(r, "")
	if x != nil {
		back = of(r, "/agencies/{agency}", "agency", x.ID)
	}
	return r.Render(status, "desk/agency-form", struct {
		Form  *page.Form
		New   bool
		Alone bool // there is nobody who could be the contact
		Back  string
	}{f, x == nil, len(contacts) == 1, back})
}

// contacts are those who may be one: the role is given on the people's pages.
func (a *area) contacts(r *page.Request) ([]page.Option, error) {
	people, err := a.people(r)
	if err != nil {
		return nil, err
	}
	options := []page.Option{{Value: "", Text: r.Text("desk.nobody")}}
	for _, p := range people {
		if slices.Contains(p.Members, access.Membership{Programme: r.Programme.ID, Role: access.Contact}) && p.State != account.Suspended {
			options = append(options, page.Option{Value: p.ID.String(), Text: p.Name})
		}
	}
	return options, nil
}

// agencyPost adds an agency or changes one. Its contact and deputy come to belong to
// it, unless they belong to another.
func (a *area) agencyPost(r *page.Request) error {
	f, err := r.ReadForm("desk.agency")
	if err != nil {
		return err
	}
	x := &referral.Agency{Network: r.Programme.ID}
	var old *referral.Agency
	if r.PathValue("agency") != "" {
		if old, err = a.found(r); err != nil {
			return err
		}
		*x = *old
		x.Etag = f.Etag()
	}
	if err := a.readAgency(r, f, x); err != nil {
		return err
	}
	if !f.Bad() {
		if err := settle(f, a.store.PutAgency(r.Context(), r.By, x)); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.showAgency(r, 422, f, old)
	}
	for _, who := range []ids.ID{x.Contact, x.Deputy} {
		if who == 0 || !x.Desk {
			continue
		}
		if err := a.store.SetMember(r.Context(), r.By, x.Network, who, x.ID); err != nil {
			return err
		}
	}
	r.Flash("desk.saved")
	return r.Redirect(of(r, "/agencies/{agency}", "agency", x.ID))
}

func (a *area) readAgency(r *page.Request, f *page.Form, x *referral.Agency) error {
	h := matter.At(r)
	var kinds []string
	for _, o := range organisations(h.Pathway, h.Network.Nation) {
		kinds = append(kinds, codeOf(h.Pathway, h.Network.Nation, o))
	}
	x.Name = f.Text("name", page.Required, page.Max(120))
	x.Kind = f.Choice("kind", kinds, page.Required)
	x.Desk, x.Closed = f.Checked("desk"), f.Checked("closed")
	x.ContactAway = f.Checked("away")
	x.DeputyAfter, _ = f.Whole("after", page.Required, page.Between(1, 10000))
	x.SeeWithin, _ = f.Whole("see", page.Required, page.Between(1, 10000))
	x.Hours = referral.Hours{From: minute(f, "from"), To: minute(f, "to"), EveryDay: f.Checked("every")}
	if x.Hours.From == x.Hours.To && !x.Hours.EveryDay {
		x.Hours.From, x.Hours.To = 1, 1 // all day; zero hours would be those of an office
	}
	contacts, err := a.contacts(r)
	if err != nil {
		return err
	}
	var who []string
	for _, o := range contacts[1:] {
		who = append(who, o.Value)
	}
	x.Contact, _ = ids.Parse(f.Choice("contact", who))
	x.Deputy, _ = ids.Parse(f.Choice("deputy", who))
	switch {
	case x.Desk && x.Contact == 0 && !f.Bad():
		f.Wrong("contact", "desk.agency.contact.needed")
	case x.Deputy != 0 && x.Deputy == x.Contact:
		f.Wrong("deputy", "desk.agency.deputy.same")
	case !x.Desk:
		x.ContactAway = false
	}
	for name, id := range map[string]ids.ID{"contact": x.Contact, "deputy": x.Deputy} {
		if id == 0 || !x.Desk {
			continue
		}
		other, err := a.store.AgencyOf(r.Context(), x.Network, id)
		if err != nil {
			return err
		}
		if other != 0 && other != x.ID {
			f.Wrong(name, "desk.agency.elsewhere")
		}
	}
	return nil
}

// minute reads a time of day.
func minute(f *page.Form, name string) int {
	v := strings.TrimSpace(f.Raw(name))
	for _, layout := range []string{"15:04", "15.04", "15"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.Hour()*60 + t.Minute()
		}
	}
	f.Wrong(name, "desk.agency.time")
	return 0
}
