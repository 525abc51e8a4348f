package form

import (
	"errors"

	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/draft"
	"waymark/trust/access"
	"waymark/web/page"
)

// draftPage is what the page of a draft shows.
type draftPage struct {
	Form     *collection.Form
	Draft    *collection.Version
	Counts   []page.Tag
	Findings page.Table
	More     int
	Files    page.Table
	Missing  int
	Changes  []page.Tag
	Compare  string
	Why      []reason // what keeps it from being published
	Set      bool
	Test     bool
	Path     string
	Preview  string
	Empty    *page.Empty
}

// reason is a sentence about why a draft cannot be published.
type reason struct{ Text, Lang string }

// draft is the page of a form's draft.
func (a *area) draft(r *page.Request) error {
	f, v, err := findDraft(r)
	if err != nil {
		return err
	}
	crumbs(r, f)
	p := draftPage{Form: f, Draft: v, Set: maySet(r), Test: r.May(access.FormTest) && r.Round.Live(), Path: pathOf(f) + "/draft"}
	if v == nil {
		p.Empty = &page.Empty{Title: r.Text("form.draft.empty.title"), Text: r.Text("form.draft.empty.text")}
		if p.Set {
			p.Empty.Actions = []page.Link{{Text: r.Text("form.draft.upload"), Href: p.Path + "/new"}}
		}
		return r.Render(200, "form/draft", p)
	}
	p.Preview = versionPath(f, v.ID) + "/preview"
	found := a.checked.of(r, f, v)
	p.Findings, p.Counts = findingTable(r, found), countTags(r, found)
	p.More = max(len(found)-mostFindings, 0)
	needs, err := draft.NeedsOf(v)
	if err != nil {
		return err
	}
	p.Files, p.Missing = fileTable(r, f, v, needs), len(v.Missing())
	if f.Current != 0 {
		old, err := r.House.Collection.Version(r.Context(), f.Current)
		if err != nil {
			return err
		}
		if p.Changes, err = changeTags(r, old, v); err != nil {
			return err
		}
		p.Compare = comparePath(f, f.Current, v.ID)
	}
	published, err := r.House.Collection.ListVersions(r.Context(), f.ID)
	if err != nil {
		return err
	}
	p.Why = a.whyNot(r, f, v, published)
	return r.Render(200, "form/draft", p)
}

// whyNot lists what keeps a draft from being published, in the page's language where
// there are words.
func (a *area) whyNot(r *page.Request, f *collection.Form, v *collection.Version, published []*collection.Version) []reason {
	err := collection.CheckPublish(v, errorsIn(a.checked.of(r, f, v)), published)
	if err == nil {
		err = draft.Ready(v, published)
	}
	var why []reason
	if v != nil && f.Managed != (v.PrivateKey != nil) {
		why = append(why, reason{Text: r.Text("form.publish.key")})
	}
	for _, one := range faultsOf(err) {
		text, lang := r.Words().Sentence(one)
		why = append(why, reason{text, lang})
	}
	return why
}

func faultsOf(err error) []*fault.Fault {
	var list *fault.List
	var one *fault.Fault
	switch {
	case errors.As(err, &list):
		return list.Faults
	case errors.As(err, &one):
		return []*fault.Fault{one}
	}
	return nil
}

// fileTable lists the files that a version needs.
func fileTable(r *page.Request, f *collection.Form, v *collection.Version, needs []draft.Need) page.Table {
	t := page.Table{Caption: r.Text("form.files"), Head: []page.Head{
		{Text: r.Text("form.file.name")}, {Text: r.Text("form.file.kind")}, {Text: r.Text("form.file.uses")}, {Text: r.Text("form.file.state")}}}
	byName := map[string]collection.FormFile{}
	for _, one := range v.Files {
		byName[one.Name] = one
	}
	for _, n := range needs {
		file := byName[n.Name]
		cell := page.Cell{Tags: []page.Tag{{Text: r.Text("form.file.missing"), Colour: "red"}}}
		name := page.Cell{Text: n.Name}
		if file.Address != "" {
			cell = page.Cell{Text: r.Words().Bytes(file.Size)}
			name.Href = page.Path(versionPath(f, v.ID)+"/files/{file}", "file", n.Name)
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{name, {Text: r.Text("form.kind." + string(n.Kind))}, {Text: usesText(r, n)}, cell}})
	}
	return t
}

func usesText(r *page.Request, n draft.Need) string {
	const most = 3
	var labels []string
	for i, u := range n.Uses {
		if i == most {
			labels = append(labels, r.Text("form.file.uses.more", "n", len(n.Uses)-most))
			break
		}
		labels = append(labels, or(u.Label, r.Text("form.file.uses.form")))
	}
	return r.Words().Join(labels...)
}

// publish asks before phones get the draft.
func (a *area) publish(r *page.Request) error {
	f, v, err := findDraft(r)
	if err != nil {
		return err
	}
	if v == nil {
		return r.Redirect(pathOf(f) + "/draft")
	}
	published, err := r.House.Collection.ListVersions(r.Context(), f.ID)
	if err != nil {
		return err
	}
	if len(a.whyNot(r, f, v, published)) > 0 {
		return r.Redirect(pathOf(f) + "/draft") // the page says why not
	}
	crumbs(r, f)
	lines := []string{r.Text("form.publish.what", "title", f.Title, "version", or(v.Version, "–"))}
	if f.Current != 0 {
		old, err := r.House.Collection.Version(r.Context(), f.Current)
		if err != nil {
			return err
		}
		report, err := draft.Compare(old, v)
		if err != nil {
			return err
		}
		if n := draft.Breaking(report); n > 0 {
			lines = append(lines, r.Text("form.publish.breaking", "n", n))
		}
		lines = append(lines, r.Text("form.publish.update"))
	}
	if r.Round.State != collection.Open {
		lines = append(lines, r.Text("form.publish.round"))
	}
	lines = append(lines, r.Text("form.publish.tests"))
	return r.Confirm(page.Confirm{Title: r.Text("form.publish"), Lines: lines, Action: pathOf(f) + "/draft/publish",
		Button: r.Text("form.publish.button"), Cancel: pathOf(f) + "/draft", Hidden: map[string]string{"draft": v.ID.String()}})
}

// publishPost publishes the draft that the question was about.
func (a *area) publishPost(r *page.Request) error {
	form, err := r.ReadForm("form.publish")
	if err != nil {
		return err
	}
	f, v, err := findDraft(r)
	if err != nil {
		return err
	}
	asked, _ := ids.Parse(form.Raw("draft")) // zero is no draft
	if v == nil || v.ID != asked {
		r.Flash("form.publish.again")
		return r.Redirect(pathOf(f) + "/draft")
	}
	published, err := r.House.Collection.ListVersions(r.Context(), f.ID)
	if err != nil {
		return err
	}
	if len(a.whyNot(r, f, v, published)) > 0 {
		return r.Redirect(pathOf(f) + "/draft")
	}
	_, err = r.House.Collection.Publish(r.Context(), r.By, f.ID, asked, r.House.Now())
	if err != nil && fault.KindOf(err) == fault.Conflict {
		r.Flash("form.publish.again")
		return r.Redirect(pathOf(f) + "/draft")
	}
	if err != nil {
		return err
	}
	if err := retitle(r, f.ID, v.XForm); err != nil {
		return err
	}
	r.Flash("form.publish.done")
	return r.Redirect(pathOf(f))
}

// retitle calls a form what its latest version calls itself. Another person's change
// at the same moment goes before.
func retitle(r *page.Request, id ids.ID, document []byte) error {
	form, err := xform.Parse(document)
	if err != nil {
		return err
	}
	f, err := r.House.Collection.Form(r.Context(), id)
	title := collection.Clean(form.Title)
	if err != nil || title == "" || title == f.Title {
		return err
	}
	f.Title = title
	err = r.House.Collection.PutForm(r.Context(), r.By, f)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		return nil
	}
	return err
}
