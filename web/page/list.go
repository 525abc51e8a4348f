package page

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
)

// List returns a list of a form that ReadUpload read: the file of one field if it was
// chosen, else the text of the other. A file that can be shown becomes the text, so
// that what is wrong with it can be mended in the page.
func (f *Form) List(text, file string) []byte {
	var raw []byte
	if v := f.values[text]; len(v) > 0 {
		raw = []byte(v[0])
	}
	u := f.File(file, Ends(".csv", ".tsv", ".txt"))
	if u == nil {
		return raw
	}
	if utf8.Valid(u.Bytes) && len(u.Bytes) <= MaxForm/2 {
		f.Set(text, strings.TrimPrefix(string(u.Bytes), "\uFEFF"))
	}
	return u.Bytes
}

// FaultTable lists the faults of a list or file by row and column, and how many more
// there are.
func (r *Request) FaultTable(err error) (t Table, more int) {
	t = Table{Caption: r.Text("page.faults"), Head: []Head{
		{Text: r.Text("page.faults.row")}, {Text: r.Text("page.faults.column")}, {Text: r.Text("page.faults.what")}}}
	var list *fault.List
	if errors.As(err, &list) {
		more = list.Dropped
	}
	for _, f := range faultsOf(err) {
		text, language := r.Words().Sentence(f)
		row, column := "–", "–"
		if f.Place.Row > 0 {
			row = r.Text("page.faults.line", "n", strconv.Itoa(f.Place.Row))
		}
		if f.Place.Field != "" {
			column = f.Place.Field
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: row}, {Text: column}, {Text: text, Lang: language}}})
	}
	return t, more
}
