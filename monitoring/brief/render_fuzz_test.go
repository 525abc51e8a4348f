package brief

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// FuzzText puts any text wherever a document has text. Every format must stay
// well formed, and the text must never become markup, a formula or a column.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", `<script>alert(1)</script>`, `"><img src=x onerror=y>`, "]]>&amp;\x00\x1b\u2028", "=1+1", "\u2067نص\u2069 abc",
		"{{.}}", "</style></title></svg>", "a,b\n\"c\"\r\n", "\xff\xfe", "'@page{}", "\ufffe\uffff", "–\ufeff", "javascript:alert(1)"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, rtl bool) {
		data := &Table{ID: "d", Caption: s, Columns: []TableColumn{{Label: s, HXL: "#x"}, {Label: s, HXL: "#y", Numeric: true}}, Rows: [][]Cell{{{Text: s, Header: true}}, {{Text: s, Header: true, Key: s}, {Text: s}}, {{Value: s}, {Text: s, Value: 0.5, Percent: true}}}, Notes: []string{s}}
		fig := *sample("en").Sections[1].Blocks[2].(*Figure)
		fig.Title, fig.Description, fig.Notes, fig.Data = s, s, []string{s}, data
		drawing := *fig.Drawing
		drawing.Title, drawing.Description, drawing.Badge = s, s, s
		fig.Drawing = &drawing
		doc := &Document{Lang: "en", RTL: rtl, Title: s, Subtitle: s, Synthetic: s, Footer: s, Receipts: "receipts.html",
			Cover: []CoverFact{{s, s, s}}, Words: map[string]string{"contents": s, "table": s, "page": s},
			Sections: []Section{{ID: "s", Title: s, Blocks: []Block{Heading(s), Paragraph{{Text: s, Key: s}}, Note{{Text: s, Bold: true}}, List{{{Text: s}}}, &fig}}}}
		files, err := Render([]*Document{doc}, RenderOptions{Now: sampleNow, Receipts: []ReceiptEntry{{Key: "k", Title: s, Lines: [][2]string{{s, s}}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"brief.html", "receipts.html"} {
			for _, n := range parsePage(t, files[name]).nodes {
				if n.Data == "script" || n.Data == "img" || strings.HasPrefix(attr(n, "href"), "javascript") {
					t.Errorf("%s: text became <%s>", name, n.Data)
				}
				for _, a := range n.Attr {
					if strings.HasPrefix(a.Key, "on") {
						t.Errorf("%s: text became the attribute %s", name, a.Key)
					}
				}
			}
		}
		for part, b := range unzip(t, files["brief.docx"]) {
			if strings.HasSuffix(part, ".xml") {
				checkOrder(t, part, parseXML(t, part, b))
			}
		}
		parseXML(t, "figure", files["figures/"+fig.ID+".svg"])
		for _, row := range readCSV(t, files["tables/d.csv"])[2:] {
			for _, field := range row {
				if field != "" && strings.ContainsRune("=+-@", rune(field[0])) {
					t.Errorf("field %q may be taken for a formula", field)
				}
			}
		}
		book, err := excelize.OpenReader(bytes.NewReader(files["tables.xlsx"]))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		if formula, _ := book.GetCellFormula(book.GetSheetName(1), "A5"); formula != "" {
			t.Errorf("text became the formula %q", formula)
		}
	})
}
