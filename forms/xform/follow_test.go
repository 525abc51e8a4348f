package xform

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cascade is a synthetic form with a filtered list, a randomised one, labels in
// two languages, and choices from a repeat and from files.
var cascade = wrap(`<data id="f"><region/><town/><towns/><shuffled/><r><name/></r><head/><fromfile/><label/></data>`,
	`<itext><translation lang="en"><text id="t-0"><value>Ta</value></text><text id="t-1"><value>Tb in <output value="/data/region"/></value></text></translation>
	<translation lang="fr" default="true()"><text id="t-0"><value>Ta fr</value></text></translation></itext>
	<instance id="towns"><root><item><itextId>t-0</itextId><name>ta</name><in>a</in></item><item><itextId>t-1</itextId><name>tb</name><in>b</in></item><item><itextId>t-1</itextId><name>tc</name><in>b</in></item></root></instance>
	<instance id="places" src="jr://file-csv/places.csv"/>
	<bind nodeset="/data/label" calculate="jr:choice-name(/data/town, '/data/town')"/>`,
	`<input ref="/data/region"/>
	<select1 ref="/data/town"><itemset nodeset="instance('towns')/root/item[in = /data/region]"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1>
	<select ref="/data/towns"><itemset nodeset="instance('towns')/root/item[in = /data/region or name = 'ta']"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select>
	<select1 ref="/data/shuffled"><itemset nodeset="randomize(instance('towns')/root/item, 42)"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1>
	<repeat nodeset="/data/r"><input ref="/data/r/name"/></repeat>
	<select1 ref="/data/head"><itemset nodeset="/data/r[name != '']"><value ref="name"/><label ref="name"/></itemset></select1>
	<select1 ref="/data/fromfile"><itemset nodeset="instance('places')/root/item[in = /data/region]"><value ref="code"/><label ref="title"/></itemset></select1>`)

func (s scene) offers(path string) string {
	var list []string
	for _, c := range s.Choices(s.at(path)) {
		list = append(list, c.Value+"="+c.Label)
	}
	return strings.Join(list, " ")
}

func TestChoices(t *testing.T) {
	s := start(t, cascade)
	s.answer("/data/region", "b")
	if got := s.offers("/data/town"); got != "tb=Tb in b tc=Tb in b" {
		t.Error(got) // the default language lacks the text, so the other way round
	}
	s.SetLanguage("en")
	s.answer("/data/region", "a")
	if got := s.offers("/data/town"); got != "ta=Ta" {
		t.Error(got)
	}
	s.answer("/data/town", "ta")
	s.want("/data/label", "Ta")
	if got := len(s.Choices(s.at("/data/shuffled"))); got != 3 {
		t.Errorf("%d shuffled choices", got)
	}
	s.answer("/data/r/name", "n1")
	if got := s.offers("/data/head"); got != "n1=n1" {
		t.Error(got)
	}
}

func TestFiltersTakeAnswersOut(t *testing.T) {
	s := start(t, cascade)
	s.answer("/data/region", "b")
	s.answer("/data/town", "tb")
	s.answer("/data/towns", "ta tb tc")
	s.answer("/data/region", "a")
	s.want("/data/town", "")
	s.want("/data/towns", "ta")
	s.want("/data/label", "")
	s.answer("/data/region", "b")
	s.want("/data/town", "tb") // as it was
	s.want("/data/towns", "ta tb tc")
	s.answer("/data/region", "a")
	s.answer("/data/towns", "ta")
	s.answer("/data/region", "b")
	s.want("/data/towns", "ta") // answered anew
}

func TestAttach(t *testing.T) {
	s := start(t, cascade)
	s.answer("/data/region", "b")
	s.answer("/data/fromfile", "x")
	s.want("/data/fromfile", "x") // the file is not there to say no
	if err := s.Attach("places.csv", []byte("\xef\xbb\xbfcode;title;in\np1;\"One; two\";b\np2;Three\np3;Four;b;more\n")); err != nil {
		t.Fatal(err)
	}
	if got := s.offers("/data/fromfile"); got != "p1=One; two p3=Four" {
		t.Error(got)
	}
	for _, c := range []struct{ name, data, want string }{
		{"places.csv", "", "no header"},
		{"places.txt", "x", "none that a form"},
		{"places.geojson", "[]", "no GeoJSON"},
		{"places.geojson", `{"type":"Feature"}`, "FeatureCollection"},
		{"places.xml", "<!DOCTYPE a><a/>", "document types"},
	} {
		if err := s.Attach(c.name, []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s %q: %v", c.name, c.data, err)
		}
	}
}

// Places as JavaRosa's GeoJsonExternalInstance writes them.
func TestGeoJSON(t *testing.T) {
	file, err := ReadFile("a.geojson", []byte(`{"type":"FeatureCollection","features":[
		{"type":"Feature","id":"f1","geometry":{"type":"Point","coordinates":[102.0,0.5]},"properties":{"name":"A","n":7,"none":null}},
		{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"properties":{"id":"own"}},
		{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	items := file.Root.Children[0].Children
	for i, want := range []map[string]string{
		{"geometry": "0.5 102.0 0 0", "id": "f1", "name": "A", "n": "7", "none": ""},
		{"geometry": "2 1 0 0; 4 3 0 0", "id": "own"},
		{"geometry": "0 0 0 0; 1 0 0 0; 1 1 0 0; 0 0 0 0"},
	} {
		for name, value := range want {
			if n := items[i].Child(name); n == nil || n.Value != value {
				t.Errorf("item %d: %s is %+v, want %q", i, name, n, value)
			}
		}
	}
}

func TestLastSaved(t *testing.T) {
	f := mustParse(t, wrap(`<data id="f"><a/><b/></data>`, `<instance id="__last-saved" src="jr://instance/last-saved"/>
		<setvalue event="odk-instance-first-load" ref="/data/a" value="instance('__last-saved')/data/a"/>`, `<input ref="/data/a"/>`))
	for _, c := range []struct{ previous, want string }{{"", ""}, {`<data id="f"><a>before</a></data>`, "before"}} {
		opt := fixed()
		opt.Previous = []byte(c.previous)
		s, err := f.NewSession(opt)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Find("/data/a")[0].Value; got != c.want || len(s.Faults()) > 0 {
			t.Errorf("%q, want %q, faults %v", got, c.want, s.Faults())
		}
	}
	if _, err := f.NewSession(SessionOptions{Previous: []byte("<a")}); err == nil {
		t.Error("a broken document was read")
	}
}

// woven is a synthetic form in which everything depends on something else.
var woven = wrap(`<data id="f"><a>1</a><b>yes</b><sum/><n/><g><x>2</x><y/></g>
	<r jr:template=""><v>1</v><w/><p/><q/><in><z>3</z><t/></in></r><r><v>1</v><w/><p/><q/><in><z>3</z><t/></in></r><last/><k><m/></k><big/></data>`,
	`<bind nodeset="/data/g" relevant="/data/b = 'yes'"/><bind nodeset="/data/g/x" relevant="/data/a &gt; 2"/><bind nodeset="/data/g/y" calculate="concat(../x, '/', /data/n)"/>
	<bind nodeset="/data/r" relevant="/data/a &lt; 9"/><bind nodeset="/data/r/w" calculate="../v * /data/a"/><bind nodeset="/data/r/p" calculate="position(..)"/>
	<bind nodeset="/data/r/q" calculate="count(/data/r[v &gt; 2]) + sum(/data/r/in/z)"/><bind nodeset="/data/r/in" relevant="../v mod 2 = 1"/><bind nodeset="/data/r/in/z" relevant="/data/b = 'yes'"/>
	<bind nodeset="/data/r/in/t" calculate="concat(../z, ../../p)"/><bind nodeset="/data/sum" calculate="sum(/data/r/w)"/><bind nodeset="/data/n" calculate="count(/data/r)"/>
	<bind nodeset="/data/last" calculate="/data/r[position() = last()]/w"/><bind nodeset="/data/k/m" calculate="position(..) * /data/a"/>
	<bind nodeset="/data/big" relevant="/data/sum &gt; 10" calculate="join(' ', /data/r/in/t, /data/k/m)"/>`,
	`<input ref="/data/a"/><input ref="/data/b"/><repeat nodeset="/data/r"><input ref="/data/r/v"/><input ref="/data/r/in/z"/></repeat><repeat nodeset="/data/k" jr:count="/data/a"><input ref="/data/k/m"/></repeat>`)

// What is kept up to date step by step must be what evaluating everything anew
// gives.
func TestIncrementalIsWhole(t *testing.T) {
	f := mustParse(t, woven)
	rapid.Check(t, func(t *rapid.T) {
		s, err := f.NewSession(fixed())
		if err != nil {
			t.Fatal(err)
		}
		for i := range rapid.IntRange(1, 15).Draw(t, "steps") {
			step := rapid.SampledFrom([]string{"a", "b", "v", "z", "add", "remove"}).Draw(t, "step")
			instances := s.Find("/data/r")
			at := 0
			if len(instances) > 0 {
				at = 1 + rapid.IntRange(0, len(instances)-1).Draw(t, "at")
			}
			value := fmt.Sprint(rapid.IntRange(0, 10).Draw(t, "value"))
			switch {
			case step == "a":
				err = s.Set(s.Find("/data/a")[0], value)
			case step == "b":
				err = s.Set(s.Find("/data/b")[0], rapid.SampledFrom([]string{"yes", "no", ""}).Draw(t, "b"))
			case step == "add" && len(instances) < 6:
				_, err = s.AddRepeat(s.Find("/data")[0], f.Node("/data/r"))
			case at == 0:
			case step == "remove":
				err = s.RemoveRepeat(instances[at-1])
			case step == "v":
				err = s.Set(s.Find(fmt.Sprintf("/data/r[%d]/v", at))[0], value)
			case step == "z":
				err = s.Set(s.Find(fmt.Sprintf("/data/r[%d]/in/z", at))[0], value)
			}
			if err != nil {
				t.Fatal(err)
			}
			before := fmt.Sprint(s.Snapshot())
			s.all()
			s.run()
			if after := fmt.Sprint(s.Snapshot()); before != after {
				t.Fatalf("step %d, %s: kept\n%s\nanew\n%s", i, step, before, after)
			}
		}
	})
}
