package refer

import (
	"context"
	"errors"
	"slices"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// checkPage shows all answers before the package is made.
type checkPage struct {
	Reference string
	Back      string
	Form      *page.Form
	Missing   []page.Link // everything that is wrong, each with its question
	Outcome   outcomeView
	Sections  []matter.SectionView
	Record    *page.SummaryRow
	// Sent and Kept are what a notification carries and what it leaves here.
	Sent    []matter.SectionView
	Kept    []matter.Said
	Removed *removed
	May     bool
}

func (a *area) check(r *page.Request) error {
	d, ok, err := a.write(r)
	if !ok {
		return err
	}
	return a.showCheck(r, 200, r.NewForm("refer.check"), d)
}

func (a *area) showCheck(r *page.Request, status int, f *page.Form, d *draft) error {
	p := checkPage{Reference: d.Reference(), Back: below(&d.File.Matter, ""), Form: f, Outcome: d.outcome(r), Removed: d.removed(r), May: r.May(access.ReferralSubmit)}
	p.Missing = a.missing(r, d)
	shown, err := d.readable()
	if err != nil {
		return err
	}
	p.Sections = matter.Answers(r, d.form(), shown, func(q *rule.Question) string { return d.question(q.ID) })
	for i := range p.Sections { // what the program fills in is not changed by hand
		for j := range p.Sections[i].About.Rows {
			row := &p.Sections[i].About.Rows[j]
			for _, q := range d.form().Questions() {
				if q.Bound != "" && len(row.Actions) > 0 && row.Actions[0].Href == d.question(q.ID) {
					row.Actions = nil
				}
			}
		}
	}
	if !d.recorded() || d.consent() != nil {
		p.Record = a.recordRow(r, d)
	}
	if p.Outcome.Protects {
		if err := d.split(r, &p); err != nil {
			return err
		}
	}
	return r.Render(status, "refer/check", p)
}

// readable are the answers with files by their titles.
func (d *draft) readable() (rule.Answers, error) {
	shown := d.values.Clone()
	for _, q := range d.form().Questions() {
		if q.Kind != rule.Files {
			continue
		}
		for i, ref := range shown[q.ID] {
			_, x, err := d.document(ref)
			if err != nil {
				return nil, err
			}
			if x != nil {
				shown[q.ID][i] = x.Title
			}
		}
	}
	return shown, nil
}

// missing is everything that stands between the answers and a package.
func (a *area) missing(r *page.Request, d *draft) []page.Link {
	var all []page.Link
	f := matter.NewForm(r)
	err := d.form().Check(d.values, a.Today(d.Here))
	matter.MarkAll(f, err)
	wrong := map[string]bool{}
	var list *fault.List
	if errors.As(err, &list) {
		for _, x := range list.Faults {
			wrong[x.Place.Field] = true
		}
	}
	for _, q := range d.form().Asked(d.values) {
		if wrong[q.ID] && q.Bound == "" {
			all = append(all, page.Link{Text: matter.Say(r, q.Text).Text, Href: d.question(q.ID)})
		}
	}
	if !d.recorded() {
		all = append(all, page.Link{Text: r.Text("refer.record.short"), Href: below(&d.File.Matter, "/record")})
	}
	return all
}

// split says what a notification carries and what it does not.
func (d *draft) split(r *page.Request, p *checkPage) error {
	o := d.Pathway.Outcome(d.values)
	sent, err := d.Pathway.Carry(o.ID, d.values)
	if err != nil {
		return err
	}
	for _, s := range d.form().Sections {
		v := matter.SectionView{Title: matter.Say(r, s.Title)}
		for _, q := range s.Questions {
			switch values := sent[q.ID]; {
			case len(values) > 0:
				v.About.Rows = append(v.About.Rows, page.SummaryRow{Key: matter.Say(r, q.Text).Text, Value: carried(r, q, values).Cell()})
			case len(d.values[q.ID]) > 0:
				p.Kept = append(p.Kept, matter.Say(r, q.Text))
			}
		}
		if len(v.About.Rows) > 0 {
			p.Sent = append(p.Sent, v)
		}
	}
	return nil
}

// checkPost makes the package: from then on nothing of it changes.
func (a *area) checkPost(r *page.Request) error {
	f, err := r.ReadForm("refer.check")
	if err != nil {
		return err
	}
	for range most {
		d, ok, err := a.write(r)
		if !ok {
			return err
		}
		// Whoever hands it over is who stands in it.
		given := rule.Answers{}
		if err := a.bound(r, d, given); err != nil {
			return err
		}
		if d, err = a.renew(r.Context(), r, d, given); err != nil {
			if fault.KindOf(err) == fault.Conflict {
				if err := f.Take(err); err != nil {
					return err
				}
				if d, ok, err = a.write(r); !ok {
					return err
				}
				return a.showCheck(r, 409, f, d)
			}
			return err
		}
		c, err := d.Freeze(d.Pathway, a.Today(d.Here), matter.NewToken(), a.Who(r))
		switch k := fault.KindOf(err); {
		case err == nil:
		case k == fault.Invalid:
			if len(a.missing(r, d)) == 0 {
				f.Wrong("", "refer.check.incomplete")
			}
			return a.showCheck(r, 422, f, d)
		case k == fault.Conflict:
			if err := f.Take(err); err != nil {
				return err
			}
			return a.showCheck(r, 409, f, d)
		default:
			return err
		}
		if _, err = a.Store.Do(r.Context(), c); err != nil && fault.KindOf(err) == fault.Conflict {
			continue // an answer changed in the moment between: it is checked again
		}
		if err != nil {
			return err
		}
		r.Flash("refer.check.done")
		return r.Redirect(below(&d.File.Matter, "/package"))
	}
	return clashed()
}

// renew saves what the program answers itself, if that is another now.
func (a *area) renew(ctx context.Context, r *page.Request, d *draft, given rule.Answers) (*draft, error) {
	same := true
	for id, v := range given {
		same = same && slices.Equal(d.values[id], v)
	}
	if same {
		return d, nil
	}
	c, _, err := d.SaveReferral(d.Pathway, d.Here.Network.Nation, given, a.Who(r))
	if err != nil {
		return nil, err
	}
	if _, err = a.Store.Do(ctx, c); err != nil {
		return nil, err
	}
	return a.read(r)
}

// made reads a case whose package is there. ok is false if it is not, and the request
// answered.
func (a *area) made(r *page.Request) (d *draft, part *referral.Part, pack *referral.Package, ok bool, err error) {
	if d, err = a.read(r); err != nil {
		return nil, nil, nil, false, err
	}
	if d.Only(referral.PartPackage) == nil {
		return nil, nil, nil, false, matter.Onward(r, below(&d.File.Matter, ""))
	}
	part, pack, err = d.Packed()
	return d, part, pack, err == nil, err
}

// carried is what leaves of an answer. What was made coarser on the way is no option of
// the question any more, and is shown as the word that it is.
func carried(r *page.Request, q *rule.Question, values []string) matter.Said {
	for _, v := range values {
		if (q.Kind == rule.Choice || q.Kind == rule.Choices) && q.Option(v) == nil {
			return matter.Said{Text: r.Words().Join(values...)}
		}
	}
	return matter.Answer(r, q, values)
}
