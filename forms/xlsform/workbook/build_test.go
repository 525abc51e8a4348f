package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// The parts of a synthetic workbook with the sheets survey and choices.
const (
	bookXML = `<workbook xmlns:r="r"><sheets><sheet name="survey" r:id="a"/><sheet name="choices" r:id="b"/></sheets></workbook>`
	relsXML = `<Relationships><Relationship Id="a" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="t/worksheet" Target="/xl/worksheets/sheet2.xml"/>` +
		`<Relationship Id="c" Type="t/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="d" Type="t/styles" Target="styles.xml"/></Relationships>`
	emptyXML = `<worksheet><sheetData/></worksheet>`
)

// zipOf packs parts, given as name and content in turn.
func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		method := zip.Deflate
		if len(parts[i+1]) < 4096 {
			method = zip.Store // quick, for fuzzing
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i], Method: method})
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// xlsxOf packs a workbook of the rows of its survey sheet, and of what stands
// within the tables of texts and of styles.
func xlsxOf(t testing.TB, rows, strings, styles string) []byte {
	t.Helper()
	return zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML,
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+rows+"</sheetData></worksheet>",
		"xl/worksheets/sheet2.xml", emptyXML,
		"xl/sharedStrings.xml", "<sst>"+strings+"</sst>", "xl/styles.xml", "<styleSheet>"+styles+"</styleSheet>")
}

// choicesXLSX is a workbook of n choices with five columns, written as Excel
// writes it: texts in a shared table, numbers in the cells.
func choicesXLSX(t testing.TB, n int) []byte {
	t.Helper()
	var rows, texts strings.Builder
	rows.WriteString(`<worksheet><sheetData><row r="1" spans="1:5">`)
	for i, h := range []string{"list_name", "name", "label::English (en)", "label::French (fr)", "district"} {
		fmt.Fprintf(&texts, "<si><t>%s</t></si>", h)
		fmt.Fprintf(&rows, `<c r="%s1" s="1" t="s"><v>%d</v></c>`, ColumnName(i), i)
	}
	rows.WriteString("</row>")
	texts.WriteString("<si><t>village</t></si>")
	next := 6
	for i := range n {
		r := i + 2
		fmt.Fprintf(&texts, `<si><t>Village %d</t></si><si><t>Le village n° %d</t></si>`, i, i)
		fmt.Fprintf(&rows, `<row r="%d" spans="1:5"><c r="A%d" s="2" t="s"><v>5</v></c><c r="B%d" s="2"><v>%d</v></c><c r="C%d" s="2" t="s"><v>%d</v></c><c r="D%d" s="2" t="s"><v>%d</v></c><c r="E%d" s="2"><v>%d</v></c></row>`,
			r, r, r, 100_000+i, r, next, r, next+1, r, i/100)
		next += 2
	}
	rows.WriteString("</sheetData></worksheet>")
	return zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml", rows.String(),
		"xl/sharedStrings.xml", fmt.Sprintf(`<sst uniqueCount="%d">%s</sst>`, next, texts.String()), "xl/styles.xml", "<styleSheet/>")
}
