package programme

import (
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

const pointWords = "programme.point"

// pointForm is what the page of a new or changed point shows.
type pointForm struct {
	Form  *page.Form
	Clash *page.Clash
	New   bool
	Back  string
}

func renderPoint(r *page.Request, status int, v pointForm) error {
	options := []page.Option{{Text: r.Text("programme.point.route.none")}}
	for _, x := range r.Round.Routes {
		options = append(options, page.Option{Value: x.Code, Text: x.Code + " – " + x.Name})
	}
	v.Form.SetOptions("route", options)
	v.Back = roundPath(r) + "/points"
	r.Crumb(r.Text("programme.points"), v.Back)
	return r.Render(status, "programme/point-form", v)
}

func addPoint(r *page.Request) error {
	return renderPoint(r, 200, pointForm{Form: r.NewForm(pointWords), New: true})
}

func addPointPost(r *page.Request) error {
	return savePoint(r, &collection.Point{Round: r.Round.ID})
}

// pointOf finds the point of the address in the round of the address.
func pointOf(r *page.Request) (*collection.Point, []*collection.Point, error) {
	id, err := r.PathID("point")
	if err != nil {
		return nil, nil, err
	}
	all, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		if p.ID == id {
			return p, all, nil
		}
	}
	return nil, nil, page.NotFound()
}

func changePoint(r *page.Request) error {
	p, _, err := pointOf(r)
	if err != nil {
		return err
	}
	f := r.NewForm(pointWords)
	f.Set("code", p.Code)
	f.Set("name", p.Name)
	f.Set("route", p.Route)
	f.Set("lat", degrees(p.Lat))
	f.Set("lon", degrees(p.Lon))
	f.SetEtag(p.Etag)
	return renderPoint(r, 200, pointForm{Form: f})
}

func changePointPost(r *page.Request) error {
	p, _, err := pointOf(r)
	if err != nil {
		return err
	}
	return savePoint(r, p)
}

// savePoint reads the form into a point that is new or as it is stored.
func savePoint(r *page.Request, p *collection.Point) error {
	f, err := r.ReadForm(pointWords)
	if err != nil {
		return err
	}
	all, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	isNew := p.ID == 0
	if !isNew {
		p.Etag = f.Etag()
	}
	p.Code, p.Name = collection.Clean(f.Raw("code")), collection.Clean(f.Raw("name"))
	p.Route = f.Raw("route")
	p.Lat, p.Lon = readDegrees(f, "lat"), readDegrees(f, "lon")
	if !f.Bad() { // a position that is no number would be half a position, too
		_ = f.Take(p.Check(r.Round, all)) // faults of kind Invalid alone
	}
	if f.Bad() {
		return renderPoint(r, 422, pointForm{Form: f, New: isNew})
	}
	err = r.House.Collection.PutPoint(r.Context(), r.By, p)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		if isNew {
			f.Wrong("code", "page.breach.taken") // another person was faster
			return renderPoint(r, 422, pointForm{Form: f, New: true})
		}
		return clashPoint(r, f, p)
	}
	if err != nil {
		return err
	}
	r.Flash("programme.point.saved", "code", p.Code)
	return r.Redirect(roundPath(r) + "/points")
}

func readDegrees(f *page.Form, name string) *float64 {
	x, ok := f.Decimal(name)
	if !ok {
		return nil
	}
	return &x
}

// clashPoint shows what another person made of the point meanwhile.
func clashPoint(r *page.Request, f *page.Form, mine *collection.Point) error {
	now, _, err := pointOf(r)
	if err != nil {
		return err
	}
	c := &page.Clash{}
	c.Add(r.Text("programme.point.code"), now.Code, mine.Code)
	c.Add(r.Text("programme.point.name"), now.Name, mine.Name)
	c.Add(r.Text("programme.point.route"), now.Route, mine.Route)
	c.Add(r.Text("programme.point.lat"), degrees(now.Lat), degrees(mine.Lat))
	c.Add(r.Text("programme.point.lon"), degrees(now.Lon), degrees(mine.Lon))
	f.SetEtag(now.Etag)
	return renderPoint(r, 409, pointForm{Form: f, Clash: c})
}

func removePoint(r *page.Request) error {
	p, _, err := pointOf(r)
	if err != nil {
		return err
	}
	r.Crumb(r.Text("programme.points"), roundPath(r)+"/points")
	return r.Confirm(page.Confirm{Title: r.Text("programme.point.remove", "code", p.Code),
		Lines:  []string{r.Text("programme.point.remove.what", "name", p.Name), r.Text("programme.point.remove.kept")},
		Action: r.URL.Path, Button: r.Text("programme.point.remove.button"), Dangerous: true, Cancel: roundPath(r) + "/points"})
}

func removePointPost(r *page.Request) error {
	p, _, err := pointOf(r)
	if err != nil {
		return err
	}
	if err := r.House.Collection.RemovePoint(r.Context(), r.By, r.Round.ID, p.ID); err != nil {
		return err
	}
	r.Flash("programme.point.removed", "code", p.Code)
	return r.Redirect(roundPath(r) + "/points")
}
