// Package table holds survey data as immutable typed columns, and reads and
// writes them as CSV, XLSX, Parquet, Stata's .dta and SPSS's .sav and .zsav.
//
// A column is dictionary-coded categories, numbers, dates, instants, booleans,
// sets (select-multiple answers) or text; a missing value keeps its reason.
// Slices and dictionaries are exported so that kernels scan them without a
// call per row. The package knows nothing of questionnaires: a Schema, made by
// whoever knows the instrument, says how to read a file; without one, types
// are inferred and the inference is explained.
package table

import "fmt"

// Table is a set of columns of one length.
type Table struct {
	columns []Column
	index   map[string]int
	rows    int
}

// New makes a table. Columns must have different names and one length.
func New(columns ...Column) (*Table, error) {
	t := &Table{index: make(map[string]int, len(columns))}
	for i, c := range columns {
		if i == 0 {
			t.rows = c.Len()
		}
		if c.Len() != t.rows {
			return nil, fmt.Errorf("table: column %q has %d rows, expected %d", c.Name(), c.Len(), t.rows)
		}
		if _, dup := t.index[c.Name()]; dup {
			return nil, fmt.Errorf("table: two columns are named %q", c.Name())
		}
		t.index[c.Name()] = i
		t.columns = append(t.columns, c)
	}
	return t, nil
}

// Rows is the number of rows.
func (t *Table) Rows() int { return t.rows }

// Columns returns the columns in order. Do not change the slice.
func (t *Table) Columns() []Column { return t.columns }

// Column returns the column with this name, or nil.
func (t *Table) Column(name string) Column {
	if i, ok := t.index[name]; ok {
		return t.columns[i]
	}
	return nil
}

// Category returns the category column with this name, or nil if there is none
// or it is of another kind.
func (t *Table) Category(name string) *CategoryColumn {
	c, _ := t.Column(name).(*CategoryColumn)
	return c
}

// Number returns the number column with this name, or nil.
func (t *Table) Number(name string) *NumberColumn {
	c, _ := t.Column(name).(*NumberColumn)
	return c
}

// With returns a table with further columns; one of a known name replaces it.
func (t *Table) With(columns ...Column) (*Table, error) {
	all := append([]Column(nil), t.columns...)
	for _, c := range columns {
		if i, ok := t.index[c.Name()]; ok {
			all[i] = c
		} else {
			all = append(all, c)
		}
	}
	return New(all...)
}

// Bytes is the memory that the columns hold.
func (t *Table) Bytes() int {
	n := 0
	for _, c := range t.columns {
		n += c.Bytes()
	}
	return n
}
