package workbook

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"waymark/internal/fault"
)

// biffCell is a cell as its record has it.
type biffCell struct {
	row, column, style uint16
	value              biffValue
	code               byte // a boolean or an error
	number             float64
	text               string
}

// biffValue says which field of a biffCell holds its value.
type biffValue uint8

const (
	biffNumber biffValue = iota
	biffText
	biffBool
	biffError
)

// biffErrors are the errors that a cell can show. Source: [MS-XLS], §2.5.10.
var biffErrors = map[byte]string{
	0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}

// readSheet reads the cells of a sheet into a grid, row by row.
func (b *biffBook) readSheet(g *grid, sheet biffSheet) error {
	cells, err := b.cells(sheet)
	if err != nil {
		return err
	}
	inOrder := func(a, b biffCell) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column)) }
	if !slices.IsSortedFunc(cells, inOrder) {
		slices.SortStableFunc(cells, inOrder)
	}
	for i := 0; i < len(cells); {
		row := cells[i].row
		if !g.startRow(int(row) + 1) {
			return nil
		}
		for ; i < len(cells) && cells[i].row == row; i++ {
			if g.wants(int(cells[i].column)) {
				b.put(g, cells[i])
			}
		}
		g.endRow()
	}
	return nil
}

// cells returns the cells of a sheet in the order of the file.
func (b *biffBook) cells(sheet biffSheet) ([]biffCell, error) {
	b.at = sheet.at
	if id, _, ok := b.next(); !ok || id != recBOF {
		return nil, damagedBIFF(sheet.title)
	}
	var cells []biffCell
	for depth := 1; depth > 0; {
		id, data, ok := b.next()
		if !ok {
			return nil, damagedBIFF(sheet.title)
		}
		switch {
		case id == recBOF: // a chart within the sheet
			depth++
			continue
		case id == recEOF:
			depth--
			continue
		case depth > 1:
			continue
		case id == recString:
			// The text that the formula before it gave.
			if n := len(cells) - 1; n >= 0 && len(data) >= 2 && cells[n].value == biffText {
				p := b.pieces(data)
				cells[n].text = p.text(p.uint16())
				if p.failed {
					return nil, damagedBIFF(sheet.title)
				}
			}
			continue
		case len(data) < 6:
			continue
		}
		c := biffCell{
			row:    binary.LittleEndian.Uint16(data),
			column: binary.LittleEndian.Uint16(data[2:]),
			style:  binary.LittleEndian.Uint16(data[4:]),
		}
		body := data[6:]
		switch {
		case id == recNumber && len(body) >= 8:
			c.number = math.Float64frombits(binary.LittleEndian.Uint64(body))
			cells = append(cells, c)
		case id == recRK && len(body) >= 4:
			c.number = rkNumber(binary.LittleEndian.Uint32(body))
			cells = append(cells, c)
		case id == recMulRK:
			for rest := data[4:]; len(rest) >= 8; rest = rest[6:] { // the last column follows the last number
				c.style = binary.LittleEndian.Uint16(rest)
				c.number = rkNumber(binary.LittleEndian.Uint32(rest[2:]))
				cells = append(cells, c)
				c.column++
			}
		case id == recLabelSST && len(body) >= 4:
			n := binary.LittleEndian.Uint32(body)
			if uint64(n) >= uint64(len(b.strings)) {
				return nil, damagedBIFF(sheet.title)
			}
			c.value, c.text = biffText, b.strings[n]
			cells = append(cells, c)
		case (id == recLabel || id == recRString) && len(body) >= 2:
			p := b.pieces(body)
			c.value, c.text = biffText, p.text(p.uint16())
			if p.failed {
				return nil, damagedBIFF(sheet.title)
			}
			cells = append(cells, c)
		case id == recBoolErr && len(body) >= 2:
			c.value, c.code = biffBool, body[0]
			if body[1] == 1 {
				c.value = biffError
			}
			cells = append(cells, c)
		case id == recFormula && len(body) >= 8:
			cells = append(cells, formulaResult(c, body[:8]))
		}
		if len(cells) > MaxCells {
			return nil, fault.New(fault.Unavailable, fault.Place{Sheet: sheet.title}, "the sheet has too many cells", "split the form")
		}
	}
	return cells, nil
}

// formulaResult sets the stored value of a formula: a number, or a mark of what
// it is instead. A text follows in a record of its own.
func formulaResult(c biffCell, result []byte) biffCell {
	if result[6] != 0xFF || result[7] != 0xFF {
		c.number = math.Float64frombits(binary.LittleEndian.Uint64(result))
		return c
	}
	switch result[0] {
	case 1:
		c.value, c.code = biffBool, result[2]
	case 2:
		c.value, c.code = biffError, result[2]
	default:
		c.value = biffText
	}
	return c
}

// put adds a cell to the grid.
func (b *biffBook) put(g *grid, c biffCell) {
	column := int(c.column)
	switch c.value {
	case biffText:
		text := clean(c.text)
		if bad := control(text); bad != "" {
			g.faultf(column, "retype the text of the cell", "%s", bad)
			return
		}
		g.put(column, text, textCell)
	case biffBool:
		text := "TRUE"
		if c.code == 0 {
			text = "FALSE"
		}
		g.put(column, text, boolCell)
	case biffError:
		name, known := biffErrors[c.code]
		if !known {
			name = "#?"
		}
		g.faultf(column, "correct the formula or write the value", "the cell shows the error %s", name)
	default:
		b.putNumber(g, c)
	}
}

// putNumber puts a number, or the date that its format shows it as. A day from
// 1 to 60 of the 1900 system is refused, as pyxform refuses it: Excel and the
// calendar disagree about which day it is.
func (b *biffBook) putNumber(g *grid, c biffCell) {
	column := int(c.column)
	switch {
	case math.IsNaN(c.number) || math.IsInf(c.number, 0):
		g.faultf(column, saveXLSX, "the cell holds a number that cannot be read")
	case !b.date(int(c.style)):
		g.put(column, string(appendFloat(nil, c.number)), numberCell)
	case !b.from1904 && c.number >= 1 && c.number < 61:
		g.faultf(column, "write it as text, such as 1900-02-28", "the cell holds a date before March 1900, which spreadsheets count in two ways")
	default:
		seconds := math.Round(c.number*86400) / 86400
		text, ok := dateText(seconds, b.from1904)
		if !ok || c.number < 0 {
			g.faultf(column, "write it as text, such as 2016-10-06", "the cell is formatted as a date, but its number is outside the calendar")
			return
		}
		g.put(column, text, dateCell)
	}
}
