package workbook

import (
	"strings"

	"waymark/internal/fault"
)

// textBook builds the sheets of markdown and CSV. Both name a sheet in their
// first column, and give its header and rows in the others.
type textBook struct {
	shared *budget
	names  []string
	grids  []*grid
	byName map[string]bool
	sheet  *grid // the sheet that rows go to; nil before the first name
	row    int   // rows of that sheet so far
	width  int   // cells of its header's row, empty ones too
	line   int   // where the record being read begins
	early  bool  // a row came before the first name
}

// begin starts the sheet of a name. Names differ by more than case.
func (b *textBook) begin(name string) {
	lower := strings.ToLower(name)
	b.sheet, b.row = newGrid(lower, name, newBudget(), false), 0
	switch {
	case b.byName[lower] && !supported[lower]:
		return // nobody reads it
	case b.byName[lower]:
		b.shared.faults.Addf(fault.Invalid, fault.Place{Sheet: name},
			"write the sheet's name once, above its header, with nothing in the first column of its rows",
			"the sheet begins again in line %d of the file", b.line)
		return
	case len(b.grids) >= MaxSheets:
		b.shared.over = true
		return
	}
	if b.byName == nil {
		b.byName = make(map[string]bool)
	}
	b.byName[lower] = true
	b.names = append(b.names, name)
	b.grids = append(b.grids, b.sheet)
}

// add adds the cells of a record behind its first column. An empty row is none.
func (b *textBook) add(cells []string) {
	some := false
	for i, c := range cells {
		cells[i] = clean(c)
		some = some || cells[i] != ""
	}
	switch {
	case !some:
		return
	case b.sheet == nil:
		if !b.early {
			b.early = true
			b.shared.faults.Addf(fault.Invalid, fault.Place{Row: b.line}, "write survey into the first column of a line above the header",
				"line %d comes before any sheet's name", b.line)
		}
		return
	}
	g := b.sheet
	if b.row++; b.row == 1 {
		b.width = len(cells)
	}
	if !g.startRow(b.row) {
		return
	}
	for i, c := range cells {
		switch {
		case c == "":
		case i >= b.width:
			g.faultf(i, "give it a header, or check the separators of this row", "the row has a cell beyond the last header")
		case g.wants(i):
			if bad := control(c); bad != "" {
				g.faultf(i, "retype the text of the cell", "%s", bad)
				continue
			}
			g.put(i, c, textCell)
		}
	}
	g.endRow()
}

// tables says whether any sheet has a header.
func (b *textBook) tables() bool {
	for _, g := range b.grids {
		if len(g.sheet.Header) > 0 {
			return true
		}
	}
	return false
}

// tooWide is the fault of a line with more columns than a sheet may have.
func tooWide(line int) *fault.Fault {
	return fault.New(fault.Unavailable, fault.Place{Row: line}, "the line has more than 16384 columns", "remove the columns that the form does not need")
}

// hopeless says whether a file has so many faults that nobody would read on.
func (b *textBook) hopeless() bool {
	return b.shared.over || b.shared.faults.Len() > 10*MaxFaults ||
		b.sheet != nil && (b.sheet.shared.over || b.sheet.shared.faults.Len() > 10*MaxFaults)
}

// workbook returns the sheets that an XLSForm has, and their faults.
func (b *textBook) workbook() (*Workbook, error) {
	if b.shared.over {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the first column names more than 1024 sheets",
			"write the name of a sheet above its header, and leave the first column of its rows empty")
	}
	w := &Workbook{Names: b.names}
	for _, g := range b.grids {
		switch {
		case Supported(g.sheet.Name):
		case len(b.grids) == 1:
			g.sheet.Name = "survey"
		default:
			continue
		}
		b.shared.faults.Merge(g.shared.faults)
		w.Sheets = append(w.Sheets, g.sheet)
	}
	return w, nil
}
