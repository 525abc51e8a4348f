package concern

import (
	"slices"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// adviceLevel is what to do within one time.
type adviceLevel struct {
	Level string
	Lines []adviceLine
}

// adviceLine is one thing to do, with why and where that comes from.
type adviceLine struct {
	Text, Because matter.Said
	Reasons       []matter.Said
	Source        string
	Checked       page.Tag
	Doubt         string
}

// adviceOf is what to do now, from the answers: never a score.
func adviceOf(r *page.Request, d *draft) []adviceLevel {
	h := d.here
	var levels []adviceLevel
	for _, x := range h.Pathway.Advise(d.Values, h.Network.Nation, rule.DateOf(r.House.Now().In(h.Zone()))) {
		if n := len(levels); n == 0 || levels[n-1].Level != string(x.Level) {
			levels = append(levels, adviceLevel{Level: string(x.Level)})
		}
		line := adviceLine{Text: matter.Say(r, x.Text), Because: matter.Say(r, x.Because),
			Source: matter.Cite(h.Pathway, x.Cite), Checked: matter.Checked(r, &x.Rule), Doubt: x.Doubt}
		for _, why := range x.Reasons {
			if why.Indicator != nil {
				line.Reasons = append(line.Reasons, matter.Say(r, why.Indicator.Text))
			} else if q := h.Pathway.Concern.Question(why.Question); q != nil {
				line.Reasons = append(line.Reasons, matter.Answer(r, q, []string{why.Value}))
			}
		}
		last := &levels[len(levels)-1]
		last.Lines = append(last.Lines, line)
	}
	return levels
}

// advicePage shows what to do, what was answered, and the one button.
type advicePage struct {
	Form   *page.Form
	Levels []adviceLevel
	Desk   string
	SeeBy  page.Cell
	About  page.Summary
	Hand   string
	Paper  *paper
}

func (a *area) advice(r *page.Request) error {
	d, err := a.draft(r)
	if err != nil {
		return lost(r, err)
	}
	if s := d.first(); s != nil {
		return onward(r, of(r, "/form/{step}", "step", s.Name))
	}
	return a.showAdvice(r, 200, r.NewForm("concern.hand"), d)
}

func (a *area) showAdvice(r *page.Request, status int, f *page.Form, d *draft) error {
	desk, err := a.desk(r)
	if err != nil {
		return err
	}
	v := advicePage{Form: f, Levels: adviceOf(r, d), Desk: desk.Name, Hand: of(r, "/hand"), Paper: a.paperOf(r, d),
		SeeBy: r.Moment(d.here.SeeBy(desk, r.House.Now()))}
	asked := d.form().Asked(d.Values)
	for _, s := range d.steps() {
		for _, q := range s.Questions {
			if !slices.Contains(asked, q) || q.Kind == rule.Note {
				continue
			}
			value := page.Cell{Text: r.Text("matter.none")}
			if given := d.Values[q.ID]; len(given) > 0 {
				value = matter.Answer(r, q, given).Cell()
			}
			text := matter.Say(r, q.Text)
			v.About.Rows = append(v.About.Rows, page.SummaryRow{Key: text.Text, Value: value,
				Actions: []page.Link{{Text: r.Text("page.change"), Hidden: text.Text, Href: of(r, "/form/{step}", "step", s.Name)}}})
		}
	}
	return r.Render(status, "concern/advice", v)
}

// hand gives the concern to the desk. Sent twice, it is handed over once, and both
// answers show the receipt.
func (a *area) hand(r *page.Request) error {
	if _, err := a.handed(r); err == nil {
		return onward(r, of(r, "/receipt"))
	} else if err != errNone {
		return err
	}
	d, err := a.draft(r)
	if err != nil {
		return lost(r, err)
	}
	if s := d.first(); s != nil {
		return onward(r, of(r, "/form/{step}", "step", s.Name))
	}
	desk, err := a.desk(r)
	if err != nil {
		return err
	}
	who := a.kit.Who(r)
	code := a.kit.Digest(string(referral.Receipt), a.receiptCode(secret(r)))
	c, err := d.HandIn(d.here.Pathway, a.kit.Today(d.here), d.here.SeeBy(desk, who.At), code, who)
	if fault.KindOf(err) == fault.Invalid && err != nil {
		f := r.NewForm("concern.hand")
		f.Wrong("", "concern.hand.incomplete")
		return a.showAdvice(r, 422, f, d)
	}
	if _, err := a.kit.Do(r, c, err); err != nil {
		if fault.KindOf(err) == fault.Conflict {
			return onward(r, of(r, "/receipt"))
		}
		return err
	}
	setCookie(r, secret(r), keepReceipt)
	return onward(r, of(r, "/receipt"))
}

// handed finds the concern that this browser handed in over this link.
func (a *area) handed(r *page.Request) (*referral.Matter, error) {
	s := secret(r)
	if s == "" {
		return nil, errNone
	}
	m, err := a.store.MatterByCode(r.Context(), referral.Receipt, a.kit.Digest(string(referral.Receipt), a.receiptCode(s)))
	if err != nil && fault.KindOf(err) == fault.NotFound || err == nil && m.Link != matter.At(r).Link.ID {
		return nil, errNone
	}
	return m, err
}

// receipt shows the reference, and the code to come back with.
func (a *area) receipt(r *page.Request) error {
	m, err := a.handed(r)
	if err != nil {
		return lost(r, err)
	}
	desk, err := a.desk(r)
	if err != nil {
		return err
	}
	return r.Render(200, "concern/receipt", struct {
		Reference, Code, Desk string
		SeeBy                 page.Cell
		Urgent                bool
		Done, Back            string
	}{m.Reference(), a.receiptCode(secret(r)), desk.Name, r.Moment(matter.At(r).SeeBy(desk, m.Opened)), m.Urgent, of(r, "/done"), of(r, "/back")})
}

// done makes the browser forget the concern.
func (a *area) done(r *page.Request) error {
	if _, err := r.ReadForm("concern.done"); err != nil {
		return err
	}
	setCookie(r, "", 0)
	r.Flash("concern.forgotten")
	return onward(r, of(r, ""))
}
