package workbook

import (
	"strings"

	"waymark/internal/fault"
)

// sheetChoice decides which sheets of a spreadsheet file are read.
type sheetChoice struct {
	alone  bool // the file has a single sheet, which is the survey by any name
	shared *budget
	seen   map[string]bool
}

// name returns the name under which a sheet is read, and whether it is. A second
// sheet of a name is a fault.
func (c *sheetChoice) name(title string) (string, bool) {
	name := strings.ToLower(title)
	if !supported[name] {
		if !c.alone {
			return "", false
		}
		name = "survey"
	}
	if c.seen[name] {
		c.shared.faults.Addf(fault.Invalid, fault.Place{Sheet: title}, "join the two sheets", "the workbook has two sheets of this name")
		return "", false
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[name] = true
	return name, true
}
