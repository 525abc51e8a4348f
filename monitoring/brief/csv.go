package brief

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// The columns that every exported table has besides its own, with their HXL
// tags. The source column is left out where the table brings its own.
const (
	notShownColumn = "not_shown"
	notShownTag    = "#meta+not_shown"
	groupColumn    = "group"
	groupTag       = "#meta+group"
	sourceColumn   = "source"
	sourceTag      = "#meta+source"
)

// CSVs writes every table of the brief, and the data behind every figure, as a
// CSV file under its id: a header row, a row of HXL tags, then the values as
// they were computed, unrounded; a share is a number from 0 to 1. UTF-8, lines
// end in CRLF (RFC 4180).
//
// A number that is not shown is an empty field, and the column not_shown says
// why. The column source repeats on every row where the data come from, with
// the synthetic label where there is one, so that a row cut out of the file
// still carries it. A column without an HXL tag is not exported, unless the
// table has none at all; then all are, without a row of tags.
func CSVs(doc *Document) (map[string][]byte, error) { return csvFiles(doc, orderOf(doc)) }

func csvFiles(doc *Document, o *order) (map[string][]byte, error) {
	files := make(map[string][]byte, len(o.exports))
	for _, e := range o.exports {
		if !fileSafe(e.table.ID) {
			return nil, fault.New(fault.Internal, fault.Place{Field: e.table.ID}, "a table's id is not safe as the name of a file", "")
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = true
		if err := w.WriteAll(csvRecords(doc, e.table)); err != nil {
			return nil, fault.Wrap(fault.Internal, fault.Place{Field: e.table.ID}, "the table could not be written as CSV", "", err)
		}
		files[e.table.ID+".csv"] = b.Bytes()
	}
	return files, nil
}

// fileSafe says that an id is a file name everywhere: letters, digits, dots,
// hyphens and underscores, not beginning with a dot.
func fileSafe(id string) bool {
	if id == "" || id[0] == '.' {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !(c == '-' || c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}

func csvRecords(doc *Document, t *Table) [][]string {
	var keep []int
	tagged, numbers, grouped, sourced := false, false, false, false
	for _, c := range t.Columns {
		tagged = tagged || c.HXL != ""
	}
	for j, c := range t.Columns {
		if tagged && c.HXL == "" {
			continue
		}
		keep = append(keep, j)
		numbers = numbers || c.Numeric
		sourced = sourced || c.HXL == sourceTag
	}
	for _, row := range t.Rows {
		grouped = grouped || isGroupRow(t, row)
	}

	var head, tags []string
	if grouped {
		head, tags = append(head, groupColumn), append(tags, groupTag)
	}
	for _, j := range keep {
		head, tags = append(head, plainText(t.Columns[j].Label)), append(tags, t.Columns[j].HXL)
	}
	if numbers {
		head, tags = append(head, notShownColumn), append(tags, notShownTag)
	}
	if !sourced {
		head, tags = append(head, sourceColumn), append(tags, sourceTag)
	}
	out := [][]string{head}
	if tagged {
		out = append(out, tags)
	}

	group, source := "", plainText(doc.source())
	for _, row := range t.Rows {
		if isGroupRow(t, row) {
			group = plainText(row[0].Text)
			continue
		}
		rec := make([]string, 0, len(head))
		if grouped {
			rec = append(rec, group)
		}
		var reasons []string
		for _, j := range keep {
			if j >= len(row) {
				rec = append(rec, "")
				continue
			}
			value, shown := csvValue(row[j], t.Columns[j].Numeric)
			rec = append(rec, value)
			if !shown {
				reasons = append(reasons, t.Columns[j].Label+": "+row[j].Text)
			}
		}
		if numbers {
			rec = append(rec, plainText(strings.Join(reasons, "; ")))
		}
		if !sourced {
			rec = append(rec, source)
		}
		out = append(out, rec)
	}
	return out
}

// csvValue is a cell as a field; shown is false for a number that is withheld.
func csvValue(c Cell, numeric bool) (field string, shown bool) {
	switch v := c.Value.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", false
		}
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case int:
		return strconv.Itoa(v), true
	case string:
		return plainText(v), true
	}
	if numeric && c.Text != "" {
		return "", false
	}
	return plainText(c.Text), true
}

// plainText keeps a text from being taken for a formula when a spreadsheet
// opens the file: one that begins as a formula does gets an apostrophe before
// it. Source: OWASP, "CSV Injection". Marks of direction are left out.
func plainText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f {
			return -1
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// source says in one line where the numbers come from.
func (doc *Document) source() string {
	parts := make([]string, 0, 3)
	for _, p := range []string{doc.Synthetic, doc.Title, doc.Subtitle} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ". ")
}
