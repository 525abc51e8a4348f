package workbook

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"waymark/internal/fault"
)

// cellType is the attribute t of a cell.
type cellType uint8

const (
	typeNumber cellType = iota
	typeShared
	typeText // str: the text that a formula gave
	typeInline
	typeBool
	typeError
	typeDate
	typeUnknown
)

// readSheet reads one sheet, as far as it has rows.
func (x *xlsx) readSheet(g *grid, part string) error {
	s, err := x.open(part)
	if err != nil {
		return err
	}
	defer s.close()
	row, column, depth := 0, -1, 0
	inRow := false
	for {
		if inRow {
			if column, err = x.quickCells(s, g, column); err != nil {
				return err
			}
		}
		if err := s.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch {
		case len(s.name) == 1 && s.name[0] == 'c' && !s.closes && inRow:
			if column, err = x.readCell(s, g, column+1); err != nil {
				return err
			}
		case string(s.name) == "row":
			if s.closes {
				if inRow && s.depth != depth-1 {
					return s.malformed("elements of a row that are not closed")
				}
				if inRow {
					g.endRow()
				}
				inRow = false
				continue
			}
			if inRow {
				return s.malformed("a row within a row")
			}
			next := row + 1
			if n, ok := s.number("r"); ok {
				next = n
			}
			if next <= row || next > MaxRows {
				return fault.New(fault.Invalid, fault.Place{Row: next}, "the rows of the sheet are not in order", saveXLSX)
			}
			row, column = next, -1
			if !g.startRow(row) {
				return nil
			}
			depth = s.depth
			if inRow = !s.empty; !inRow {
				g.endRow()
			}
		case s.closes && string(s.name) == "sheetData":
			return nil
		}
	}
}

// readCell reads the cell whose tag next found, and passes it if it holds
// nothing that the grid wants. It returns the cell's column; the column given
// is that of a cell that does not say its own.
func (x *xlsx) readCell(s *scanner, g *grid, column int) (int, error) {
	column, style, kind := cellAttrs(s.attrs, column)
	if column < 0 || column >= MaxColumns {
		return 0, s.malformed("a cell without a place")
	}
	if s.empty || !g.wants(column) {
		return column, nil
	}
	outer := s.depth
	x.value = x.value[:0]
	formula, stored := false, false
	for {
		if err := s.next(); err != nil {
			return 0, s.cut(err)
		}
		if s.closes {
			if s.depth < outer {
				break
			}
			continue
		}
		switch string(s.name) {
		case "f":
			formula = true
		case "v":
			stored = true
			if s.empty {
				continue
			}
			text, err := s.content()
			if err != nil {
				return 0, err
			}
			x.value = append(x.value[:0], text...)
		case "is":
			var err error
			if x.value, err = s.rich(x.value[:0]); err != nil {
				return 0, err
			}
		}
	}
	if formula && len(x.value) == 0 && !(stored && kind == typeText) {
		g.noValue(column)
		return column, nil
	}
	return column, x.putCell(g, column, style, kind, x.value)
}

// putCell puts the value of a cell into the grid.
func (x *xlsx) putCell(g *grid, column, style int, kind cellType, value []byte) error {
	if len(value) == 0 {
		return nil
	}
	switch kind {
	case typeShared:
		if x.strings == nil {
			if err := x.readStrings(); err != nil {
				return err
			}
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 32)
		if err != nil || n >= uint64(len(x.strings)) {
			g.faultf(column, saveXLSX, "the cell names a text that the workbook does not have")
			return nil
		}
		g.put(column, x.strings[n], textCell)
	case typeText, typeInline:
		g.put(column, clean(x.texts.keep(bytes.TrimSpace(unescape(value)))), textCell)
	case typeBool:
		switch string(value) {
		case "1", "true":
			g.put(column, "TRUE", boolCell)
		case "0", "false":
			g.put(column, "FALSE", boolCell)
		default:
			g.faultf(column, saveXLSX, "the cell holds neither TRUE nor FALSE")
		}
	case typeError:
		g.faultf(column, "correct the formula or write the value", "the cell shows the error %s", clean(string(value)))
	case typeDate:
		text, ok := isoText(string(value))
		if !ok {
			g.faultf(column, "write it as text", "the cell holds a date that cannot be read")
			return nil
		}
		g.put(column, text, dateCell)
	case typeNumber:
		return x.putNumber(g, column, style, value)
	default:
		g.faultf(column, saveXLSX, "the cell is of an unknown type")
	}
	return nil
}

// putNumber puts a number, or the date that its format shows it as.
func (x *xlsx) putNumber(g *grid, column, style int, value []byte) error {
	if x.styles == nil {
		if err := x.readStyles(); err != nil {
			return err
		}
	}
	value = bytes.TrimSpace(value)
	if len(value) == 0 {
		return nil
	}
	if style >= len(x.styles) || !x.styles[style] {
		digits, ok := appendNumber(x.digits[:0], value)
		if !ok {
			g.faultf(column, saveXLSX, "the cell holds a number that cannot be read")
			return nil
		}
		x.digits = digits
		g.put(column, x.texts.keep(digits), numberCell)
		return nil
	}
	text, ok := "", false
	if f, number := parseFloat(value); number {
		text, ok = dateText(f, x.from1904)
	}
	if !ok {
		g.faultf(column, "write it as text, such as 2016-10-06", "the cell is formatted as a date, but its number is outside the calendar")
		return nil
	}
	g.put(column, text, dateCell)
	return nil
}

// cellAttrs reads the attributes of a cell: its column, which is left as given
// if r is absent and is -1 if r cannot be read; the number of its style; and
// its type.
func cellAttrs(b []byte, column int) (int, int, cellType) {
	style, kind := 0, typeNumber
	for {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return column, style, kind
		}
		if eq < 1 || eq+2 >= len(b) || b[eq-1] <= ' ' || b[eq+1] != '"' && b[eq+1] != '\'' {
			return -1, 0, typeUnknown
		}
		n := bytes.IndexByte(b[eq+2:], b[eq+1])
		if n < 0 {
			return -1, 0, typeUnknown
		}
		value := b[eq+2 : eq+2+n]
		if eq >= 2 && b[eq-2] <= ' ' || eq == 1 {
			switch b[eq-1] {
			case 'r':
				column = columnOf(value)
			case 's':
				style = 0
				for _, c := range value {
					if c < '0' || c > '9' || style > 1<<20 {
						break
					}
					style = style*10 + int(c-'0')
				}
			case 't':
				kind = typeOf(value)
			}
		}
		b = b[eq+3+n:]
	}
}

// columnOf is the column, from 0, of a reference such as AB12, or -1.
func columnOf(ref []byte) int {
	column, i := 0, 0
	for ; i < len(ref); i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		if column = column*26 + int(c-'a') + 1; column > MaxColumns {
			return -1
		}
	}
	if i == 0 || i == len(ref) {
		return -1
	}
	return column - 1
}

func typeOf(t []byte) cellType {
	switch string(t) {
	case "s":
		return typeShared
	case "n":
		return typeNumber
	case "str":
		return typeText
	case "inlineStr":
		return typeInline
	case "b":
		return typeBool
	case "e":
		return typeError
	case "d":
		return typeDate
	}
	return typeUnknown
}
