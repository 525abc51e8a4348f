package table

import "bytes"

// A spreadsheet takes a text cell that begins with one of these for a formula,
// and a formula in someone's data can send that data elsewhere. The writers put
// an apostrophe in front, which spreadsheets take for "this is text"; the
// readers remove it again. Source: OWASP, "CSV Injection".
const formulaStarts = "=+-@\t\r"

// escapeFormula makes a text safe for a spreadsheet. A number stays as it is:
// "-5" does no harm. So that unescape undoes exactly this, a text that begins
// with apostrophes and then a formula gets one more.
func escapeFormula(text string) string {
	if text == "" {
		return text
	}
	rest := 0
	for rest < len(text) && text[rest] == '\'' {
		rest++
	}
	if rest == len(text) || !bytes.ContainsRune([]byte(formulaStarts), rune(text[rest])) {
		return text
	}
	if rest == 0 {
		if _, ok := plainNumber([]byte(text)); ok {
			return text
		}
	}
	return "'" + text
}

// unescape removes the apostrophe that escapeFormula put in front.
func unescape(cell []byte) []byte {
	if len(cell) < 2 || cell[0] != '\'' {
		return cell
	}
	rest := 1
	for rest < len(cell) && cell[rest] == '\'' {
		rest++
	}
	if rest < len(cell) && bytes.IndexByte([]byte(formulaStarts), cell[rest]) >= 0 {
		return cell[1:]
	}
	return cell
}
