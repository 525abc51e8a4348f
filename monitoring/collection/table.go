package collection

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"waymark/internal/fault"
)

// Limits of a list that is pasted or uploaded.
const (
	MostTableBytes = 1 << 20
	mostTableRows  = 5000
)

// column is a column that a list may have.
type column struct {
	name     string
	aliases  []string // in small letters
	required bool
}

// tableRow is one line of a list. Cells are by the name of their column, Clean.
type tableRow struct {
	row   int // line in the file, from 1
	cells map[string]string
}

// table is a list as rows.
type table struct {
	rows    []tableRow
	has     map[string]bool // columns that the list has
	ignored []string        // columns that are not read, as written
	comma   rune            // what parts the values
}

// readTable reads a list of values parted by commas, semicolons or tabs, as a
// spreadsheet saves or copies it, in UTF-8 or UTF-16 with a mark. If a value of
// the first line is the name of the first column, that line names the columns;
// otherwise they come in the order given. Empty lines are left out.
func readTable(raw []byte, columns []column) (*table, *breaches) {
	b := newBreaches()
	text, ok := decode(raw, b)
	if !ok {
		return nil, b
	}
	t := &table{comma: separator(text), has: map[string]bool{}}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = t.comma, -1, true
	var order []string // name of the column at each place, "" for ignored
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			b.add(fault.Place{Row: csvLine(err)}, "table.quote")
			break
		}
		line, _ := r.FieldPos(0)
		if order == nil {
			if order, ok = t.header(record, columns, line, b); ok {
				continue
			}
		}
		t.add(record, order, line, b)
		if len(t.rows) > mostTableRows {
			b.field("", "many", "most", strconv.Itoa(mostTableRows))
			break
		}
	}
	if len(t.rows) == 0 && b.list.Len() == 0 {
		b.field("", "table.empty")
	}
	return t, b
}

func csvLine(err error) int {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return p.Line
	}
	return 0
}

// add adds a record as a row unless it is empty.
func (t *table) add(record, order []string, line int, b *breaches) {
	row := tableRow{row: line, cells: map[string]string{}}
	empty := true
	for i, v := range record {
		v = unguarded(Clean(v))
		if v == "" {
			continue
		}
		empty = false
		if i >= len(order) {
			b.add(fault.Place{Row: line}, "table.cells")
			break
		}
		if order[i] != "" {
			row.cells[order[i]] = v
			t.has[order[i]] = true
		}
	}
	if !empty {
		t.rows = append(t.rows, row)
	}
}

// unguarded takes away the apostrophe that keeps a spreadsheet from reading a text
// as a formula, as in the lists that are downloaded here.
func unguarded(v string) string {
	if len(v) > 1 && v[0] == '\'' && strings.IndexByte("=+-@", v[1]) >= 0 {
		return v[1:]
	}
	return v
}

// header says which column stands where, and whether the record named them.
func (t *table) header(record []string, columns []column, line int, b *breaches) ([]string, bool) {
	order := make([]string, len(record))
	at := map[string]int{}
	for i, v := range record {
		v = Clean(v)
		c := named(columns, v)
		if c == nil {
			if v != "" {
				t.ignored = append(t.ignored, v)
			}
			continue
		}
		if _, ok := at[c.name]; ok {
			b.add(fault.Place{Row: line}, "table.twice", "column", c.name)
			continue
		}
		at[c.name], order[i], t.has[c.name] = i, c.name, true
	}
	if _, ok := at[columns[0].name]; !ok {
		t.ignored, t.has = nil, map[string]bool{}
		b.list = fault.NewList(mostBreaches)
		order = order[:0]
		for _, c := range columns {
			order = append(order, c.name)
		}
		return order, false
	}
	for _, c := range columns {
		if _, ok := at[c.name]; !ok && c.required {
			b.add(fault.Place{Row: line}, "table.column", "column", c.name)
		}
	}
	return order, true
}

func named(columns []column, v string) *column {
	v = strings.ToLower(v)
	for i, c := range columns {
		if v == c.name {
			return &columns[i]
		}
		for _, a := range c.aliases {
			if v == a {
				return &columns[i]
			}
		}
	}
	return nil
}

// decode returns the list as UTF-8 without a mark.
func decode(raw []byte, b *breaches) (string, bool) {
	if len(raw) > MostTableBytes {
		b.field("", "table.large", "most", strconv.Itoa(MostTableBytes>>10))
		return "", false
	}
	switch {
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		raw = fromUTF16(raw[2:], binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		raw = fromUTF16(raw[2:], binary.BigEndian)
	}
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		b.field("", "table.encoding")
		return "", false
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\r", "\n"), true
}

func fromUTF16(raw []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// separator chooses what parts values: the one that the first line with text has
// most of, a tab before a semicolon before a comma.
func separator(text string) rune {
	for line := range strings.Lines(text) {
		if strings.TrimFunc(line, unicode.IsSpace) == "" {
			continue
		}
		best, most := ',', 0
		for _, c := range "\t;," {
			if n := strings.Count(line, string(c)); n > most {
				best, most = c, n
			}
		}
		return best
	}
	return ','
}
