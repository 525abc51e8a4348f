package quality

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
)

// CSV is the findings as a table, one row each, in UTF-8 with a header.
// rows holds the listed row numbers separated by spaces, total all of them.
// Cells are safe to open in a spreadsheet: none begins a formula.
func (r *Report) CSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	header := []string{"rule", "severity", "subject", "finding", "what_to_do", "rows", "total", "details", "file", "synthetic"}
	if err := w.Write(header); err != nil {
		return nil, err
	}
	for _, f := range r.Findings {
		rows := make([]string, len(f.Rows))
		for i, row := range f.Rows {
			rows[i] = strconv.Itoa(row)
		}
		record := []string{f.Rule, string(f.Severity), f.Subject, f.Message, f.Remedy, strings.Join(rows, " "),
			strconv.Itoa(f.Total), strings.Join(f.Details, " | "), r.File, strconv.FormatBool(r.Synthetic)}
		for i, cell := range record {
			record[i] = inert(cell)
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// inert puts an apostrophe before a text that a spreadsheet would take for a
// formula.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
