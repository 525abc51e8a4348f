package table

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"time"
)

// cell reads one cell and adds its text to the row.
func (s *sheetScanner) cell(e xml.StartElement) error {
	column := len(s.ends) + 1
	if ref := attr(e, "r"); ref != "" {
		c, ok := columnOf(ref)
		if !ok || c < column {
			return s.rep.stop(s.rep.at(s.row, column, ""), "open the workbook in a spreadsheet program and save it again", "the cell calls itself %q, which is out of order", ref)
		}
		column = c
	}
	if column > min(s.rep.limits.Columns, lastSheetColumn) {
		return s.rep.stop(s.rep.at(s.row, column, ""), "leave out the columns that are not needed", "the row has more than %d columns", min(s.rep.limits.Columns, lastSheetColumn))
	}
	for len(s.ends) < column-1 {
		s.ends = append(s.ends, len(s.data))
	}
	uncached, inline, err := s.inside()
	if err != nil {
		return err
	}
	if err := s.put(attr(e, "t"), attr(e, "s"), column, uncached, inline); err != nil {
		return err
	}
	s.ends = append(s.ends, len(s.data))
	return nil
}

// columnOf reads the letters of a reference such as AB12.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := 0; i < len(ref); i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			return n, i > 0
		}
		n = n*26 + int(c-'a') + 1
		if n > lastSheetColumn {
			return 0, false
		}
	}
	return n, n > 0
}

// inside reads a cell's elements into s.value. uncached says that the cell is a
// formula whose result is not in the file; an empty result is one.
func (s *sheetScanner) inside() (uncached, inline bool, err error) {
	s.value = s.value[:0]
	formula, inValue, anyValue := false, false, false
	for {
		t, err := s.d.RawToken()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return false, false, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				formula = true
			case "v":
				inValue, anyValue = true, true
			case "is":
				inline = true
				if s.value, err = appendText(s.value, s.d, "is"); err != nil {
					return false, false, err
				}
			}
		case xml.CharData:
			if inValue {
				s.value = append(s.value, t...)
			}
		case xml.EndElement:
			inValue = false
			if t.Name.Local == "c" {
				return formula && !anyValue, inline, nil
			}
		}
	}
}

// put appends the text of a cell with this type and style.
func (s *sheetScanner) put(kind, style string, column int, uncached, inline bool) error {
	v := s.value
	if len(v) > s.rep.limits.CellBytes {
		return s.rep.stop(s.rep.at(s.row, column, ""), "shorten the text", "the cell is longer than %d bytes", s.rep.limits.CellBytes)
	}
	if uncached {
		count(s.uncached, column, s.row)
		return nil
	}
	switch {
	case inline || len(v) == 0:
		s.data = append(s.data, v...)
	case kind == "s":
		i, err := strconv.Atoi(string(v))
		text, ok := s.book.strings.get(i)
		if err != nil || !ok {
			return s.rep.stop(s.rep.at(s.row, column, ""), "open the workbook in a spreadsheet program and save it again", "the cell refers to a text that the workbook does not have")
		}
		s.data = append(s.data, text...)
	case kind == "e":
		count(s.broken, column, s.row)
	case kind == "b":
		s.data = strconv.AppendBool(s.data, v[0] == '1' || v[0] == 't')
	case kind == "str", kind == "d":
		from := len(s.data)
		s.data = unescapeXML(append(s.data, v...), from)
	default:
		s.number(v, style)
	}
	return nil
}

func count(m map[int]*tally, column, row int) {
	t := m[column]
	if t == nil {
		t = &tally{}
		m[column] = t
	}
	t.add(row)
}

// number appends a number as its shortest decimal, or as a date or time where
// the cell's format says so.
func (s *sheetScanner) number(v []byte, style string) {
	i, err := strconv.Atoi(style)
	kind := styleNumber
	if err == nil && i >= 0 && i < len(s.book.styles) {
		kind = s.book.styles[i]
	}
	x, ok := plainNumber(bytes.TrimSpace(v))
	if !ok {
		s.data = append(s.data, v...)
		return
	}
	if kind != styleNumber {
		if text, ok := serialText(x, kind, s.book.epoch); ok {
			s.data = append(s.data, text...)
			return
		}
	}
	s.data = strconv.AppendFloat(s.data, x, 'f', -1, 64)
}

// serialText renders a spreadsheet's day number as a date, a date with a time
// of day, or a time of day. Days before 1 March 1900 are one off in the files
// of spreadsheets, which count a 29 February 1900.
func serialText(x float64, style dateStyle, epoch int) (string, bool) {
	x += float64(epoch)
	day := math.Floor(x)
	seconds := int64(math.Round((x - day) * daySeconds))
	if x < 0 || x >= 2_958_466 { // 31 December 9999
		return "", false
	}
	if x < 1 || style == styleClock {
		if x >= 1 {
			return "", false // a span of time or a clock with a hidden date
		}
		t := time.Unix(min(seconds, daySeconds-1), 0).UTC()
		return t.Format(time.TimeOnly), true
	}
	if day < 61 {
		day++
	}
	t := time.Unix((int64(day)-25_569)*daySeconds+seconds, 0).UTC()
	if style == styleDateTime || seconds%daySeconds != 0 {
		return t.Format("2006-01-02T15:04:05"), true
	}
	return t.Format(time.DateOnly), true
}
