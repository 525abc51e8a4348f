package spec

import (
	"context"
	"path/filepath"

	"waymark/internal/fault"
	"waymark/stats/survey/analysis"
	"waymark/stats/table"
)

// Library reads data files once and keeps them for further cases.
type Library struct {
	dir   string
	files map[string]*analysis.Data
}

// NewLibrary returns a library of the files in a folder.
func NewLibrary(dir string) *Library { return &Library{dir: dir, files: map[string]*analysis.Data{}} }

// open reads a file of the folder, all of its cells as text: a case says itself
// what is a number, and its levels are the texts of cells.
func (l *Library) open(ctx context.Context, name string) (*analysis.Data, error) {
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
	f := analysis.NewData(name, r.Table)
	l.files[name] = f
	return f, nil
}
