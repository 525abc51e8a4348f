package table

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"
)

const typed = `code,when,day,n,set,set/a,text,open
yes,2016-10-06T09:30:00.000+02:00,2016-10-06,5,a b,,free,x
Yes,2016-10-06T09:30:00Z,6/10/2016,-99,refused,,NA,y
dk,,,abc,zz,1,"'=1+1",
maybe,yesterday,2016-13-45,200,,0,,x
`

func typedSchema(Header) (*Schema, error) {
	top := 120.0
	return &Schema{
		Fields: []Field{
			{Name: "code", Kind: Category, Levels: []Level{{Code: "yes", Label: "Yes"}, {Code: "no"}}, Aliases: map[string]string{"Oui": "yes"}, MissingCodes: map[string]Missing{"dk": DontKnow}},
			{Name: "when", Kind: Time}, {Name: "day", Kind: Date},
			{Name: "n", Kind: Number, Max: &top, MissingCodes: map[string]Missing{"-99": Refused}},
			{Name: "set", Kind: Set, Levels: []Level{{Code: "a"}, {Code: "b"}}, MissingCodes: map[string]Missing{"refused": Refused}},
			{Name: "split", Kind: Set, Levels: []Level{{Code: "a"}}},
			{Name: "text", Kind: Text}, {Name: "open", Kind: Category, Open: true},
		},
		Targets: []Target{{Field: 0, Option: -1}, {Field: 1, Option: -1}, {Field: 2, Option: -1}, {Field: 3, Option: -1}, {Field: 4, Option: -1}, {Field: 5, Option: 0}, {Field: 6, Option: -1}, {Field: 7, Option: -1}},
	}, nil
}

// Whatever a file's rows are read as, the same rows are typed as.
func TestTypistTypesAsAFileIsRead(t *testing.T) {
	want, err := ReadFrom(context.Background(), strings.NewReader(typed), int64(len(typed)), "", Options{Match: typedSchema})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(typed)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	schema, _ := typedSchema(Header{})
	typist, err := NewTypist(rows[0], schema)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second table must not see the first
		typing, err := typist.Begin()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if err := typing.Add(row); err != nil {
				t.Fatal(err)
			}
		}
		got, warnings, err := typing.Table()
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want.Table, 0)
		if warnings.Len() != want.Warnings.Len() || typing.Rows() != 4 {
			t.Errorf("%d warnings, the file gave %d", warnings.Len(), want.Warnings.Len())
		}
	}
	for i, row := range rows[1:] {
		one, err := typist.Row(row)
		if err != nil {
			t.Fatal(err)
		}
		same(t, one, want.Table, i)
	}
	if _, err := typist.Row(rows[0][1:]); err == nil {
		t.Error("a short row was typed")
	}
	if _, err := NewTypist(rows[0][1:], schema); err == nil {
		t.Error("a schema of another width was taken")
	}
}

// same compares a table with the rows of another from one on.
func same(t *testing.T, got, want *Table, from int) {
	t.Helper()
	if len(got.Columns()) != len(want.Columns()) {
		t.Fatalf("%d columns, expected %d", len(got.Columns()), len(want.Columns()))
	}
	for i, c := range got.Columns() {
		w := want.Columns()[i]
		for row := range got.Rows() {
			if c.Name() != w.Name() || c.Kind() != w.Kind() || c.Text(row) != w.Text(from+row) || c.Missing(row) != w.Missing(from+row) {
				t.Errorf("%s, row %d: %q (%v), expected %q (%v)", c.Name(), row, c.Text(row), c.Missing(row), w.Text(from+row), w.Missing(from+row))
			}
		}
	}
}

// A submission is typed on arrival; the aim is to be small beside the check of
// its form, which takes about a millisecond.
func BenchmarkTypistRow(b *testing.B) {
	schema, _ := typedSchema(Header{})
	typist, err := NewTypist(strings.Split(strings.SplitN(typed, "\n", 2)[0], ","), schema)
	if err != nil {
		b.Fatal(err)
	}
	cells := []string{"yes", "2016-10-06T09:30:00.000+02:00", "2016-10-06", "5", "a b", "", "free", "x"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := typist.Row(cells); err != nil {
			b.Fatal(err)
		}
	}
}
