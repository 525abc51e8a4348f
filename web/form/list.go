package form

import (
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// list shows the forms of a round.
func list(r *page.Request) error {
	forms, err := r.House.Collection.ListForms(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	t := page.Table{Caption: r.Text("form.title"), Quiet: true, Head: []page.Head{
		{Text: r.Text("form.name")}, {Text: r.Text("form.id")}, {Text: r.Text("form.state")}}}
	for _, f := range forms {
		tags := []page.Tag{stateTag(r, f)}
		if f.Draft != 0 && f.State != collection.FormDraft {
			tags = append(tags, page.Tag{Text: r.Text("form.draft.there"), Colour: "blue"})
		}
		if f.Managed {
			tags = append(tags, page.Tag{Text: r.Text("form.encrypted"), Colour: "purple"})
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: f.Title, Href: pathOf(f)}, {Text: f.FormID}, {Tags: tags}}})
	}
	t.Empty = page.Empty{Title: r.Text("form.empty.title"), Text: r.Text("form.empty.text")}
	add := ""
	if maySet(r) {
		add = rootPath(r) + "/new"
		t.Empty.Text = r.Text("form.empty.add")
		t.Empty.Actions = []page.Link{{Text: r.Text("form.add"), Href: add}}
	}
	return r.Render(200, "form/list", struct {
		Table  page.Table
		Count  int
		Add    string
		Phones string
	}{t, len(forms), add, rootPath(r) + "/phones"})
}

// phones shows what the list of forms holds that phones of this round ask for.
func phones(r *page.Request) error {
	forms, err := r.House.Collection.ListForms(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	t := page.Table{Caption: r.Text("form.phones.title"), Quiet: true, Head: []page.Head{
		{Text: r.Text("form.name")}, {Text: r.Text("form.id")}, {Text: r.Text("form.version")}, {Text: r.Text("form.files")}, {Text: r.Text("form.hash")}}}
	for _, f := range forms { // a round has a handful
		if f.State != collection.FormOpen || f.Current == 0 {
			continue
		}
		v, err := r.House.Collection.Version(r.Context(), f.Current)
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: f.Title, Href: pathOf(f)}, {Text: f.FormID}, {Text: v.Version},
			{Text: r.Words().Whole(len(v.Files))}, {Text: "md5:" + v.Hash}}})
	}
	t.Empty = page.Empty{Title: r.Text("form.phones.empty.title"), Text: r.Text("form.phones.empty.text"),
		Actions: []page.Link{{Text: r.Text("form.title"), Href: rootPath(r)}}}
	crumbs(r, nil)
	return r.Render(200, "form/phones", struct {
		Table  page.Table
		Closed bool
	}{t, r.Round.State != collection.Open})
}
