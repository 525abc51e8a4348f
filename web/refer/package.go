package refer

import (
	"waymark/referral"
	"waymark/referral/handover"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// packagePage is the package with what can be done with it.
type packagePage struct {
	Reference string
	Outcome   outcomeView
	State     page.Tag
	About     page.Summary
	Papers    []page.Link
	// Documents are those that the package names; their contents are not in it.
	Documents []page.Link
	Steps     []stepView
	Service   *serviceView
	Overs     []overView
	Ready     bool
	HandOver  string
	Thaw      string
	Case      string
	Notice    *page.Notice
}

// stepView is something to do next.
type stepView struct {
	Text    matter.Said
	Source  string
	Checked page.Tag
	Doubt   string
}

// serviceView is how it stands with the authority's service.
type serviceView struct {
	Send  string // where it is sent; "" where it cannot be now
	State string
	Tag   page.Tag
	Text  string
}

// overView is one hand-over.
type overView struct {
	When    page.Cell
	How     string
	Receipt string
}

func (a *area) pack(r *page.Request) error {
	d, part, pack, ok, err := a.made(r)
	if !ok {
		return err
	}
	o := d.Pathway.OutcomeByID(pack.Outcome)
	if o == nil {
		return page.NotFound()
	}
	m := &d.File.Matter
	p := packagePage{Reference: d.Reference(), State: matter.State(r, m).Tags[0], Case: matter.Path(m), Ready: m.State == referral.Ready,
		HandOver: below(m, "/hand-over"), Thaw: below(m, "/thaw"),
		Outcome: outcomeView{Known: true, Title: matter.Say(r, o.Title), About: matter.Say(r, o.About), Protects: o.Protects}}
	if d.Pathway.Illustrative {
		p.Notice = &page.Notice{Kind: "warning", Text: r.Text("refer.illustrative")}
	}
	p.About = page.Summary{Rows: []page.SummaryRow{
		{Key: r.Text("refer.about.reference"), Value: page.Cell{Text: d.Reference()}},
		{Key: r.Text("refer.package.made"), Value: r.Moment(pack.Made)},
		{Key: r.Text("refer.package.rules"), Value: page.Cell{Text: pack.Rules}},
		{Key: r.Text("refer.package.digest"), Value: page.Cell{Text: pack.Digest}}}}
	for _, name := range papers {
		if name.consent && d.consent() == nil {
			continue
		}
		p.Papers = append(p.Papers, page.Link{Text: r.Text("refer.paper." + name.name + "." + name.form), Href: below(m, "/papers/{paper}", "paper", name.file())})
	}
	for _, q := range d.Pathway.Referral.Questions() {
		if q.Kind != rule.Files {
			continue
		}
		for _, ref := range pack.Values[q.ID] {
			part, x, err := d.document(ref)
			if err != nil {
				return err
			}
			if x == nil {
				continue
			}
			l := page.Link{Text: x.Title}
			if r.May(access.CaseRead) {
				l.Href = page.Path("/cases/{matter}/parts/{part}/file", "matter", m.ID, "part", part.ID)
			}
			p.Documents = append(p.Documents, l)
		}
	}
	for _, s := range o.Steps(pack.Values, d.Here.Network.Nation) {
		p.Steps = append(p.Steps, stepView{matter.Say(r, s.Text), matter.Cite(d.Pathway, s.Cite), matter.Checked(r, &s.Rule), s.Doubt})
	}
	for _, x := range d.Of(referral.PartHandover) {
		var over referral.Handover
		if err := x.Decode(&over); err != nil {
			return err
		}
		p.Overs = append(p.Overs, overView{r.Moment(over.At), r.Text("refer.how." + over.How), over.Receipt})
	}
	if p.Service, err = a.service(r, d, part); err != nil {
		return err
	}
	return r.Render(200, "refer/package", p)
}

// service says how far a message with the package is.
func (a *area) service(r *page.Request, d *draft, part *referral.Part) (*serviceView, error) {
	m := &d.File.Matter
	list, err := a.Store.Messages(r.Context(), m.ID)
	if err != nil {
		return nil, err
	}
	var last *referral.Message
	for _, x := range list {
		if x.Package == part.ID {
			last = x
		}
	}
	v := &serviceView{}
	switch {
	case last == nil || last.State == referral.Recalled:
		if a.o.Service != d.Pathway.ID || m.State != referral.Ready {
			return nil, nil
		}
		v.Send = below(m, "/send")
	case last.State == referral.Waiting:
		v.Tag = page.Tag{Text: r.Text("refer.service.waiting"), Colour: "blue"}
		v.Text = r.Text("refer.service.waiting.text")
		if last.Code != "" {
			v.Text = r.Text("refer.service.tried", "n", last.Tries) + " " + r.Text("refer.code."+last.Code)
		}
	case last.State == referral.Refused:
		v.Tag = page.Tag{Text: r.Text("refer.service.refused"), Colour: "red"}
		v.Text = r.Text("refer.code."+last.Code) + " " + r.Text("refer.service.refused.text")
	case last.State == referral.Delivered:
		v.Tag = page.Tag{Text: r.Text("refer.service.delivered"), Colour: "green"}
	}
	v.State = "none"
	if last != nil {
		v.State = string(last.State)
	}
	return v, nil
}

// paperKind is a paper in one form.
type paperKind struct {
	name, form, media string
	consent           bool
}

func (k paperKind) file() string { return k.name + "." + k.form }

// papers are all that can be fetched, in the order of the page.
var papers = []paperKind{
	{"package", "pdf", "application/pdf", false},
	{"package", "html", "text/html; charset=utf-8", false},
	{"package", "json", "application/json", false},
	{"consent", "pdf", "application/pdf", true},
	{"consent", "html", "text/html; charset=utf-8", true},
	{"steps", "pdf", "application/pdf", false},
	{"steps", "html", "text/html; charset=utf-8", false},
}

func (a *area) paper(r *page.Request) error {
	d, _, pack, ok, err := a.made(r)
	if !ok {
		return err
	}
	for _, k := range papers {
		if k.file() != r.PathValue("paper") {
			continue
		}
		content, err := a.makePaper(r, d, pack, k)
		if err != nil {
			return err
		}
		// The name stays in a browser's list of what it fetched: it tells nothing.
		w := r.Download(k.name+"-"+d.File.ID.String()+"."+k.form, k.media, int64(len(content)))
		_, err = w.Write(content)
		return err
	}
	return page.NotFound()
}

// makePaper makes one paper.
func (a *area) makePaper(r *page.Request, d *draft, pack *referral.Package, k paperKind) ([]byte, error) {
	about, err := a.aboutOf(r, d, pack)
	if err != nil {
		return nil, err
	}
	var p *handover.Paper
	switch k.name {
	case "package":
		s, err := handover.Compose(d.Pathway, pack, about)
		if err != nil {
			return nil, err
		}
		if k.form == "json" {
			return s.JSON(), nil
		}
		p = &s.Paper
	case "consent":
		c := d.consent()
		if c == nil {
			return nil, page.NotFound()
		}
		if p, err = handover.Consent(c, about); err != nil {
			return nil, err
		}
		p.Made = pack.Made
	default:
		if p, err = handover.Steps(d.Pathway, pack, about); err != nil {
			return nil, err
		}
	}
	if k.form == "pdf" {
		return p.PDF()
	}
	return p.HTML(), nil
}

// aboutOf is what papers say beside the answers.
func (a *area) aboutOf(r *page.Request, d *draft, pack *referral.Package) (handover.About, error) {
	agency, err := a.Store.Agency(r.Context(), d.File.Agency)
	if err != nil {
		return handover.About{}, err
	}
	about := handover.About{Organisation: agency.Name, Reference: d.Reference(), Nation: d.Here.Network.Nation, Zone: d.Zone(), Files: map[string]handover.File{}}
	for _, q := range d.form().Questions() {
		if q.Kind != rule.Files {
			continue
		}
		for _, ref := range pack.Values[q.ID] {
			_, x, err := d.document(ref)
			if err != nil {
				return about, err
			}
			if x != nil {
				about.Files[ref] = handover.File{Title: x.Title, Type: x.Type, Size: x.Size, SHA256: x.SHA256}
			}
		}
	}
	return about, nil
}

// sendPost puts the package into the outbox. Sent twice, it waits there once.
func (a *area) sendPost(r *page.Request) error {
	if _, err := r.ReadForm("refer.send"); err != nil {
		return err
	}
	d, part, pack, ok, err := a.made(r)
	if !ok {
		return err
	}
	m := &d.File.Matter
	v, err := a.service(r, d, part)
	if err != nil {
		return err
	}
	if a.o.Service != d.Pathway.ID {
		return page.NotFound()
	}
	if v == nil || v.Send == "" {
		return r.Redirect(below(m, "/package"))
	}
	about, err := a.aboutOf(r, d, pack)
	if err != nil {
		return err
	}
	s, err := handover.Compose(d.Pathway, pack, about)
	if err != nil {
		return err
	}
	c, err := d.Queue(s.JSON(), a.Who(r))
	return a.carry(r, c, err, "refer.service.queued")
}
