package export

import (
	"archive/zip"
	"io"
	"slices"

	"waymark/stats/table"
)

// typed says whether a format has typed columns with labels.
func (f Format) typed() bool { return f == Stata || f == SPSS }

// ending is that of a file with one table.
func (f Format) ending() string { return "." + string(f) }

// typedOutput keeps the rows as typed columns, a few bytes an answer, since a
// file of Stata or SPSS says before its rows how wide they are. An answer that
// is not of its question's type is missing as unreadable; the CSV has it.
type typedOutput struct {
	w      io.Writer
	format Format
	tables []*sheet
	typing []*table.Typing
}

// newTyped makes the columns: codes with their labels in a language, and the
// questions as variable labels.
func newTyped(w io.Writer, format Format, tables []*sheet) (*typedOutput, error) {
	o := &typedOutput{w: w, format: format, tables: tables}
	for _, s := range tables {
		schema := &table.Schema{}
		for i := range s.columns {
			schema.Fields = append(schema.Fields, s.columns[i].field(s.header[i]))
			schema.Targets = append(schema.Targets, table.Target{Field: i, Option: -1})
		}
		typist, err := table.NewTypist(s.header, schema)
		if err != nil {
			return nil, err
		}
		typing, err := typist.Begin()
		if err != nil {
			return nil, err
		}
		o.typing = append(o.typing, typing)
	}
	return o, nil
}

// field says how a column is typed.
func (c *column) field(name string) table.Field {
	f := table.Field{Name: name, Kind: table.Text}
	switch {
	case c.kind == number:
		f.Kind = table.Number
	case c.kind == flag:
		f.Kind, f.Levels = table.Category, []table.Level{{Code: "0", Label: "No"}, {Code: "1", Label: "Yes"}}
	case c.kind == day:
		f.Kind = table.Date
	case c.meta == metaSubmitted:
		f.Kind = table.Time
	case c.source != nil && c.source.Select():
		f.Kind, f.Open = table.Category, true
		if c.source.Several() {
			f.Kind = table.Set
		}
		f.Levels = slices.Clone(c.levels)
	}
	return f
}

func (o *typedOutput) row(n int, cells []string) error { return o.typing[n].Add(cells) }

func (o *typedOutput) close() error {
	write := table.WriteDTA
	if o.format == SPSS {
		write = table.WriteSAV
	}
	var z *zip.Writer
	if len(o.tables) > 1 {
		z = zip.NewWriter(o.w)
	}
	for n, s := range o.tables {
		made, _, err := o.typing[n].Table()
		if err != nil {
			return err
		}
		labels := make(map[string]string, len(s.columns))
		for i := range s.columns {
			labels[s.header[i]] = s.columns[i].label
		}
		w := o.w
		if z != nil {
			name := s.name
			if n == 0 {
				name = "submissions"
			}
			if w, err = z.Create(name + o.format.ending()); err != nil {
				return unwritten(err)
			}
		}
		if err := write(w, made, table.WriteOptions{Labels: labels}); err != nil {
			return err
		}
	}
	if z != nil {
		return unwritten(z.Close())
	}
	return nil
}

func (o *typedOutput) discard() {} // nothing is kept outside memory
