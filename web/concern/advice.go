package concern

import (
	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// advicePage shows what to do, what was answered, and the one button.
type advicePage struct {
	Form *page.Form
	// Now is what does not wait; Later the rest.
	Now, Later []matter.AdviceLevel
	Desk       string
	SeeBy      page.Cell
	About      []matter.SectionView
	Hand       string
	Paper      *paper
}

func (a *area) advice(r *page.Request) error {
	d, err := a.draft(r)
	if err != nil {
		return lost(r, err)
	}
	if s := d.first(); s != nil {
		return matter.Onward(r, of(r, "/form/{step}", "step", s.Name))
	}
	return a.showAdvice(r, 200, r.NewForm("concern.hand"), d)
}

func (a *area) showAdvice(r *page.Request, status int, f *page.Form, d *draft) error {
	desk, err := a.desk(r)
	if err != nil {
		return err
	}
	v := advicePage{Form: f, Desk: desk.Name, Hand: of(r, "/hand"), Paper: a.paperOf(r, d),
		SeeBy: r.Moment(d.here.SeeBy(desk, r.House.Now()))}
	for _, l := range a.kit.Advice(r, d.Values) {
		if l.Level == string(rule.Now) {
			v.Now = append(v.Now, l)
		} else {
			v.Later = append(v.Later, l)
		}
	}
	at := map[string]string{}
	for _, s := range d.steps() {
		for _, q := range s.Questions {
			at[q.ID] = of(r, "/form/{step}", "step", s.Name)
		}
	}
	v.About = matter.Answers(r, d.form(), d.Values, func(q *rule.Question) string { return at[q.ID] })
	return r.Render(status, "concern/advice", v)
}

// hand gives the concern to the desk. Sent twice, it is handed over once, and both
// answers show the receipt.
func (a *area) hand(r *page.Request) error {
	if _, err := a.handed(r); err == nil {
		return matter.Onward(r, of(r, "/receipt"))
	} else if err != errNone {
		return err
	}
	d, err := a.draft(r)
	if err != nil {
		return lost(r, err)
	}
	if s := d.first(); s != nil {
		return matter.Onward(r, of(r, "/form/{step}", "step", s.Name))
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
			return matter.Onward(r, of(r, "/receipt"))
		}
		return err
	}
	setCookie(r, secret(r), keepReceipt)
	return matter.Onward(r, of(r, "/receipt"))
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
	return matter.Onward(r, of(r, ""))
}
