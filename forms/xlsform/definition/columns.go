package definition

import (
	"fmt"
	"strings"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// columns are the headers of one sheet, understood.
type columns struct {
	sheet string
	// by has the column of every index of the header; its path is empty where
	// there is no header.
	by []column
}

// column is one header.
type column struct {
	index  int
	header string // as written
	// path is the header in its parts, the first one without alias:
	// "Constraint Message::French (fr)" is bind, jr:constraintMsg, French (fr).
	path   []string
	target target
	// key is what of the target: the attribute or the kind of medium.
	key      string
	language string
}

// vocabulary is what the headers of a sheet may be. Known are the names that
// need no alias; they are found in any case and with spaces for underscores.
type vocabulary struct {
	known   map[string]bool
	aliases map[string][]string
	// suggest are the names that a person may have meant, for hints.
	suggest []string
}

// columns reads the headers of a sheet. Two headers of one meaning are a fault.
func (r *reader) columns(sheet *workbook.Sheet, words *vocabulary) *columns {
	c := &columns{sheet: sheet.Name, by: make([]column, len(sheet.Header))}
	double := false
	for _, h := range sheet.Header {
		double = double || strings.Contains(h, "::")
	}
	seen := make(map[string]int, len(sheet.Header))
	for i, h := range sheet.Header {
		if h == "" {
			continue
		}
		if len(seen) == maxColumns {
			r.fault(c.place(1, i), "take out the columns that are not for the form", "the sheet has more than %d columns; those from here on are not read", maxColumns)
			break
		}
		path, canonical := words.path(h, double)
		c.by[i] = column{index: i, header: h, path: path}
		id := strings.Join(path, "\x00")
		if other, twice := seen[id]; twice && !canonical {
			r.fault(c.place(1, i), "keep one of the two columns",
				"the columns %q and %q are two names of the same thing", sheet.Header[other], h)
		}
		seen[id] = i
	}
	return c
}

// path takes a header apart, and tells whether it is written as the name of a
// column itself, which may come beside an alias of it.
func (v *vocabulary) path(header string, double bool) ([]string, bool) {
	if v.known[header] && v.aliases[header] == nil {
		return []string{header}, true
	}
	snake := snakeCase(header)
	if v.known[snake] && v.aliases[snake] == nil {
		return []string{snake}, snake == header
	}
	var parts []string
	if double {
		parts = strings.Split(header, "::")
	} else {
		parts = joinNamespace(strings.Split(header, ":"))
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	first := snakeCase(parts[0])
	if to := v.aliases[first]; to != nil {
		path := make([]string, 0, len(to)+len(parts)-1)
		return append(append(path, to...), parts[1:]...), len(to) == 1 && to[0] == header
	}
	if v.known[first] {
		parts[0] = first
		return parts, first == header
	}
	return parts, true
}

// joinNamespace mends "jr:count", which the single colon has cut.
func joinNamespace(parts []string) []string {
	for i, p := range parts {
		if strings.TrimSpace(p) == "jr" && i+1 < len(parts) {
			joined := append(parts[:i:i], "jr:"+strings.TrimSpace(parts[i+1]))
			return append(joined, parts[i+2:]...)
		}
	}
	return parts
}

// snakeCase lowers a name and puts one underscore for every run of spaces.
func snakeCase(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c > ' ' && c < 0x80 && (c < 'A' || c > 'Z')
	}
	if plain {
		return s
	}
	return strings.ToLower(strings.Join(strings.Fields(s), "_"))
}

// has tells whether a column of a first part is there.
func (c *columns) has(first string) bool {
	for i := range c.by {
		if len(c.by[i].path) > 0 && c.by[i].path[0] == first {
			return true
		}
	}
	return false
}

// place is a cell's place.
func (c *columns) place(row, index int) fault.Place {
	p := fault.Place{Sheet: c.sheet, Row: row, Column: index + 1}
	if index < len(c.by) {
		p.Field = c.by[index].header
	}
	return p
}

// find is the place of a row's cell in the first column with a path of these
// parts at its end ("relevant", "jr:constraintMsg", "label"), or of the row
// alone with the part as its field.
func (c *columns) find(row int, part string) fault.Place {
	for i := range c.by {
		for _, p := range c.by[i].path {
			if p == part {
				return c.place(row, i)
			}
		}
	}
	return fault.Place{Sheet: c.sheet, Row: row, Field: part}
}

// require adds a fault if a column that the sheet cannot do without is missing.
func (r *reader) require(c *columns, words *vocabulary, name string) {
	if c.has(name) {
		return
	}
	remedy := renameRemedy(c, name)
	if row := headerBelow(r.book.Sheet(c.sheet), name); row > 0 {
		remedy = fmt.Sprintf("row %d looks like the header: take out what stands above it", row)
	}
	r.fault(fault.Place{Sheet: c.sheet, Row: 1}, remedy, "the sheet has no column %q", name)
}

// headerBelow is the row among a sheet's first that holds the name of a column,
// as the header of a sheet does that begins with a title; 0 if there is none.
func headerBelow(sheet *workbook.Sheet, name string) int {
	if sheet == nil {
		return 0
	}
	for _, row := range sheet.Rows[:min(10, len(sheet.Rows))] {
		for _, cell := range row.Cells {
			if strings.EqualFold(cell.Text, name) {
				return row.Number
			}
		}
	}
	return 0
}

// renameRemedy says which column to rename so that there is one of a name.
func renameRemedy(c *columns, name string) string {
	var written []string
	for i := range c.by {
		if c.by[i].header != "" {
			written = append(written, c.by[i].header)
		}
	}
	if like := nearest(name, written); like != "" {
		return fmt.Sprintf("rename the column %q to %q", like, name)
	}
	return fmt.Sprintf("add a column with the header %q in the first row", name)
}
