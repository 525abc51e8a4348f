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

// showPage is the page of a case.
type showPage struct {
	Reference string
	State     page.Tag
	Marks     []page.Tag
	Notice    *page.Notice
	Tabs      page.Tabs
	View      string
	About     page.Summary
	Clocks    *page.Table
	Counted   []page.Details
	Sections  []section
	Actions   []page.Link // buttons
	Steps     []matter.StepView
	Hidden    int
}

// section is the parts of one kind.
type section struct {
	Title string
	Empty string
	Add   *page.Link
	Parts []shownPart
}

// shownPart is one part.
type shownPart struct {
	Title   string
	Tags    []page.Tag
	Rows    page.Summary
	Note    string // who wrote it, and when
	Links   []page.Link
	Forms   []postLink
	Anchor  string
	Folded  bool
	Private bool
}

// postLink is a button that changes something at once.
type postLink struct{ Text, Href, Hidden string }

// views of a case, in the order of tabs, with the kinds of part on each.
var views = []string{"now", "people", "partners", "notes", "rights"}

func (a *area) show(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	p := &showPage{Reference: s.Reference(), State: matter.State(r, &s.Matter).Tags[0], Marks: matter.Reference(r, &s.Matter, "").Tags, Hidden: s.Hidden}
	p.View = r.URL.Query().Get("view")
	if !slices.Contains(views, p.View) {
		p.View = views[0]
	}
	p.Tabs = page.Tabs{Label: r.Text("casework.parts")}
	for _, v := range views {
		p.Tabs.Links = append(p.Tabs.Links, page.Link{Text: r.Text("casework.tab." + v), Href: page.Path(path(s.ID), "view", v), Current: v == p.View})
	}
	p.notice(r, s)
	t := &teller{area: a, r: r, s: s}
	if t.names, err = a.Names(r); err != nil {
		return err
	}
	if t.agencies, _, err = a.agencies(r); err != nil {
		return err
	}
	if err := p.fill(t); err != nil {
		return err
	}
	return r.Render(200, "casework/show", p)
}

// notice says what must be known before anything else.
func (p *showPage) notice(r *page.Request, s *seen) {
	base := path(s.ID)
	switch {
	case s.Restricted:
		p.Notice = &page.Notice{Kind: "warning", Text: r.Text("casework.notice.restricted")}
	case s.EraseAsked != 0:
		p.Notice = &page.Notice{Kind: "warning", Text: r.Text("casework.notice.erasure")}
	case s.standing.Glass && !s.standing.Assigned:
		p.Notice = &page.Notice{Kind: "warning", Text: r.Text("casework.notice.glass")}
	case s.State == referral.Draft && r.May(access.ReferralWrite):
		p.Notice = &page.Notice{Text: r.Text("casework.notice.draft"), Links: []page.Link{{Text: r.Text("casework.referral"), Href: base + "/referral"}}}
	case s.State == referral.Ready && r.May(access.ReferralSubmit):
		p.Notice = &page.Notice{Text: r.Text("casework.notice.ready"), Links: []page.Link{{Text: r.Text("casework.referral"), Href: base + "/referral"}}}
	case s.rules.Illustrative:
		p.Notice = &page.Notice{Kind: "warning", Text: r.Text("casework.notice.illustrative")}
	}
}

// fill writes the sections of the view.
func (p *showPage) fill(t *teller) error {
	r, s := t.r, t.s
	base := path(s.ID)
	may := r.May(access.CaseWrite) && s.standing.Assigned && s.State != referral.Closed
	switch p.View {
	case "now":
		p.About = t.about()
		if err := t.clocks(p); err != nil {
			return err
		}
		if may {
			p.Actions = append(p.Actions, page.Link{Text: r.Text("casework.event.add"), Href: base + "/event"})
		}
	case "partners":
		if r.May(access.CaseShare) {
			p.Actions = append(p.Actions, page.Link{Text: r.Text("casework.share.title"), Href: base + "/share"})
		}
		sec, err := t.partners()
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, sec)
	case "notes":
		sec, err := t.documents()
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, sec)
	case "rights":
		if err := t.rights(p); err != nil {
			return err
		}
	}
	for _, k := range kinds {
		if k.view != p.View {
			continue
		}
		sec, err := t.section(k)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, sec)
	}
	if p.View == "now" {
		sec, err := t.events()
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, sec)
	}
	return nil
}

// teller puts a case into words.
type teller struct {
	*area
	r        *page.Request
	s        *seen
	names    map[ids.ID]string
	agencies map[ids.ID]string
}

func (t *teller) about() page.Summary {
	r, s := t.r, t.s
	row := func(key string, c page.Cell) page.SummaryRow {
		return page.SummaryRow{Key: r.Text("casework." + key), Value: c}
	}
	owner := t.names[s.Owner]
	if s.Owner == 0 {
		owner = r.Text("casework.nobody")
	}
	of := row("owner", page.Cell{Text: owner, Note: t.agencies[s.Agency]})
	if r.May(access.CaseAssign) {
		of.Actions = []page.Link{{Text: r.Text("page.change"), Hidden: r.Text("casework.owner"), Href: path(s.ID) + "/assign"}}
	}
	sum := page.Summary{Rows: []page.SummaryRow{of, row("opened", page.Cell{Text: r.Words().Day(s.Opened)})}}
	if o := s.rules.OutcomeByID(s.Outcome); o != nil {
		text, lang := o.Title.In(r.Lang)
		sum.Rows = append(sum.Rows, row("outcome", page.Cell{Text: text, Lang: other(lang, r.Lang)}))
	}
	if s.Origin != 0 {
		m := referral.Matter{ID: s.Origin, Kind: referral.Concern}
		sum.Rows = append(sum.Rows, row("origin", page.Cell{Text: m.Reference()}))
	}
	if s.Result != "" {
		sum.Rows = append(sum.Rows, row("result", page.Cell{Text: r.Text("matter.result." + string(s.Result))}))
	}
	if !s.KeepUntil.IsZero() {
		sum.Rows = append(sum.Rows, row("kept", page.Cell{Text: r.Words().Day(s.KeepUntil)}))
	}
	sum.Rows = append(sum.Rows, row("rules", page.Cell{Text: s.rules.Title[r.Lang], Note: s.Rules}))
	if sum.Rows[len(sum.Rows)-1].Value.Text == "" {
		text, lang := s.rules.Title.In(r.Lang)
		sum.Rows[len(sum.Rows)-1].Value.Text, sum.Rows[len(sum.Rows)-1].Value.Lang = text, other(lang, r.Lang)
	}
	return sum
}

// other is the language of a text where it is not that of the page.
func other(lang, page string) string {
	if lang == page {
		return ""
	}
	return lang
}

// clocks shows every clock: what it is, when it ends, how long that is, and why.
func (t *teller) clocks(p *showPage) error {
	list, err := t.s.Clocks(t.s.rules, t.s.network, t.house.Now())
	if err != nil {
		return err
	}
	table := matter.Clocks(t.r, t.r.Text("casework.clocks"), list)
	p.Clocks = &table
	for i := range list {
		p.Counted = append(p.Counted, page.Details{Summary: t.r.Text("casework.counted", "clock", matter.Say(t.r, list[i].Rule.Title).Text), Lines: matter.How(t.r, &list[i])})
	}
	return nil
}

// section lists the parts of a kind.
func (t *teller) section(k *kind) (section, error) {
	r, s := t.r, t.s
	sec := section{Title: r.Text(k.words() + ".many"), Empty: r.Text(k.words() + ".none")}
	if r.May(access.CaseWrite) && s.State != referral.Closed && (s.standing.Assigned || k.partner) {
		sec.Add = &page.Link{Text: r.Text(k.words() + ".new"), Href: page.Path("/cases/{matter}/new/{kind}", "matter", s.ID, "kind", string(k.of))}
	}
	for _, part := range s.Of(k.of) {
		shown, err := t.part(k, part)
		if err != nil {
			return sec, err
		}
		sec.Parts = append(sec.Parts, shown)
	}
	slices.Reverse(sec.Parts)
	slices.SortStableFunc(sec.Parts, func(x, y shownPart) int {
		switch {
		case x.Folded == y.Folded:
			return 0
		case y.Folded:
			return -1
		}
		return 1
	})
	return sec, nil
}

// part shows one part.
func (t *teller) part(k *kind, p *referral.Part) (shownPart, error) {
	r, s := t.r, t.s
	body, err := loose(p.Body)
	if err != nil {
		return shownPart{}, err
	}
	v := shownPart{Rows: page.Summary{Rows: k.rows(r.Words(), body)}, Note: t.byline(p), Anchor: p.ID.String(), Private: p.Private}
	if p.Private {
		v.Tags = append(v.Tags, page.Tag{Text: r.Text("casework.private.tag"), Colour: "purple"})
	}
	if p.Purpose != "" && (k.purpose || k.of == referral.PartNeed) {
		v.Tags = append(v.Tags, page.Tag{Text: r.Text("casework.purpose." + string(p.Purpose)), Colour: "teal"})
	}
	writable := r.May(access.CaseWrite) && s.State != referral.Closed
	if !p.Due.IsZero() {
		row := page.SummaryRow{Key: r.Text("casework.due"), Value: page.Cell{Text: r.Words().Day(p.Due)}}
		switch {
		case p.Done:
			row.Value.Tags = []page.Tag{{Text: r.Text("casework.done"), Colour: "green"}}
			v.Folded = k.of == referral.PartTask
		case late(p.Due, t.house.Now()):
			row.Value.Tags = []page.Tag{{Text: r.Text("casework.overdue"), Colour: "red"}}
		}
		v.Rows.Rows = append(v.Rows.Rows, row)
		if writable && !p.Done && (s.standing.Assigned || p.Agency == s.standing.Of) {
			v.Forms = append(v.Forms, postLink{Text: r.Text("casework.tick"), Href: partPath(s.ID, p.ID) + "/done"})
		}
	}
	own := writable && p.Agency == s.standing.Of
	switch k.of {
	case referral.PartService:
		if err := t.service(&v, p, own); err != nil {
			return v, err
		}
	case referral.PartNeed:
		if writable {
			v.Links = append(v.Links, page.Link{Text: r.Text("casework.service.new"), Href: page.Path("/cases/{matter}/new/{kind}", "matter", s.ID, "kind", "service", "need", p.ID)})
		}
		v.Folded = body["state"] != "open"
	case referral.PartConference:
		if err := t.meeting(&v, p); err != nil {
			return v, err
		}
		own = false
	case referral.PartConsent:
		own = false
	case referral.PartTask:
		if body["kind"] == "glass" {
			own = false
		}
	}
	if own {
		v.Links = append(v.Links, page.Link{Text: r.Text("page.change"), Href: partPath(s.ID, p.ID)})
	}
	return v, nil
}

// byline says which agency and person wrote a part, and when.
func (t *teller) byline(p *referral.Part) string {
	who := t.names[p.By]
	if who == "" {
		who = t.r.Text("casework.somebody")
	}
	agency := t.agencies[p.Agency]
	if agency == "" {
		agency = t.r.Text("casework.no-agency")
	}
	return t.r.Text("casework.byline", "who", who, "agency", agency, "when", t.r.Words().Moment(p.Changed))
}

// marksOf shows the course of something, in one line a step.
func (t *teller) marksOf(prefix string, course []referral.Mark) page.Cell {
	var lines []string
	for _, m := range course {
		l := t.r.Text(prefix+m.State) + " – " + t.r.Words().Date(m.Date)
		if m.Why != "" {
			l += " – " + m.Why
		}
		lines = append(lines, l)
	}
	return page.Cell{Text: strings.Join(lines, "\n")}
}

func (t *teller) service(v *shownPart, p *referral.Part, own bool) error {
	var sv referral.Service
	if err := p.Decode(&sv); err != nil {
		return err
	}
	if n := t.s.Part(sv.Need); n != nil {
		var need referral.Need
		if err := n.Decode(&need); err != nil {
			return err
		}
		v.Rows.Rows = append([]page.SummaryRow{{Key: t.r.Text("casework.service.need"), Value: page.Cell{Text: t.r.Text("casework.need.type." + need.Type)}}}, v.Rows.Rows...)
	}
	v.Rows.Rows = append(v.Rows.Rows, page.SummaryRow{Key: t.r.Text("casework.service.course"), Value: t.marksOf("casework.service.state.", sv.Course)})
	if own && len(referral.ServiceNext[sv.State()]) > 0 {
		v.Links = append(v.Links, page.Link{Text: t.r.Text("casework.course"), Href: partPath(t.s.ID, p.ID) + "/course"})
	}
	return nil
}
