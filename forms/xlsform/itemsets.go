package xlsform

import (
	"strings"

	"waymark/forms/xlsform/definition"
)

// itemsets writes the external choices as CSV for clients to look up: every
// field quoted, lines ended by CR LF. It is nil if no question asks for them.
func itemsets(form *definition.Form) []byte {
	if len(form.ExternalRows) == 0 || !asksExternal(form.Root) {
		return nil
	}
	var out []byte
	for _, row := range form.ExternalRows {
		for i, field := range row {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, '"')
			out = append(out, strings.ReplaceAll(field, `"`, `""`)...)
			out = append(out, '"')
		}
		out = append(out, '\r', '\n')
	}
	return out
}

func asksExternal(e *definition.Element) bool {
	if e.Type == "select_one_external" {
		return true
	}
	for _, child := range e.Children {
		if asksExternal(child) {
			return true
		}
	}
	return false
}
