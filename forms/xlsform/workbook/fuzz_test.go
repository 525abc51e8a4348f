package workbook

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waymark/internal/fault"
)

// fuzzRead reads any bytes: whatever they are, there are sheets that keep the
// contract, or faults for people.
func fuzzRead(t *testing.T, data []byte) *Workbook {
	w, err := Read(data)
	if err != nil {
		var known *fault.Fault
		if !errors.As(err, &known) || known.Kind == fault.Internal || known.Message == "" || known.Remedy == "" {
			t.Fatalf("not a fault for people: %v", err)
		}
	} else if w == nil {
		t.Fatal("neither a workbook nor a fault")
	}
	if w == nil {
		return nil
	}
	for _, s := range w.Sheets {
		if !supported[s.Name] || w.Sheet(s.Name) != s {
			t.Fatalf("a sheet %q", s.Name)
		}
		headers := slices.DeleteFunc(slices.Clone(s.Header), func(h string) bool { return h == "" })
		if slices.Sort(headers); len(slices.Compact(headers)) < len(headers) {
			t.Fatalf("headers twice: %q", s.Header)
		}
		last := 1
		for _, r := range s.Rows {
			if r.Number <= last || len(r.Cells) == 0 {
				t.Fatalf("row %d after row %d with %d cells", r.Number, last, len(r.Cells))
			}
			last = r.Number
			column := -1
			for _, c := range r.Cells {
				if c.Column <= column || c.Column >= len(s.Header) || s.Header[c.Column] == "" {
					t.Fatalf("row %d: column %d after %d of %q", r.Number, c.Column, column, s.Header)
				}
				column = c.Column
				if c.Text == "" || c.Text != strings.TrimSpace(c.Text) || !utf8.ValidString(c.Text) || control(c.Text) != "" || strings.Contains(c.Text, "\u00a0") {
					t.Fatalf("row %d: text %q", r.Number, c.Text)
				}
				if r.Get(column) != c.Text {
					t.Fatalf("row %d: Get gives %q", r.Number, r.Get(column))
				}
			}
		}
	}
	return w
}

func FuzzReadText(f *testing.F) {
	for _, seed := range []string{
		"survey\n,type,name\n,text,a\n", "\ufeff\"survey\"\r\n,\"ty\"\"pe\"\r,\"a\nb\"c,d", "survey,type\n,\"", "a;b\n", "| survey |\n| | type | a \\| b |\n| | text | c |\n| # |\n#\n",
		"|a|\n||b|\n|--|--|\n||c|d|", "prose\n|survey|x|\n||y|", ",,\n", "\"\"\n\n,a", "survey\n,type,type\n", "survey\n,\u00a0a\u00a0b\n,\x01\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data) })
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(header+`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>42649.5</v></c></row>`, `<si><t>x</t></si>`, `<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`)
	f.Add(header+`<row><c t="b"><v>1</v></c><c><f>1+1</f></c><c t="e"><v>#N/A</v></c></row><row r="9"><c r="C9" t="str"><v>_x000D_a</v></c><c r="A9" t="d"><v>2016-10-06</v></c></row>`, `<si><r><t>a</t></r><rPh><t>b</t></rPh></si>`, `<numFmts><numFmt numFmtId="164" formatCode="[h]:mm;@"/></numFmts>`)
	f.Add(header+`<row r="1048576"><c r="XFD1048576"><v>1E+300</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, `<si><t>a&#13;&amp;<![CDATA[<b>]]></t></si>`, ``)
	f.Fuzz(func(t *testing.T, rows, texts, styles string) { fuzzRead(t, xlsxOf(t, rows, texts, styles)) })
}

// FuzzQuickCells holds the quick way through the usual cells to the general
// one, which a comment before every tag brings about.
func FuzzQuickCells(f *testing.F) {
	f.Add(`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>42649.5</v></c><c r="C2" s="1"/></row>`)
	f.Add(`<row r="2"><c r="AA2" t="str"><v>x</v></c><c r="B2"><v/></c><c r="C2" t="b"><v>1</v></c><c r="C" s=""/></row>`)
	f.Add(`<row><c r="A0" t="<"/>0`)
	f.Fuzz(func(t *testing.T, rows string) {
		if strings.ContainsAny(rows, "!?") {
			return // comments and instructions change when they are cut
		}
		texts := `<si><t>label</t></si>`
		styles := `<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`
		quick, err := Read(xlsxOf(t, header+rows, texts, styles))
		slow, slowErr := Read(xlsxOf(t, header+strings.ReplaceAll(rows, "<", "<!-- --><"), texts, styles))
		if (err == nil) != (slowErr == nil) || err != nil && err.Error() != slowErr.Error() {
			t.Fatalf("quick: %v\nslow: %v", err, slowErr)
		}
		if quick != nil && slow != nil && dump(quick) != dump(slow) {
			t.Fatalf("quick:\n%s\nslow:\n%s", dump(quick), dump(slow))
		}
	})
}

func FuzzReadZip(f *testing.F) {
	f.Add(xlsxOf(f, header, "", ""))
	f.Add(zipOf(f, "_rels/.rels", `<R><Relationship Type="/officeDocument" Target="/b.xml"/></R>`, "b.xml", bookXML, "_rels/b.xml.rels", relsXML))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, append([]byte(zipMagic), data[min(4, len(data)):]...)) })
}

func FuzzReadXLS(f *testing.F) {
	f.Add(biffOf(sstRecords(), record(recLabelSST, 0, 0, 0, uint32(0))))
	f.Add(biffOf(record(recXF, 0, 14), append(record(recLabel, 0, 0, 0, 1, byte(0), "a"), record(recNumber, 1, 0, 0, 42649.5)...)))
	f.Fuzz(func(t *testing.T, stream []byte) { fuzzRead(t, oleOf("Workbook", stream)) })
}

func FuzzReadOLE(f *testing.F) {
	f.Add(oleOf("Workbook", biffOf(nil, record(recLabel, 0, 0, 0, 1, byte(0), "a"))))
	f.Add(oleOf("EncryptedPackage", nil))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, append([]byte(oleMagic), data[min(8, len(data)):]...)) })
}
