package workbook

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// header is row 1 of the synthetic sheets: type, name, label, and a column D
// without a header.
const header = `<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="B1" t="inlineStr"><is><t xml:space="preserve"> name </t></is></c><c r="C1" t="s"><v>0</v></c></row>`

// cellIn is the text of C2 of a sheet whose cell there is written so.
func cellIn(t *testing.T, cell, styles string) (string, error) {
	t.Helper()
	w, err := Read(xlsxOf(t, header+`<row r="2">`+cell+`</row>`, `<si><t>label</t></si><si><r><rPr><b/></rPr><t>Where</t></r><r><t xml:space="preserve"> to</t></r><rPh sb="0"><t>no</t></rPh></si><si><t>a&amp;b &#x41;&#65; &lt;c&gt;</t></si><si><t/></si><si><t xml:space="preserve">  x&#10;y_x000D__x000A_z_x005F_x0041_ _x0001_ </t></si>`, styles))
	if w == nil {
		t.Fatal(err)
	}
	rows := w.Sheet("survey").Rows
	if len(rows) == 0 {
		return "", err
	}
	return rows[0].Get(2), err
}

func TestCellText(t *testing.T) {
	// The texts of numbers and dates are what pyxform 4.5.0 with openpyxl 3.0.9
	// gives for the same cells, but where the row says otherwise.
	styles := `<numFmts><numFmt numFmtId="164" formatCode="[$-409]d\ mmm&quot; h&quot;"/><numFmt numFmtId="165" formatCode="&quot;day&quot; 0\d[Red]_m"/><numFmt numFmtId="166" formatCode="[hh]:mm"/><numFmt numFmtId="167" formatCode="0;yyyy"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="46"/><xf numFmtId="9"/></cellXfs>`
	for cell, want := range map[string]string{
		`<c r="C2" t="s"><v>1</v></c>`: "Where to",
		`<c r="C2" t="s"><v>2</v></c>`: "a&b AA <c>",
		`<c r="C2" t="s"><v>3</v></c>`: "",
		`<c r="C2" t="s"><v>4</v></c>`: "x\ny\nz_x0041_ _x0001_", // openpyxl leaves _x000D_ as it is
		`<c r="C2" t="inlineStr"><is><t>é` + "\u00a0" + `ü<![CDATA[<&>]]></t></is></c>`:         "é ü<&>",
		`<x:c r="C2" t="str"><x:f>1</x:f><x:v>a<!-- no -->b</x:v></x:c>`:                        "ab",
		`<c r="C2" t="str"><f>""</f><v></v></c>`:                                                "",
		`<c r="C2" t="b"><v>1</v></c>`:                                                          "TRUE",
		`<c r="C2" t="b"><v>0</v></c>`:                                                          "FALSE",
		`<c r="C2"><v>12</v></c>`:                                                               "12",
		`<c r="C2"><v>5.0</v></c>`:                                                              "5",
		`<c r="C2"><v>46.899999999999999</v></c>`:                                               "46.9",
		`<c r="C2"><v>0.30000000000000004</v></c>`:                                              "0.30000000000000004",
		`<c r="C2"><v>1E-7</v></c>`:                                                             "1e-07",
		`<c r="C2"><v>1.5E-5</v></c>`:                                                           "1.5e-05",
		`<c r="C2"><v>1E22</v></c>`:                                                             "10000000000000000000000",
		`<c r="C2"><v>1E23</v></c>`:                                                             "99999999999999991611392",
		`<c r="C2"><v>-0.0</v></c>`:                                                             "0",
		`<c r="C2"><v>007</v></c>`:                                                              "7",
		`<c r="C2" s="1"><v>42649</v></c>`:                                                      "2016-10-06 00:00:00",
		`<c r="C2" s="2"><v>42649.396</v></c>`:                                                  "2016-10-06 09:30:14.400000",
		`<c r="C2" s="1"><v>0.5</v></c>`:                                                        "12:00:00",
		`<c r="C2" s="1"><v>1</v></c>`:                                                          "1900-01-01 00:00:00",
		`<c r="C2" s="1"><v>59</v></c>`:                                                         "1900-02-28 00:00:00",
		`<c r="C2" s="1"><v>60</v></c>`:                                                         "1900-02-28 00:00:00",
		`<c r="C2" s="1"><v>61</v></c>`:                                                         "1900-03-01 00:00:00",
		`<c r="C2" s="1"><v>0.999999999</v></c>`:                                                "1900-01-01 00:00:00",
		`<c r="C2" s="1"><v>2958465</v></c>`:                                                    "9999-12-31 00:00:00",
		`<c r="C2" s="4"><v>1.0854166666666667</v></c>`:                                         "1900-01-01 02:03:00",
		`<c r="C2" s="6"><v>1.5</v></c>`:                                                        "1900-01-01 12:00:00",
		`<c r="C2" s="3"><v>42649</v></c>`:                                                      "42649",
		`<c r="C2" s="5"><v>42649</v></c>`:                                                      "42649",
		`<c r="C2" s="7"><v>0.5</v></c>`:                                                        "0.5",
		`<c r="C2" s="99"><v>42649</v></c>`:                                                     "42649",
		`<c r="C2" t="d"><v>2016-10-06T09:30:15</v></c>`:                                        "2016-10-06 09:30:15",
		`<c r="C2" t="d"><v>2016-10-06</v></c>`:                                                 "2016-10-06",
		`<c t="n"/><c/><c><v> 3 </v></c>`:                                                       "3", // places by counting
		`<c r="D2" t="e"><v>#REF!</v></c><c r="C2"><v>1</v></c><c r="C2"><v>2</v></c>`:          "2", // D has no header; the later cell counts
		"<c r='C2' t='inlineStr'><is><t>a\r\nb\rc</t><phoneticPr/></is></c>":                    "a\nb\nc",
		`<c r="C2" t="inlineStr"><is><t>` + strings.Repeat("é", MaxTextChars) + `</t></is></c>`: strings.Repeat("é", MaxTextChars),
	} {
		got, err := cellIn(t, cell, styles)
		if err != nil || got != want {
			t.Errorf("%.120s: %.60q and %v, want %.60q", cell, got, err, want)
		}
	}
}

func TestCellFaults(t *testing.T) {
	styles := `<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>`
	for cell, want := range map[string]string{
		`<c r="C2" t="e"><v>#REF!</v></c>`:    "shows the error #REF!",
		`<c r="C2"><f>A1+1</f></c>`:           "formula without a stored value",
		`<c r="C2"><f>A1+1</f><v/></c>`:       "formula without a stored value",
		`<c r="C2" t="s"><v>77</v></c>`:       "names a text",
		`<c r="C2" t="s"><v>-1</v></c>`:       "names a text",
		`<c r="C2" t="q"><v>1</v></c>`:        "unknown type",
		`<c r="C2" t="b"><v>2</v></c>`:        "neither TRUE nor FALSE",
		`<c r="C2" t="d"><v>tomorrow</v></c>`: "date that cannot be read",
		`<c r="C2"><v>nan</v></c>`:            "number that cannot be read",
		`<c r="C2"><v>1e999</v></c>`:          "number that cannot be read",
		`<c r="C2"><v>0x10</v></c>`:           "number that cannot be read",
		`<c r="C2"><v>1_0</v></c>`:            "number that cannot be read",
		`<c r="C2" s="1"><v>1e10</v></c>`:     "outside the calendar",
		`<c r="C2" s="1"><v>-800000</v></c>`:  "outside the calendar",
		`<c r="C2" t="inlineStr"><is><t>` + strings.Repeat("x", MaxTextChars+1) + `</t></is></c>`: "32768 characters",
	} {
		_, err := cellIn(t, cell, styles)
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Message, want) {
			t.Errorf("%.60s: %v, want %q", cell, err, want)
			continue
		}
		if f.Place != (fault.Place{Sheet: "survey", Row: 2, Column: 3, Field: "label"}) || f.Remedy == "" || f.Kind != fault.Invalid {
			t.Errorf("%.60s: %+v", cell, f)
		}
	}
}

// All faults of all cells come at once, up to the bound, with the workbook.
func TestEveryFaultAtOnce(t *testing.T) {
	var rows strings.Builder
	for r := 2; r <= MaxFaults+50; r++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>1</v></c><c r="C%d" t="e"><v>#N/A</v></c></row>`, r, r, r)
	}
	w, err := Read(xlsxOf(t, header+rows.String(), `<si><t>label</t></si>`, ""))
	var list *fault.List
	if !errors.As(err, &list) || len(list.Faults) != MaxFaults || list.Len() != MaxFaults+49 {
		t.Fatalf("%v", err)
	}
	if w == nil || len(w.Sheet("survey").Rows) != MaxFaults+49 {
		t.Error("the rows are not there beside the faults")
	}
}

func TestHeaderRules(t *testing.T) {
	text := func(ref, s string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t xml:space="preserve">` + s + `</t></is></c>`
	}
	read := func(rows string) (*Workbook, error) { return Read(xlsxOf(t, rows, "", "")) }

	// 20 empty columns are passed, 21 end the sheet; spaces become one.
	w, err := read(`<row r="1">` + text("A1", "label::English   (en)") + text("V1", "v") + text("AR1", "lost") + `</row><row r="2">` + text("V2", "x") + text("AR2", "y") + `</row>`)
	if err != nil || len(w.Sheets[0].Header) != 22 || w.Sheets[0].Header[0] != "label::English (en)" || len(w.Sheets[0].Rows[0].Cells) != 1 {
		t.Errorf("%v %s", err, dump(w))
	}
	// 60 empty rows are passed, 61 end the sheet.
	w, err = read(`<row r="1">` + text("A1", "type") + `</row><row r="2">` + text("A2", "a") + `</row><row r="50" ht="3"/><row r="63">` + text("A63", "b") + `</row><row r="125">` + text("A125", "lost") + `</row>`)
	if rows := w.Sheets[0].Rows; err != nil || len(rows) != 2 || rows[1].Number != 63 {
		t.Errorf("%v %s", err, dump(w))
	}
	for rows, want := range map[string]string{
		`<row r="1">` + text("A1", "name") + text("C1", " name ") + `</row>`:                  `"name" is in column A and again in column C`,
		`<row r="1">` + text("A1", "type") + `<c r="B1"><v>7</v></c></row>`:                   "holds a number, 7",
		`<row r="1">` + text("A1", "type") + `<c r="B1" t="b"><v>1</v></c></row>`:             "holds TRUE or FALSE, TRUE",
		`<row r="3">` + text("A3", "type") + `</row>`:                                         "its row 1 is empty",
		`<row r="1">` + text("A1", "type") + `<c r="B1" t="e"><v>#NAME?</v></c></row>`:        "#NAME?",
		`<row r="1">` + text("A1", "type") + `</row><row r="1">` + text("A1", "x") + `</row>`: "not in order",
	} {
		if _, err := read(rows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", rows, err, want)
		}
	}
}

func TestSheetsOfAWorkbook(t *testing.T) {
	sheet := `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>type</v></c></row></sheetData></worksheet>`
	rels := `<Relationships><Relationship Id="a" Type="/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>`
	book := func(sheets string) []byte {
		return zipOf(t, "XL/Workbook.xml", `<?xml version="1.0"?><x:workbook xmlns:x="x" xmlns:r="r"><x:sheets>`+sheets+`</x:sheets></x:workbook>`, "xl/_rels/workbook.xml.rels", rels,
			"xl/worksheets/sheet1.xml", sheet, "xl/worksheets/sheet2.xml", sheet)
	}
	for _, c := range []struct{ sheets, want, fails string }{
		{`<x:sheet name="CHOICES" r:id="a" state="hidden"/><x:sheet name="notes" r:id="b"/>`, "[\"CHOICES\" \"notes\"]\nchoices \"CHOICES\" [\"type\"]\n", ""},
		{`<x:sheet name="Sheet1" sheetId="1" r:id="b"/>`, "[\"Sheet1\"]\nsurvey \"Sheet1\" [\"type\"]\n", ""},
		{`<x:sheet name="Survey" r:id="a"/><x:sheet name="survey" r:id="b"/>`, "", "two sheets of this name"},
		{`<x:sheet name="survey" r:id="z"/>`, "", "no content"},
		{``, "[]\n", ""},
	} {
		w, err := Read(book(c.sheets))
		switch {
		case c.fails != "":
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: %v", c.sheets, err)
			}
		case err != nil || dump(w) != c.want:
			t.Errorf("%s: %v %s", c.sheets, err, dump(w))
		}
	}
}

func TestFloatsAreWrittenAsPythonWritesThem(t *testing.T) {
	// str(f) of CPython 3.11, and str(int(f)) of whole numbers.
	for f, want := range map[float64]string{
		0.1: "0.1", 1e-4: "0.0001", 9.9e-5: "9.9e-05", 1e-300: "1e-300", 123456.789: "123456.789", -2.5: "-2.5",
		1e16: "10000000000000000", math.MaxInt64: "9223372036854775808", 5e-324: "5e-324", 123456789012345.67: "123456789012345.67",
	} {
		if got := string(appendFloat(nil, f)); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}
