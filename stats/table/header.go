package table

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// readHeader cleans a header row: trimmed names, a made-up name for an empty
// one, a fault for each pair of columns with one name. Columns without a name at
// the end of the header are cut off.
func readHeader(cells [][]byte, rep *report, row int) Header {
	n := len(cells)
	for n > 0 && len(bytes.TrimFunc(cells[n-1], isEdge)) == 0 {
		n--
	}
	if n < len(cells) {
		rep.warn(rep.at(row, n+1, ""), "delete the columns in the file, or name them", "the header ends with %s without a name; %s left out",
			plural(len(cells)-n, "column", "columns"), wereOf(len(cells)-n))
	}
	h := Header{Names: make([]string, n)}
	seen := make(map[string]int, n)
	for i, cell := range cells[:n] {
		name := strings.TrimFunc(string(unescape(cell)), isEdge)
		if first, dup := seen[name]; dup && name != "" {
			rep.fail(rep.at(row, i+1, name), fmt.Sprintf("rename one of columns %d and %d in the file", first, i+1),
				"columns %d and %d have the same name", first, i+1)
			continue
		}
		if name != "" {
			seen[name] = i + 1
		}
		h.Names[i] = name
	}
	for i, name := range h.Names {
		if name != "" {
			continue
		}
		name = fmt.Sprintf("column %d", i+1)
		for seen[name] > 0 {
			name += "_"
		}
		seen[name] = i + 1
		h.Names[i] = name
		rep.warn(rep.at(row, i+1, ""), "give the column a name in the file", "the header has no name for column %d; it is read as %q", i+1, name)
	}
	return h
}

func wereOf(n int) string {
	if n == 1 {
		return "it was"
	}
	return "they were"
}

// isEdge says what is trimmed from the edges of names and codes: white space,
// a byte order mark, and marks that only steer the direction of text.
func isEdge(r rune) bool {
	switch r {
	case '\uFEFF', '\u200B', '\u200E', '\u200F':
		return true
	}
	return unicode.IsSpace(r)
}
