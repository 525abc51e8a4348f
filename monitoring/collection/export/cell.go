package export

import "strings"

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
	return appendPlain(line, i, harmless(text))
}

// appendPlain appends a cell, quoted where other programs might read it
// otherwise.
func appendPlain(line []byte, i int, text string) []byte {
	if i > 0 {
		line = append(line, ',')
	}
	if text == "" || !strings.ContainsAny(text, ",\"\r\n;\t|'") && text[0] != ' ' && text[len(text)-1] != ' ' {
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
