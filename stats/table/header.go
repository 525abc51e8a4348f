package table

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readHeader cleans a header row: trimmed names, a made-up name for an empty
// one, a fault for each pair of columns with one name.
func readHeader(cells [][]byte, rep *report, row int) Header {
	n := len(cells)
	for n > 0 && len(bytes.TrimSpace(cells[n-1])) == 0 {
		n--
	}
	h := Header{Names: make([]string, len(cells))}
	seen := make(map[string]int, len(cells))
	for i, cell := range cells {
		name := strings.TrimFunc(string(cell), isEdge)
		if !utf8.ValidString(name) {
			name = strings.ToValidUTF8(name, "\uFFFD")
		}
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
		if i < n {
			rep.warn(rep.at(row, i+1, ""), "give the column a name in the file", "the header has no name for column %d; it is read as %q", i+1, name)
		}
	}
	if n < len(cells) && n > 0 {
		rep.warn(rep.at(row, n+1, ""), "delete the empty columns in the file", "the header ends with %s without a name",
			plural(len(cells)-n, "column", "columns"))
	}
	return h
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
