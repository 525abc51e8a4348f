package export

import (
	"strings"

	"waymark/stats/table"
)

// formulaStarts are what makes a spreadsheet take a text for a formula. Source:
// OWASP, "CSV Injection".
const formulaStarts = "=+-@\t\r"

// harmless puts an apostrophe before a text that a spreadsheet would take for a
// formula. The readers of this program take it away again, so a text that begins
// with apostrophes and then a formula gets one more.
func harmless(text string) string {
	rest := strings.TrimLeft(text, "'")
	if rest != "" && strings.IndexByte(formulaStarts, rest[0]) >= 0 {
		return "'" + text
	}
	return text
}

// appendText appends a text as cell number i of a line.
func appendText(line []byte, i int, text string) []byte {
	return table.AppendCSVCell(line, i, harmless(text))
}
