package form

import (
	"strconv"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/draft"
	"waymark/web/page"
)

// state asks before a form is opened, closed or let run out.
func state(r *page.Request) error {
	f, err := find(r)
	if err != nil {
		return err
	}
	to := collection.FormState(r.URL.Query().Get("to"))
	one := *f
	if err := one.Move(to); err != nil {
		return r.Redirect(pathOf(f)) // done already, or no such state: the page says so
	}
	crumbs(r, f)
	key := "form.move." + string(to)
	return r.Confirm(page.Confirm{Title: r.Text(key), Lines: []string{f.Title, r.Text(key + ".what")}, Action: pathOf(f) + "/state",
		Button: r.Text(key), Cancel: pathOf(f), Hidden: map[string]string{"to": string(to), "etag": strconv.FormatInt(f.Etag, 10)}})
}

func statePost(r *page.Request) error {
	form, err := r.ReadForm("form.move")
	if err != nil {
		return err
	}
	f, err := find(r)
	if err != nil {
		return err
	}
	to := collection.FormState(form.Raw("to"))
	if f.State == to {
		return r.Redirect(pathOf(f)) // another person did the same
	}
	if !r.Round.Live() {
		return page.NotFound()
	}
	f.Etag = form.Etag()
	if err := f.Move(to); err != nil {
		return err
	}
	err = r.House.Collection.PutForm(r.Context(), r.By, f)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		r.Flash("form.again") // it was changed since the question was asked
		return r.Redirect(page.Path(pathOf(f)+"/state", "to", string(to)))
	}
	if err != nil {
		return err
	}
	r.Flash("form.move." + string(to) + ".done")
	return r.Redirect(pathOf(f))
}

// encryption asks before phones begin, or cease, to encrypt what they send.
func encryption(r *page.Request) error {
	f, err := find(r)
	if err != nil {
		return err
	}
	key := "form.encryption.begin"
	if f.Managed {
		key = "form.encryption.end"
	}
	crumbs(r, f)
	lines := []string{r.Text(key + ".what"), r.Text(key + ".next")}
	if f.Draft != 0 {
		lines = append(lines, r.Text("form.encryption.draft"))
	}
	return r.Confirm(page.Confirm{Title: r.Text(key), Lines: lines, Action: pathOf(f) + "/encryption", Button: r.Text(key), Cancel: pathOf(f),
		Hidden: map[string]string{"etag": strconv.FormatInt(f.Etag, 10)}})
}

// encryptionPost sets the switch, and makes the draft anew with a key of its own or
// without one.
func (a *area) encryptionPost(r *page.Request) error {
	form, err := r.ReadForm("form.encryption")
	if err != nil {
		return err
	}
	f, v, err := findDraft(r)
	if err != nil {
		return err
	}
	if !r.Round.Live() {
		return page.NotFound()
	}
	f.Etag, f.Managed = form.Etag(), !f.Managed
	err = r.House.Collection.PutForm(r.Context(), r.By, f)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		r.Flash("form.again")
		return r.Redirect(pathOf(f) + "/encryption")
	}
	if err != nil {
		return err
	}
	if v == nil {
		r.Flash("form.encryption.done")
		return r.Redirect(pathOf(f))
	}
	return a.rekey(r, f, v)
}

// rekey makes the draft of v anew under the form's present switch. What was uploaded
// as an XForm cannot be freed of a key; it is to be uploaded again then, and the
// draft's page says so.
func (a *area) rekey(r *page.Request, f *collection.Form, v *collection.Version) error {
	versions, err := r.House.Collection.ListVersions(r.Context(), f.ID)
	if err != nil {
		return err
	}
	opt := draft.Options{FormID: f.FormID, Now: r.House.Now(), Taken: taken(versions)}
	var private []byte
	if f.Managed {
		if opt.PublicKey, private, err = a.NewKey(); err != nil {
			return err
		}
	}
	source, name := v.Source, v.SourceName
	if source == nil {
		source, name = v.XForm, f.FormID+".xml"
	}
	d, err := draft.Make(source, name, opt)
	if err != nil || source == nil || !f.Managed && v.Source == nil {
		r.Flash("form.encryption.upload")
		return r.Redirect(pathOf(f) + "/draft")
	}
	next := d.Version
	next.Form, next.Created, next.By, next.PrivateKey, next.Files = f.ID, r.House.Now(), v.By, private, v.Files
	err = r.House.Collection.PutDraft(r.Context(), r.By, next, v.ID)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		r.Flash("form.encryption.upload") // another draft came meanwhile
		return r.Redirect(pathOf(f) + "/draft")
	}
	if err != nil {
		return err
	}
	r.Flash("form.encryption.done")
	return r.Redirect(pathOf(f) + "/draft")
}
