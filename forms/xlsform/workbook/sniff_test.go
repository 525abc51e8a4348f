package workbook

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// Whatever is not an XLSForm is named, with what to do about it.
func TestStrangers(t *testing.T) {
	for in, want := range map[string]string{
		"":                            "empty",
		" \n\t\n":                     "white space",
		"%PDF-1.7\n":                  "PDF",
		"\x89PNG\r\n":                 "PNG",
		"\xff\xfea\x00,\x00":          "UTF-16",
		"\x00a\x00,\x00b":             "UTF-16",
		"MZ binary\x00\x01\x02":       "unknown kind",
		"survey\n,type\n,Stra\xdfe\n": "not in the encoding UTF-8",
		"<?xml version=\"1.0\"?><h:html xmlns=\"http://www.w3.org/2002/xforms\"/>": "XForm",
		"<!DOCTYPE html><table>":                                         "web page",
		"{\"survey\": []}":                                               "JSON",
		"Dear colleague":                                                 "text without tables",
		"survey;;\n;type;name\n":                                         "commas",
		"type,name,label\ntext,a,A\n":                                    "begins with a header",
		",type,name\n,text,a\n":                                          "before any sheet",
		"survey\n,type,label\n,text,\"no end\n,text,b\n":                 "quoted field",
		"survey\n,type,name\n,text,a,Hello, you\n":                       "beyond the last header",
		"survey\n,type,name\n,text,a\x07b\n":                             "U+0007",
		"survey\n,type,type\n,text,a\n":                                  "again in column B",
		"survey\n,type\nchoices\n,name\nSURVEY\n,type\n":                 "begins again in line 5",
		"| survey |\n| | type |\n| survey |\n| | type |\n":               "begins again in line 3",
		"| | type |\n| | text |\n":                                       "names no sheet",
		"| survey |\n| | type |\n| | text | a |\n":                       "beyond the last header",
		"PK\x03\x04 cut":                                                 "damaged or was cut off",
		"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 cut":                           "damaged or was cut off",
		string(zipOf(t, "word/document.xml", "<a/>")):                    "Word",
		string(zipOf(t, "xl/workbook.bin", "")):                          "xlsb",
		string(zipOf(t, "content.xml", "", "META-INF/manifest.xml", "")): "OpenDocument",
		string(zipOf(t, "form.xlsx", "")):                                "zip archive with a workbook",
		string(zipOf(t, "a.txt", "")):                                    "zip archive",
		string(zipOf(t, "xl/workbook.xml", "<workbook/>")):               "lacks a part",
	} {
		w, err := Read([]byte(in))
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Message, want) || f.Remedy == "" || f.Kind == fault.Internal {
			t.Errorf("%.40q: %v, want %q", in, err, want)
		}
		var list *fault.List
		if w != nil && !errors.As(err, &list) {
			t.Errorf("%.40q: a workbook beside %v", in, err)
		}
	}
}

// XML that workbooks do not hold is refused, not guessed at.
func TestMalformedXML(t *testing.T) {
	for name, rows := range map[string]string{
		"cut within a tag":     `<row r="1"><c r="A1"`,
		"cut within a row":     `<row r="1">`,
		"bare ampersand":       `<row r="1"><c r="A1" t="str"><v>a & b</v></c></row>`,
		"entity":               `<row r="1"><c r="A1" t="str"><v>&lol;</v></c></row>`,
		"null character":       `<row r="1"><c r="A1" t="str"><v>&#0;</v></c></row>`,
		"control character":    "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a\x01</v></c></row>",
		"not UTF-8":            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a\xff</v></c></row>",
		"half a surrogate":     `<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>`,
		"column beyond XFD":    `<row r="1"><c r="XFE1"><v>1</v></c></row>`,
		"cell without letters": `<row r="1"><c r="12"><v>1</v></c></row>`,
		"row beyond the last":  `<row r="1048577"/>`,
		"open comment":         `<row r="1"><!-- `,
		"tag within a tag":     `<row <c r="1">`,
		"row within a row":     `<row r="1"><row r="2">`,
		"other tag closed":     `<row r="1"><a></row></row>`,
		"nested too deep":      strings.Repeat("<a>", MaxDepth+1),
		"closed too often":     `</sheet></sheet></sheet></sheet>`,
	} {
		_, err := Read(zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML,
			"xl/worksheets/sheet2.xml", emptyXML, "xl/worksheets/sheet1.xml", "<worksheet>"+rows))
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	bomb := `<!DOCTYPE a [<!ENTITY b "` + strings.Repeat("x", 1000) + `">]><worksheet/>`
	_, err := Read(zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML, "xl/worksheets/sheet1.xml", bomb))
	if err == nil || !strings.Contains(err.Error(), "document type") {
		t.Errorf("document type: %v", err)
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "My form.v2.xlsx") // markdown, whatever its name says
	if err := os.WriteFile(path, []byte("| survey |\n| | type |\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := ReadFile(path)
	if err != nil || w.Stem != "My form.v2" || w.Format != Markdown {
		t.Errorf("%+v %v", w, err)
	}
	for path, kind := range map[string]fault.Kind{dir: fault.Invalid, filepath.Join(dir, "none.xlsx"): fault.NotFound} {
		_, err := ReadFile(path)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != kind || f.Place.File != path {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// CSV with other separators is told apart from text, with and without sheets.
func TestOtherSeparators(t *testing.T) {
	for _, doc := range []string{"survey;;\n;type;name\n;text;a\n", "type;name;label\ntext;a;A\n", "\"type\"\t\"name\"\ntext\ta\n", "Type;name\n"} {
		if _, err := Read([]byte(doc)); err == nil || !strings.Contains(err.Error(), "not parted by commas") {
			t.Errorf("%q: %v", doc, err)
		}
	}
}
