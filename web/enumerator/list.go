package enumerator

import (
	"strings"

	"waymark/monitoring/collection"
	"waymark/web/page"
)

// list shows the people of a round.
func list(r *page.Request) error {
	people, err := r.House.Collection.ListEnumerators(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	points, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	byID := collection.PointsByID(points)
	t := page.Table{Caption: r.Text("enumerator.title"), Quiet: true, Head: []page.Head{
		{Text: r.Text("enumerator.form.code")}, {Text: r.Text("enumerator.form.name")}, {Text: r.Text("enumerator.phone")},
		{Text: r.Text("enumerator.used")}, {Text: r.Text("enumerator.points")}}}
	for _, e := range people {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: e.Code, Href: pathOf(e)}, {Text: or(e.Name, "–")}, {Tags: []page.Tag{phoneTag(r, e)}},
			{Text: r.Words().Moment(e.Used)}, {Text: wherePeopleWork(r, pointCodes(e, byID))}}})
	}
	v := struct {
		Table     page.Table
		Count     int
		Set, Code bool
		Root      string
	}{t, len(people), maySet(r), mayCode(r), rootPath(r)}
	v.Table.Empty = page.Empty{Title: r.Text("enumerator.empty.title"), Text: r.Text("enumerator.empty.text")}
	if v.Set {
		v.Table.Empty.Text = r.Text("enumerator.empty.add")
		v.Table.Empty.Actions = []page.Link{{Text: r.Text("enumerator.list"), Href: v.Root + "/list"}, {Text: r.Text("enumerator.add"), Href: v.Root + "/new"}}
	}
	return r.Render(200, "enumerator/list", v)
}

func wherePeopleWork(r *page.Request, codes []string) string {
	if len(codes) == 0 {
		return r.Text("enumerator.anywhere")
	}
	return strings.Join(codes, ", ")
}
