package xform

import (
	"strings"
	"testing"
)

// another is a repeat that goes on until somebody says no, as production forms
// of JavaRosa's own tests write it (child_vaccination_VOL_tool_v12.xml).
const another = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><model><instance><data id="another"><n/><have/><h jr:template=""><name/><more/></h></data></instance>
<bind nodeset="/data/have" type="int" calculate="count(/data/h)"/>
<bind nodeset="/data/n" type="int" calculate="if(/data/have = 0 or indexed-repeat(/data/h/more, /data/h, /data/have) != 'no', /data/have + 1, /data/have)"/>
<bind nodeset="/data/h/name" type="string"/><bind nodeset="/data/h/more" type="string"/>
</model></h:head>
<h:body><group ref="/data/h"><repeat nodeset="/data/h" jr:count="/data/n">
<input ref="/data/h/name"><label>Name</label></input><input ref="/data/h/more"><label>More?</label></input>
</repeat></group></h:body></h:html>`

func TestOneMoreUntilNo(t *testing.T) {
	form, err := Parse([]byte(another))
	if err != nil {
		t.Fatal(err)
	}
	s, err := form.NewSession(SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	set := func(path, value string) {
		t.Helper()
		if err := s.Set(s.Find(path)[0], value); err != nil {
			t.Fatal(err)
		}
	}
	have := func(want int) {
		t.Helper()
		if got := len(s.Find("/data/h")); got != want {
			t.Fatalf("%d instances, not %d", got, want)
		}
	}
	have(1)
	set("/data/h[1]/name", "a") // the count does not read it
	have(1)
	set("/data/h[1]/more", "yes")
	have(2)
	set("/data/h[2]/more", "yes")
	have(3)
	set("/data/h[3]/more", "no")
	have(3)
	report, err := form.Check(s.XML(), CheckOptions{})
	if err != nil || len(report.Problems) > 0 || len(s.Faults()) > 0 {
		t.Errorf("%v %+v %v\n%s", err, report, s.Faults(), s.XML())
	}
	if !strings.Contains(string(s.XML()), "<n>3</n><have>3</have>") {
		t.Errorf("%s", s.XML())
	}
	set("/data/h[3]/more", "yes") // changed one's mind
	have(4)
}
