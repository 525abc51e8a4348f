package fill

import (
	"testing"

	"waymark/forms/xform"
)

// household is a form with a skip, a constraint, a calculation and a repeat.
const household = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Household</h:title><model>
<itext>
 <translation lang="English (en)" default="true()"><text id="yn-0"><value>Yes</value></text><text id="yn-1"><value>No</value></text></translation>
 <translation lang="French (fr)"><text id="yn-0"><value>Oui</value></text><text id="yn-1"><value>Non</value></text></translation>
</itext>
<instance><data id="household" version="1">
 <agree/><age/><group><town/></group>
 <child jr:template=""><name/><age/></child><child><name/><age/></child>
 <adults/><meta><instanceID/></meta>
</data></instance>
<instance id="yn"><root><item><itextId>yn-0</itextId><name>yes</name></item><item><itextId>yn-1</itextId><name>no</name></item></root></instance>
<bind nodeset="/data/agree" type="string" required="true()"/>
<bind nodeset="/data/age" type="int" relevant="/data/agree = 'yes'" constraint=". &gt;= 18 and . &lt;= 110" jr:constraintMsg="Adults only" required="true()"/>
<bind nodeset="/data/group/town" type="string" relevant="/data/agree = 'yes'"/>
<bind nodeset="/data/child" relevant="/data/agree = 'yes'"/>
<bind nodeset="/data/child/name" type="string" required="true()"/>
<bind nodeset="/data/child/age" type="int" constraint=". &lt; 18"/>
<bind nodeset="/data/adults" type="string" calculate="if(/data/age &gt;= 18, '1', '0')"/>
<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid" readonly="true()"/>
</model></h:head>
<h:body>
<select1 ref="/data/agree"><label>Do you agree?</label><itemset nodeset="instance('yn')/root/item"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1>
<input ref="/data/age"><label>Your age</label><hint>In years</hint></input>
<group ref="/data/group"><label>Place</label><input ref="/data/group/town"><label>Town</label></input></group>
<group ref="/data/child"><label>Child</label><repeat nodeset="/data/child">
 <input ref="/data/child/name"><label>First name</label></input>
 <input ref="/data/child/age"><label>Age of the child</label></input>
</repeat></group>
</h:body></h:html>`

func parsed(t testing.TB) *xform.Form {
	t.Helper()
	form, err := xform.Parse([]byte(household))
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// value reads one answer of a document.
func value(t testing.TB, s *xform.Session, path string) string {
	t.Helper()
	nodes := s.Find(path)
	if len(nodes) != 1 {
		t.Fatalf("%d nodes at %s", len(nodes), path)
	}
	return s.Get(nodes[0])
}
