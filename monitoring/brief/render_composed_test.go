package brief

import (
	"strings"
	"testing"
)

// TestRenderComposed renders composed briefs in every language and holds each
// format to the same rules as the sample.
func TestRenderComposed(t *testing.T) {
	a := sampleAnalysis()
	a.Synthetic = true
	var docs []*Document
	for _, code := range Languages() {
		doc, err := Compose(a, code)
		if err != nil {
			t.Fatal(err)
		}
		doc.Receipts = "receipts.html"
		docs = append(docs, doc)
	}
	files := render(t, docs...)
	receipts := parsePage(t, files["receipts.html"])
	checkPage(t, "receipts.html", receipts, docs[0])
	for i, doc := range docs {
		suffix := ""
		if i > 0 {
			suffix = "." + doc.Lang
		}
		name := "brief" + suffix
		p := parsePage(t, files[name+".html"])
		checkPage(t, name, p, doc)
		checkFigures(t, p)
		for _, a := range p.all("a") {
			if page, key, ok := strings.Cut(attr(a, "href"), "#"); ok && page == "receipts.html" && receipts.ids[key] != 1 {
				t.Errorf("%s: the number %q has no receipt %q", name, textOf(a), key)
			}
		}
		parts := unzip(t, files[name+".docx"])
		trees := map[string]*node{}
		for part, b := range parts {
			if strings.HasSuffix(part, ".xml") || strings.HasSuffix(part, ".rels") {
				trees[part] = parseXML(t, part, b)
				checkOrder(t, part, trees[part])
			}
		}
		checkPackage(t, parts, trees)
		checkStyles(t, trees)
		for key := range renderWords {
			if doc.Words[key] == "" {
				t.Errorf("%s: the word %q is missing", doc.Lang, key)
			}
		}
		checkCSVs(t, doc)
	}
}

// checkCSVs holds that a number that is withheld in the brief is withheld in
// the files, with its reason.
func checkCSVs(t *testing.T, doc *Document) {
	t.Helper()
	for _, e := range orderOf(doc).exports {
		withheld := 0
		for _, row := range e.table.Rows {
			if isGroupRow(e.table, row) {
				continue
			}
			for j, c := range row {
				if numericColumn(e.table, j) && e.table.Columns[j].HXL != "" && c.Value == nil && c.Text != "" {
					withheld++
					break
				}
			}
		}
		reasons := 0
		records := csvRecords(doc, e.table)
		column := -1
		for j, head := range records[0] {
			if head == notShownColumn {
				column = j
			}
		}
		if column >= 0 {
			for _, row := range records[1:] {
				if row[column] != "" && row[column] != notShownTag {
					reasons++
				}
			}
		}
		if reasons != withheld {
			t.Errorf("%s: %d rows with something withheld, %d with a reason", e.table.ID, withheld, reasons)
		}
	}
}

// BenchmarkRenderComposed makes the whole set for one language of a composed
// brief of some twenty tables and ten figures.
func BenchmarkRenderComposed(b *testing.B) {
	doc, err := Compose(sampleAnalysis(), "en")
	if err != nil {
		b.Fatal(err)
	}
	doc.Receipts = "receipts.html"
	for b.Loop() {
		render(b, doc)
	}
}
