package enumerator

import (
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

const manyWords = "enumerator.many"

// manyPage is what the page of a pasted or uploaded list shows.
type manyPage struct {
	Form    *page.Form
	Faults  page.Table
	More    int
	Back    string
	Columns string
}

func renderMany(r *page.Request, status int, v manyPage) error {
	v.Back, v.Columns = rootPath(r), strings.Join(collection.EnumeratorColumns, ",")
	r.Crumb(r.Text("enumerator.title"), v.Back)
	return r.Render(status, "enumerator/many", v)
}

func addMany(r *page.Request) error {
	return renderMany(r, 200, manyPage{Form: r.NewForm(manyWords)})
}

// addManyPost takes a list whole or not at all, and says everything that is wrong
// with it by line.
func addManyPost(r *page.Request) error {
	f, err := r.ReadUpload(manyWords, collection.MostTableBytes)
	if err != nil {
		return err
	}
	raw := f.List("list", "file")
	if f.Bad() {
		return renderMany(r, 422, manyPage{Form: f})
	}
	ctx, c := r.Context(), r.House.Collection
	points, err := c.ListPoints(ctx, r.Round.ID)
	if err != nil {
		return err
	}
	present, err := c.ListEnumerators(ctx, r.Round.ID)
	if err != nil {
		return err
	}
	read, err := collection.ReadEnumerators(raw, r.Round.ID, points, present)
	if err != nil {
		t, more := r.FaultTable(err)
		f.Wrong("list", "enumerator.many.wrong", "n", len(t.Rows)+more)
		return renderMany(r, 422, manyPage{Form: f, Faults: t, More: more})
	}
	for _, e := range read.Enumerators {
		e.Created = r.House.Now()
	}
	err = c.PutEnumerators(ctx, r.By, r.Round.ID, read.Enumerators, nil)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		f.Wrong("", "enumerator.many.clash")
		return renderMany(r, 409, manyPage{Form: f})
	}
	if err != nil {
		return err
	}
	r.Flash("enumerator.many.done", "n", len(read.Enumerators))
	return r.Redirect(rootPath(r) + "/codes")
}
