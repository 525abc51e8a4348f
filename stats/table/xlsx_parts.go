package table

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// dateStyle says what a cell's number format makes of its number.
type dateStyle uint8

const (
	styleNumber dateStyle = iota
	styleDate
	styleDateTime
	styleClock
)

// builtinStyle is the meaning of the number formats that every spreadsheet
// knows by number. Source: ECMA-376 part 1, 18.8.30, and the East Asian formats
// listed there.
func builtinStyle(id int) dateStyle {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id >= 34 && id <= 36, id >= 50 && id <= 58:
		return styleDate
	case id >= 18 && id <= 21, id == 32, id == 33, id >= 45 && id <= 47:
		return styleClock
	case id == 22:
		return styleDateTime
	}
	return styleNumber
}

// formatStyle reads a number format such as dd/mm/yyyy hh:mm: letters outside
// quotes, brackets and escapes tell dates from times from numbers.
func formatStyle(code string) dateStyle {
	day, clock, minutes := false, false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return styleNumber
			}
			i += end + 1
		case code[i] == '\\', code[i] == '_', code[i] == '*':
			i++
		case code[i] == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return styleNumber
			}
			if inside := strings.ToLower(code[i+1 : i+end]); inside != "" && strings.Trim(inside, "hms") == "" {
				clock = true // [h]:mm counts hours beyond a day
			}
			i += end
		case code[i] == ';': // the rest is for negative numbers
			i = len(code)
		case c == 'y', c == 'd':
			day = true
		case c == 'h', c == 's':
			clock = true
		case c == 'm':
			minutes = true
		case c == 'g' && strings.HasPrefix(strings.ToLower(code[i:]), "general"):
			i += len("general") - 1
		}
	}
	switch {
	case day && clock:
		return styleDateTime
	case day, minutes && !clock:
		return styleDate
	case clock:
		return styleClock
	}
	return styleNumber
}

// readStyles finds which cell styles are dates.
func (w *workbook) readStyles(ctx context.Context, budget *unpackBudget) error {
	custom := map[int]dateStyle{}
	inCells := false
	return w.elements(ctx, "xl/styles.xml", budget, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				custom[id] = formatStyle(attr(e, "formatCode"))
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs", "cellStyleXfs":
			inCells = false
		case "xf":
			if !inCells {
				return nil
			}
			id, err := strconv.Atoi(attr(e, "numFmtId"))
			if err != nil {
				id = 0
			}
			style, ok := custom[id]
			if !ok {
				style = builtinStyle(id)
			}
			w.styles = append(w.styles, style)
		}
		return nil
	})
}

// stringPool holds a workbook's shared strings in one buffer.
type stringPool struct {
	data    []byte
	offsets []uint64
}

func (p *stringPool) get(i int) ([]byte, bool) {
	if i < 0 || i+1 >= len(p.offsets) {
		return nil, false
	}
	return p.data[p.offsets[i]:p.offsets[i+1]], true
}

// readStrings reads the shared strings; parts of one string in several fonts
// are joined, and hints on pronunciation left out.
func (w *workbook) readStrings(ctx context.Context, budget *unpackBudget, rep *report) error {
	w.strings.offsets = []uint64{0}
	return w.elements(ctx, "xl/sharedStrings.xml", budget, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := appendText(w.strings.data, d, "si")
		if err != nil {
			return err
		}
		if len(text)-len(w.strings.data) > rep.limits.CellBytes {
			return rep.stop(rep.at(0, 0, ""), "shorten the text in the workbook", "a text is longer than %d bytes", rep.limits.CellBytes)
		}
		w.strings.data = text
		w.strings.offsets = append(w.strings.offsets, uint64(len(text)))
		return nil
	})
}

// appendText appends the text of all t elements up to the end of the element
// that was begun.
func appendText(b []byte, d *xml.Decoder, end string) ([]byte, error) {
	inText, phonetic := false, 0
	from := len(b)
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return b, io.ErrUnexpectedEOF
		}
		if err != nil {
			return b, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
			if t.Name.Local == "rPh" {
				phonetic++
			}
		case xml.EndElement:
			inText = false
			if t.Name.Local == "rPh" {
				phonetic--
			}
			if t.Name.Local == end {
				return unescapeXML(b, from), nil
			}
		case xml.CharData:
			if inText && phonetic == 0 {
				b = append(b, t...)
			}
		}
	}
}

// unescapeXML undoes _x000D_, by which workbooks write characters that XML does
// not allow, in b from an offset on.
func unescapeXML(b []byte, from int) []byte {
	if !bytes.Contains(b[from:], []byte("_x")) {
		return b
	}
	out := b[:from]
	for i := from; i < len(b); i++ {
		if i+7 <= len(b) && b[i] == '_' && b[i+1] == 'x' && b[i+6] == '_' {
			if v, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16); err == nil && (v < 0xd800 || v > 0xdfff) {
				// Never longer than the seven bytes that it replaces.
				out = append(out, string(rune(v))...)
				i += 6
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}
