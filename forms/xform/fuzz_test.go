package xform

import (
	"strings"
	"testing"
)

// FuzzParse holds that any bytes give a form or a fault, and that a form can be
// filled and what it gives be checked.
func FuzzParse(f *testing.F) {
	for _, src := range []string{checked, cascade, woven, "", "<a/>", "%PDF", strings.Replace(woven, "/data/r", "/data", 3), strings.Replace(checked, `ref="/data/r/x"`, `ref="/data/r"`, 1)} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		form, err := Parse(data)
		if err != nil {
			return
		}
		s, err := form.NewSession(fixed())
		if err != nil {
			return
		}
		for _, d := range form.Nodes {
			if d.Repeat && d.Parent != nil {
				parents := s.Find(d.Parent.Path)
				for _, parent := range parents[:min(len(parents), 5)] {
					_, _ = s.AddRepeat(parent, d)
				}
			}
			nodes := s.Find(d.Path)
			for _, n := range nodes[:min(len(nodes), 5)] {
				s.Choices(n)
				_ = s.Set(n, "1")
			}
		}
		s.Finish()
		s.Validate()
		s.Snapshot()
		out := s.XML()
		if _, err := form.Check(out, CheckOptions{}); err != nil {
			t.Fatalf("our own submission cannot be read: %v\n%s", err, out)
		}
	})
}

// FuzzCheck holds that any bytes give a report or a fault, never an answer in a
// message.
func FuzzCheck(f *testing.F) {
	form, err := Parse([]byte(checked))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(sent))
	f.Add([]byte("<data id='c'>"))
	f.Add([]byte("<data id='c' version='3'><r><x/><x/></r><r/><meta/></data>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := form.Check(data, CheckOptions{})
		if err != nil {
			return
		}
		for _, p := range report.Problems {
			if strings.Contains(p.Message+p.Question, "Secret") {
				t.Fatalf("an answer is in the message: %+v", p)
			}
		}
	})
}

// FuzzScan holds that what the scanner reads to its end is well formed for the
// standard library's reader too.
func FuzzScan(f *testing.F) {
	for _, src := range []string{sent, "<a b='&lt;'>&#x41;<![CDATA[x]]><!-- c --></a>", "<a\n b = \"c\"/>", "<?xml version='1.0'?><a:b xmlns:a='c'/>"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		root, err := readXML([]byte(src))
		if err != nil || root == nil {
			return
		}
		if strings.Contains(src, "<?") || strings.Contains(src, "<!--") || strings.Contains(src, "]]>") || strings.ContainsFunc(src, func(r rune) bool { return r >= 0x80 }) {
			return // there the standard library is stricter
		}
		if err := wellFormed([]byte(src)); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
	})
}

// FuzzFile holds that any attached file gives rows or a fault.
func FuzzFile(f *testing.F) {
	f.Add(uint8(0), []byte("a;b\n1;2\n"))
	f.Add(uint8(1), []byte("<root><item><a>1</a></item></root>"))
	f.Add(uint8(2), []byte(`{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[1,2]}}]}`))
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		name := []string{"f.csv", "f.xml", "f.geojson"}[kind%3]
		file, err := ReadFile(name, data)
		if (file == nil) == (err == nil) {
			t.Fatalf("%v, %v", file, err)
		}
	})
}
