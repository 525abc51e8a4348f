package casework

import (
	"slices"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/page"
)

// sharePage shows who sees a case and lets others see it: an agency for a purpose, or
// a colleague in the team.
type sharePage struct {
	Form   *page.Form
	Team   *page.Form
	Table  page.Table
	Grants []shownGrant
	Back   string
	Here   string
	Within int
}

// shownGrant is somebody who sees a file.
type shownGrant struct {
	Who, What, Until, End string
}

func (a *area) share(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	f := r.NewForm("casework.share")
	f.SetDate("until", s.today.Add(90).String())
	return a.renderShare(r, 200, s, f, r.NewForm("casework.team"))
}

func (a *area) renderShare(r *page.Request, status int, s *seen, f, team *page.Form) error {
	p := sharePage{Form: f, Team: team, Back: page.Path(path(s.ID), "view", "partners"), Here: path(s.ID) + "/share", Within: s.network.Accept()}
	names, err := a.Names(r)
	if err != nil {
		return err
	}
	agencies, list, err := a.agencies(r)
	if err != nil {
		return err
	}
	var others []page.Option
	for _, x := range list {
		if x.ID != s.Agency && !x.Closed {
			others = append(others, page.Option{Value: x.ID.String(), Text: x.Name})
		}
	}
	f.SetOptions("agency", append([]page.Option{{Text: r.Text("casework.choose")}}, others...))
	one := make([]page.Option, 0, len(referral.Purposes))
	for _, v := range purposes() {
		one = append(one, page.Option{Value: v, Text: r.Text("casework.purpose." + v)})
	}
	f.SetOptions("purpose", one)
	colleagues, err := a.colleagues(r, s.Agency, s.Owner)
	if err != nil {
		return err
	}
	team.SetOptions("account", colleagues)
	grants, err := a.Store.Grants(r.Context(), s.ID)
	if err != nil {
		return err
	}
	now := a.house.Now()
	for _, g := range grants {
		if !g.InForce(now) {
			continue
		}
		v := shownGrant{Who: names[g.Account], What: r.Text("casework.grant." + string(g.Kind)), Until: r.Text("casework.grant.open")}
		if g.Agency != 0 {
			v.Who = agencies[g.Agency]
		}
		if g.Kind == referral.Share {
			list := make([]string, len(g.Purposes))
			for i, purpose := range g.Purposes {
				list[i] = r.Text("casework.purpose." + string(purpose))
			}
			v.What = r.Words().List(list)
		}
		if !g.Until.IsZero() {
			v.Until = lastDay(r, g)
		}
		v.End = page.Path("/cases/{matter}/share/{grant}/end", "matter", s.ID, "grant", g.ID)
		p.Grants = append(p.Grants, v)
	}
	return r.Render(status, "casework/share", p)
}

func (a *area) sharePost(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.share")
	if err != nil {
		return err
	}
	blank := r.NewForm("casework.team")
	var c *referral.Change
	switch f.Raw("do") {
	case "team":
		options, err := a.colleagues(r, s.Agency, s.Owner)
		if err != nil {
			return err
		}
		// Its form is the other one of the page: what is wrong stands on this one.
		team := chosen(f, "account", options)
		if f.Bad() {
			break
		}
		c, err = s.Join(team, s.who)
		if err := f.Take(err); err != nil {
			return err
		}
	default:
		agency := ids.ID(0)
		if v := f.Raw("agency"); v != "" {
			if agency, err = ids.Parse(v); err != nil {
				return page.NotFound()
			}
			if ok, err := a.belongs(r, s, agency); err != nil || !ok {
				return orNotFound(err)
			}
		} else {
			f.Wrong("agency", "casework.choose")
		}
		chosen := f.ChoiceMany("purpose", purposes(), page.Required)
		until := midnight(f.Date("until", page.Required))
		text := f.Text("text", page.Max(8000), page.Lines)
		if f.Bad() {
			break
		}
		list := make([]referral.Purpose, len(chosen))
		for i, v := range chosen {
			list[i] = referral.Purpose(v)
		}
		end := until.AddDate(0, 0, 1) // the day itself counts
		if text == "" {
			c, err = s.Share(agency, list, end, s.who)
		} else if len(list) > 1 {
			f.Wrong("purpose", "casework.share.one")
			break
		} else {
			var by time.Time
			if by, err = s.network.AcceptBy(s.rules, a.house.Now()); err == nil {
				c, err = s.SendPartner(agency, list[0], text, by, end, s.who)
			}
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	if !f.Bad() {
		if _, err := a.do(r, f, c, nil); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderShare(r, 422, s, f, blank)
	}
	r.Flash("casework.shared")
	return r.Redirect(path(s.ID) + "/share")
}

// lastDay is the last day on which a grant opens something: its end is exclusive.
func lastDay(r *page.Request, g *referral.Grant) string {
	return r.Words().Day(g.Until.Add(-time.Millisecond).UTC().Truncate(24 * time.Hour))
}

// belongs says whether an agency is of the case's network.
func (a *area) belongs(r *page.Request, s *seen, agency ids.ID) (bool, error) {
	_, list, err := a.agencies(r)
	return slices.ContainsFunc(list, func(x *referral.Agency) bool { return x.ID == agency && !x.Closed }), err
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return page.NotFound()
}

func (a *area) unsharePost(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	g, err := a.grantOf(r.Context(), r.Request)
	if err != nil {
		return err
	}
	if _, err := a.Store.Do(r.Context(), s.Unshare(g.ID, s.who)); err != nil {
		return err
	}
	r.Flash("casework.unshared")
	return r.Redirect(path(s.ID) + "/share")
}

// partners lists what was asked of other agencies.
func (t *teller) partners() (section, error) {
	r, s := t.r, t.s
	sec := section{Title: r.Text("casework.partner.many"), Empty: r.Text("casework.partner.none")}
	for _, p := range s.Of(referral.PartPartner) {
		var pr referral.PartnerReferral
		if err := p.Decode(&pr); err != nil {
			return sec, err
		}
		v := shownPart{Title: t.agencies[pr.Agency], Note: t.byline(p), Anchor: p.ID.String(), Tags: []page.Tag{{Text: r.Text("casework.purpose." + string(pr.Purpose)), Colour: "teal"}}}
		v.Rows.Rows = []page.SummaryRow{
			{Key: r.Text("casework.partner.text"), Value: page.Cell{Text: pr.Text}},
			{Key: r.Text("casework.service.course"), Value: t.marksOf("casework.partner.state.", pr.Course)}}
		if !p.Done {
			due := page.Cell{Text: r.Words().Day(p.Due)}
			if late(p.Due, t.house.Now()) {
				due.Tags = []page.Tag{{Text: r.Text("casework.overdue"), Colour: "red"}}
			}
			v.Rows.Rows = append(v.Rows.Rows, page.SummaryRow{Key: r.Text("casework.partner.by"), Value: due})
		}
		if len(referral.PartnerNext[pr.State()]) > 0 && r.May(access.CaseWrite) && (s.standing.Of == pr.Agency || s.standing.Of == s.Agency) {
			v.Links = append(v.Links, page.Link{Text: r.Text("casework.course"), Href: partPath(s.ID, p.ID) + "/course"})
		}
		sec.Parts = append(sec.Parts, v)
	}
	slices.Reverse(sec.Parts)
	return sec, nil
}
