package programme

import (
	"encoding/csv"
	"strconv"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// pointsOnPage is how many points one page lists.
const pointsOnPage = 200

// pointsPage is what the pages of points show.
type pointsPage struct {
	Tabs  page.Tabs
	Table page.Table
	Pages page.Pagination
	Count int
	Set   bool
	Map   *pointMapPage
}

// points lists the points of a round.
func points(r *page.Request) error {
	all, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	v := pointsPage{Count: len(all), Set: maySet(r), Tabs: pointTabs(r, "")}
	shown, pages := pageOf(r, all)
	v.Pages = pages
	v.Table = page.Table{Caption: r.Text("programme.points"), Quiet: true, Head: []page.Head{
		{Text: r.Text("programme.point.code")}, {Text: r.Text("programme.point.name")}, {Text: r.Text("programme.point.route")}, {Text: r.Text("programme.point.position")}}}
	if v.Set {
		v.Table.Head = append(v.Table.Head, page.Head{Text: r.Text("programme.actions")})
	}
	for _, p := range shown {
		v.Table.Rows = append(v.Table.Rows, pointRow(r, p, v.Set))
	}
	v.Table.Empty = page.Empty{Title: r.Text("programme.points.empty.title"), Text: r.Text("programme.points.empty.text")}
	if v.Set {
		v.Table.Empty.Text = r.Text("programme.points.empty.add")
		v.Table.Empty.Actions = []page.Link{{Text: r.Text("programme.points.list"), Href: roundPath(r) + "/points/list"},
			{Text: r.Text("programme.point.add"), Href: roundPath(r) + "/points/new"}}
	}
	return r.Render(200, "programme/points", v)
}

// maySet says whether the person may set up the round at hand.
func maySet(r *page.Request) bool { return r.May(access.RoundSet) && r.Round.Live() }

func pointRow(r *page.Request, p *collection.Point, set bool) page.Row {
	position := "–"
	if p.Lat != nil && p.Lon != nil {
		position = leftToRight(degrees(p.Lat) + ", " + degrees(p.Lon))
	}
	route := "–"
	if p.Route != "" {
		route = r.Round.RouteName(p.Route)
	}
	row := page.Row{Cells: []page.Cell{{Text: p.Code}, {Text: p.Name}, {Text: route}, {Text: position}}}
	if set {
		at := page.Path("/rounds/{round}/points/{point}", "round", p.Round, "point", p.ID)
		row.Cells = append(row.Cells, page.Cell{Links: []page.Link{
			{Text: r.Text("page.change"), Href: at + "/change", Hidden: p.Code},
			{Text: r.Text("programme.remove"), Href: at + "/remove", Hidden: p.Code}}})
	}
	return row
}

// leftToRight isolates numbers whose order must stay in text that runs from the right.
func leftToRight(s string) string { return "\u2066" + s + "\u2069" }

// pageOf cuts the list to the page that the address asks for.
func pageOf(r *page.Request, all []*collection.Point) ([]*collection.Point, page.Pagination) {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	last := max((len(all)+pointsOnPage-1)/pointsOnPage, 1)
	if err != nil || n < 1 || n > last {
		n = 1
	}
	link := func(n int) string { return page.Path("/rounds/{round}/points", "round", r.Round.ID, "page", n) }
	var p page.Pagination
	if n > 1 {
		p.Previous = link(n - 1)
	}
	if n < last {
		p.Next = link(n + 1)
	}
	return all[(n-1)*pointsOnPage : min(n*pointsOnPage, len(all))], p
}

func pointTabs(r *page.Request, current string) page.Tabs {
	tabs := page.Tabs{Label: r.Text("programme.points.views")}
	for _, one := range []struct{ key, path string }{{"list", ""}, {"map", "/map"}} {
		tabs.Links = append(tabs.Links, page.Link{Text: r.Text("programme.points.as." + one.key), Href: roundPath(r) + "/points" + one.path, Current: one.path == current})
	}
	return tabs
}

// pointFile is the list of points, to be changed in a spreadsheet and read back.
func pointFile(r *page.Request) error {
	all, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	w := csv.NewWriter(r.Download("points.csv", "text/csv; charset=utf-8", -1))
	_ = w.Write(collection.PointColumns) // what cannot be written is told by Error below
	for _, p := range all {
		_ = w.Write([]string{p.Code, guard(p.Name), p.Route, degrees(p.Lat), degrees(p.Lon)})
	}
	w.Flush()
	return w.Error()
}

// guard keeps a spreadsheet from reading a text as a formula: an apostrophe goes
// before it, as OWASP advises ("CSV Injection"). Codes and numbers need none.
func guard(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}
