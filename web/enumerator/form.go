package enumerator

import (
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

const formWords = "enumerator.form"

// formPage is what the page of a new or changed person shows.
type formPage struct {
	Form  *page.Form
	Clash *page.Clash
	New   bool
	Many  bool // so many points that the list of them scrolls
	Back  string
}

// manyPoints is from how many points on their checkboxes scroll in a box.
const manyPoints = 12

func render(r *page.Request, status int, points []*collection.Point, v formPage) error {
	var options []page.Option
	for _, p := range points {
		options = append(options, page.Option{Value: p.ID.String(), Text: p.Code + " – " + p.Name})
	}
	v.Form.SetOptions("points", options)
	v.Many = len(points) > manyPoints
	r.Crumb(r.Text("enumerator.title"), rootPath(r))
	return r.Render(status, "enumerator/form", v)
}

func add(r *page.Request) error {
	points, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	return render(r, 200, points, formPage{Form: r.NewForm(formWords), New: true, Back: rootPath(r)})
}

func addPost(r *page.Request) error {
	return save(r, &collection.FieldEnumerator{Round: r.Round.ID, Created: r.House.Now()})
}

func change(r *page.Request) error {
	e, err := find(r)
	if err != nil {
		return err
	}
	points, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	f := r.NewForm(formWords)
	f.Set("code", e.Code)
	f.Set("name", e.Name)
	f.Set("points", texts(e.Points)...)
	f.SetEtag(e.Etag)
	return render(r, 200, points, formPage{Form: f, Back: pathOf(e)})
}

func texts(list []ids.ID) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = id.String()
	}
	return out
}

func changePost(r *page.Request) error {
	e, err := find(r)
	if err != nil {
		return err
	}
	return save(r, e)
}

// save reads the form into a person who is new or as stored.
func save(r *page.Request, e *collection.FieldEnumerator) error {
	f, err := r.ReadForm(formWords)
	if err != nil {
		return err
	}
	ctx, c := r.Context(), r.House.Collection
	points, err := c.ListPoints(ctx, r.Round.ID)
	if err != nil {
		return err
	}
	others, err := c.ListEnumerators(ctx, r.Round.ID)
	if err != nil {
		return err
	}
	v := formPage{Form: f, New: e.ID == 0, Back: rootPath(r)}
	if !v.New {
		e.Etag, v.Back = f.Etag(), pathOf(e)
	}
	e.Code, e.Name, e.Points = collection.Clean(f.Raw("code")), collection.Clean(f.Raw("name")), nil
	for _, text := range f.Values("points") {
		id, _ := ids.Parse(text) // what is none is zero, which no point has
		e.Points = append(e.Points, id)
	}
	_ = f.Take(e.Check(points, others)) // faults of kind Invalid alone
	if f.Bad() {
		return render(r, 422, points, v)
	}
	err = c.PutEnumerator(ctx, r.By, e, nil)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		if v.New {
			f.Wrong("code", "enumerator.taken") // another person was faster
			return render(r, 422, points, v)
		}
		return clash(r, v, e, points)
	}
	if err != nil {
		return err
	}
	r.Flash("enumerator.saved", "code", e.Code)
	return r.Redirect(pathOf(e))
}

// clash shows what another person made of it meanwhile.
func clash(r *page.Request, v formPage, mine *collection.FieldEnumerator, points []*collection.Point) error {
	now, err := find(r)
	if err != nil {
		return err
	}
	byID := collection.PointsByID(points)
	v.Clash = &page.Clash{}
	v.Clash.Add(r.Text("enumerator.form.code"), now.Code, mine.Code)
	v.Clash.Add(r.Text("enumerator.form.name"), now.Name, mine.Name)
	v.Clash.Add(r.Text("enumerator.form.points"), strings.Join(pointCodes(now, byID), ", "), strings.Join(pointCodes(mine, byID), ", "))
	v.Form.SetEtag(now.Etag)
	return render(r, 409, points, v)
}
