package workbook

import (
	"encoding/binary"
	"strings"

	"waymark/internal/fault"
)

// biffBook is what the sheets of an XLS file share.
type biffBook struct {
	biff
	shared   *budget
	from1904 bool
	sheets   []biffSheet
	strings  []string
	formats  map[int]bool
	styles   []int // the format of each cell style
}

// biffSheet is a sheet's name and where its records begin.
type biffSheet struct {
	title string
	at    int
	cells bool // a worksheet, not a chart or macro sheet
}

// readBIFF reads the stream of a workbook.
func readBIFF(stream []byte, shared *budget) (*Workbook, error) {
	b := &biffBook{biff: biff{stream: stream}, shared: shared, formats: make(map[int]bool)}
	if err := b.globals(); err != nil {
		return nil, err
	}
	w := &Workbook{}
	chosen := sheetChoice{alone: len(b.sheets) == 1, shared: shared}
	for _, sheet := range b.sheets {
		w.Names = append(w.Names, sheet.title)
		if !sheet.cells {
			continue
		}
		name, read := chosen.name(sheet.title)
		if !read {
			continue
		}
		g := newGrid(name, sheet.title, shared, true)
		if err := b.readSheet(g, sheet); err != nil {
			return nil, err
		}
		w.Sheets = append(w.Sheets, g.sheet)
	}
	return w, nil
}

// globals reads the records before the sheets.
func (b *biffBook) globals() error {
	id, data, ok := b.next()
	switch {
	case !ok || id != recBOF || len(data) < 2:
		return damagedBIFF("")
	case binary.LittleEndian.Uint16(data) != 0x0600:
		return notAForm("a workbook of Excel 5 or 95", saveXLSX)
	}
	for {
		id, data, ok := b.next()
		if !ok {
			return damagedBIFF("")
		}
		switch {
		case id == recEOF:
			return nil
		case id == recFilePass:
			return protected()
		case id == recDateMode && len(data) >= 2:
			b.from1904 = data[0] == 1
		case id == recFormat && len(data) >= 4:
			p := &pieces{now: data[4:]}
			code := p.text(int(binary.LittleEndian.Uint16(data[2:])))
			if !p.failed {
				b.formats[int(binary.LittleEndian.Uint16(data))] = writtenDate(code)
			}
		case id == recXF && len(data) >= 4:
			b.styles = append(b.styles, int(binary.LittleEndian.Uint16(data[2:])))
		case id == recBoundSheet && len(data) >= 8:
			p := &pieces{now: data[7:]}
			title := p.text(int(data[6]))
			if p.failed || len(b.sheets) >= MaxSheets {
				return damagedBIFF("")
			}
			b.sheets = append(b.sheets, biffSheet{title: title, at: int(binary.LittleEndian.Uint32(data)), cells: data[5] == 0})
		case id == recSST:
			if err := b.readStrings(b.pieces(data)); err != nil {
				return err
			}
		}
	}
}

// readStrings reads the table of texts, each cleaned.
func (b *biffBook) readStrings(p *pieces) error {
	p.uint32() // uses of all texts
	total := 0
	for n := p.uint32(); n > 0; n-- {
		text := clean(strings.ReplaceAll(p.text(p.uint16()), "\r\n", "\n"))
		if p.failed {
			return damagedBIFF("")
		}
		b.strings = append(b.strings, text)
		if total += len(text); total > MaxTextBytes || len(b.strings) > MaxStrings {
			return fault.New(fault.Unavailable, fault.Place{}, "the workbook has too many texts", "remove sheets that the form does not need")
		}
	}
	return nil
}

// date says whether a cell style shows numbers as dates or times.
func (b *biffBook) date(style int) bool {
	if style >= len(b.styles) {
		return false
	}
	format := b.styles[style]
	if date, written := b.formats[format]; written {
		return date
	}
	return builtinDate(format)
}
