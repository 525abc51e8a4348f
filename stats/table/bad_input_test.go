package table

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"waymark/internal/fault"
)

// badInput is a file that is not as it should be and what its reader is told.
// Where wantText is set, the reading goes on and gives these texts by column.
type badInput struct {
	name   string
	data   []byte
	opt    Options
	faults []string // each must be in the error
	warn   []string // each must be in the warnings
	texts  map[string]string
}

func encoded(t *testing.T, text string, e interface {
	Bytes([]byte) ([]byte, error)
}) []byte {
	t.Helper()
	b, err := e.Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBadInputText(t *testing.T) {
	utf16LE := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	utf16BE := unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	bareLE := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	bareBE := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	const french = "prénom,âge\nÉlodie,30\nZoé,31\n"
	frenchTexts := map[string]string{"prénom": "Élodie|Zoé", "âge": "30|31"}
	wide := strings.Repeat("c,", 9_999) + "c"
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	for _, c := range []badInput{
		{name: "wrong delimiter: semicolons", data: []byte("a;b\n1,5;x\n2,25;y\n"), warn: []string{"test.csv: cells are separated by semicolons"}, texts: map[string]string{"a": "1.5|2.25", "b": "x|y"}},
		{name: "wrong delimiter: tabs", data: []byte("a\tb\n1\tx, y\n2\tz\n"), warn: []string{"separated by tabs"}, texts: map[string]string{"b": "x, y|z"}},
		{name: "wrong delimiter: bars", data: []byte("a|b\n1|x\n2|y\n"), warn: []string{"separated by vertical bars"}, texts: map[string]string{"b": "x|y"}},
		{name: "delimiter said by sep=", data: []byte("sep=;\r\na;b\r\n1;x\r\n"), texts: map[string]string{"a": "1", "b": "x"}},
		{name: "byte order mark", data: []byte("\ufeffa,b\n1,x\n"), texts: map[string]string{"a": "1"}},
		{name: "byte order mark before a quote", data: []byte("\ufeff\"a\",\"b\"\n1,x\n"), texts: map[string]string{"a": "1"}},
		{name: "UTF-16 LE with mark", data: encoded(t, french, utf16LE.NewEncoder()), warn: []string{"UTF-16"}, texts: frenchTexts},
		{name: "UTF-16 BE with mark", data: encoded(t, french, utf16BE.NewEncoder()), warn: []string{"UTF-16"}, texts: frenchTexts},
		{name: "UTF-16 LE without mark", data: encoded(t, french, bareLE.NewEncoder()), warn: []string{"UTF-16"}, texts: frenchTexts},
		{name: "UTF-16 BE without mark", data: encoded(t, french, bareBE.NewEncoder()), warn: []string{"UTF-16"}, texts: frenchTexts},
		{name: "Latin-1", data: encoded(t, french, charmap.ISO8859_1.NewEncoder()), warn: []string{"test.csv: the file is not in UTF-8; it was read as Windows-1252 (Latin-1) (save it as UTF-8"}, texts: frenchTexts},
		{name: "Windows-1252", data: encoded(t, "a,b\n1,€ “x”\n", charmap.Windows1252.NewEncoder()), warn: []string{"Windows-1252"}, texts: map[string]string{"b": "€ “x”"}},
		{name: "damaged UTF-8", data: []byte(strings.Repeat("é,è\n", 20) + "\xff,x\n"), opt: Options{Match: fixed(Field{Name: "a", Kind: Text})}, warn: []string{"some bytes of the file are not UTF-8"}},
		{name: "CR as end of line", data: []byte("a,b\r1,x\r2,y\r"), texts: map[string]string{"a": "1|2"}},
		{name: "CRLF and LF mixed", data: []byte("a,b\r\n1,x\n2,y\r\n"), texts: map[string]string{"b": "x|y"}},
		{name: "short rows", data: []byte("a,b\n1\n2,y\n3\n"), warn: []string{"test.csv, row 2: 2 rows have fewer cells than the header; the missing ones count as blank (rows 2 and 4) (check these rows"}, texts: map[string]string{"b": "<blank>|y|<blank>"}},
		{name: "long rows", data: []byte("a,b\n1,x,y\n2,y\n3,z,w,v\n"), faults: []string{"test.csv, row 2, column 3: the row has 3 cells, the header 2 (a delimiter within a text needs quotes", "test.csv, row 4, column 3: the row has 4 cells"}},
		{name: "empty cells beyond the header", data: []byte("a,b\n1,x,,\n"), warn: []string{"row 2, column 3", "empty cells beyond the header"}, texts: map[string]string{"b": "x"}},
		{name: "quoted newlines", data: []byte("a,b\n1,\"x\ny\"\n2,z\n"), texts: map[string]string{"a": "1|2", "b": "x\ny|z"}},
		{name: "empty rows", data: []byte("a,b\n1,x\n\n,\n2,y\n\n"), warn: []string{"test.csv, row 3: 2 rows are without any value; they were left out (rows 3, 4"}, texts: map[string]string{"b": "x|y"}},
		{name: "unclosed quote", data: []byte("a,b\n1,x\n2,\"y\n3,z\n"), faults: []string{"test.csv, row 3, column 2, \"b\": a quote opens here and is never closed (close it"}},
		{name: "unclosed quote in a long file", data: []byte("a,b\n1,x\n2,\"y\n" + strings.Repeat("3,z\n", 300_000)), opt: Options{Limits: Limits{CellBytes: 1000}}, faults: []string{"test.csv, row 3, column 2", "the cell is longer than 1000 bytes", "never closed"}},
		{name: "text behind a quote", data: []byte("a,b\n1,\"x\"y\n2,\"z\"w\n"), faults: []string{"test.csv, row 2, column 2, \"b\": text follows the closing quote", "test.csv, row 3, column 2"}},
		{name: "zero bytes", data: []byte("a,b\n1,x\x00\n2,y\n"), faults: []string{"test.csv, row 2: the row holds zero bytes"}},
		{name: "huge cell", data: []byte("a,b\n1," + strings.Repeat("x", 2<<20) + "\n"), faults: []string{"test.csv, row 2, column 2", "longer than 1048576 bytes"}},
		{name: "duplicate headers", data: []byte("age,sex,age,sex\n1,2,3,4\n"), faults: []string{"test.csv, row 1, column 3, \"age\": columns 1 and 3 have the same name (rename one", "columns 2 and 4 have the same name"}},
		{name: "empty header name", data: []byte("a,,c\n1,2,3\n"), warn: []string{"test.csv, row 1, column 2: the header has no name for column 2; it is read as \"column 2\""}, texts: map[string]string{"column 2": "2"}},
		{name: "columns without a name at the end", data: []byte("a,b,,\n1,2,,\n"), warn: []string{"row 1, column 3: the header ends with 2 columns without a name"}, texts: map[string]string{"b": "2"}},
		{name: "empty file", data: nil, faults: []string{"test.csv: the file is empty (export it again"}},
		{name: "only white space", data: []byte("\n\n  \n"), faults: []string{"test.csv: the file has no header and no rows (export it again"}},
		{name: "only a header", data: []byte("a,b\n"), texts: map[string]string{"a": "", "b": ""}},
		{name: "only a header without end of line", data: []byte("a,b"), texts: map[string]string{"a": "", "b": ""}},
		{name: "10,000 columns", data: []byte(strings.Join(names, ",") + "\n" + strings.Repeat("7,", 9_999) + "8\n"), texts: map[string]string{"c0": "7", "c9999": "8"}},
		{name: "10,000 columns of one name", data: []byte(wide + "\n"), opt: Options{MaxFaults: 5}, faults: []string{"columns 1 and 2 have the same name", "and 9994 more"}},
		{name: "too many columns", data: []byte(wide + "\n"), opt: Options{Limits: Limits{Columns: 100}}, faults: []string{"test.csv, row 1: the header has 10000 columns; at most 100 are read (leave out"}},
		{name: "too many rows", data: []byte("a,b\n" + strings.Repeat("1,2\n", 20_000)), opt: Options{Limits: Limits{Rows: 5000}}, faults: []string{"test.csv: the file has more than 5000 rows (split the file)"}},
		{name: "too many bytes", data: []byte("a,b\n1,2\n"), opt: Options{Limits: Limits{FileBytes: 4}}, faults: []string{"test.csv: the file has 8 bytes; at most 4 are read"}},
		{name: "title above the header", data: []byte("Survey of 2016\na,b\n1,2\n"), faults: []string{"row 2, column 2: the row has 2 cells, the header 1", "if a title stands above the header, remove it"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, "test.csv") })
	}
}

func (c *badInput) check(t *testing.T, name string) {
	t.Helper()
	r, err := ReadFrom(context.Background(), bytes.NewReader(c.data), int64(len(c.data)), name, c.opt)
	if len(c.faults) == 0 {
		if err != nil {
			t.Fatalf("reading failed: %v", err)
		}
		for _, w := range c.warn {
			if !strings.Contains(warnings(r), w) {
				t.Errorf("no warning %q in:\n%s", w, warnings(r))
			}
		}
		if len(c.warn) == 0 && r.Warnings.Len() > 0 {
			t.Errorf("unexpected warnings:\n%s", warnings(r))
		}
		for column, want := range c.texts {
			if got := texts(r.Table.Column(column)); got != want {
				t.Errorf("%s = %q, expected %q", column, got, want)
			}
		}
		return
	}
	if err == nil {
		t.Fatalf("reading succeeded, expected %q", c.faults)
	}
	for _, f := range c.faults {
		if !strings.Contains(err.Error(), f) {
			t.Errorf("no fault %q in:\n%v", f, err)
		}
	}
	var known *fault.Fault
	if !errors.As(err, &known) || known.Place.File != name || known.Remedy == "" || known.Kind == fault.Internal {
		t.Errorf("the first fault has no file, remedy or kind: %+v", known)
	}
}

func TestBadInputValues(t *testing.T) {
	day := Field{Name: "day", Kind: Date}
	held := Field{Name: "held", Kind: Category, Levels: []Level{{Code: "yes"}, {Code: "no"}}}
	low, high := 0.0, 120.0
	rows := func(cells ...string) []byte { return []byte("x,y\n" + strings.Join(cells, ",1\n") + ",1\n") }
	for _, c := range []badInput{
		{name: "dates in three formats", data: rows("2016-10-06", "07/10/2016", "25/10/2016", "8 October 2016"), opt: Options{Match: fixed(day)},
			warn: []string{"test.csv, column 1, \"x\": the dates are written in 3 different ways; all were read"}, texts: map[string]string{"day": "2016-10-06|2016-10-07|2016-10-25|2016-10-08"}},
		{name: "ambiguous dates", data: rows("06/10/2016", "07/11/2016"), opt: Options{Match: fixed(day)},
			warn: []string{"row 2, column 1, \"x\": nothing in the column says whether 06/10 is 6 October or June 10; the day was taken to stand first in 2 dates (rows 2 and 3)"}, texts: map[string]string{"day": "2016-10-06|2016-11-07"}},
		{name: "month first by evidence", data: rows("06/10/2016", "10/25/2016"), opt: Options{Match: fixed(day)}, texts: map[string]string{"day": "2016-06-10|2016-10-25"}},
		{name: "dates that contradict each other", data: rows("06/10/2016", "10/25/2016", "25/10/2016"), opt: Options{Match: fixed(day)},
			warn: []string{"row 3, column 1, \"x\": the day stands first in 1 date (row 4), the month in 1 date (row 3); 1 date where it may be either counts as unreadable (write dates as 2016-10-06)"}, texts: map[string]string{"day": "<unreadable>|2016-10-25|2016-10-25"}},
		{name: "spreadsheet day numbers", data: rows("42649", "42650.5"), opt: Options{Match: fixed(day)}, warn: []string{"2 numbers were read as a spreadsheet's day number"}, texts: map[string]string{"day": "2016-10-06|2016-10-07"}},
		{name: "impossible date", data: rows("2016-02-30", "2016-02-29"), opt: Options{Match: fixed(day)}, warn: []string{"row 2, column 1, \"x\": \"2016-02-30\" is not a date; it occurs 1 time"}, texts: map[string]string{"day": "<unreadable>|2016-02-29"}},
		{name: "unknown codes", data: rows("yes", "maybe", "nno", "maybe", "yes"), opt: Options{Match: fixed(held)},
			warn: []string{"test.csv, row 3, column 1, \"x\": \"maybe\" is not a code of \"held\"; it occurs 2 times (rows 3 and 5) (correct it", "row 4, column 1, \"x\": \"nno\"", "did you mean \"no\"?"}, texts: map[string]string{"held": "yes|<unreadable>|<unreadable>|<unreadable>|yes"}},
		{name: "unknown value that may be personal", data: rows("she said that her name is not to be told", "0044 7700 900123"), opt: Options{Match: fixed(held)},
			warn: []string{"a text of 40 characters (not shown, it may be personal) is not a code"}, texts: map[string]string{"held": "<unreadable>|<unreadable>"}},
		{name: "NA", data: rows("yes", "NA", "n/a"), opt: Options{Match: fixed(held)}, warn: []string{"row 3, column 1, \"x\": NA or the like counts as blank; it occurs 2 times (rows 3 and 4)"}, texts: map[string]string{"held": "yes|<blank>|<blank>"}},
		{name: "numbers out of range", data: rows("30", "-1", "200"), opt: Options{Match: fixed(Field{Name: "age", Kind: Number, Min: &low, Max: &high})},
			warn: []string{"row 3, column 1, \"x\": -1 is below the lowest expected, 0 (check the interview", "row 4, column 1, \"x\": 200 is above the highest expected, 120"}, texts: map[string]string{"age": "30|-1|200"}},
		{name: "comma that may group or be decimal", data: []byte("x;y\n1,234;1\n2,500;1\n"), opt: Options{Match: fixed(Field{Name: "n", Kind: Number})}, warn: []string{"read as decimal (1,234 as 1.234)"}, texts: map[string]string{"n": "1.234|2.5"}},
		{name: "comma that groups by evidence", data: rows(`"1,234"`, `"1,234,567"`), opt: Options{Match: fixed(Field{Name: "n", Kind: Number})}, texts: map[string]string{"n": "1234|1234567"}},
		{name: "commas that contradict each other", data: rows(`"1,234"`, `"1,5"`, `"1,234,567"`), opt: Options{Match: fixed(Field{Name: "n", Kind: Number})}, warn: []string{"the comma is decimal in some numbers and groups thousands in others; 1 number where it may be either counts as unreadable (row 2)"}, texts: map[string]string{"n": "<unreadable>|1.5|1234567"}},
		{name: "times without zone", data: rows(`"Jul 1, 2016 9:12:33 AM"`, "2016-07-01T09:12:33.000+02:00"), opt: Options{Match: fixed(Field{Name: "start", Kind: Time})}, warn: []string{"1 time has no time zone and counts as UTC (row 2)"}, texts: map[string]string{"start": "2016-07-01T09:12:33Z|2016-07-01T09:12:33+02:00"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, "test.csv") })
	}
	t.Run("personal values stay out of messages", func(t *testing.T) {
		r := mustRead(t, string(rows("jo@example.org", "0044 7700 900123", "a b c d e")), Options{Match: fixed(held)})
		for _, secret := range []string{"jo@", "7700", "a b c"} {
			if strings.Contains(warnings(r), secret) {
				t.Errorf("a message shows %q:\n%s", secret, warnings(r))
			}
		}
	})
}

// workbookOf makes a workbook with excelize.
func workbookOf(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func setCells(t testing.TB, f *excelize.File, sheet string, cells map[string]any) {
	t.Helper()
	for at, v := range cells {
		if err := f.SetCellValue(sheet, at, v); err != nil {
			t.Fatal(err)
		}
	}
}

// zipOf packs files, in order of their names' and contents' pairs.
func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	bookXML  = `<workbook xmlns:r="http://r"><sheets><sheet name="data" r:id="a"/></sheets></workbook>`
	relsXML  = `<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>`
	sheetXML = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>%s</sheetData></worksheet>`
)

func bareWorkbook(t testing.TB, rows string) []byte {
	return zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML, "xl/worksheets/sheet1.xml", fmt.Sprintf(sheetXML, rows))
}

// lyingZip is a workbook whose sheet says that it unpacks to little.
func lyingZip(t testing.TB) []byte {
	data := bareWorkbook(t, strings.Repeat(" ", 64<<20))
	size := binary.LittleEndian.AppendUint32(nil, uint32(len(fmt.Sprintf(sheetXML, ""))+64<<20))
	return bytes.ReplaceAll(data, size, binary.LittleEndian.AppendUint32(nil, 1000))
}

func TestBadInputWorkbook(t *testing.T) {
	plain := workbookOf(t, func(f *excelize.File) {
		setCells(t, f, "Sheet1", map[string]any{"A1": "a", "B1": "b", "A2": 1, "B2": "x"})
	})
	formulas := workbookOf(t, func(f *excelize.File) {
		setCells(t, f, "Sheet1", map[string]any{"A1": "a", "B1": "b", "A2": 1, "A3": 2, "B3": 5})
		if err := f.SetCellFormula("Sheet1", "B2", "A2+1"); err != nil {
			t.Fatal(err)
		}
	})
	merged := workbookOf(t, func(f *excelize.File) {
		setCells(t, f, "Sheet1", map[string]any{"A1": "a", "B1": "b", "A2": "x", "B2": 1, "B3": 2})
		if err := f.MergeCell("Sheet1", "A2", "A3"); err != nil {
			t.Fatal(err)
		}
	})
	several := workbookOf(t, func(f *excelize.File) {
		setCells(t, f, "Sheet1", map[string]any{"A1": "How to read this workbook"})
		if _, err := f.NewSheet("interviews"); err != nil {
			t.Fatal(err)
		}
		setCells(t, f, "interviews", map[string]any{"A1": "a", "B1": "b", "A2": 1, "B2": "x"})
	})
	encrypted := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), bytes.Repeat([]byte{0}, 1024)...)
	old := append(bytes.Clone(encrypted), utf16LE("Workbook")...)
	encrypted = append(encrypted, utf16LE("EncryptedPackage")...)
	for _, c := range []badInput{
		{name: "formula without a result", data: formulas, warn: []string{"test.xlsx, sheet \"Sheet1\", row 2, column 2, \"b\": 1 formula has no stored result and counts as blank (row 2) (open the workbook"}, texts: map[string]string{"b": "<blank>|5"}},
		{name: "error value", data: bareWorkbook(t, `<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row><row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>`), warn: []string{"test.xlsx, sheet \"data\", row 2, column 1, \"a\": 1 cell holds an error"}},
		{name: "merged cells", data: merged, warn: []string{"test.xlsx, sheet \"Sheet1\": 1 range of cells is merged, the first is A2:A3"}, texts: map[string]string{"a": "x|<blank>"}},
		{name: "several sheets", data: several, warn: []string{"test.xlsx, sheet \"interviews\": the workbook has several sheets; this one was read (its sheets are \"Sheet1\", \"interviews\""}, texts: map[string]string{"b": "x"}},
		{name: "a sheet by name", data: several, opt: Options{Sheet: "INTERVIEWS"}, texts: map[string]string{"b": "x"}},
		{name: "no such sheet", data: several, opt: Options{Sheet: "raw"}, faults: []string{"test.xlsx: the workbook has no sheet \"raw\" (its sheets are \"Sheet1\", \"interviews\")"}},
		{name: "empty workbook", data: workbookOf(t, func(*excelize.File) {}), faults: []string{"test.xlsx: no visible sheet of the workbook holds anything"}},
		{name: "duplicate headers", data: workbookOf(t, func(f *excelize.File) {
			setCells(t, f, "Sheet1", map[string]any{"A1": "a", "B1": "a", "A2": 1})
		}), faults: []string{"test.xlsx, sheet \"Sheet1\", row 1, column 2, \"a\": columns 1 and 2 have the same name"}},
		{name: "values beyond the header", data: workbookOf(t, func(f *excelize.File) {
			setCells(t, f, "Sheet1", map[string]any{"A1": "a", "B1": "b", "A2": 1, "D2": 7})
		}), faults: []string{"test.xlsx, sheet \"Sheet1\", row 2, column 3: the row has 4 cells, the header 2"}},
		{name: "zip bomb", data: bareWorkbook(t, strings.Repeat(" ", 64<<20)), faults: []string{"test.xlsx: the workbook's part \"xl/worksheets/sheet1.xml\" unpacks to more than 200 times its size (it may be made to do harm"}},
		{name: "zip bomb that lies about its size", data: lyingZip(t), faults: []string{"test.xlsx: "}},
		{name: "zip bomb by total size", data: bareWorkbook(t, strings.Repeat(" ", 3<<20)), opt: Options{Limits: Limits{UnpackedBytes: 1 << 20}}, faults: []string{"unpacks to more than 1048576 bytes"}},
		{name: "damaged workbook", data: plain[:len(plain)/2], faults: []string{"test.xlsx: this is a damaged zip archive or workbook"}},
		{name: "XML that ends early", data: bareWorkbook(t, `<row r="2"><c r="A2"><v>1`), faults: []string{"test.xlsx, sheet \"data\": the workbook is damaged"}},
		{name: "rows out of order", data: bareWorkbook(t, `<row r="5"/><row r="3"/>`), faults: []string{"test.xlsx, sheet \"data\", row 5: the row after this one has the number \"3\""}},
		{name: "missing shared text", data: bareWorkbook(t, `<row r="2"><c r="A2" t="s"><v>7</v></c></row>`), faults: []string{"sheet \"data\", row 2, column 1: the cell refers to a text that the workbook does not have"}},
		{name: "password", data: encrypted, faults: []string{"test.xlsx: this is a workbook protected by a password, not CSV, XLSX, Parquet, Stata or SPSS (remove the password"}},
		{name: "xls", data: old, faults: []string{"test.xlsx: this is an old Excel workbook (.xls), not CSV, XLSX, Parquet, Stata or SPSS (open it and save it as .xlsx or CSV)"}},
		{name: "BIFF without container", data: []byte("\x09\x08\x10\x00\x00\x06\x05\x00more"), faults: []string{"an old Excel workbook (.xls)"}},
		{name: "ods", data: zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), faults: []string{"an OpenDocument file"}},
		{name: "docx", data: zipOf(t, "word/document.xml", "<x/>"), faults: []string{"a Word document"}},
		{name: "zip of csv", data: zipOf(t, "interviews.csv", "a,b\n"), faults: []string{"a zip archive with data files in it", "unpack it"}},
		{name: "xlsb", data: zipOf(t, "xl/workbook.bin", "x"), faults: []string{"a binary Excel workbook (.xlsb)"}},
		{name: "PDF", data: []byte("%PDF-1.7\n..."), faults: []string{"a PDF document"}},
		{name: "gzip", data: []byte("\x1f\x8b\x08\x00\x00"), faults: []string{"a gzip archive", "unpack it"}},
		{name: "HTML", data: []byte("\n<!DOCTYPE html><html><body>Sign in</body>"), faults: []string{"a web page (HTML)", "sign in and download it again"}},
		{name: "XML", data: []byte("<?xml version=\"1.0\"?><x/>"), faults: []string{"an XML file"}},
		{name: "JSON", data: []byte(`[{"a": 1}, {"a": 2}]`), faults: []string{"this is JSON", "export the data as CSV or XLSX"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, "test.xlsx") })
	}
	t.Run("CSV renamed .xlsx is read", func(t *testing.T) {
		c := badInput{data: []byte("a,b\n1,x\n"), texts: map[string]string{"a": "1"}}
		c.check(t, "test.xlsx")
	})
}
