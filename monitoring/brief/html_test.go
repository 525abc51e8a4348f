package brief

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is a parsed HTML page, with what the tests ask of it.
type parsedPage struct {
	root  *html.Node
	ids   map[string]int
	nodes []*html.Node
}

func parsePage(t testing.TB, data []byte) *parsedPage {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	p := &parsedPage{root: root, ids: map[string]int{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		p.nodes = append(p.nodes, n)
		if id := attr(n, "id"); id != "" {
			p.ids[id]++
		}
	}
	return p
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func (p *parsedPage) all(tag string) []*html.Node { return within(p.root, tag) }

func within(n *html.Node, tag string) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			out = append(out, d)
		}
	}
	return out
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// checkPage holds every page to what a page must be, whatever it says.
func checkPage(t *testing.T, name string, p *parsedPage, doc *Document) {
	t.Helper()
	for id, n := range p.ids {
		if n > 1 {
			t.Errorf("%s: id %q stands %d times", name, id, n)
		}
	}
	root := p.all("html")[0]
	if attr(root, "lang") != doc.Lang || (attr(root, "dir") == "rtl") != doc.RTL {
		t.Errorf("%s: lang %q, dir %q for a document in %s", name, attr(root, "lang"), attr(root, "dir"), doc.Lang)
	}
	level := 0
	for _, n := range p.nodes {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("%s: heading %q jumps from level %d to %d", name, textOf(n), level, now)
			}
			level = now
		}
		switch n.Data {
		case "script", "link", "iframe", "object", "embed", "img", "form", "base":
			t.Errorf("%s: there is a <%s>", name, n.Data)
		case "style":
			if css := textOf(n); strings.Contains(css, "url(") || strings.Contains(css, "@import") || strings.Contains(css, "//") {
				t.Errorf("%s: the style reaches outside", name)
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: handler %s on <%s>", name, a.Key, n.Data)
			}
			if strings.Contains(a.Val, "://") && a.Key != "xmlns" {
				t.Errorf("%s: <%s %s=%q> names an outside address", name, n.Data, a.Key, a.Val)
			}
			if a.Key == "aria-labelledby" {
				for _, id := range strings.Fields(a.Val) {
					if p.ids[id] == 0 {
						t.Errorf("%s: aria-labelledby names %q, which is not there", name, id)
					}
				}
			}
		}
	}
	if n := len(p.all("h1")); n != 1 {
		t.Errorf("%s: %d main headings", name, n)
	}
	policy := ""
	for _, m := range p.all("meta") {
		if attr(m, "http-equiv") == "Content-Security-Policy" {
			policy = attr(m, "content")
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'unsafe-inline'; img-src data:") {
		t.Errorf("%s: policy %q", name, policy)
	}
	for _, table := range p.all("table") {
		if len(within(table, "caption")) != 1 || textOf(within(table, "caption")[0]) == "" {
			t.Errorf("%s: a table has no caption", name)
		}
		for _, th := range within(table, "th") {
			if attr(th, "scope") == "" {
				t.Errorf("%s: header %q has no scope", name, textOf(th))
			}
		}
	}
	if doc.Synthetic != "" && !strings.Contains(textOf(p.all("body")[0]), doc.Synthetic) {
		t.Errorf("%s: the synthetic label is missing", name)
	}
}

func TestHTML(t *testing.T) {
	for _, code := range []string{"en", "ar"} {
		doc := sample(code)
		data, err := HTML(doc)
		if err != nil {
			t.Fatal(err)
		}
		p := parsePage(t, data)
		checkPage(t, code, p, doc)
		receipts, err := ReceiptsHTML(ReceiptsPage{Brief: doc, Back: "brief.html", Entries: sampleReceipts(doc)})
		if err != nil {
			t.Fatal(err)
		}
		r := parsePage(t, receipts)
		checkPage(t, code+" receipts", r, doc)
		checkLinks(t, p, r)
		checkFigures(t, p)
		if !strings.Contains(textOf(p.all("main")[0]), `<script>alert("x")</script> & 'quoted' ]]> </style>`) {
			t.Errorf("%s: text that looks like markup is not shown as it is", code)
		}
	}
}

// checkLinks follows every link of a brief, on the page or to its receipts.
func checkLinks(t *testing.T, p, receipts *parsedPage) {
	t.Helper()
	numbers := 0
	for _, a := range p.all("a") {
		href := attr(a, "href")
		page, anchor, _ := strings.Cut(href, "#")
		switch page {
		case "":
			if p.ids[anchor] != 1 {
				t.Errorf("%q leads nowhere", href)
			}
		case "receipts.html":
			numbers++
			if receipts.ids[anchor] != 1 {
				t.Errorf("%q has no receipt", href)
			}
		default:
			t.Errorf("%q leads outside", href)
		}
	}
	if numbers == 0 {
		t.Error("no number links to its receipt")
	}
}

// checkFigures holds that every picture has a title, a description and the
// table of its data.
func checkFigures(t *testing.T, p *parsedPage) {
	t.Helper()
	figures := p.all("figure")
	if len(figures) == 0 {
		t.Error("no figure")
	}
	for _, f := range figures {
		svg := slices.DeleteFunc(within(f, "svg"), func(n *html.Node) bool { return attr(n, "aria-hidden") == "true" })
		if len(svg) != 1 || attr(svg[0], "role") != "img" || len(within(svg[0], "title")) == 0 || len(within(svg[0], "desc")) != 1 {
			t.Errorf("figure %s: the picture has no title and description", attr(f, "id"))
		}
		if len(within(f, "figcaption")) != 1 {
			t.Errorf("figure %s has no caption", attr(f, "id"))
		}
		if d := within(f, "details"); len(d) != 1 || len(within(d[0], "table")) != 1 {
			t.Errorf("figure %s has no table of its data", attr(f, "id"))
		}
	}
}

func TestHTMLTableHeads(t *testing.T) {
	data, err := HTML(sample("en"))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range parsePage(t, data).all("table") {
		if attr(table, "id") != "table-2" {
			continue
		}
		var groups, rows, columns int
		for _, th := range within(table, "th") {
			switch attr(th, "scope") {
			case "rowgroup":
				groups++
			case "row":
				rows++
			case "col":
				columns++
			}
		}
		if groups != 2 || rows != 10 || columns != 9 {
			t.Errorf("%d groups, %d row and %d column headers; want 2, 10 and 9", groups, rows, columns)
		}
		return
	}
	t.Error("table 2 is missing")
}

func TestHTMLWithoutReceiptsHasNoLinks(t *testing.T) {
	doc := sample("en")
	doc.Receipts, doc.Synthetic = "", ""
	data, err := HTML(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range parsePage(t, data).all("a") {
		if !strings.HasPrefix(attr(a, "href"), "#") {
			t.Errorf("link to %q", attr(a, "href"))
		}
	}
	if bytes.Contains(data, []byte(`class="label"`)) {
		t.Error("real data carry a synthetic label")
	}
}

// TestTallPictureIsCutForPrint holds that each window on a tall picture shows
// content that is on the page.
func TestTallPictureIsCutForPrint(t *testing.T) {
	doc := sample("en")
	doc.Sections[1].Blocks[2].(*Figure).Drawing.Height = 2500
	data, err := HTML(doc)
	if err != nil {
		t.Fatal(err)
	}
	p := parsePage(t, data)
	checkPage(t, "tall", p, doc)
	checkFigures(t, p)
	uses := p.all("use")
	if len(uses) != 3 {
		t.Errorf("%d windows", len(uses))
	}
	for _, u := range uses {
		if p.ids[strings.TrimPrefix(attr(u, "href"), "#")] != 1 {
			t.Errorf("a window on %q, which is not there", attr(u, "href"))
		}
	}
}

func TestCSSString(t *testing.T) {
	var b bytes.Buffer
	writeCSSString(&b, `a"}</style>`+"\n"+"1")
	want := `"a\000022 \00007d \00003c \00002f style\00003e  1"`
	if got := b.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReceiptKeysAreUnique(t *testing.T) {
	doc := sample("en")
	for _, entries := range [][]ReceiptEntry{{{Key: "a"}, {Key: "a"}}, {{Key: ""}}, {{Key: "a b"}}} {
		if _, err := ReceiptsHTML(ReceiptsPage{Brief: doc, Entries: entries}); err == nil {
			t.Errorf("keys %v pass", entries)
		}
	}
}
