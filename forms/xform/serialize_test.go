package xform

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestXML(t *testing.T) {
	s := start(t, wrap(`<data id="s" orx:version="7"><name odk:tag="n">x</name><gone>y</gone><g><in/></g><empty><in/></empty><orx:meta><orx:instanceID/></orx:meta></data>`,
		`<bind nodeset="/data/gone" relevant="false()"/><bind nodeset="/data/g/in" relevant="/data/name = 'x'"/><bind nodeset="/data/empty/in" relevant="false()"/>
		<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>`, `<input ref="/data/name"/>`))
	s.answer("/data/g/in", "a <b> & \"c\"\r\nd\x01")
	want := `<?xml version="1.0" encoding="UTF-8"?>
<data xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms" id="s" orx:version="7"><name odk:tag="n">x</name><g><in>a &lt;b&gt; &amp; "c"&#13;
d</in></g><empty></empty><orx:meta><orx:instanceID>uuid:00000000-0000-4000-8000-000000000000</orx:instanceID></orx:meta></data>`
	if got := string(s.XML()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	report, err := s.form.Check(s.XML(), CheckOptions{})
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("%v %+v", err, report)
	}
}

// wellFormed reads XML with the standard library.
func wellFormed(data []byte) error {
	d := xml.NewDecoder(strings.NewReader(string(data)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestEntitiesKeepTheirAttributes(t *testing.T) {
	s := start(t, wrap(`<data id="e"><tree/><meta><instanceID/><entity dataset="trees" create="1" id=""><label/></entity></meta></data>`,
		`<bind nodeset="/data/meta/entity/@id"/><setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="uuid()"/>
		<bind nodeset="/data/meta/entity/label" calculate="/data/tree"/><bind nodeset="/data/tree" entities:saveto="species"/>`, `<input ref="/data/tree"/>`))
	s.answer("/data/tree", "oak")
	s.wantXML(`<entity dataset="trees" create="1" id="00000000-0000-4000-8000-000000000000"><label>oak</label></entity>`)
	if got := s.form.Node("/data/tree").SaveTo; got != "species" {
		t.Error(got)
	}
	report, err := s.form.Check(s.XML(), CheckOptions{})
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("%v %+v", err, report)
	}
}

func TestSnapshot(t *testing.T) {
	s := start(t, wrap(`<data id="f"><a/><g><b/></g><r><c/></r></data>`,
		`<bind nodeset="/data/a" required="true()"/><bind nodeset="/data/g" readonly="true()" relevant="/data/a = 1"/>`, `<repeat nodeset="/data/r"><input ref="/data/r/c"/></repeat>`))
	want := []State{
		{Path: "/data", Group: true, Relevant: true},
		{Path: "/data/a", Relevant: true, Required: true},
		{Path: "/data/g", Group: true, ReadOnly: true},
		{Path: "/data/g/b", ReadOnly: true},
		{Path: "/data/r[1]", Group: true, Relevant: true},
		{Path: "/data/r[1]/c", Relevant: true},
	}
	got := s.Snapshot()
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestValid(t *testing.T) {
	s := start(t, checked)
	s.answer("/data/name", "Ada")
	problems := s.Valid(s.at("/data/consent"))
	if len(problems) != 1 || problems[0].Kind != Required || problems[0].Message != "Ask first" || problems[0].Question != "Consent of Ada" {
		t.Errorf("%+v", problems)
	}
	s.answer("/data/consent", "yes")
	s.answer("/data/age", "9")
	if all := s.Validate(); len(all) != 1 || all[0].Message != "Not 9 years" {
		t.Errorf("%+v", all) // the person who answers may see the answer
	}
	s.answer("/data/consent", "no")
	if all := s.Validate(); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

func TestGoOn(t *testing.T) {
	f := mustParse(t, checked)
	opt := fixed()
	opt.Document = []byte(sent)
	resumed, err := f.NewSession(opt)
	if err != nil {
		t.Fatal(err)
	}
	s := scene{t, resumed}
	s.want("/data/start", "2016-10-06T16:05:00.000+02:00")
	s.want("/data/r[2]/x", "2")
	s.answer("/data/age", "15")
	s.want("/data/double", "30")
	s.wantRelevant("/data/g/why", true)
	s.answer("/data/n", "3")
	s.want("/data/r[3]/x", "")
	for _, bad := range []string{"<data", `<data id="other"/>`, `<data id="c" version="3"><strange/></data>`} {
		opt.Document = []byte(bad)
		if _, err := f.NewSession(opt); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
