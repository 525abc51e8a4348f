package quality

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// spoiled is a round with many findings.
func spoiled(t testing.TB) *Report {
	s := newSample()
	for _, rule := range Rules() {
		switch rule.ID {
		case "columns.missing", "columns.empty", "digits.minutes", "place.route", "clock.busy", "duplicate.id":
			continue
		}
		if f := spoil[rule.ID]; f != nil {
			f(s)
		}
	}
	return s.check(t)
}

func TestHTMLStandsAlone(t *testing.T) {
	rep := spoiled(t)
	data, err := rep.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("CHECK_HTML"); dir != "" {
		if err := os.WriteFile(dir, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	ids, links := map[string]bool{}, []string{}
	tables, captions := 0, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" || n.Data == "img" || n.Data == "link" || n.Data == "iframe" {
			t.Errorf("the page has an element %s", n.Data)
		}
		switch n.Data {
		case "table":
			tables++
		case "svg":
			captions++
		}
		for _, a := range n.Attr {
			if a.Key == "id" {
				if ids[a.Val] {
					t.Errorf("the id %s is there twice", a.Val)
				}
				ids[a.Val] = true
			}
			if a.Key == "href" {
				links = append(links, a.Val)
			}
			if strings.Contains(a.Val, "http://") || strings.Contains(a.Val, "https://") || strings.HasPrefix(a.Key, "on") {
				t.Errorf("attribute %s=%q", a.Key, a.Val)
			}
		}
	}
	for _, l := range links {
		if !strings.HasPrefix(l, "#") || !ids[l[1:]] {
			t.Errorf("the link %s leads nowhere", l)
		}
	}
	if tables < 5 || captions != len(rep.Enumerators)+len(rep.Points) {
		t.Errorf("%d tables, %d pictures", tables, captions)
	}
	for _, want := range []string{"Content-Security-Policy", `lang="en"`, "Synthetic data", "What to look at first", "prefers-color-scheme: dark", "@media print"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if regexp.MustCompile(`url\(|@import`).Match(data) {
		t.Error("the page loads something")
	}
}

func TestHTMLEscapesWhatTheFileHolds(t *testing.T) {
	s := newSample()
	s.unknownColumns = []string{"<script>alert(1)</script>"}
	in := s.input(t)
	in.Source.Name = `"><img src=x>.csv`
	rep, err := Check(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := rep.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("<script>")) || bytes.Contains(data, []byte("<img")) {
		t.Error("markup of the file reached the page")
	}
}
