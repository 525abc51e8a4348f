package xform

import (
	"slices"
	"strings"
	"testing"
)

func TestEnvelope(t *testing.T) {
	tests := []struct {
		name, xml string
		want      Envelope
	}{
		{"Collect", `<?xml version='1.0' ?><data id="fms" version="3" xmlns:orx="http://openrosa.org/xforms"><meta><instanceID>uuid:1</instanceID></meta><orx:meta/></data>`, Envelope{ID: "fms", Version: "3", InstanceID: "uuid:1"}},
		{"prefixes and white space", `<data id="fms" orx:version="3"><orx:meta><orx:instanceID> uuid:1
</orx:instanceID><orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta></data>`, Envelope{ID: "fms", Version: "3", InstanceID: "uuid:1", DeprecatedID: "uuid:0"}},
		{"namespace instead of an id", `<data xmlns="urn:fms"><meta><instanceID>uuid:1</instanceID></meta></data>`, Envelope{ID: "urn:fms", InstanceID: "uuid:1"}},
		{"a meta elsewhere", `<data id="fms"><g><meta><instanceID>uuid:2</instanceID></meta></g><instanceID>uuid:3</instanceID></data>`, Envelope{ID: "fms"}},
		{"pieces of text", `<data id="fms"><meta><instanceID>uuid<!-- -->:<![CDATA[1]]>&amp;<b>no</b></instanceID></meta></data>`, Envelope{ID: "fms", InstanceID: "uuid:1&"}},
		{"encrypted", `<data xmlns="http://www.opendatakit.org/xforms/encrypted" id="fms" version="3" encrypted="yes"><meta><instanceID>uuid:1</instanceID></meta></data>`, Envelope{ID: "fms", Version: "3", InstanceID: "uuid:1", Encrypted: true}},
	}
	for _, tt := range tests {
		got, err := ReadEnvelope([]byte(tt.xml))
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		got.src = ""
		if *got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, *got, tt.want)
		}
	}
}

func TestEnvelopeRefuses(t *testing.T) {
	for name, xml := range map[string]string{
		"two ids":    `<data id="a"><meta><instanceID>1</instanceID><instanceID>2</instanceID></meta></data>`,
		"two metas":  `<data id="a"><meta><instanceID>1</instanceID></meta><meta><instanceID>2</instanceID></meta></data>`,
		"a doctype":  `<!DOCTYPE data [<!ENTITY a "b">]><data id="a"><meta><instanceID>&a;</instanceID></meta></data>`,
		"an entity":  `<data id="a"><meta><instanceID>&a;</instanceID></meta></data>`,
		"cut short":  `<data id="a"><meta><instanceID>1</instanceID></meta>`,
		"too deep":   `<data id="a">` + strings.Repeat("<a>", MaxDepth) + strings.Repeat("</a>", MaxDepth) + `</data>`,
		"no XML":     `uuid:1`,
		"second top": `<data id="a"/><data id="b"/>`,
	} {
		if e, err := ReadEnvelope([]byte(xml)); err == nil {
			t.Errorf("%s: read as %+v", name, *e)
		}
	}
}

const pictured = `<data id="p" version="1"><photo/><trip jr:template=""><voice/><note/></trip><trip><voice/><note/></trip><meta><audit/><instanceID/></meta></data>`

func TestEnvelopeFiles(t *testing.T) {
	f := mustParse(t, wrap(pictured, `<bind nodeset="/data/photo" type="binary"/><bind nodeset="/data/trip/voice" type="binary"/><bind nodeset="/data/trip/note" type="string"/><bind nodeset="/data/meta/audit" type="binary"/>`,
		`<upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload><group ref="/data/trip"><label>Trip</label><repeat nodeset="/data/trip"><upload ref="/data/trip/voice" mediatype="audio/*"><label>Voice</label></upload><input ref="/data/trip/note"><label>Note</label></input></repeat></group>`))
	e, err := ReadEnvelope([]byte(`<data id="p" version="1"><photo> a.jpg </photo><trip><voice>b.m4a</voice><note>c.jpg</note></trip><trip><voice>a.jpg</voice><note/></trip><trip><voice/></trip><other><photo>d.jpg</photo></other><orx:meta><orx:audit>audit.csv</orx:audit><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>`))
	if err != nil {
		t.Fatal(err)
	}
	names, err := e.Files(f, 3)
	if err != nil || !slices.Equal(names, []string{"a.jpg", "b.m4a", "audit.csv"}) {
		t.Errorf("files %q, error %v", names, err)
	}
	if _, err := e.Files(f, 2); err == nil {
		t.Error("a third file was let through")
	}
}

// A text cut into pieces by comments is put together in one go, not copied for
// every piece: this document would take hours otherwise.
func TestEnvelopeOfManyPieces(t *testing.T) {
	f := mustParse(t, wrap(`<data id="p"><photo/><meta><instanceID/></meta></data>`, `<bind nodeset="/data/photo" type="binary"/>`, `<upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload>`))
	pieces := strings.Repeat("abcd<!---->", 2_000_000)
	e, err := ReadEnvelope([]byte(`<data id="p"><photo>` + pieces + `</photo><meta><instanceID>` + pieces + `</instanceID></meta></data>`))
	if err != nil || len(e.InstanceID) != 8_000_000 {
		t.Fatalf("%d characters, %v", len(e.InstanceID), err)
	}
	names, err := e.Files(f, 1)
	if err != nil || len(names) != 1 || len(names[0]) != 8_000_000 {
		t.Errorf("%d names, %v", len(names), err)
	}
}

// FuzzEnvelope holds that any bytes give an envelope or a fault, and that what
// is well formed for one reader is so for the other.
func FuzzEnvelope(f *testing.F) {
	form, err := Parse([]byte(wrap(pictured, `<bind nodeset="/data/photo" type="binary"/>`, `<upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload>`)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`<data id="p" version="1"><photo>a.jpg</photo><meta><instanceID>uuid:1</instanceID></meta></data>`))
	f.Add([]byte("<data id='p'><photo>a<!-- -->&#65;</photo><photo/></data>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ReadEnvelope(data)
		if err != nil {
			return
		}
		if _, err := e.Files(form, 10); err != nil && strings.Count(string(data), "photo") < 10 {
			t.Fatalf("well formed, yet %v", err)
		}
	})
}

func BenchmarkEnvelope(b *testing.B) {
	form, err := Parse([]byte(large(200)))
	if err != nil {
		b.Fatal(err)
	}
	xml := fill(b, form, 200)
	b.SetBytes(int64(len(xml)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadEnvelope(xml); err != nil {
			b.Fatal(err)
		}
	}
}
