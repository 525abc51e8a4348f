package export

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"waymark/internal/fault"
)

// The bounds of a sheet. Source: Excel specifications and limits.
const (
	lastRow    = 1_048_576
	lastColumn = 16_384
	cellUnits  = 32_767 // UTF-16 units in a cell
)

// workbook writes SpreadsheetML as it goes: cells hold their text inline, so that
// no table of texts has to be kept, and are typed, so that nothing is taken for a
// formula. It is our own because the library's writer of streams keeps what it
// writes in temporary files that anybody can read.
// Source: ECMA-376, part 1, section 18.
type workbook struct {
	zip    *zip.Writer
	main   *bufio.Writer
	tables []*sheet
	names  []string
	spools []*spool
	rows   []int
	line   []byte
}

func newWorkbook(w io.Writer, tables []*sheet) (*workbook, error) {
	o := &workbook{zip: zip.NewWriter(w), tables: tables, spools: make([]*spool, len(tables)), rows: make([]int, len(tables))}
	for n, t := range tables {
		if len(t.columns) > lastColumn {
			return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the export has %d columns, a sheet at most %d", len(t.columns), lastColumn), "export as CSV")
		}
		o.names = append(o.names, o.sheetName(n, t.name))
	}
	for _, part := range o.parts() {
		if err := o.part(part[0], part[1]); err != nil {
			return nil, err
		}
	}
	first, err := o.zip.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, unwritten(err)
	}
	o.main = bufio.NewWriterSize(first, 64<<10)
	if _, err := o.main.WriteString(sheetHead); err != nil {
		return nil, unwritten(err)
	}
	for n := range tables {
		if n > 0 {
			if o.spools[n], err = newSpool(); err != nil {
				return nil, err
			}
		}
		o.begin(n)
		for i, name := range tables[n].header {
			o.text(n, i, name, 1)
		}
		if err := o.end(n); err != nil {
			o.discard()
			return nil, err
		}
	}
	return o, nil
}

// sheetName is a name that spreadsheets take, and that no other sheet has.
func (o *workbook) sheetName(n int, name string) string {
	if n == 0 {
		return "submissions"
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return '-'
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 27 {
		name = string(r[:27])
	}
	base := name
	for k := 2; ; k++ {
		taken := false
		for _, had := range o.names {
			taken = taken || strings.EqualFold(had, name)
		}
		if !taken && name != "" {
			return name
		}
		name = fmt.Sprintf("%s %d", base, k)
	}
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	sheetHead = xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`
	sheetTail = `</sheetData></worksheet>`
	styles    = xmlHead + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`
)

// parts are the parts of the package besides the sheets.
func (o *workbook) parts() [][2]string {
	var types, sheets, relations strings.Builder
	for n, name := range o.names {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n+1)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, attribute(name), n+1, n+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n+1, n+1)
	}
	fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`, len(o.names)+1)
	return [][2]string{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + relations.String() + `</Relationships>`},
		{"xl/styles.xml", styles},
	}
}

func attribute(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func (o *workbook) part(name, content string) error {
	w, err := o.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	return unwritten(err)
}

func (o *workbook) row(table int, cells []string) error {
	if o.rows[table] >= lastRow {
		return fault.New(fault.Invalid, fault.Place{Sheet: o.names[table]}, fmt.Sprintf("a sheet holds at most %d rows", lastRow), "export as CSV, or a part of the round")
	}
	o.begin(table)
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		switch o.tables[table].columns[i].kind {
		case number, flag:
			if _, ok := numeral(cell); ok {
				o.open(table, i, 0, "")
				o.line = append(o.line, "<v>"...)
				o.line = append(o.line, cell...)
				o.line = append(o.line, "</v></c>"...)
				continue
			}
		case day:
			// Days before 1901 are counted in two ways by spreadsheets.
			if t, ok := civil(cell); ok && t.Year() >= 1901 && t.Year() < 10_000 {
				o.open(table, i, 2, "")
				o.line = append(o.line, "<v>"...)
				o.line = strconv.AppendInt(o.line, t.Unix()/86_400+25_569, 10)
				o.line = append(o.line, "</v></c>"...)
				continue
			}
		}
		o.text(table, i, cell, 0)
	}
	return o.end(table)
}

func (o *workbook) begin(table int) {
	o.rows[table]++
	o.line = append(o.line[:0], `<row r="`...)
	o.line = strconv.AppendInt(o.line, int64(o.rows[table]), 10)
	o.line = append(o.line, `">`...)
}

// open writes the tag of a cell.
func (o *workbook) open(table, i, style int, kind string) {
	o.line = append(o.line, `<c r="`...)
	o.line = appendName(o.line, i)
	o.line = strconv.AppendInt(o.line, int64(o.rows[table]), 10)
	o.line = append(o.line, '"')
	if style > 0 {
		o.line = append(o.line, ` s="`...)
		o.line = strconv.AppendInt(o.line, int64(style), 10)
		o.line = append(o.line, '"')
	}
	if kind != "" {
		o.line = append(o.line, ` t="`...)
		o.line = append(o.line, kind...)
		o.line = append(o.line, '"')
	}
	o.line = append(o.line, '>')
}

// text writes a typed text, cut at what a cell holds. The apostrophe keeps it
// harmless even where someone saves the sheet as CSV.
func (o *workbook) text(table, i int, cell string, style int) {
	cell = clip(harmless(cell))
	o.open(table, i, style, "inlineStr")
	o.line = append(o.line, `<is><t xml:space="preserve">`...)
	for _, r := range cell {
		switch {
		case r == '&':
			o.line = append(o.line, "&amp;"...)
		case r == '<':
			o.line = append(o.line, "&lt;"...)
		case r == '>':
			o.line = append(o.line, "&gt;"...)
		case r == '\r':
			o.line = append(o.line, "&#13;"...)
		case r < 0x20 && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF: // XML has no place for it
		default:
			o.line = utf8.AppendRune(o.line, r)
		}
	}
	o.line = append(o.line, `</t></is></c>`...)
}

func clip(text string) string {
	if len(text) <= cellUnits {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= cellUnits {
		return text
	}
	return string(utf16.Decode(units[:cellUnits]))
}

// appendName writes the letters of a column.
func appendName(dst []byte, i int) []byte {
	if i >= 26 {
		dst = appendName(dst, i/26-1)
	}
	return append(dst, byte('A'+i%26))
}

func (o *workbook) end(table int) error {
	o.line = append(o.line, "</row>"...)
	if table == 0 {
		_, err := o.main.Write(o.line)
		return unwritten(err)
	}
	return o.spools[table].write(o.line)
}

func (o *workbook) close() error {
	if _, err := o.main.WriteString(sheetTail); err != nil {
		return unwritten(err)
	}
	if err := o.main.Flush(); err != nil {
		return unwritten(err)
	}
	for n, s := range o.spools {
		if s == nil {
			continue
		}
		w, err := o.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", n+1))
		if err != nil {
			return unwritten(err)
		}
		if _, err := io.WriteString(w, sheetHead); err != nil {
			return unwritten(err)
		}
		if err := s.copyTo(w); err != nil {
			return err
		}
		if _, err := io.WriteString(w, sheetTail); err != nil {
			return unwritten(err)
		}
	}
	return unwritten(o.zip.Close())
}

func (o *workbook) discard() {
	for _, s := range o.spools {
		if s != nil {
			s.discard()
		}
	}
}
