package programme

import (
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// list shows the programmes that the person may see.
func list(r *page.Request) error {
	all, err := r.House.Collection.ListProgrammes(r.Context())
	if err != nil {
		return err
	}
	table := page.Table{Caption: r.Text("programme.list.title"), Quiet: true,
		Head: []page.Head{{Text: r.Text("programme.form.name")}, {Text: r.Text("programme.form.about")}}}
	strong := r.Principal
	strong.Strong, strong.Fresh = true, true
	hidden := false
	for _, p := range all {
		of := access.Resource{Programme: p.ID, Demo: p.Demo}
		if !r.House.Policies.Allow(r.Principal, access.ProgrammeView, of) {
			hidden = hidden || r.House.Policies.Allow(strong, access.ProgrammeView, of)
			continue
		}
		table.Rows = append(table.Rows, page.Row{Cells: []page.Cell{
			{Text: p.Name, Href: page.Path("/programmes/{programme}", "programme", p.ID), Tags: demoTag(r, p)},
			{Text: firstLine(p.About)},
		}})
	}
	table.Empty = page.Empty{Title: r.Text("programme.list.empty.title"), Text: r.Text("programme.list.empty.text")}
	add := r.May(access.ProgrammeAdd)
	if add {
		table.Empty.Text = r.Text("programme.list.empty.add")
		table.Empty.Actions = []page.Link{{Text: r.Text("programme.add"), Href: "/programmes/new"}}
	}
	return r.Render(200, "programme/list", struct {
		Table  page.Table
		Add    bool
		Strong string
	}{table, add && len(table.Rows) > 0, strongPath(hidden)})
}

// strongPath leads to a second factor, where one would show more.
func strongPath(hidden bool) string {
	if !hidden {
		return ""
	}
	return page.Path(page.StrongPath, "to", "/programmes")
}

func demoTag(r *page.Request, p *collection.Programme) []page.Tag {
	if !p.Demo {
		return nil
	}
	return []page.Tag{{Text: r.Text("programme.demo"), Colour: "yellow"}}
}

// firstLine is the start of a text, for a table.
func firstLine(s string) string {
	const most = 120
	line := []rune(collection.Clean(s))
	if len(line) <= most {
		return string(line)
	}
	return string(line[:most-1]) + "…"
}
