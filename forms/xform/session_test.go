package xform

import (
	"strings"
	"testing"
	"time"

	"waymark/forms/xpath"
)

// fixed is a session in one universe: the clock, the zone, randomness and names.
func fixed() SessionOptions {
	zone := time.FixedZone("", 2*60*60)
	return SessionOptions{
		Now:        func() time.Time { return time.Date(2016, 10, 6, 16, 5, 0, 0, zone) },
		Random:     func() float64 { return 0.5 },
		UUID:       func() string { return "00000000-0000-4000-8000-000000000000" },
		Properties: map[string]string{"deviceid": "synthetic-device"},
	}
}

type scene struct {
	*testing.T
	*Session
}

func start(t *testing.T, src string) scene {
	t.Helper()
	s, err := mustParse(t, src).NewSession(fixed())
	if err != nil {
		t.Fatal(err)
	}
	return scene{t, s}
}

func (s scene) at(path string) *xpath.Node {
	s.Helper()
	nodes := s.Find(path)
	if len(nodes) != 1 {
		s.Fatalf("%s: %d nodes", path, len(nodes))
	}
	return nodes[0]
}

func (s scene) answer(path, value string) {
	s.Helper()
	if err := s.Set(s.at(path), value); err != nil {
		s.Fatal(err)
	}
}

func (s scene) want(path, value string) {
	s.Helper()
	if got := s.Get(s.at(path)); got != value {
		s.Errorf("%s is %q, want %q", path, got, value)
	}
}

func (s scene) wantRelevant(path string, relevant bool) {
	s.Helper()
	if got := s.Relevant(s.at(path)); got != relevant {
		s.Errorf("%s: relevant is %v, want %v", path, got, relevant)
	}
}

func (s scene) wantXML(parts ...string) {
	s.Helper()
	xml := string(s.XML())
	for _, p := range parts {
		if not, ok := strings.CutPrefix(p, "!"); ok {
			if strings.Contains(xml, not) {
				s.Errorf("the submission holds %s: %s", not, xml)
			}
		} else if !strings.Contains(xml, p) {
			s.Errorf("the submission does not hold %s: %s", p, xml)
		}
	}
}

// The expected behaviours below are JavaRosa's: its TriggerableDagTest names
// each case.
func TestCalculationsFollowInOrder(t *testing.T) {
	s := start(t, wrap(`<data id="f"><a>2</a><b/><c/></data>`,
		`<bind nodeset="/data/c" type="int" calculate="(/data/a + /data/b) * 5"/>
		<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="int" calculate="/data/a * 3"/>`, `<input ref="/data/a"/>`))
	s.want("/data/c", "40")
	s.answer("/data/a", "3")
	s.want("/data/b", "9")
	s.want("/data/c", "60")
}

func TestRelevanceIsInherited(t *testing.T) {
	s := start(t, wrap(`<data id="f"><g>no</g><f>no</f><group><field>x</field></group><reads/></data>`,
		`<bind nodeset="/data/group" relevant="/data/g = 'yes'"/><bind nodeset="/data/group/field" relevant="/data/f = 'yes'"/>
		<bind nodeset="/data/reads" calculate="concat('[', /data/group/field, ']')"/>`, ``))
	s.wantRelevant("/data/group/field", false)
	s.want("/data/reads", "[]")
	s.answer("/data/g", "yes")
	s.wantRelevant("/data/group", true)
	s.wantRelevant("/data/group/field", false)
	s.answer("/data/f", "yes")
	s.wantRelevant("/data/group/field", true)
	s.want("/data/reads", "[x]")
	s.answer("/data/g", "no")
	s.wantRelevant("/data/group/field", false)
	s.want("/data/reads", "[]")
	s.wantXML("!<group>", "!<field>", "<g>no</g>")
	s.answer("/data/g", "yes")
	s.want("/data/reads", "[x]") // the answer was kept
}

func TestRepeats(t *testing.T) {
	s := start(t, wrap(`<data id="f"><factor>1</factor><sum/><n/><r><x>1</x><y/><p/></r><total/></data>`,
		`<bind nodeset="/data/r/y" type="int" calculate="../x * /data/factor"/><bind nodeset="/data/r/p" calculate="position(..)"/>
		<bind nodeset="/data/sum" calculate="sum(/data/r/y)"/><bind nodeset="/data/n" calculate="count(/data/r)"/>
		<bind nodeset="/data/total" calculate="/data/sum + /data/n"/>`, `<repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat>`))
	r := s.form.Node("/data/r")
	s.want("/data/total", "2")
	for range 2 {
		if _, err := s.AddRepeat(s.at("/data"), r); err != nil {
			t.Fatal(err)
		}
	}
	s.want("/data/n", "3")
	s.answer("/data/r[2]/x", "5")
	s.want("/data/sum", "7")
	s.answer("/data/factor", "10")
	s.want("/data/r[3]/y", "10")
	s.want("/data/sum", "70")
	s.want("/data/r[3]/p", "3")
	if err := s.RemoveRepeat(s.at("/data/r[1]")); err != nil {
		t.Fatal(err)
	}
	s.want("/data/r[2]/p", "2")
	s.want("/data/total", "62")
	if got := s.Path(s.at("/data/r[2]/x")); got != "/data/r[2]/x" {
		t.Error(got)
	}
}

func TestCountedRepeats(t *testing.T) {
	s := start(t, wrap(`<data id="f"><n/><r jr:template=""><x>d</x><i/></r><r><x>d</x><i/></r><joined/></data>`,
		`<bind nodeset="/data/n" type="int"/><bind nodeset="/data/r/i" calculate="position(..)"/><bind nodeset="/data/joined" calculate="join(' ', /data/r/i)"/>`,
		`<input ref="/data/n"/><group ref="/data/r"><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"/></repeat></group>`))
	if n := len(s.Find("/data/r")); n != 0 {
		t.Errorf("%d instances before the count is answered", n)
	}
	s.answer("/data/n", "3")
	s.want("/data/joined", "1 2 3")
	s.want("/data/r[3]/x", "d")
	s.answer("/data/n", "1")
	s.want("/data/joined", "1")
	s.answer("/data/n", "")
	s.want("/data/joined", "1")
	if _, err := s.AddRepeat(s.at("/data"), s.form.Node("/data/r")); err == nil {
		t.Error("an instance was added against the count")
	}
	s.answer("/data/n", "1000000")
	if n := len(s.Find("/data/r")); n != MaxInstances || len(s.Faults()) == 0 {
		t.Errorf("%d instances, faults %v", n, s.Faults())
	}
}

// A form may ask "one more?" in each instance. Source: the way in which forms
// in JavaRosa's child_vaccination test form count.
func TestOneMore(t *testing.T) {
	src := wrap(`<data id="f"><c/><r jr:template=""><more/></r></data>`, `<bind nodeset="/data/c" type="int" calculate="if(count(/data/r) = 0, 1, count(/data/r[more = 'yes']) + 1)"/>`,
		`<repeat nodeset="/data/r" jr:count="/data/c"><input ref="/data/r/more"/></repeat>`)
	s := start(t, src)
	s.wantEach("/data/r/more", "")
	s.answer("/data/r[1]/more", "yes")
	s.wantEach("/data/r/more", "yes,")
	s.answer("/data/r[2]/more", "yes")
	s.answer("/data/r[3]/more", "no")
	s.wantEach("/data/r/more", "yes,yes,no")
	s.answer("/data/r[1]/more", "no")
	s.wantEach("/data/r/more", "no,yes")
	if len(s.Faults()) > 0 {
		t.Error(s.Faults())
	}
	endless := start(t, strings.Replace(src, "if(count(/data/r) = 0, 1, count(/data/r[more = 'yes']) + 1)", "count(/data/r) + 1", 1))
	endless.answer("/data/r[1]/more", "yes")
	if n := len(endless.Find("/data/r")); n != 1 || len(endless.Faults()) > 0 { // one at a time, and the answer is not read
		t.Errorf("%d instances, faults %v", n, endless.Faults())
	}
}

func TestNestedRepeats(t *testing.T) {
	s := start(t, wrap(`<data id="f"><o jr:template=""><n>2</n><i jr:template=""><v>1</v></i><s/></o><all/></data>`,
		`<bind nodeset="/data/o/s" calculate="sum(../i/v)"/><bind nodeset="/data/all" calculate="sum(/data/o/i/v)"/>`,
		`<repeat nodeset="/data/o"><input ref="/data/o/n"/><repeat nodeset="/data/o/i" jr:count="../n"><input ref="/data/o/i/v"/></repeat></repeat>`))
	o := s.form.Node("/data/o")
	for range 2 {
		if _, err := s.AddRepeat(s.at("/data"), o); err != nil {
			t.Fatal(err)
		}
	}
	s.want("/data/all", "4")
	s.answer("/data/o[2]/n", "3")
	s.answer("/data/o[2]/i[3]/v", "7")
	s.want("/data/o[2]/s", "9")
	s.want("/data/o[1]/s", "2")
	s.want("/data/all", "11")
	if err := s.RemoveRepeat(s.at("/data/o[1]")); err != nil {
		t.Fatal(err)
	}
	s.want("/data/all", "9")
}

func TestActions(t *testing.T) {
	s := start(t, wrap(`<data id="f"><a/><b/><first/><r><x/><y/></r><id/></data>`,
		`<setvalue event="odk-instance-first-load" ref="/data/first" value="1 + 1"/>`,
		`<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="concat(/data/a, '!')"/></input>
		<repeat nodeset="/data/r"><setvalue event="odk-instance-first-load odk-new-repeat" ref="/data/r/x" value="position(..)"/>
		<input ref="/data/r/x"><setvalue event="xforms-value-changed" ref="/data/r/y">changed</setvalue></input></repeat>`))
	s.want("/data/first", "2")
	s.want("/data/r[1]/x", "1")
	s.answer("/data/a", "hm")
	s.want("/data/b", "hm!")
	s.answer("/data/b", "mine")
	s.answer("/data/a", "hm")
	s.want("/data/b", "mine") // nothing changed
	if _, err := s.AddRepeat(s.at("/data"), s.form.Node("/data/r")); err != nil {
		t.Fatal(err)
	}
	s.want("/data/r[2]/x", "2")
	s.answer("/data/r[2]/x", "9")
	s.want("/data/r[2]/y", "changed")
	s.want("/data/r[1]/y", "changed") // by the first load
}

func TestPreloads(t *testing.T) {
	s := start(t, wrap(`<data id="f"><start/><end/><today/><device/><meta><instanceID/></meta></data>`,
		`<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
		<bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
		<bind nodeset="/data/today" type="date" jr:preload="date" jr:preloadParams="today"/>
		<bind nodeset="/data/device" jr:preload="property" jr:preloadParams="deviceid"/>
		<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>`, ``))
	s.want("/data/start", "2016-10-06T16:05:00.000+02:00")
	s.want("/data/today", "2016-10-06")
	s.want("/data/device", "synthetic-device")
	s.want("/data/meta/instanceID", "uuid:00000000-0000-4000-8000-000000000000")
	s.want("/data/end", "")
	s.Finish()
	s.want("/data/end", "2016-10-06T16:05:00.000+02:00")
}

func TestCycles(t *testing.T) {
	repeat := `<repeat nodeset="/data/g"><input ref="/data/g/a"/></repeat>`
	for _, c := range []struct{ name, binds, body, want string }{
		{"calculate reads itself", `<bind nodeset="/data/a" calculate=". + 1"/>`, "", "depends on itself"},
		{"three in a circle", `<bind nodeset="/data/a" calculate="/data/b"/><bind nodeset="/data/b" calculate="/data/c"/><bind nodeset="/data/c" calculate="/data/a"/>`, "", "circle: calculate of /data/a, calculate of /data/b, calculate of /data/c"},
		{"relevant reads itself", `<bind nodeset="/data/a" relevant=". > 0"/>`, "", "relevant of /data/a depends on itself"},
		{"readonly reads itself", `<bind nodeset="/data/a" readonly=". > 10"/>`, "", "readonly of /data/a"},
		{"required reads itself", `<bind nodeset="/data/a" required=". > 10"/>`, "", "required of /data/a"},
		{"a group by what is in it", `<bind nodeset="/data/g" relevant="a = 1"/>`, "", "relevant of /data/g"},
		{"in and out of a repeat", `<bind nodeset="/data/g/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/g[position() = 1]/a + 1"/>`, repeat, "circle"},
		{"in one instance", `<bind nodeset="/data/g/a" calculate="../b"/><bind nodeset="/data/g/b" calculate="../a"/>`, repeat, "circle"},
		{"a count may read what it counts", ``, `<repeat nodeset="/data/g" jr:count="count(/data/g) + 1"><input ref="/data/g/a"/></repeat>`, ""},
		{"a constraint may", `<bind nodeset="/data/a" constraint=". > 10"/>`, "", ""},
		{"once may", `<bind nodeset="/data/a" calculate="once(random())"/>`, "", ""},
	} {
		_, err := Parse([]byte(wrap(`<data id="f"><a/><b/><c/><g><a/><b/></g></data>`, c.binds, c.body)))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
