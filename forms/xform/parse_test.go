package xform

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// wrap makes an XForm of a primary instance, further model content and a body.
// The forms made with it are synthetic.
func wrap(instance, model, body string) string {
	return `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:entities="http://www.opendatakit.org/xforms/entities" xmlns:ev="http://www.w3.org/2001/xml-events">
<h:head><h:title>Synthetic</h:title><model>
<instance>` + instance + `</instance>
` + model + `
</model></h:head>
<h:body>` + body + `</h:body></h:html>`
}

func mustParse(t testing.TB, src string) *Form {
	t.Helper()
	f, err := Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sharedFile reads a file of the project's shared data.
func sharedFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", name))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the shared data are not there: %v", err)
		}
		t.Skipf("the shared data are not there: %v", err)
	}
	return data
}

func TestParsePublishedForm(t *testing.T) {
	f := mustParse(t, string(sharedFile(t, "htcds/htcds_xlsform.xml")))
	if f.ID == "" || len(f.Nodes) != 37 || len(f.Body) == 0 {
		t.Errorf("id %q, %d nodes, %d controls", f.ID, len(f.Nodes), len(f.Body))
	}
	asked := 0
	for _, d := range f.Nodes {
		if d.Control != nil {
			asked++
		}
	}
	if asked != 31 {
		t.Errorf("%d nodes are asked for", asked)
	}
	t.Logf("%d nodes, %d asked, %d lists, %d warnings", len(f.Nodes), asked, len(f.Secondary), len(f.Warnings))
}

func TestParseStructure(t *testing.T) {
	f := mustParse(t, wrap(
		`<data id="s" orx:version="7"><name>x</name><trip jr:template=""><place>here</place></trip><trip><place/></trip><orx:meta><orx:instanceID/></orx:meta></data>`,
		`<itext><translation lang="en"><text id="/data/name:label"><value>Name of <output value="/data/name"/></value><value form="guidance">slowly</value></text></translation></itext>
		<instance id="list"><root><item><name>a</name><label>A</label></item></root></instance>
		<instance id="file" src="jr://file-csv/f.csv"/>
		<bind nodeset="/data/name" type="xsd:string" required="true()" jr:requiredMsg="needed" constraint=". != 'y'" jr:constraintMsg="jr:itext('/data/name:label')"/>
		<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>
		<bind nodeset="/data/gone"/>
		<submission action="https://example.org" method="post" orx:auto-send="true"/>`,
		`<input ref="/data/name"><label ref="jr:itext('/data/name:label')"/><hint ref="jr:itext('/data/name:label')"/></input>
		<group ref="/data/trip"><label>Trip</label><repeat nodeset="/data/trip" jr:count="2"><select1 ref="place"><label>Where</label><itemset nodeset="instance('list')/root/item"><value ref="name"/><label ref="label"/></itemset></select1></repeat></group>`))
	if f.ID != "s" || f.Version != "7" || f.Title != "Synthetic" || f.Default != 0 {
		t.Errorf("id %q version %q title %q default %d", f.ID, f.Version, f.Title, f.Default)
	}
	trip := f.Node("/data/trip")
	if !trip.Repeat || trip.Template == nil || trip.Template.Child("place").Value != "here" {
		t.Errorf("repeat: %+v", trip)
	}
	if n := len(f.Instance.Children[0].Children); n != 3 {
		t.Errorf("the instance has %d children, want 3: the template is no answer", n)
	}
	if len(f.Body) != 2 || f.Body[1].Tag != "repeat" || f.Body[1].Count != "2" || f.Body[1].Label.Empty() {
		t.Fatalf("body: %+v", f.Body)
	}
	place := f.Body[1].Children[0]
	if place.Node != f.Node("/data/trip/place") || place.Itemset.Instance != "list" || place.Node.Control != place {
		t.Errorf("select: %+v", place)
	}
	name := f.Node("/data/name")
	if name.ConstraintMsg.ID == "" || name.RequiredMsg.Parts[0].Plain != "needed" || f.Body[0].Guidance.Form != "guidance" {
		t.Errorf("texts: %+v", name)
	}
	if f.Submission["action"] == "" || f.Submission["auto-send"] != "true" || f.Secondary["file"].Root != nil {
		t.Errorf("submission %v", f.Submission)
	}
	if len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0].Message, "/data/gone") {
		t.Errorf("warnings %v", f.Warnings)
	}
}

func TestParseFaults(t *testing.T) {
	deep := strings.Repeat("<a>", MaxDepth+1)
	for _, c := range []struct{ name, src, want string }{
		{"no XML", "%PDF-1.7", "outside the root"},
		{"empty", "", "no XML"},
		{"other root", "<data/>", "no XForm"},
		{"doctype", `<!DOCTYPE x [<!ENTITY a "b">]><h:html/>`, "document types"},
		{"entity", wrap("<data id='a'><b>&b;</b></data>", "", ""), "not known"},
		{"deep", wrap(deep, "", ""), "nested more than"},
		{"cut off", "<a><b>", "ends inside <b>"},
		{"crossed", "<a><b></a></b>", "</a> where <b> is open"},
		{"no instance", wrap("", "", ""), "no main instance"},
		{"unknown ref", wrap("<data id='a'><name/></data>", "", "<input ref='/data/nane'/>"), "/data/nane"},
		{"two ids", wrap("<data id='a'><b/></data>", "<instance id='l'><r/></instance><instance id='l'><r/></instance>", ""), "two instances"},
		{"repeat root", wrap("<data id='a'><b/></data>", "", "<repeat nodeset='/data'/>"), "cannot repeat"},
		{"repeat in itself", wrap("<data id='a'><r><b/></r></data>", "", "<repeat nodeset='/data/r'><repeat nodeset='/data/r'/></repeat>"), "inside another of the same node"},
		{"unknown event", wrap("<data id='a'><b/></data>", "<setvalue event='never' ref='/data/b'/>", ""), "not known"},
		{"latin", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, "encoding"},
		{"control character", "<a>\x01</a>", "control character"},
		{"not UTF-8", "<a>\xff</a>", "UTF-8"},
		{"attribute twice", "<a b='1' b='2'/>", "twice"},
	} {
		_, err := Parse([]byte(c.src))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
			continue
		}
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != fault.Invalid {
			t.Errorf("%s: %v is no fault of the input", c.name, err)
		}
	}
}

func TestParseTellsAllFaultsWithLines(t *testing.T) {
	_, err := Parse([]byte(wrap("<data id='a'><name/></data>", "", "\n<input ref='/data/one'/>\n<input ref='/data/two'/>")))
	var list *fault.List
	if !errors.As(err, &list) || len(list.Faults) != 2 {
		t.Fatalf("%v", err)
	}
	if a, b := list.Faults[0].Place.Row, list.Faults[1].Place.Row; a == 0 || b != a+1 {
		t.Errorf("rows %d and %d", a, b)
	}
}

func TestParseWarnsOfStrangeScopes(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"<input ref='/data/r/b'/><repeat nodeset='/data/r'/>", "asked outside any repeat, but its node lies in the repeat /data/r"},
		{"<repeat nodeset='/data/r'><input ref='/data/c'/></repeat>", "asked in the repeat /data/r, but its node lies outside any repeat"},
		{"<group><repeat nodeset='/data/r'><group><input ref='/data/r/b'/></group></repeat></group><input ref='/data/c'/>", ""},
	} {
		f := mustParse(t, wrap("<data id='a'><c/><r><b/></r></data>", "", c.body))
		switch {
		case c.want == "" && len(f.Warnings) > 0:
			t.Errorf("%s: %v", c.body, f.Warnings)
		case c.want != "" && (len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0].Message, c.want)):
			t.Errorf("%s: %v", c.body, f.Warnings)
		}
	}
}
