package programme

import (
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/monitoring/instrument"
	"waymark/web/page"
)

const roundWords = "programme.round"

// spareRoutes are the empty rows offered for more routes.
const spareRoutes = 2

// roundForm is what the page of a new or changed round shows.
type roundForm struct {
	Form  *page.Form
	Clash *page.Clash
	New   bool
	Back  string
	// Rows are those of routes, from 1.
	Rows []int
}

// noInstrument is the choice of a round without a built-in questionnaire: an empty
// value could not be told from one that was not chosen.
const noInstrument = "none"

func offerInstruments(r *page.Request, f *page.Form) {
	var options []page.Option
	for _, id := range instrument.Builtin() {
		options = append(options, page.Option{Value: id, Text: instrumentTitle(r, id)})
	}
	slices.Reverse(options) // the newest first
	f.SetOptions("instrument", append(options, page.Option{Value: noInstrument,
		Text: instrumentTitle(r, ""), Hint: r.Text("programme.round.instrument.none.hint")}))
}

// renderRound shows the form with rows for its routes and some empty ones.
func renderRound(r *page.Request, status int, v roundForm) error {
	offerInstruments(r, v.Form)
	rows := spareRoutes
	for i := 1; i <= collection.MostRoutes; i++ {
		if v.Form.Raw(page.RowField("route.code", i)) != "" || v.Form.Raw(page.RowField("route.name", i)) != "" {
			rows = i + spareRoutes
		}
	}
	for i := 1; i <= min(rows, collection.MostRoutes); i++ {
		v.Rows = append(v.Rows, i)
	}
	return r.Render(status, "programme/round-form", v)
}

func addRound(r *page.Request) error {
	return renderRound(r, 200, roundForm{Form: r.NewForm(roundWords), New: true, Back: programmePath(r)})
}

func addRoundPost(r *page.Request) error {
	f, err := r.ReadForm(roundWords)
	if err != nil {
		return err
	}
	one := &collection.Round{Programme: r.Programme.ID, State: collection.Preparing, Created: r.House.Now()}
	if !readRound(f, one, nil) {
		return renderRound(r, statusOf(f), roundForm{Form: f, New: true, Back: programmePath(r)})
	}
	if err := r.House.Collection.PutRound(r.Context(), r.By, one); err != nil {
		return err
	}
	r.Flash("programme.round.added")
	return r.Redirect(page.Path("/rounds/{round}", "round", one.ID))
}

func statusOf(f *page.Form) int {
	if f.Bad() {
		return 422
	}
	return 200
}

// readRoutes reads the rows of routes. Rows that are left empty are closed up, in the
// form too, so that faults meet their rows.
func readRoutes(f *page.Form) []collection.Route {
	var routes []collection.Route
	for i := 1; i <= collection.MostRoutes+spareRoutes; i++ {
		code, name := page.RowField("route.code", i), page.RowField("route.name", i)
		route := collection.Route{Code: collection.Clean(f.Raw(code)), Name: collection.Clean(f.Raw(name))}
		f.Set(code, "")
		f.Set(name, "")
		if route != (collection.Route{}) {
			routes = append(routes, route)
		}
	}
	setRoutes(f, routes)
	return routes
}

func setRoutes(f *page.Form, routes []collection.Route) {
	for i, route := range routes {
		f.Set(page.RowField("route.code", i+1), route.Code)
		f.Set(page.RowField("route.name", i+1), route.Name)
	}
}

// readRound reads the form into a round and marks what is wrong. ok is false if the
// form is to be shown again: for that, or for more rows.
func readRound(f *page.Form, one *collection.Round, points []*collection.Point) (ok bool) {
	one.Routes = readRoutes(f)
	if f.Raw("do") == "rows" {
		return false
	}
	one.Name = collection.Clean(f.Raw("name"))
	one.From, one.To = f.Date("from"), f.Date("to")
	one.Instrument = f.Choice("instrument", append(instrument.Builtin(), noInstrument), page.Required)
	if one.Instrument == noInstrument {
		one.Instrument = ""
	}
	_ = f.Take(one.Check(instrument.Builtin(), points)) // faults of kind Invalid alone
	return !f.Bad()
}

func changeRound(r *page.Request) error {
	f := r.NewForm(roundWords)
	f.Set("name", r.Round.Name)
	f.Set("instrument", or(r.Round.Instrument, noInstrument))
	f.SetDate("from", r.Round.From)
	f.SetDate("to", r.Round.To)
	setRoutes(f, r.Round.Routes)
	f.SetEtag(r.Round.Etag)
	return renderRound(r, 200, roundForm{Form: f, Back: roundPath(r)})
}

func changeRoundPost(r *page.Request) error {
	f, err := r.ReadForm(roundWords)
	if err != nil {
		return err
	}
	points, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	one := *r.Round
	one.Etag = f.Etag()
	if !readRound(f, &one, points) {
		return renderRound(r, statusOf(f), roundForm{Form: f, Back: roundPath(r)})
	}
	err = r.House.Collection.PutRound(r.Context(), r.By, &one)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		return clashRound(r, f, &one)
	}
	if err != nil {
		return err
	}
	r.Flash("programme.round.changed")
	return r.Redirect(roundPath(r))
}

// clashRound shows what another person made of the round meanwhile.
func clashRound(r *page.Request, f *page.Form, mine *collection.Round) error {
	now, err := r.House.Collection.Round(r.Context(), mine.ID)
	if err != nil {
		return err
	}
	c := &page.Clash{}
	c.Add(r.Text("programme.round.name"), now.Name, mine.Name)
	c.Add(r.Text("programme.round.instrument"), instrumentTitle(r, now.Instrument), instrumentTitle(r, mine.Instrument))
	c.Add(r.Text("programme.round.from"), now.From, mine.From)
	c.Add(r.Text("programme.round.to"), now.To, mine.To)
	c.Add(r.Text("programme.round.routes"), routesText(now), routesText(mine))
	c.Add(r.Text("programme.round.state"), r.Text("programme.state."+string(now.State)), r.Text("programme.state."+string(mine.State)))
	f.SetEtag(now.Etag)
	return renderRound(r, 409, roundForm{Form: f, Clash: c, Back: roundPath(r)})
}

func routesText(one *collection.Round) string {
	var parts []string
	for _, route := range one.Routes {
		parts = append(parts, route.Code+" – "+route.Name)
	}
	return strings.Join(parts, "; ")
}
