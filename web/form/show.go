package form

import (
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// formPage is what the page of a form shows.
type formPage struct {
	Form     *collection.Form
	State    page.Tag
	About    page.Summary
	Draft    string // path of the draft, "" for none
	Upload   string // path to upload a draft
	Moves    []page.Link
	Versions page.Table
}

// show is the page of a form: its state, its draft, its versions.
func show(r *page.Request) error {
	f, err := find(r)
	if err != nil {
		return err
	}
	versions, err := r.House.Collection.ListVersions(r.Context(), f.ID)
	if err != nil {
		return err
	}
	names, err := people(r)
	if err != nil {
		return err
	}
	v := formPage{Form: f, State: stateTag(r, f), About: about(r, f, versions)}
	if f.Draft != 0 {
		v.Draft = pathOf(f) + "/draft"
	}
	if maySet(r) {
		v.Upload = pathOf(f) + "/draft/new"
		for _, to := range f.Moves() {
			v.Moves = append(v.Moves, page.Link{Text: r.Text("form.move." + string(to)), Href: page.Path(pathOf(f)+"/state", "to", string(to))})
		}
	}
	v.Versions = versionTable(r, f, versions, names)
	r.Crumb(r.Text("form.title"), rootPath(r))
	return r.Render(200, "form/show", v)
}

func about(r *page.Request, f *collection.Form, versions []*collection.Version) page.Summary {
	current := r.Text("form.version.none")
	for _, one := range versions {
		if one.ID == f.Current {
			current = or(one.Version, "–")
		}
	}
	encryption := page.SummaryRow{Key: r.Text("form.encryption"), Value: page.Cell{Text: r.Text("form.encryption.off"), Note: r.Text("form.encryption.off.what")}}
	if f.Managed {
		encryption.Value = page.Cell{Text: r.Text("form.encryption.on"), Note: r.Text("form.encryption.on.what")}
	}
	if maySet(r) {
		encryption.Actions = []page.Link{{Text: r.Text("page.change"), Href: pathOf(f) + "/encryption", Hidden: r.Text("form.encryption")}}
	}
	return page.Summary{Rows: []page.SummaryRow{
		{Key: r.Text("form.id"), Value: page.Cell{Text: f.FormID}},
		{Key: r.Text("form.version.current"), Value: page.Cell{Text: current}},
		{Key: r.Text("form.state"), Value: page.Cell{Tags: []page.Tag{stateTag(r, f)}, Note: r.Text("form.state." + string(f.State) + ".what")}},
		encryption,
	}}
}

// people are the names of accounts in the programme, read at once.
func people(r *page.Request) (map[ids.ID]string, error) {
	names := map[ids.ID]string{}
	if !r.May(access.FormSet) {
		return names, nil // who looks at forms alone need not know who made them
	}
	list, err := r.House.Accounts.Accounts(r.Context(), r.Programme.ID)
	for _, a := range list {
		names[a.ID] = a.Name
	}
	return names, err
}

func versionTable(r *page.Request, f *collection.Form, versions []*collection.Version, names map[ids.ID]string) page.Table {
	t := page.Table{Caption: r.Text("form.versions"), Head: []page.Head{
		{Text: r.Text("form.version")}, {Text: r.Text("form.published")}, {Text: r.Text("form.by")}, {Text: r.Text("form.look")}}}
	for i, one := range versions {
		if one.Published.IsZero() {
			continue
		}
		cell := page.Cell{Text: or(one.Version, "–"), Href: versionPath(f, one.ID)}
		if one.ID == f.Current {
			cell.Tags = []page.Tag{{Text: r.Text("form.current"), Colour: "green"}}
		}
		links := []page.Link{{Text: r.Text("form.preview"), Href: versionPath(f, one.ID) + "/preview", Hidden: one.Version}}
		if i+1 < len(versions) {
			links = append(links, page.Link{Text: r.Text("form.compare.before"), Href: comparePath(f, versions[i+1].ID, one.ID), Hidden: one.Version})
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{cell, {Text: r.Words().Moment(one.Published)}, {Text: or(names[one.By], "–")}, {Links: links}}})
	}
	t.Empty = page.Empty{Title: r.Text("form.versions.empty.title"), Text: r.Text("form.versions.empty.text")}
	if f.Draft != 0 {
		t.Empty.Actions = []page.Link{{Text: r.Text("form.draft.look"), Href: pathOf(f) + "/draft"}}
	}
	return t
}
