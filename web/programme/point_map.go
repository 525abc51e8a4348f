package programme

import (
	"html/template"

	"waymark/monitoring/brief/figure"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// pointMapPage is the picture of the points.
type pointMapPage struct {
	// Wide and Narrow are the same picture for two widths: text that is read on a
	// phone would be large on a desk.
	Wide, Narrow template.HTML
	// Without are points that have no position.
	Without []string
	Empty   page.Empty
}

// Widths of the two pictures in pixels.
const wideMap, narrowMap = 760, 330

// looks are the paints and marks of routes, in the order of the round; further routes
// share the last. Points without a route have their own.
var looks = []figure.Series{
	{Paint: figure.Series1, Mark: figure.Disc},
	{Paint: figure.Series2, Mark: figure.Diamond},
	{Paint: figure.Series3, Mark: figure.Triangle},
	{Paint: figure.Neutral, Mark: figure.Ring},
}

// pointMap shows where the points lie, as a picture drawn here.
func pointMap(r *page.Request) error {
	all, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	v := pointsPage{Count: len(all), Set: maySet(r), Tabs: pointTabs(r, "/map"), Map: &pointMapPage{}}
	spec, without := mapSpec(r, all)
	v.Map.Without = without
	if len(spec.Points) == 0 {
		v.Map.Empty = page.Empty{Title: r.Text("programme.map.empty.title"), Text: r.Text("programme.map.empty.text"),
			Actions: []page.Link{{Text: r.Text("programme.points.as.list"), Href: roundPath(r) + "/points"}}}
	} else {
		v.Map.Wide, v.Map.Narrow = drawMap(spec, wideMap, "points"), drawMap(spec, narrowMap, "points-narrow")
	}
	return r.Render(200, "programme/points", v)
}

// drawMap draws the picture. It escapes every text that it holds, which
// TestTextsAreEscaped looks at.
func drawMap(spec figure.PointMapSpec, width float64, id string) template.HTML {
	spec.Width = width
	return template.HTML(figure.PointMap(spec).SVG(figure.SVGOptions{ID: id, Inline: true}))
}

func mapSpec(r *page.Request, all []*collection.Point) (figure.PointMapSpec, []string) {
	spec := figure.PointMapSpec{Frame: figure.Frame{Title: r.Text("programme.map.title"),
		RTL: r.Words().RTL},
		Also: r.Text("programme.map.also"), Kilometres: r.Text("programme.map.km"), Disclaimer: r.Text("programme.map.disclaimer")}
	series := map[string]int{}
	seriesOf := func(route string) int {
		if n, ok := series[route]; ok {
			return n
		}
		look := figure.Series{Name: r.Text("programme.point.route.none"), Paint: figure.Neutral, Mark: figure.Square}
		if route != "" {
			look = looks[len(looks)-1]
			for i, x := range r.Round.Routes {
				if x.Code == route && i < len(looks) {
					look = looks[i]
				}
			}
			look.Name = r.Round.RouteName(route)
		}
		series[route] = len(spec.Series)
		spec.Series = append(spec.Series, look)
		return series[route]
	}
	var without []string
	for _, p := range all {
		if p.Lat == nil || p.Lon == nil {
			without = append(without, p.Code+" "+p.Name)
			continue
		}
		n := seriesOf(p.Route)
		spec.Points = append(spec.Points, figure.Position{Lat: *p.Lat, Lon: *p.Lon, Name: p.Code, Series: n,
			Tip: r.Text("programme.map.tip", "code", p.Code, "name", p.Name, "route", spec.Series[n].Name)})
	}
	spec.Description = r.Text("programme.map.description", "n", len(spec.Points))
	if r.Programme.Demo {
		spec.Badge = r.Text("page.demo")
	}
	return spec, without
}
