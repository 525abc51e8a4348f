package refer

import (
	"waymark/internal/fault"
	"waymark/referral"
	"waymark/web/page"
)

// carry carries a change out and leads to the package. What somebody else did
// meanwhile is said there, and nothing is done twice.
func (a *area) carry(r *page.Request, c *referral.Change, err error, done string) error {
	_, err = a.Do(r, c, err)
	if err != nil && fault.KindOf(err) != fault.Conflict {
		return err
	}
	if err != nil {
		done = "refer.meanwhile"
	} else if c.Send != nil && a.o.Start != nil {
		if err := a.o.Start(r.Context()); err != nil {
			return err
		}
	}
	r.Flash(done)
	return r.Redirect(page.Path(at+"/package", "matter", r.PathValue("matter")))
}

// handOverPage writes down that the authority has the package.
type handOverPage struct {
	Form      *page.Form
	Reference string
	Back      string
	Waiting   bool
}

func (a *area) handOver(r *page.Request) error {
	d, part, _, ok, err := a.made(r)
	if !ok {
		return err
	}
	return a.showHandOver(r, 200, r.NewForm("refer.over"), d, part)
}

func (a *area) showHandOver(r *page.Request, status int, f *page.Form, d *draft, part *referral.Part) error {
	m := &d.File.Matter
	if !m.Can(referral.HandOver) {
		r.Flash("refer.meanwhile")
		return r.Redirect(below(m, "/package"))
	}
	f.Choices("how", referral.Hows...)
	v, err := a.service(r, d, part)
	if err != nil {
		return err
	}
	return r.Render(status, "refer/over", handOverPage{f, d.Reference(), below(m, "/package"), v != nil && v.State == string(referral.Waiting)})
}

func (a *area) handOverPost(r *page.Request) error {
	f, err := r.ReadForm("refer.over")
	if err != nil {
		return err
	}
	d, part, _, ok, err := a.made(r)
	if !ok {
		return err
	}
	how := f.Choice("how", referral.Hows, page.Required)
	receipt := f.Text("receipt", page.Max(200))
	if f.Bad() {
		return a.showHandOver(r, 422, f, d, part)
	}
	c, err := d.HandOver(d.Pathway, d.Here.Network, how, receipt, a.Who(r))
	return a.carry(r, c, err, "refer.over.done")
}

func (a *area) thaw(r *page.Request) error {
	d, _, _, ok, err := a.made(r)
	if !ok {
		return err
	}
	return a.showThaw(r, r.NewForm("refer.thaw"), d)
}

// showThaw asks why the check is taken back.
func (a *area) showThaw(r *page.Request, f *page.Form, d *draft) error {
	m := &d.File.Matter
	if !m.Can(referral.Thaw) {
		r.Flash("refer.meanwhile")
		return r.Redirect(below(m, "/package"))
	}
	reason, err := f.Field("reason", "type", "textarea", "rows", 4, "sensitive", true)
	if err != nil {
		return err
	}
	return r.Confirm(page.Confirm{Title: r.Text("refer.thaw.title"), Lines: []string{r.Text("refer.thaw.what")}, Action: below(m, "/thaw"), Button: r.Text("refer.thaw.button"),
		Cancel: below(m, "/package"), Form: f, Fields: []page.Field{*reason}})
}

func (a *area) thawPost(r *page.Request) error {
	f, err := r.ReadForm("refer.thaw")
	if err != nil {
		return err
	}
	d, _, _, ok, err := a.made(r)
	if !ok {
		return err
	}
	reason := f.Text("reason", page.Required, page.Lines, page.Max(4000))
	if f.Bad() {
		return a.showThaw(r, f, d)
	}
	who := a.Who(r)
	c, err := d.File.Thaw(reason, who)
	if err == nil { // a draft again, with a draft's time
		c.Matter.KeepUntil, err = d.Keep(d.Pathway, d.Here.Network.Nation, referral.KeepDraft, who.At)
	}
	return a.carry(r, c, err, "refer.thaw.done")
}
