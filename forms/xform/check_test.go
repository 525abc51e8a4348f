package xform

import (
	"fmt"
	"strings"
	"testing"
)

// checked is a synthetic form with a rule of every kind.
var checked = wrap(`<data id="c" version="3"><start/><consent/><age>18</age><when/><place/><lang/><country/><town/><scale/><photo/><note>read me</note><double/><name/><g><why/></g><n/><r><x/></r><meta><instanceID/></meta></data>`,
	`<itext><translation lang="en"><text id="age:msg"><value>Not <output value="/data/age"/> years</value></text></translation><translation lang="fr"><text id="age:msg"><value>Pas <output value="/data/age"/> ans</value></text></translation></itext>
	<instance id="countries"><root><item><name>gn</name><label>Guinea</label></item><item><name>ml</name><label>Mali</label></item></root></instance>
	<instance id="towns"><root><item><name>conakry</name><in>gn</in><label>C</label></item><item><name>bamako</name><in>ml</in><label>B</label></item></root></instance>
	<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
	<bind nodeset="/data/consent" type="string" required="true()" jr:requiredMsg="Ask first"/>
	<bind nodeset="/data/age" type="int" relevant="/data/consent = 'yes'" constraint=". &gt;= 14 and . &lt; 120" jr:constraintMsg="jr:itext('age:msg')" required="true()"/>
	<bind nodeset="/data/when" type="date" constraint=". &lt;= today()"/>
	<bind nodeset="/data/place" type="geopoint"/>
	<bind nodeset="/data/photo" type="binary"/>
	<bind nodeset="/data/note" readonly="true()"/>
	<bind nodeset="/data/scale" type="int"/>
	<bind nodeset="/data/double" type="int" calculate="/data/age * 2"/>
	<bind nodeset="/data/g" relevant="/data/age &lt; 18"/>
	<bind nodeset="/data/n" type="int"/>
	<bind nodeset="/data/r/x" required="true()"/>
	<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>`,
	`<input ref="/data/consent"><label>Consent of <output value="/data/name"/></label></input><input ref="/data/age"/><input ref="/data/when"/><input ref="/data/place"/><input ref="/data/name"/>
	<select ref="/data/lang"><item><label>A</label><value>a</value></item><item><label>B</label><value>b</value></item></select>
	<select1 ref="/data/country"><itemset nodeset="instance('countries')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
	<select1 ref="/data/town"><itemset nodeset="instance('towns')/root/item[in = /data/country]"><value ref="name"/><label ref="label"/></itemset></select1>
	<range ref="/data/scale" start="0" end="10" step="2"/><upload ref="/data/photo" mediatype="image/*"/><input ref="/data/note"/>
	<group ref="/data/g"><input ref="/data/g/why"/></group><input ref="/data/n"/>
	<repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"/></repeat>`)

// sent is a submission in which everything is right.
const sent = `<data id="c" version="3"><start>2016-10-06T16:05:00.000+02:00</start><consent>yes</consent><age>20</age><when>2016-10-06</when><place>9.5 -13.7 0 0</place><lang>a b</lang><country>gn</country><town>conakry</town><scale>4</scale><photo>p.jpg</photo><note>read me</note><double>40</double><name>Synthetic Secret</name><n>2</n><r><x>1</x></r><r><x>2</x></r><meta><instanceID>uuid:1</instanceID></meta></data>`

func TestCheck(t *testing.T) {
	f := mustParse(t, checked)
	for _, c := range []struct {
		name, old, new string
		want           string // "kind path" of each problem
	}{
		{"all right", "", "", ""},
		{"other form", `id="c"`, `id="d"`, "form /data"},
		{"encrypted", `version="3"`, `version="3" encrypted="yes"`, "encrypted /data"},
		{"other version", `version="3"`, `version="2"`, "version /data"},
		{"unknown node", "<n>2</n>", "<n>2</n><extra>1</extra>", "unknown /data/extra"},
		{"misplaced node", "<meta>", "<meta><why>x</why>", "misplaced /data/meta/why"},
		{"twice", "<n>2</n>", "<n>2</n><n>2</n>", "duplicate /data/n"},
		{"twice in a repeat", "<x>2</x>", "<x>2</x><x>3</x>", "duplicate /data/r[2]/x"},
		{"a client's meta", "<meta>", "<meta><deprecatedID>uuid:0</deprecatedID>", ""},
		{"a namespace on meta", "<meta><instanceID>uuid:1</instanceID></meta>", `<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:1</orx:instanceID></orx:meta>`, ""},
		{"no int", "<age>20</age>", "<age>twenty</age>", "type /data/age calculation /data/double"},
		{"no date", "2016-10-06</when>", "2016-13-06</when>", "type /data/when"},
		{"a date to come", "2016-10-06</when>", "2016-10-07</when>", "constraint /data/when"},
		{"no place", "9.5 -13.7", "99.5 -13.7", "type /data/place"},
		{"not offered", "<country>gn", "<country>xx", "choice /data/country choice /data/town"},
		{"filtered out", "conakry", "bamako", "choice /data/town"},
		{"one of several", "a b", "a c", "choice /data/lang"},
		{"one twice", "a b", "a a", "choice /data/lang"},
		{"off the scale", "<scale>4", "<scale>12", "range /data/scale"},
		{"between steps", "<scale>4", "<scale>3", "range /data/scale"},
		{"required", "<consent>yes</consent><age>20</age>", "<consent/>", "required /data/consent calculation /data/double"},
		{"required and left out", "<age>20</age>", "", "required /data/age calculation /data/double"},
		{"constraint", "<age>20</age>", "<age>12</age>", "constraint /data/age calculation /data/double"},
		{"not to be asked", "<n>2</n>", "<g><why>x</why></g><n>2</n>", "irrelevant /data/g/why"},
		{"blank, not to be asked", "<n>2</n>", "<g><why/></g><n>2</n>", ""},
		{"calculated", "<double>40", "<double>41", "calculation /data/double"},
		{"calculated, as another number", "<double>40", "<double>040", ""},
		{"too few instances", "<r><x>2</x></r>", "", "count /data/r"},
		{"required in a repeat", "<x>2</x>", "<x></x>", "required /data/r[2]/x"},
		{"read only", "read me", "changed", "readonly /data/note"},
		{"no file", "p.jpg", "q.jpg", "attachment /data/photo"},
		{"no identifier", "uuid:1", "", "required /data/meta/instanceID"},
		{"no time, so no telling", "2016-10-06T16:05:00.000+02:00</start><consent>yes</consent><age>20</age><when>2016-10-06", "</start><consent>yes</consent><age>20</age><when>2999-10-06", ""},
		{"out of order", "<n>2</n><r><x>1</x></r>", "<r><x>1</x></r><n>2</n>", ""},
		{"CDATA and comments", "<consent>yes", "<!-- x --><consent><![CDATA[ye]]>s", ""},
	} {
		report, err := f.Check([]byte(strings.Replace(sent, c.old, c.new, 1)), CheckOptions{Attachments: []string{"p.jpg"}})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, p := range report.Problems {
			got = append(got, fmt.Sprintf("%s %s", p.Kind, p.Path))
			if strings.Contains(p.Message+p.Question, "Secret") {
				t.Errorf("%s: an answer is in the message: %+v", c.name, p)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestCheckMessages(t *testing.T) {
	f := mustParse(t, checked)
	bad := strings.Replace(sent, "<age>20</age>", "<age>12</age>", 1)
	for _, c := range []struct{ language, want string }{{"", "Not ${age} years"}, {"fr", "Pas ${age} ans"}, {"xx", "Not ${age} years"}} {
		report, err := f.Check([]byte(bad), CheckOptions{Language: c.language})
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Problems[0]; got.Message != c.want || got.Rule == "" {
			t.Errorf("%+v, want %q", got, c.want)
		}
	}
}

func TestCheckRefusesBadXML(t *testing.T) {
	f := mustParse(t, checked)
	for _, bad := range []string{"", "no XML", "<data id='c'", "<!DOCTYPE a><data/>", strings.Repeat("<a>", 500), "<data>&x;</data>"} {
		if _, err := f.Check([]byte(bad), CheckOptions{}); err == nil {
			t.Errorf("%.20q was read", bad)
		}
	}
}

// What reads a file that is not there is not judged; the rest is.
func TestCheckWithoutItsFile(t *testing.T) {
	f := mustParse(t, wrap(`<data id="m"><code/><name/><size/><more/><extra/></data>`,
		`<instance id="places" src="jr://file-csv/places.csv"/>
		<bind nodeset="/data/name" calculate="instance('places')/root/item[code = /data/code]/name"/>
		<bind nodeset="/data/size" type="int" constraint=". &lt; instance('places')/root/item[code = /data/code]/size"/>
		<bind nodeset="/data/more" relevant="instance('places')/root/item[code = /data/code]/size &gt; 5" required="true()"/>
		<bind nodeset="/data/extra" required="true()"/>`,
		`<select1 ref="/data/code"><itemset nodeset="instance('places')/root/item"><value ref="code"/><label ref="name"/></itemset></select1>
		<input ref="/data/size"/><input ref="/data/more"/><input ref="/data/extra"/>`))
	file, err := ReadFile("places.csv", []byte("code,name,size\na,Alpha,10\nb,Beta,3\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		files map[string]*File
		sub   string
		want  int
	}{
		{nil, `<code>zz</code><name>any</name><size>99</size>`, 1}, // extra is required
		{map[string]*File{"places.csv": file}, `<code>zz</code><name>any</name><size>99</size>`, 4},
		{map[string]*File{"places.csv": file}, `<code>a</code><name>Alpha</name><size>9</size><more>x</more><extra>y</extra>`, 0},
		{map[string]*File{"places.csv": file}, `<code>b</code><name>Beta</name><size>2</size><more>x</more><extra>y</extra>`, 1},
	} {
		report, err := f.Check([]byte(`<data id="m">`+c.sub+`</data>`), CheckOptions{Files: c.files})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Problems) != c.want {
			t.Errorf("%s: %+v, want %d", c.sub, report.Problems, c.want)
		}
	}
}

// One form serves many submissions at once.
func TestCheckAtOnce(t *testing.T) {
	f := mustParse(t, checked)
	for range 8 {
		t.Run("one of many", func(t *testing.T) {
			t.Parallel()
			for range 50 {
				report, err := f.Check([]byte(sent), CheckOptions{})
				if err != nil || len(report.Problems) > 0 {
					t.Fatalf("%v %+v", err, report)
				}
			}
		})
	}
}

func TestCheckBoundsInstances(t *testing.T) {
	f := mustParse(t, checked)
	many := strings.Replace(sent, "<r><x>1</x></r>", strings.Repeat("<r><x>1</x></r>", MaxInstances+1000), 1)
	report, err := f.Check([]byte(many), CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Problems) != MaxProblems || report.Dropped == 0 || report.Problems[0].Kind != RepeatCount {
		t.Errorf("%d problems, %d dropped", len(report.Problems), report.Dropped)
	}
}
