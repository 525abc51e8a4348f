package preview

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/forms/xform"
)

func render(t *testing.T, opt Options) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "outline", "testdata", "household.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return renderForm(t, data, opt)
}

func renderForm(t *testing.T, data []byte, opt Options) string {
	t.Helper()
	form, err := xform.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, form, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// visible returns the text of a page without its style, spaces folded.
func visible(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && (n.Data == "style" || n.Data == "title") {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		switch n.Data {
		case "p", "li", "div", "dd", "dt", "h1", "h2", "h3", "summary":
			b.WriteString("\n")
		}
	}
	walk(root)
	var lines []string
	for line := range strings.Lines(b.String()) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestPageSaysWhatTheFormSays(t *testing.T) {
	page := render(t, Options{Program: "waymark test"})
	text := visible(t, page)
	for _, want := range []string{
		"Household", "Questions\n17", "English (en)", "Arabic (ar) 4 not translated",
		"1Do you agree to take part?هل توافق على المشاركة؟ required",
		"Answer must be\nbetween 0 and 120",
		"Between 0 and 120",
		"For the interviewer Estimate if not known",
		"means.png", "Choices from the file places.csv",
		"Choices where\nits region is the answer to “Region”",
		"choices in random order",
		"How often\n“People in the household”",
		"Now about First name, please",
		"start\ntime of opening",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q; it says:\n%s", want, text)
			break
		}
	}
	for _, want := range []string{`<code>/data/consent =&#39;yes&#39;</code>`, `lang="ar" dir="rtl"`, `href="#q.consent"`, `id="l0" checked`, `#l1:checked~.body{direction:rtl}`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestPageIsAlone(t *testing.T) {
	page := render(t, Options{Language: "ar"})
	for _, bad := range []string{"<script", "<link", "<img", "@import", "url(", "javascript:", "ZgotmplZ"} {
		if strings.Contains(strings.ToLower(page), strings.ToLower(bad)) {
			t.Errorf("the page holds %s", bad)
		}
	}
	if !strings.Contains(page, `id="l1" checked`) {
		t.Error("Arabic is not shown first")
	}
	form, err := xform.Parse([]byte(strings.ReplaceAll(readHousehold(t), "Date of birth", "&lt;img src=x onerror=alert(1)&gt;")))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, form, Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "<img") {
		t.Error("a label's tag came through")
	}
	if err := Write(&b, form, Options{Language: "tlh"}); err == nil || !strings.Contains(err.Error(), "Arabic (ar)") {
		t.Errorf("an unknown language: %v", err)
	}
}

func readHousehold(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "outline", "testdata", "household.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestLongListsFold: twelve choices, the rest folded, and said once on a page.
func TestLongListsFold(t *testing.T) {
	var items strings.Builder
	for n := range 700 {
		items.WriteString("<item><name>v" + strings.Repeat("i", n%3) + string(rune('a'+n%26)) + "</name><label>L</label></item>")
	}
	data := `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Long</h:title><model>
<instance><data id="long"><a/><b/></data></instance><instance id="l"><root>` + items.String() + `</root></instance>
<bind nodeset="/data/a" type="string"/><bind nodeset="/data/b" type="string"/></model></h:head><h:body>
<select1 ref="/data/a"><label>A</label><itemset nodeset="instance('l')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
<select1 ref="/data/b"><label>B</label><itemset nodeset="instance('l')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
</h:body></h:html>`
	text := visible(t, renderForm(t, []byte(data), Options{}))
	for want, n := range map[string]int{"and 688 more": 2, "and 688 more, listed above": 1, "and 200 more that this page leaves out": 1} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%q stands %d times, want %d", want, got, n)
		}
	}
}

// TestIdentifiersAreUnique: whatever questions are called, links lead to one
// place, and the switch of languages keeps working.
func TestIdentifiersAreUnique(t *testing.T) {
	data := strings.NewReplacer("<food/>", "<l0/>", "/data/food", "/data/l0", "<cost/>", "<form/>", "/data/cost", "/data/form").Replace(readHousehold(t))
	root, err := html.Parse(strings.NewReader(renderForm(t, []byte(data), Options{})))
	if err != nil {
		t.Fatal(err)
	}
	ids, links := map[string]int{}, []string{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				links = append(links, a.Val[1:])
			case a.Key == "for":
				links = append(links, a.Val)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%d elements are called %q", n, id)
		}
	}
	for _, l := range links {
		if ids[l] == 0 {
			t.Errorf("a link leads to %q, which is not there", l)
		}
	}
	if len(links) < 25 {
		t.Errorf("only %d links were looked at", len(links))
	}
}
