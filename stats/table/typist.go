package table

import (
	"waymark/internal/fault"
)

// Typist makes tables of rows of text that come from elsewhere than a file: a
// store, a form. It types them exactly as Read types the rows of a CSV file
// with the same header and schema. What costs time, the dictionaries of long
// lists, is prepared once, so that a table of one row costs microseconds.
//
// It may be used by many goroutines.
type Typist struct {
	names  []string
	schema *Schema
}

// NewTypist prepares a schema for rows whose cells have these names.
func NewTypist(names []string, schema *Schema) (*Typist, error) {
	t := &Typist{names: names, schema: &Schema{Fields: append([]Field(nil), schema.Fields...), Targets: schema.Targets}}
	for i := range t.schema.Fields {
		if f := &t.schema.Fields[i]; (f.Kind == Category || f.Kind == Set) && !f.Open { // an open one learns
			f.words = newVocabulary(f)
		}
	}
	if _, err := t.Begin(); err != nil {
		return nil, err
	}
	return t, nil
}

// Typing is a table that rows are added to. It is for one goroutine.
type Typing struct {
	rep      *report
	assembly *assembly
	rows     int
	width    int
}

// Begin starts a table.
func (t *Typist) Begin() (*Typing, error) {
	rep := newReport("", Options{})
	rep.firstRow = 1
	a, err := assemble(t.schema, Header{Names: t.names}, rep)
	if err != nil {
		return nil, err
	}
	if err := rep.end(nil); err != nil {
		return nil, err
	}
	return &Typing{rep: rep, assembly: a, width: len(t.names)}, nil
}

// Add adds a row: one cell for each name. A row of another length is a mistake
// of the program that made it.
func (t *Typing) Add(cells []string) error {
	if len(cells) != t.width {
		return fault.New(fault.Internal, fault.Place{}, "a row has another number of cells than its header", "")
	}
	for i, a := range t.assembly.adders {
		if a != nil {
			a.add([]byte(cells[i]))
		}
	}
	t.rows++
	return nil
}

// Rows is how many rows were added.
func (t *Typing) Rows() int { return t.rows }

// Table finishes the table. The list holds what Read would have warned of, with
// rows counted from 1. Nothing may be added afterwards.
func (t *Typing) Table() (*Table, *fault.List, error) {
	made, err := t.assembly.table(t.rep)
	return made, t.rep.warnings, err
}

// Row makes a table of one row.
func (t *Typist) Row(cells []string) (*Table, error) {
	typing, err := t.Begin()
	if err != nil {
		return nil, err
	}
	if err := typing.Add(cells); err != nil {
		return nil, err
	}
	made, _, err := typing.Table()
	return made, err
}
