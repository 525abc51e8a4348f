package refer

import (
	"slices"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// recordPage asks how consent was asked for.
type recordPage struct {
	Form      *page.Form
	Reference string
	Back      string
	Given     bool // what was answered
	Removed   *removed
}

// Questions of the form that a record answers too, where a pathway has them: nobody is
// asked twice.
const (
	consentDate     = "consent-date"
	consentLanguage = "consent-language"
)

// recorder opens the draft of a case of which consent was answered.
func (a *area) recorder(r *page.Request) (*draft, bool, error) {
	d, ok, err := a.write(r)
	if !ok {
		return nil, false, err
	}
	if d.at(referral.ConsentQuestion) == nil || d.values.One(referral.ConsentQuestion) == "" {
		return nil, false, matter.Onward(r, below(&d.File.Matter, ""))
	}
	return d, true, nil
}

func (a *area) record(r *page.Request) error {
	d, ok, err := a.recorder(r)
	if !ok {
		return err
	}
	f := r.NewForm("refer.record")
	f.SetDate("date", a.Today(d.Here).String())
	if v := d.values.One(consentDate); v != "" {
		f.SetDate("date", v)
	}
	f.Set("language", d.values.One(consentLanguage))
	return a.showRecord(r, 200, f, d)
}

func (a *area) showRecord(r *page.Request, status int, f *page.Form, d *draft) error {
	f.Choices("interpreter", referral.Interpreters...)
	f.Choices("how", referral.ConsentWays...)
	f.SetOptions("language", matter.Languages(r))
	return r.Render(status, "refer/record", recordPage{Form: f, Reference: d.Reference(), Given: d.values.One(referral.ConsentQuestion) == "yes",
		Back: d.question(referral.ConsentQuestion), Removed: d.removed(r)})
}

func (a *area) recordPost(r *page.Request) error {
	f, err := r.ReadForm("refer.record")
	if err != nil {
		return err
	}
	var languages []string
	for _, o := range matter.Languages(r) {
		languages = append(languages, o.Value)
	}
	x := &referral.Consent{Scope: "referral", Date: f.Date("date", page.Required), Language: f.Choice("language", languages, page.Required),
		Interpreter: f.Choice("interpreter", referral.Interpreters, page.Required), How: f.ChoiceMany("how", referral.ConsentWays, page.Required),
		Text: f.Text("text", page.Max(8000), page.Lines), Capacity: f.Checked("capacity")}
	for range most {
		d, ok, err := a.recorder(r)
		if !ok {
			return err
		}
		if day, err := rule.ParseDate(x.Date); err == nil && day.After(a.Today(d.Here)) {
			f.Wrong("date", "refer.record.future")
		}
		x.Given = d.values.One(referral.ConsentQuestion)
		if f.Bad() {
			return a.showRecord(r, 422, f, d)
		}
		if same(d.consent(), x) { // sent again after the answer was lost: it is there already
			return matter.Onward(r, d.onwards(referral.ConsentQuestion))
		}
		c, err := d.Add(referral.PartConsent, x, referral.About{}, a.Who(r))
		if err != nil {
			if err := f.Take(err); err != nil {
				return err
			}
			return a.showRecord(r, 422, f, d)
		}
		given := rule.Answers{}
		for id, v := range map[string]string{consentDate: x.Date, consentLanguage: x.Language} {
			if d.at(id) != nil {
				given[id] = []string{v}
			}
		}
		if len(given) > 0 {
			saved, _, err := d.SaveReferral(d.Pathway, d.Here.Network.Nation, given, a.Who(r))
			if err != nil {
				return err
			}
			c.Matter, c.Row = saved.Matter, saved.Row
			c.Put, c.Entries = append(c.Put, saved.Put...), append(c.Entries, saved.Entries...)
		}
		if _, err = a.Store.Do(r.Context(), c); err != nil && fault.KindOf(err) == fault.Conflict {
			continue
		}
		if err != nil {
			return err
		}
		if d, ok, err = a.write(r); !ok {
			return err
		}
		return matter.Onward(r, d.onwards(referral.ConsentQuestion))
	}
	return clashed()
}

// recordRow says in the list how it stands with the record of consent.
func (a *area) recordRow(r *page.Request, d *draft) *page.SummaryRow {
	row := &page.SummaryRow{Key: r.Text("refer.record.short"), Value: page.Cell{Tags: []page.Tag{{Text: r.Text("refer.record.missing"), Colour: "red"}}}}
	text := r.Text("refer.record.write")
	if d.recorded() {
		text = r.Text("refer.record.again")
		c := d.consent()
		row.Value = page.Cell{Text: r.Text("refer.record.given." + c.Given), Note: r.Words().Date(c.Date)}
	}
	if d.values.One(referral.ConsentQuestion) != "" && d.at(referral.ConsentQuestion) != nil {
		row.Actions = []page.Link{{Text: text, Hidden: row.Key, Href: below(&d.File.Matter, "/record")}}
	}
	return row
}

// same says that a record says what another says.
func same(a, b *referral.Consent) bool {
	return a != nil && a.Scope == b.Scope && a.Given == b.Given && a.Date == b.Date && a.Language == b.Language &&
		a.Interpreter == b.Interpreter && slices.Equal(a.How, b.How) && a.Text == b.Text && a.Capacity == b.Capacity
}
