package spec

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Library reads data files once and keeps them for further cases.
type Library struct {
	dir   string
	files map[string]*file
}

// NewLibrary returns a library of the files in a folder.
func NewLibrary(dir string) *Library { return &Library{dir: dir, files: map[string]*file{}} }

// file is a data file, all of its cells as text; columns of numbers or
// categories are made when they are asked for.
type file struct {
	name       string
	table      *table.Table
	categories map[string]*table.CategoryColumn
	numbers    map[string]*table.NumberColumn
}

// open reads a file of the folder.
func (l *Library) open(ctx context.Context, name string) (*file, error) {
	if f := l.files[name]; f != nil {
		return f, nil
	}
	if !filepath.IsLocal(name) {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "data"}, "the data file is outside the data folder", "name a file inside --data-dir")
	}
	text := func(h table.Header) (*table.Schema, error) {
		s := &table.Schema{}
		for i, n := range h.Names {
			s.Fields = append(s.Fields, table.Field{Name: n, Kind: table.Text})
			s.Targets = append(s.Targets, table.Target{Field: i, Option: -1})
		}
		return s, nil
	}
	r, err := table.Read(ctx, filepath.Join(l.dir, name), table.Options{Match: text})
	if err != nil {
		return nil, err
	}
	f := &file{name: name, table: r.Table, categories: map[string]*table.CategoryColumn{}, numbers: map[string]*table.NumberColumn{}}
	l.files[name] = f
	return f, nil
}

func (f *file) column(name string) (table.Column, error) {
	c := f.table.Column(name)
	if c == nil {
		names := make([]string, 0, len(f.table.Columns()))
		for _, c := range f.table.Columns() {
			names = append(names, c.Name())
		}
		return nil, fault.New(fault.NotFound, fault.Place{File: f.name, Field: name}, "there is no such column", fmt.Sprintf("the file has %v", names))
	}
	return c, nil
}

// category returns a column as a category: a level for each text, in the order
// of numbers if all are numbers, else of letters.
func (f *file) category(name string) (*table.CategoryColumn, error) {
	if c := f.categories[name]; c != nil {
		return c, nil
	}
	col, err := f.column(name)
	if err != nil {
		return nil, err
	}
	known := map[string]uint32{}
	var texts []string
	for i := range col.Len() {
		if s := col.Text(i); col.Missing(i) == table.Present {
			if _, ok := known[s]; !ok {
				known[s] = 0
				texts = append(texts, s)
			}
		}
	}
	if numeric(texts) {
		slices.SortFunc(texts, func(a, b string) int {
			x, _ := strconv.ParseFloat(a, 64)
			y, _ := strconv.ParseFloat(b, 64)
			return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
		})
	} else {
		slices.Sort(texts)
	}
	levels := make([]table.Level, len(texts))
	for i, s := range texts {
		known[s] = uint32(i + table.FirstLevel)
		levels[i] = table.Level{Code: s, Label: s}
	}
	codes := make([]uint32, col.Len())
	for i := range codes {
		codes[i] = uint32(col.Missing(i))
		if codes[i] == uint32(table.Present) {
			codes[i] = known[col.Text(i)]
		}
	}
	c := table.NewCategory(name, levels, codes)
	f.categories[name] = c
	return c, nil
}

func numeric(texts []string) bool {
	for _, s := range texts {
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return false
		}
	}
	return len(texts) > 0
}

// number returns a column as numbers; empty cells and NA are missing.
func (f *file) number(name string) (*table.NumberColumn, error) {
	if c := f.numbers[name]; c != nil {
		return c, nil
	}
	col, err := f.column(name)
	if err != nil {
		return nil, err
	}
	faults := fault.NewList(20)
	values := make([]float64, col.Len())
	missing := make([]table.Missing, col.Len())
	for i := range values {
		missing[i] = col.Missing(i)
		s := col.Text(i)
		if missing[i] != table.Present {
			continue
		}
		if s == "" || s == "NA" {
			missing[i] = table.Blank
			continue
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) {
			faults.Addf(fault.Invalid, fault.Place{File: f.name, Row: i + 2, Field: name}, "this column is used as numbers", "a cell is not a number")
		}
		values[i] = v
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	c := table.NewNumber(name, values, missing)
	f.numbers[name] = c
	return c, nil
}
