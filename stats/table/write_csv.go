package table

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"
	"time"

	"waymark/internal/fault"
)

// WriteOptions says how a table is written.
type WriteOptions struct {
	// HXL are the columns' hashtags, one a column in order; "" for none.
	// Default: no row of hashtags.
	HXL []string
	// Labels are what the columns mean, by their names: variable labels for
	// Stata and SPSS. Other formats do not keep them. Default: none.
	Labels map[string]string
	// Sheet is the name of the sheet of a workbook. Default "data".
	Sheet string
}

func (o WriteOptions) check(t *Table) error {
	if o.HXL != nil && len(o.HXL) != len(t.columns) {
		return fault.New(fault.Internal, fault.Place{}, "there must be one HXL tag a column", "")
	}
	for i, tag := range o.HXL {
		if tag != "" && !isHXLTag([]byte(tag)) {
			return fault.New(fault.Invalid, fault.Place{Column: i + 1, Field: t.columns[i].Name()}, "\""+tag+"\" is not an HXL tag", "a tag looks like #adm1+name")
		}
	}
	return nil
}

// WriteCSV writes a table as UTF-8 text with commas and LF, quoted only where
// needed. Reading it again by the same schema gives the same values; the reason
// for a missing value is not written, and a set without any level reads as
// blank. Texts that a spreadsheet would take for a formula get an apostrophe
// in front, which the readers here remove again.
func WriteCSV(w io.Writer, t *Table, opt WriteOptions) error {
	if err := opt.check(t); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 256<<10)
	var line []byte
	for i, c := range t.columns {
		line = AppendCSVCell(line, i, escapeFormula(c.Name()))
	}
	line = append(line, '\n')
	if opt.HXL != nil {
		for i, tag := range opt.HXL {
			line = AppendCSVCell(line, i, tag)
		}
		line = append(line, '\n')
	}
	if _, err := out.Write(line); err != nil {
		return writeFault(err)
	}
	quoted := make([]map[uint32]string, len(t.columns)) // categories' levels as they are written
	for i, c := range t.columns {
		if c, ok := c.(*CategoryColumn); ok {
			quoted[i] = make(map[uint32]string, len(c.Levels))
			for l, level := range c.Levels {
				quoted[i][uint32(l+FirstLevel)] = string(AppendCSVCell(nil, 0, escapeFormula(level.Code)))
			}
		}
	}
	for row := range t.rows {
		line = line[:0]
		for i, c := range t.columns {
			if i > 0 {
				line = append(line, ',')
			}
			if category, ok := c.(*CategoryColumn); ok {
				line = append(line, quoted[i][category.Code(row)]...)
			} else {
				line = appendValue(line, c, row)
			}
		}
		if len(line) == 0 {
			line = append(line, '"', '"') // one column: an empty line would be no row
		}
		line = append(line, '\n')
		if _, err := out.Write(line); err != nil {
			return writeFault(err)
		}
	}
	if err := out.Flush(); err != nil {
		return writeFault(err)
	}
	return nil
}

func writeFault(err error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{}, "the file could not be written", "check that there is room on the disk", err)
}

// AppendCSVCell appends a text as cell number i (from 0) of a line, with the comma before
// it, quoted where this or another program might read it otherwise. It does nothing
// about formulas.
func AppendCSVCell(line []byte, i int, text string) []byte {
	if i > 0 {
		line = append(line, ',')
	}
	if !needsQuotes(text) {
		return append(line, text...)
	}
	line = append(line, '"')
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			break
		}
		line = append(line, text[:at+1]...)
		line = append(line, '"')
		text = text[at+1:]
	}
	line = append(line, text...)
	return append(line, '"')
}

// needsQuotes also quotes what other programs might read otherwise: the other
// usual delimiters, and space at either end.
func needsQuotes(text string) bool {
	if text == "" {
		return false
	}
	return strings.ContainsAny(text, ",\"\r\n;\t|") || text[0] == ' ' || text[len(text)-1] == ' '
}

// appendValue appends the value of a row, or nothing if it is missing.
func appendValue(line []byte, c Column, row int) []byte {
	if c.Missing(row) != Present {
		return line
	}
	switch c := c.(type) {
	case *NumberColumn:
		return strconv.AppendFloat(line, c.Values[row], 'f', -1, 64)
	case *DateColumn:
		return c.At(row).AppendFormat(line, time.DateOnly)
	case *TimeColumn:
		return c.At(row).AppendFormat(line, time.RFC3339)
	case *BoolColumn:
		return strconv.AppendBool(line, c.Values[row])
	case *SetColumn:
		return AppendCSVCell(line, 0, escapeFormula(setText(c, row)))
	}
	return AppendCSVCell(line, 0, escapeFormula(c.Text(row)))
}

// setText joins the codes of a set so that setBuilder reads them again: by
// spaces, or by semicolons if a code has a space in it.
func setText(c *SetColumn, row int) string {
	var b []byte
	spaced := false
	for l := range c.Levels {
		if c.Has(row, l) {
			spaced = spaced || strings.IndexByte(c.Levels[l].Code, ' ') >= 0
			b = append(b, c.Levels[l].Code...)
			b = append(b, 0)
		}
	}
	if spaced {
		return string(bytes.ReplaceAll(b, []byte{0}, []byte{';'}))
	}
	return string(bytes.ReplaceAll(bytes.TrimSuffix(b, []byte{0}), []byte{0}, []byte{' '}))
}
