package programme

import (
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

const listWords = "programme.points-list"

// pointList is what the page of a pasted or uploaded list shows.
type pointList struct {
	Form    *page.Form
	Faults  page.Table
	More    int // faults beyond those listed
	Back    string
	Columns string
}

func renderPointList(r *page.Request, status int, v pointList) error {
	v.Back = roundPath(r) + "/points"
	v.Columns = strings.Join(collection.PointColumns, ",")
	r.Crumb(r.Text("programme.points"), v.Back)
	return r.Render(status, "programme/points-list", v)
}

func addPoints(r *page.Request) error {
	return renderPointList(r, 200, pointList{Form: r.NewForm(listWords)})
}

// addPointsPost takes a list whole or not at all, and says everything that is wrong
// with it by row.
func addPointsPost(r *page.Request) error {
	f, err := r.ReadUpload(listWords, collection.MostTableBytes)
	if err != nil {
		return err
	}
	raw := f.List("list", "file")
	if f.Bad() {
		return renderPointList(r, 422, pointList{Form: f})
	}
	present, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	read, err := collection.ReadPoints(raw, r.Round, present)
	if err != nil {
		table, more := r.FaultTable(err)
		f.Wrong("list", "programme.points-list.wrong", "n", len(table.Rows)+more)
		return renderPointList(r, 422, pointList{Form: f, Faults: table, More: more})
	}
	if len(read.Points) > 0 {
		err = r.House.Collection.PutPoints(r.Context(), r.By, r.Round.ID, read.Points)
	}
	if err != nil && fault.KindOf(err) == fault.Conflict {
		f.Wrong("", "programme.points-list.clash")
		return renderPointList(r, 409, pointList{Form: f})
	}
	if err != nil {
		return err
	}
	r.Flash("programme.points-list.done", "added", read.Added, "changed", read.Changed, "same", read.Same)
	return r.Redirect(roundPath(r) + "/points")
}
