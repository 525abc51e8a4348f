package xform

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// large makes a synthetic form of n questions: groups of ten with relevance by
// an answer before them, of every ten two integers with constraints, three
// selects of which one is filtered, three texts, a date and a calculation.
func large(n int) string {
	var inst, binds, body strings.Builder
	inst.WriteString(`<data id="large" version="1"><start/><end/><today/>`)
	binds.WriteString(`<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/><bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/><bind nodeset="/data/today" type="date" jr:preload="date" jr:preloadParams="today"/>`)
	binds.WriteString(`<instance id="yn"><root><item><name>yes</name><label>Yes</label></item><item><name>no</name><label>No</label></item></root></instance><instance id="places"><root>`)
	for i := range 40 {
		fmt.Fprintf(&binds, `<item><name>p%d</name><label>Place %d</label><region>r%d</region></item>`, i, i, i%5)
	}
	binds.WriteString(`</root></instance><instance id="regions"><root>`)
	for i := range 5 {
		fmt.Fprintf(&binds, `<item><name>r%d</name><label>Region %d</label></item>`, i, i)
	}
	binds.WriteString(`</root></instance>`)
	bind := func(g int, name, rest string) {
		fmt.Fprintf(&binds, `<bind nodeset="/data/g%d/%s" %s/>`, g, name, rest)
	}
	for g := range n / 10 {
		fmt.Fprintf(&inst, `<g%d><a/><b/><s/><region/><place/><t1/><t2/><t3/><d/><c/></g%d>`, g, g)
		if g > 0 {
			fmt.Fprintf(&binds, `<bind nodeset="/data/g%d" relevant="/data/g%d/s = 'yes' or /data/g%d/a &gt; 5"/>`, g, g-1, g-1)
		}
		bind(g, "a", `type="int" required="true()" constraint=". &gt;= 0 and . &lt; 120"`)
		bind(g, "b", `type="int" relevant="../a &gt; 3" constraint=". &lt;= ../a"`)
		bind(g, "s", `required="true()"`)
		bind(g, "region", `required="../s = 'yes'"`)
		bind(g, "place", `relevant="../region != ''"`)
		bind(g, "t1", `constraint="string-length(.) &lt; 200"`)
		bind(g, "t2", `relevant="selected(../s, 'no')"`)
		bind(g, "d", `type="date" constraint=". &lt;= today()"`)
		bind(g, "c", `type="int" calculate="if(../b = '', ../a, ../a + ../b)"`)
		p := fmt.Sprintf("/data/g%d/", g)
		body.WriteString(`<group ref="` + p[:len(p)-1] + `"><label>Group</label>`)
		for _, q := range []string{"a", "b", "t1", "t2", "t3", "d"} {
			fmt.Fprintf(&body, `<input ref="%s%s"><label>Question %s of %d</label></input>`, p, q, q, g)
		}
		for q, list := range map[string]string{"s": "instance('yn')/root/item", "region": "instance('regions')/root/item", "place": "instance('places')/root/item[region = /data/g" + fmt.Sprint(g) + "/region]"} {
			fmt.Fprintf(&body, `<select1 ref="%s%s"><label>Pick</label><itemset nodeset="%s"><value ref="name"/><label ref="label"/></itemset></select1>`, p, q, list)
		}
		body.WriteString(`</group>`)
	}
	inst.WriteString(`<meta><instanceID/></meta></data>`)
	return wrap(inst.String(), binds.String(), body.String())
}

// fill answers the large form so that every group is relevant.
func fill(t testing.TB, f *Form, n int) []byte {
	s, err := f.NewSession(fixed())
	if err != nil {
		t.Fatal(err)
	}
	for g := range n / 10 {
		for q, v := range map[string]string{"a": "7", "b": "4", "s": "yes", "region": "r3", "place": "p13", "t1": "some words", "t3": "more words &c", "d": "2016-10-01"} {
			if err := s.Set(s.Find(fmt.Sprintf("/data/g%d/%s", g, q))[0], v); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.Finish()
	return s.XML()
}

func TestLargeFormIsFilledAndChecked(t *testing.T) {
	f := mustParse(t, large(600))
	report, err := f.Check(fill(t, f, 600), CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Problems) > 0 || report.Answered < 500 {
		t.Errorf("%d answered of %d, problems %+v", report.Answered, report.Relevant, report.Problems)
	}
}

// The aim is 2 ms. No peer checks a submission on the server.
func BenchmarkCheck600(b *testing.B) {
	f := mustParse(b, large(600))
	data := fill(b, f, 600)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Check(data, CheckOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSet600(b *testing.B) {
	f := mustParse(b, large(600))
	s, err := f.NewSession(fixed())
	if err != nil {
		b.Fatal(err)
	}
	n := s.Find("/data/g0/a")[0]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := s.Set(n, fmt.Sprint(i%10)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewSession600(b *testing.B) {
	f := mustParse(b, large(600))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.NewSession(fixed()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse600(b *testing.B) {
	src := []byte(large(600))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(src); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkXForm reads the XForm that XFORM names, for comparing by hand.
func BenchmarkXForm(b *testing.B) {
	name := os.Getenv("XFORM")
	if name == "" {
		b.Skip("set XFORM to the path of an XForm")
	}
	src, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	f := mustParse(b, string(src))
	s, err := f.NewSession(fixed())
	if err != nil {
		b.Fatal(err)
	}
	data := s.XML()
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			mustParse(b, string(src))
		}
	})
	b.Run("session", func(b *testing.B) {
		for b.Loop() {
			_, _ = f.NewSession(fixed())
		}
	})
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			_, _ = f.Check(data, CheckOptions{})
		}
	})
}
