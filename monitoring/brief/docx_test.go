package brief

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"waymark/monitoring/brief/figure"
)

var updateWord = flag.Bool("update-word", false, "write testdata/word/document.xml anew")

func unzip(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if parts[f.Name] != nil {
			t.Errorf("part %s stands twice", f.Name)
		}
		parts[f.Name] = b
	}
	return parts
}

// node is an element of WordprocessingML.
type node struct {
	name     string
	attrs    map[string]string
	children []*node
	text     string
}

func parseXML(t testing.TB, name string, data []byte) *node {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &node{name: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
		}
	}
	return root
}

func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, c := range n.children {
		c.walk(visit)
	}
}

func (n *node) find(name string) []*node {
	var out []*node
	n.walk(func(c *node) {
		if c.name == name {
			out = append(out, c)
		}
	})
	return out
}

// wordOrder is the order in which ECMA-376 part 1 (annex A, wml.xsd) wants the
// children of an element, as far as the brief uses them. Word calls a file
// damaged that has them otherwise.
var wordOrder = map[string][]string{
	"pPr":        {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "pBdr", "shd", "tabs", "bidi", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr"},
	"rPr":        {"rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "u", "shd", "rtl", "cs", "lang"},
	"tblPr":      {"tblStyle", "bidiVisual", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription"},
	"tcPr":       {"tcW", "gridSpan", "tcBorders", "shd", "vAlign"},
	"tbl":        {"tblPr", "tblGrid", "tr"},
	"tr":         {"trPr", "tc"},
	"tc":         {"tcPr", "p"},
	"sectPr":     {"headerReference", "footerReference", "pgSz", "pgMar", "cols", "bidi"},
	"style":      {"name", "basedOn", "next", "uiPriority", "semiHidden", "unhideWhenUsed", "qFormat", "pPr", "rPr", "tblPr", "tcPr", "tblStylePr"},
	"pBdr":       {"top", "left", "bottom", "right"},
	"tblBorders": {"top", "left", "bottom", "right", "insideH", "insideV"},
	"tblCellMar": {"top", "left", "bottom", "right"},
	"settings":   {"zoom", "defaultTabStop", "characterSpacingControl", "compat", "themeFontLang", "decimalSymbol", "listSeparator"},
	"inline":     {"extent", "docPr", "cNvGraphicFramePr", "graphic"},
	"lvl":        {"start", "numFmt", "lvlText", "lvlJc", "pPr"},
	"styles":     {"docDefaults", "style"},
	"numbering":  {"abstractNum", "num"},
}

func checkOrder(t *testing.T, part string, root *node) {
	t.Helper()
	root.walk(func(n *node) {
		order, ok := wordOrder[n.name]
		if !ok {
			return
		}
		last := 0
		for _, c := range n.children {
			i := slices.Index(order, c.name)
			if i < 0 {
				t.Errorf("%s: <%s> in <%s> is not in the list of the schema", part, c.name, n.name)
			} else if i < last {
				t.Errorf("%s: <%s> comes too late in <%s>", part, c.name, n.name)
			} else {
				last = i
			}
		}
	})
}

func TestDOCX(t *testing.T) {
	for _, code := range []string{"en", "ar"} {
		doc := sample(code)
		data, err := DOCX(doc, sampleNow)
		if err != nil {
			t.Fatal(err)
		}
		parts := unzip(t, data)
		trees := map[string]*node{}
		for name, b := range parts {
			if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
				trees[name] = parseXML(t, name, b)
				checkOrder(t, name, trees[name])
			}
		}
		checkPackage(t, parts, trees)
		checkStyles(t, trees)
		checkWordBody(t, trees, doc)
	}
}

// checkPackage holds that every part has a type and every relation a target.
func checkPackage(t *testing.T, parts map[string][]byte, trees map[string]*node) {
	t.Helper()
	types, defaults := map[string]bool{}, map[string]bool{}
	for _, n := range trees["[Content_Types].xml"].find("Override") {
		name := strings.TrimPrefix(n.attrs["PartName"], "/")
		types[name] = true
		if parts[name] == nil {
			t.Errorf("there is a type for %s, which is not there", name)
		}
	}
	for _, n := range trees["[Content_Types].xml"].find("Default") {
		defaults[n.attrs["Extension"]] = true
	}
	for name := range parts {
		extension := strings.TrimPrefix(path.Ext(name), ".")
		if !types[name] && (!defaults[extension] || extension == "xml" && name != "[Content_Types].xml") {
			t.Errorf("%s has no type", name)
		}
	}
	ids := map[string]bool{}
	for name, base := range map[string]string{"_rels/.rels": "", "word/_rels/document.xml.rels": "word"} {
		for _, n := range trees[name].find("Relationship") {
			if target := path.Join(base, n.attrs["Target"]); parts[target] == nil {
				t.Errorf("%s: %s leads to %s, which is not there", name, n.attrs["Id"], target)
			}
			if base == "word" {
				if ids[n.attrs["Id"]] {
					t.Errorf("relation %s stands twice", n.attrs["Id"])
				}
				ids[n.attrs["Id"]] = true
			}
		}
	}
	trees["word/document.xml"].walk(func(n *node) {
		for _, key := range []string{"embed", "id"} {
			if v := n.attrs[key]; strings.HasPrefix(v, "rId") && !ids[v] {
				t.Errorf("<%s> names the relation %s, which is not there", n.name, v)
			}
		}
	})
}

// checkStyles holds that every style in use is there.
func checkStyles(t *testing.T, trees map[string]*node) {
	t.Helper()
	styles := map[string]bool{}
	for _, s := range trees["word/styles.xml"].find("style") {
		styles[s.attrs["styleId"]] = true
	}
	for _, name := range []string{"pStyle", "tblStyle", "basedOn", "next"} {
		for _, part := range []string{"word/document.xml", "word/styles.xml", "word/header1.xml", "word/footer1.xml"} {
			for _, n := range trees[part].find(name) {
				if !styles[n.attrs["val"]] {
					t.Errorf("%s uses the style %q, which is not there", part, n.attrs["val"])
				}
			}
		}
	}
}

func checkWordBody(t *testing.T, trees map[string]*node, doc *Document) {
	t.Helper()
	body := trees["word/document.xml"]
	anchors := map[string]bool{}
	for _, n := range body.find("bookmarkStart") {
		anchors[n.attrs["name"]] = true
	}
	for _, n := range body.find("hyperlink") {
		if !anchors[n.attrs["anchor"]] {
			t.Errorf("the contents lead to %q, which is not there", n.attrs["anchor"])
		}
	}
	for _, table := range body.find("tbl") {
		if len(table.find("tblHeader")) != 1 {
			t.Error("a table has no header row that repeats")
		}
		width, columns := 0, len(table.find("gridCol"))
		for _, tr := range table.find("tr") {
			width = 0
			for _, tc := range tr.find("tc") {
				width++
				for _, span := range tc.find("gridSpan") {
					width += int(span.attrs["val"][0]-'0') - 1
				}
			}
			if width != columns {
				t.Errorf("a row spans %d of %d columns", width, columns)
			}
		}
	}
	for _, picture := range body.find("docPr") {
		if picture.attrs["descr"] == "" {
			t.Error("a picture has no description")
		}
	}
	if !strings.Contains(flat(trees["word/header1.xml"]), doc.Synthetic) {
		t.Error("the head of the page has no synthetic label")
	}
	for _, p := range body.find("p") {
		if doc.RTL != (len(p.children[0].find("bidi")) > 0) {
			t.Fatal("a paragraph goes the wrong way")
		}
	}
	if !strings.Contains(flat(body), `<script>alert("x")</script> & 'quoted' ]]> </style>`) {
		t.Error("text that looks like markup is not kept")
	}
}

func flat(n *node) string {
	var b strings.Builder
	n.walk(func(c *node) { b.WriteString(c.text) })
	return b.String()
}

func TestWordRunsOfTwoDirections(t *testing.T) {
	w := wordText{rtl: true}
	w.run("من \u2068CMR 49%\u2069 فقط", false)
	got := w.String()
	want := `<w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve">من </w:t></w:r>` +
		`<w:r><w:t xml:space="preserve">CMR 49%</w:t></w:r>` +
		`<w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve"> فقط</w:t></w:r>`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	w = wordText{}
	w.run("a\x00b\x1fc\nd", true)
	if want := `<w:r><w:rPr><w:b/><w:bCs/></w:rPr><w:t xml:space="preserve">a b c</w:t><w:br/><w:t xml:space="preserve">d</w:t></w:r>`; w.String() != want {
		t.Errorf("got %s", w.String())
	}
}

// TestWordGolden holds the body of a small document against the file that was
// opened in LibreOffice and looked at. Renew it with -update-word.
func TestWordGolden(t *testing.T) {
	f := &Figure{ID: "f", Title: "A figure", Description: "A dot.", Drawing: figure.BarChart(figure.BarChartSpec{Frame: figure.Frame{Title: "t", Description: "d"}})}
	doc := &Document{Lang: "en", Title: "T & T", Synthetic: "Synthetic", Cover: []CoverFact{{Value: "1", Caption: "one"}}, Footer: "end",
		Sections: []Section{{ID: "s", Title: "S", Blocks: []Block{
			Heading("H"), Paragraph{{Text: "a "}, {Text: "b", Bold: true}}, List{{{Text: "point"}}}, Note{{Text: "note"}},
			&Table{ID: "t", Caption: "C", Columns: []TableColumn{{Label: "x"}, {Label: "y", Numeric: true}}, Rows: [][]Cell{{{Text: "group", Header: true}}, {{Text: "1", Header: true}, {Text: "2"}}}, Notes: []string{"n"}},
			f,
		}}}}
	data, err := DOCX(doc, sampleNow)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(string(unzip(t, data)["word/document.xml"]), "<w:p>", "\n<w:p>")
	const golden = "testdata/word/document.xml"
	if *updateWord {
		if err := errors.Join(os.MkdirAll(path.Dir(golden), 0o755), os.WriteFile(golden, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("word/document.xml differs from %s:\n%s", golden, got)
	}
}

func TestColumnWidths(t *testing.T) {
	table := sample("en").Sections[2].Blocks[0].(*Table)
	for _, width := range []int{textWidth, wideWidth, 100} {
		sum := 0
		for _, w := range columnWidths(table, width, true) {
			if w <= 0 {
				t.Errorf("a column of width %d", w)
			}
			sum += w
		}
		if sum != width {
			t.Errorf("columns take %d of %d", sum, width)
		}
	}
	if got := columnWidths(&Table{}, 100, true); len(got) != 0 {
		t.Errorf("no columns: %v", got)
	}
}
