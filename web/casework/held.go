package casework

import (
	"encoding/json"
	"slices"

	"waymark/referral"
	"waymark/web/matter"
	"waymark/web/page"
)

// heldPage is a copy of what is held about a person, to be read and printed, in a
// language that they read.
type heldPage struct {
	Reference string
	Made      page.Cell
	Sections  []heldSection
	Hidden    int
	Back      string
	Languages []page.Link
	File      string
}

// heldSection is one chapter of the copy.
type heldSection struct {
	Title string
	Parts []page.Summary
}

// held shows the copy. What it is shown in is the language that was asked for: words
// are translated, what people wrote stays as they wrote it.
func (a *area) held(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("format") == "json" {
		return a.heldFile(r, s)
	}
	own := r.Lang
	if lang := r.URL.Query().Get("lang"); slices.Contains(page.Languages, lang) {
		r.Lang = lang
	}
	p := heldPage{Reference: s.Reference(), Made: r.Moment(a.house.Now()), Hidden: s.Hidden, Back: back(s), File: page.Path(path(s.ID)+"/held", "format", "json")}
	for _, code := range page.Languages {
		p.Languages = append(p.Languages, page.Link{Text: page.LanguageNames[code], Href: page.Path(path(s.ID)+"/held", "lang", code), Current: code == r.Lang, Hidden: code})
	}
	t := &teller{area: a, r: r, s: s}
	if t.names, err = a.Names(r); err != nil {
		return err
	}
	if t.agencies, _, err = a.agencies(r); err != nil {
		return err
	}
	if p.Sections, err = t.chapters(); err != nil {
		return err
	}
	if err := r.Render(200, "casework/held", p); err != nil {
		return err
	}
	r.Lang = own
	return nil
}

// chapters puts everything that is held into words.
func (t *teller) chapters() ([]heldSection, error) {
	r, s := t.r, t.s
	var all []heldSection
	add := func(title string, parts ...page.Summary) {
		parts = slices.DeleteFunc(parts, func(p page.Summary) bool { return len(p.Rows) == 0 })
		if len(parts) > 0 {
			all = append(all, heldSection{title, parts})
		}
	}
	add(r.Text("casework.held.case"), t.about())
	if part, answers, err := s.Answered(); err == nil {
		sum := page.Summary{}
		for _, q := range s.rules.Referral.Asked(answers.Values) {
			if v := answers.Values[q.ID]; len(v) > 0 {
				sum.Rows = append(sum.Rows, page.SummaryRow{Key: matter.Say(r, q.Text).Text, Value: matter.Answer(r, q, v).Cell()})
			}
		}
		if len(sum.Rows) > 0 {
			sum.Rows = append(sum.Rows, t.written(part))
		}
		add(r.Text("casework.held.referral"), sum)
	}
	if part, pack, err := s.Packed(); err == nil {
		sum := page.Summary{Rows: []page.SummaryRow{t.written(part)}}
		for _, h := range s.Of(referral.PartHandover) {
			var over referral.Handover
			if err := h.Decode(&over); err != nil {
				return nil, err
			}
			sum.Rows = append(sum.Rows, page.SummaryRow{Key: r.Text("casework.held.sent"), Value: r.Moment(over.At)})
		}
		for _, q := range s.rules.Referral.Questions() {
			if v := pack.Values[q.ID]; len(v) > 0 {
				sum.Rows = append(sum.Rows, page.SummaryRow{Key: matter.Say(r, q.Text).Text, Value: matter.Answer(r, q, v).Cell()})
			}
		}
		add(r.Text("casework.held.package"), sum)
	}
	for _, k := range kinds {
		var parts []page.Summary
		for _, part := range s.Of(k.of) {
			shown, err := t.part(k, part)
			if err != nil {
				return nil, err
			}
			shown.Rows.Rows = append(shown.Rows.Rows, t.written(part))
			parts = append(parts, shown.Rows)
		}
		add(r.Text(k.words()+".many"), parts...)
	}
	for _, of := range []struct {
		title string
		list  func() (section, error)
	}{{"casework.partner.many", t.partners}, {"casework.document.many", t.documents}, {"casework.event.many", t.events}} {
		sec, err := of.list()
		if err != nil {
			return nil, err
		}
		var parts []page.Summary
		for _, p := range sec.Parts {
			p.Rows.Rows = append([]page.SummaryRow{{Key: r.Text("casework.held.title"), Value: page.Cell{Text: p.Title}}}, p.Rows.Rows...)
			parts = append(parts, p.Rows)
		}
		add(r.Text(of.title), parts...)
	}
	if err := t.asked(add); err != nil {
		return nil, err
	}
	seen, err := t.sharedWith()
	if err != nil {
		return nil, err
	}
	add(r.Text("casework.held.seen"), seen)
	return all, nil
}

// asked tells what the person asked for and was answered, and what was decided about
// the file, with reasons.
func (t *teller) asked(add func(title string, parts ...page.Summary)) error {
	var requests, steps []page.Summary
	for _, p := range t.s.Of(referral.PartRight) {
		var x referral.Right
		if err := p.Decode(&x); err != nil {
			return err
		}
		sum := rightRows(t.r, &x)
		sum.Rows = append(sum.Rows, t.written(p))
		requests = append(requests, sum)
	}
	list, err := t.Steps(t.r, t.s.File, t.names)
	if err != nil {
		return err
	}
	for _, step := range list {
		steps = append(steps, page.Summary{Rows: []page.SummaryRow{{Key: step.Title, Value: page.Cell{Text: step.Reason, Note: step.By + " – " + step.When.Text}}}})
	}
	add(t.r.Text("casework.right.many"), requests...)
	add(t.r.Text("casework.steps"), steps...)
	return nil
}

// written says who wrote a part, and when.
func (t *teller) written(p *referral.Part) page.SummaryRow {
	return page.SummaryRow{Key: t.r.Text("casework.held.written"), Value: page.Cell{Text: t.byline(p)}}
}

// sharedWith is who could see what, from when to when.
func (t *teller) sharedWith() (page.Summary, error) {
	grants, err := t.Store.Grants(t.r.Context(), t.s.ID)
	if err != nil {
		return page.Summary{}, err
	}
	var sum page.Summary
	for _, g := range grants {
		who := t.names[g.Account]
		if g.Agency != 0 {
			who = t.agencies[g.Agency]
		}
		what := t.r.Text("casework.grant." + string(g.Kind))
		if g.Kind == referral.Share {
			var list []string
			for _, p := range g.Purposes {
				list = append(list, t.r.Text("casework.purpose."+string(p)))
			}
			what = t.r.Words().List(list)
		}
		when := t.r.Words().Day(g.From)
		switch {
		case !g.Ended.IsZero() && (g.Until.IsZero() || g.Ended.Before(g.Until)):
			when += " – " + t.r.Words().Day(g.Ended)
		case !g.Until.IsZero():
			when += " – " + lastDay(t.r, g)
		}
		sum.Rows = append(sum.Rows, page.SummaryRow{Key: who, Value: page.Cell{Text: what, Note: when}})
	}
	return sum, nil
}

// heldFile is the same for machines: the parts as they are stored.
func (a *area) heldFile(r *page.Request, s *seen) error {
	type part struct {
		Kind    referral.PartKind `json:"kind"`
		Made    string            `json:"made"`
		Changed string            `json:"changed"`
		Content json.RawMessage   `json:"content"`
	}
	out := struct {
		Format    string `json:"format"`
		Reference string `json:"reference"`
		State     string `json:"state"`
		Rules     string `json:"rules"`
		Made      string `json:"made"`
		Parts     []part `json:"parts"`
	}{"waymark-held-1", s.Reference(), string(s.State), s.Rules, stamp(a.house.Now()), nil}
	for _, p := range s.Parts {
		out.Parts = append(out.Parts, part{p.Kind, stamp(p.Made), stamp(p.Changed), json.RawMessage(p.Body)})
	}
	b, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return err
	}
	_, _ = r.Download("held.json", "application/json", int64(len(b))).Write(b) // the browser may have gone
	return nil
}
