package form

import (
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/web/page"
)

// discard asks before a draft is thrown away.
func discard(r *page.Request) error {
	f, v, err := findDraft(r)
	if err != nil {
		return err
	}
	if v == nil {
		return r.Redirect(pathOf(f) + "/draft") // another person did the same
	}
	crumbs(r, f)
	lines := []string{r.Text("form.discard.what", "title", f.Title, "version", or(v.Version, "–")), r.Text("form.discard.tests")}
	if f.Current != 0 {
		lines = append(lines, r.Text("form.discard.current"))
	}
	return r.Confirm(page.Confirm{Title: r.Text("form.discard"), Lines: lines, Action: pathOf(f) + "/draft/discard",
		Button: r.Text("form.discard.button"), Cancel: pathOf(f) + "/draft", Hidden: map[string]string{"draft": v.ID.String()}})
}

// discardPost throws away the draft that the question was about, and no other.
func discardPost(r *page.Request) error {
	form, err := r.ReadForm("form.discard")
	if err != nil {
		return err
	}
	f, err := find(r)
	if err != nil {
		return err
	}
	if !r.Round.Live() {
		return page.NotFound()
	}
	if f.Draft == 0 {
		return r.Redirect(pathOf(f))
	}
	asked, _ := ids.Parse(form.Raw("draft")) // zero is no draft
	err = r.House.Collection.DropDraft(r.Context(), r.By, f.ID, asked)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		r.Flash("form.discard.again")
		return r.Redirect(pathOf(f) + "/draft")
	}
	if err != nil {
		return err
	}
	r.Flash("form.discard.done")
	return r.Redirect(pathOf(f))
}
