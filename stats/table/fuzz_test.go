package table

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strconv"
	"testing"
	"time"

	"waymark/internal/fault"
)

// tight are limits under which any input is read or refused in a moment.
var tight = Limits{Columns: 200, Rows: 5000, CellBytes: 4 << 10, FileBytes: 1 << 20, UnpackedBytes: 8 << 20}

// fuzzRead reads any bytes: whatever they are, there is a table whose columns
// can be read, or faults.
func fuzzRead(t *testing.T, data []byte) {
	for _, opt := range []Options{{Limits: tight}, {Limits: tight, Match: anyKind}} {
		r, err := ReadFrom(context.Background(), bytes.NewReader(data), int64(len(data)), "fuzz", opt)
		if err != nil {
			var known *fault.Fault
			if !errors.As(err, &known) || known.Kind == fault.Internal {
				t.Fatalf("not a fault for people: %v", err)
			}
			continue
		}
		for _, c := range r.Table.Columns() {
			if c.Len() != r.Source.Rows {
				t.Fatalf("column %q has %d of %d rows", c.Name(), c.Len(), r.Source.Rows)
			}
			for row := range c.Len() {
				if c.Missing(row) == Present {
					_ = c.Text(row)
				}
			}
		}
		var again bytes.Buffer
		if err := WriteCSV(&again, r.Table, WriteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}

// anyKind reads the columns as each kind in turn.
func anyKind(h Header) (*Schema, error) {
	levels := []Level{{Code: "a"}, {Code: "b"}, {Code: "1"}}
	s := &Schema{}
	for i, name := range h.Names {
		s.Fields = append(s.Fields, Field{Name: name, Kind: Category + Kind(i%7), Levels: levels, Open: i%14 > 6, MissingCodes: map[string]Missing{"-99": Refused}})
		s.Targets = append(s.Targets, Target{Field: i, Option: -1})
	}
	return s, nil
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,x\n2,y\n", "a;b\r\n\"1,5\";\"x\ny\"\r\n", "\ufeffa\tb\n\"\"\"\"\t\n", "sep=|\na|b\n1|2", "a\n\"\n", "a,b\n1\n1,2,3\n", "\xff\xfea\x00,\x00b\x00\n\x00",
		"a,b\n#x,#y+z\n1,2\n", "d\n06/10/2016\n25/10/2016\n", "a,b,c,d,e,f,g,h\nb,1.5,2016-10-06,2016-10-06T09:30:00Z,true,a b,x,-99\n", "a\xe9,b\n\xe9,1\n", "a,a\n", "a,b\n1,\"x\"y\n", "a,b\r1,2\r",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(fuzzRead)
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>42649.5</v></c></row>`, `<si><t>x</t></si>`, `<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`)
	f.Add(`<row><c t="b"><v>1</v></c><c><f>1+1</f></c><c t="e"><v>#N/A</v></c><c t="str"><v>_x000D_</v></c></row>`, `<si><r><t>a</t></r><rPh><t>b</t></rPh></si>`, `<numFmts><numFmt numFmtId="164" formatCode="[h]:mm;@"/></numFmts>`)
	f.Add(`<row r="1048576"><c r="XFD1048576"><v>1E+300</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, ``, ``)
	f.Fuzz(func(t *testing.T, rows, strings, styles string) {
		fuzzRead(t, zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML,
			"xl/sharedStrings.xml", "<sst>"+strings+"</sst>", "xl/styles.xml", "<styleSheet>"+styles+"</styleSheet>",
			"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>`+rows+`</sheetData></worksheet>`))
	})
}

func FuzzReadParquet(f *testing.F) {
	f.Add(everyType(f))
	var b bytes.Buffer
	if err := WriteParquet(&b, mustRead(f, "a,b,c\n1,x,true\n2,y,false\n", Options{}).Table, WriteOptions{HXL: []string{"#a", "", "#c"}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(fuzzRead)
}

// FuzzParseNumber holds parseNumber against strconv: whatever both take as a
// plain decimal must be the same number.
func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"1", "-1.5", "1e3", "1,5", "1.234,5", "1,234.5", "1 234", "1'234", ".5", "5.", "+", "1e", "0x1", "9007199254740993", "123456789012345678901234567890", "0.1e-400", "1,234", "0,125"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, other, form := parseNumber([]byte(s))
		if math.IsNaN(v) || math.IsInf(v, 0) || math.IsNaN(other) {
			t.Fatalf("%q is %v", s, v)
		}
		if p, ok := plainNumber([]byte(s)); ok {
			want, err := strconv.ParseFloat(s, 64)
			if err != nil || want != p || form != plainForm {
				t.Fatalf("%q is %v, expected %v (%v)", s, p, want, err)
			}
		}
	})
}

// FuzzParseInstant holds the parsers of dates and times against package time:
// what time.Parse takes under RFC 3339 must be the same instant.
func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"2016-10-06", "2016-07-01T09:12:33.000+02:00", "Jul 1, 2016 9:12:33 AM", "06/10/2016 09:12", "6 October 2016", "Thu, 6 Oct 2016 09:12:33 GMT", "42649.5", "20161006", "31.12.99", "2016-02-30", "Thu Oct 06 2016 09:12:33 GMT+0200", "2016-10-06T24:00:00Z", "1st May 2016"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, c, _, ok := parseInstant([]byte(s))
		if ok && (c.seconds < 0 || c.seconds >= daySeconds || c.offset < -18*60 || c.offset > 18*60) {
			t.Fatalf("%q has %d seconds and offset %d", s, c.seconds, c.offset)
		}
		if local, fast, isISO := plainISOInstant([]byte(s)); isISO {
			if !ok || local != int64(d.day)*daySeconds+int64(c.seconds) || fast.offset != c.offset {
				t.Fatalf("%q is %d with offset %d fast, day %d and %d seconds with offset %d else", s, local, fast.offset, d.day, c.seconds, c.offset)
			}
		}
		want, err := time.Parse(time.RFC3339, s)
		if err != nil || want.Year() < 1000 {
			return
		}
		if _, offset := want.Zone(); offset > 18*3600 || offset < -18*3600 {
			return
		}
		got := int64(d.day)*daySeconds + int64(c.seconds) - 60*int64(c.offset)
		if !ok || got != want.Unix() {
			t.Fatalf("%q is second %d (%v), expected %d", s, got, ok, want.Unix())
		}
	})
}
