package programme

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

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
	raw := PastedOrUploaded(f)
	if f.Bad() {
		return renderPointList(r, 422, pointList{Form: f})
	}
	present, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	read, err := collection.ReadPoints(raw, r.Round, present)
	if err != nil {
		table, more := Faults(r, err)
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

// PastedOrUploaded returns the list of a form: the file of "file" if one was chosen,
// else the text of "list". A file that can be shown becomes the text of "list", so
// that what is wrong with it can be mended in the page.
func PastedOrUploaded(f *page.Form) []byte {
	var raw []byte
	if list := f.Values("list"); len(list) > 0 {
		raw = []byte(list[0])
	}
	u := f.File("file", page.Ends(".csv", ".tsv", ".txt"))
	if u == nil {
		return raw
	}
	if utf8.Valid(u.Bytes) && len(u.Bytes) <= page.MaxForm/2 {
		f.Set("list", strings.TrimPrefix(string(u.Bytes), "\uFEFF"))
	}
	return u.Bytes
}

// Faults lists the faults of a list by row and column, and how many more there are.
func Faults(r *page.Request, err error) (page.Table, int) {
	t := page.Table{Caption: r.Text("programme.faults"), Head: []page.Head{
		{Text: r.Text("programme.faults.row"), Number: true}, {Text: r.Text("programme.faults.column")}, {Text: r.Text("programme.faults.what")}}}
	more := 0
	var list *fault.List
	var one *fault.Fault
	var all []*fault.Fault
	if errors.As(err, &list) {
		all, more = list.Faults, list.Dropped
	} else if errors.As(err, &one) {
		all = append(all, one)
	}
	for _, f := range all {
		text, lang := r.Words().Fault(f)
		row := "–"
		if f.Place.Row > 0 {
			row = strconv.Itoa(f.Place.Row)
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: row}, {Text: or(f.Place.Field, "–")}, {Text: text, Lang: lang}}})
	}
	return t, more
}
