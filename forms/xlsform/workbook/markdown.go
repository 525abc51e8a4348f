package workbook

import (
	"strings"

	"waymark/internal/fault"
)

// readMarkdown reads markdown tables. The first column names a sheet, and is
// empty in the rows of that sheet:
//
//	| survey |      |       |       |
//	|        | type | name  | label |
//	|        | text | place | Where |
//
// Lines that do not begin with a pipe are comments, and so is what stands behind
// the last pipe of a line, as pyxform has it. A line of hyphens between pipes
// separates a header and says nothing. A pipe within a cell is written \|.
func readMarkdown(doc string, shared *budget) (*Workbook, error) {
	b := &textBook{shared: shared}
	var cells []string
	for line := range strings.Lines(doc) {
		if b.line++; b.hopeless() {
			break
		}
		line = strings.TrimSpace(line)
		first, last := strings.IndexByte(line, '|'), strings.LastIndexByte(line, '|')
		if first != 0 || last == first {
			continue
		}
		inner := line[1:last]
		if isRuler(inner) {
			continue
		}
		if strings.Count(inner, "|") > MaxColumns {
			return nil, tooWide(b.line)
		}
		cells = splitPipes(cells[:0], inner)
		if name := clean(cells[0]); name != "" {
			b.begin(name)
		}
		b.add(cells[1:])
	}
	if len(b.grids) == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the markdown names no sheet", "write | survey | above the header of the questions")
	}
	return b.workbook()
}

// isRuler says whether a row is the line that markdown wants under a header:
// pipes and hyphens, or cells of hyphens with colons at their ends.
func isRuler(inner string) bool {
	if strings.Trim(inner, "|-") == "" {
		return true
	}
	for cell := range strings.SplitSeq(inner, "|") {
		cell = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(cell), ":"), ":")
		if cell == "" || strings.Trim(cell, "-") != "" {
			return false
		}
	}
	return true
}

// splitPipes appends the cells of a row, which pipes without a backslash before
// them part.
func splitPipes(cells []string, inner string) []string {
	start := 0
	for i := range len(inner) {
		if inner[i] == '|' && (i == 0 || inner[i-1] != '\\') {
			cells = append(cells, strings.ReplaceAll(inner[start:i], `\|`, "|"))
			start = i + 1
		}
	}
	return append(cells, strings.ReplaceAll(inner[start:], `\|`, "|"))
}
