package export

import (
	"archive/zip"
	"bufio"
	"io"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// output takes rows of several tables.
type output interface {
	row(table int, cells []string) error
	close() error // writes what is left; the export is whole then
	discard()     // gives back what close did not
}

func newOutput(w io.Writer, format Format, tables []*sheet) (output, error) {
	switch {
	case format == XLSX:
		return newWorkbook(w, tables)
	case format.typed():
		return newTyped(w, format, tables)
	}
	return newText(w, tables)
}

func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Unavailable, fault.Place{}, "the export could not be written", "try again", err)
}

// csvOutput writes the submissions as they come and keeps the rows of repeats in
// sealed spools until they can follow in a zip.
type csvOutput struct {
	main   *bufio.Writer
	zip    *zip.Writer
	tables []*sheet
	spools []*spool
	line   []byte
}

// bom makes spreadsheets read a file as UTF-8.
const bom = "\ufeff"

func newText(w io.Writer, tables []*sheet) (*csvOutput, error) {
	o := &csvOutput{tables: tables}
	if len(tables) > 1 {
		o.zip = zip.NewWriter(w)
		first, err := o.zip.Create("submissions.csv")
		if err != nil {
			return nil, unwritten(err)
		}
		w = first
	}
	o.main = bufio.NewWriterSize(w, 64<<10)
	if _, err := o.main.WriteString(bom); err != nil {
		return nil, unwritten(err)
	}
	o.spools = make([]*spool, len(tables))
	for n := range tables {
		if n > 0 {
			s, err := newSpool()
			if err != nil {
				o.discard()
				return nil, err
			}
			o.spools[n] = s
		}
		if err := o.header(n); err != nil {
			o.discard()
			return nil, err
		}
	}
	return o, nil
}

func (o *csvOutput) header(table int) error {
	o.line = o.line[:0]
	for i, name := range o.tables[table].header {
		o.line = appendText(o.line, i, name)
	}
	return o.put(table)
}

func (o *csvOutput) row(n int, cells []string) error {
	o.line = o.line[:0]
	for i, cell := range cells {
		if o.tables[n].columns[i].kind == number {
			if _, ok := numeral(cell); ok { // "-5" does no harm, and stays a number
				o.line = table.AppendCSVCell(o.line, i, cell)
				continue
			}
		}
		o.line = appendText(o.line, i, cell)
	}
	return o.put(n)
}

func (o *csvOutput) put(table int) error {
	o.line = append(o.line, '\r', '\n')
	if table == 0 {
		_, err := o.main.Write(o.line)
		return unwritten(err)
	}
	return o.spools[table].write(o.line)
}

func (o *csvOutput) close() error {
	if err := o.main.Flush(); err != nil {
		return unwritten(err)
	}
	if o.zip == nil {
		return nil
	}
	for n, s := range o.spools {
		if s == nil {
			continue
		}
		w, err := o.zip.Create(o.tables[n].name + ".csv")
		if err != nil {
			return unwritten(err)
		}
		if _, err := io.WriteString(w, bom); err != nil {
			return unwritten(err)
		}
		if err := s.copyTo(w); err != nil {
			return err
		}
	}
	return unwritten(o.zip.Close())
}

func (o *csvOutput) discard() {
	for _, s := range o.spools {
		if s != nil {
			s.discard()
		}
	}
}
