package record

import (
	"slices"
	"strings"
	"testing"

	"waymark/forms/xform"
	"waymark/internal/fault"
)

func form(t testing.TB, version, instance, binds, body string) *Layout {
	t.Helper()
	f, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"><h:head><h:title>T</h:title><model><itext><translation lang="en"><text id="y"><value>Yes</value></text></translation><translation lang="fr"><text id="y"><value>Oui</value></text></translation></itext>
<instance><data id="f" version="` + version + `">` + instance + `<orx:meta><orx:instanceID/><orx:instanceName/></orx:meta></data></instance>
<instance id="yn"><root><item><itextId>y</itextId><name>yes</name></item><item><itextId>n</itextId><name>no</name></item></root></instance>` + binds + `<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/></model></h:head><h:body>` + body + `</h:body></h:html>`))
	if err != nil {
		t.Fatal(err)
	}
	return Of(f)
}

const trips = `<group ref="/data/trip"><label>Trips</label><repeat nodeset="/data/trip"><input ref="/data/trip/place"><label>Place</label></input>
<group ref="/data/trip/stop"><label>Stops</label><repeat nodeset="/data/trip/stop"><input ref="/data/trip/stop/place"><label>Stop</label></input></repeat></group></repeat></group>`

func travels(t testing.TB) *Layout {
	return form(t, "2", `<start/><intro><consent/><note/></intro><trip jr:template=""><place/><stop jr:template=""><place/></stop></trip><trip><place/><stop><place/></stop></trip><place/>`,
		`<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/><bind nodeset="/data/intro/note" readonly="true()" type="string"/><bind nodeset="/data/intro/consent" type="string"/>`,
		`<group ref="/data/intro"><select1 ref="/data/intro/consent"><label>Agree?</label><itemset nodeset="instance('yn')/root/item"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1><input ref="/data/intro/note"><label>Note</label></input></group>`+trips+`<input ref="/data/place"><label>Now</label></input>`)
}

const answers = `<?xml version="1.0"?><data id="f" version="2" xmlns:o="http://openrosa.org/xforms"><start>2016-10-06T09:00:00.000+02:00</start>
<intro><consent>yes</consent></intro>
<trip><place>A &amp; B</place><stop><place>a</place></stop><stop><place>b</place></stop></trip>
<trip><place>C</place><stop><place>c</place></stop></trip>
<strange><thing>x</thing></strange><place>D</place>
<o:meta><o:instanceID>uuid:1</o:instanceID><o:deprecatedID>uuid:0</o:deprecatedID><o:instanceName>N</o:instanceName></o:meta></data>`

func TestReadMakesRows(t *testing.T) {
	l := travels(t)
	var tables []string
	for _, tab := range l.Tables {
		tables = append(tables, tab.Name+":"+strings.Join(tab.Names(false), " "))
	}
	if want := []string{":start consent place meta/instanceName", "trip:place", "trip-stop:place"}; !slices.Equal(tables, want) {
		t.Errorf("tables %q", tables)
	}
	r, err := l.Read([]byte(answers))
	if err != nil {
		t.Fatal(err)
	}
	if r.FormID != "f" || r.FormVersion != "2" || r.InstanceID != "uuid:1" || r.Deprecated != "uuid:0" || r.Unknown != 1 {
		t.Errorf("record %+v", r)
	}
	if got := r.Rows[0][0].Cells; !slices.Equal(got, []string{"2016-10-06T09:00:00.000+02:00", "yes", "D", "N"}) {
		t.Errorf("cells %q", got)
	}
	var stops []string
	for _, row := range r.Rows[2] {
		stops = append(stops, r.Rows[1][row.Parent].Cells[0]+":"+row.Cells[0])
	}
	if want := []string{"A & B:a", "A & B:b", "C:c"}; !slices.Equal(stops, want) || len(r.Rows[1]) != 2 || r.Rows[1][1].Parent != 0 {
		t.Errorf("stops %q", stops)
	}
	c := l.Tables[0].Columns[1]
	if c.Label != "Agree?" || !c.Select() || c.Choice("yes").Labels["fr"] != "Oui" || c.Choice("maybe") != nil || !c.Asked || l.Tables[0].Columns[0].Asked {
		t.Errorf("column %+v", c)
	}
	if l.Value(r, "intro/consent") != "yes" || l.Value(r, "nothing") != "" {
		t.Error("a value is not found by its path")
	}
}

func TestReadRefusesWhatIsNoRecord(t *testing.T) {
	l := travels(t)
	for _, bad := range []string{"", "text", "<a>", "<!DOCTYPE a [<!ENTITY e 'secret'>]><a>&e;</a>", "<data>secret"} {
		if _, err := l.Read([]byte(bad)); fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if r, err := l.Read([]byte("<other/>")); err != nil || len(r.Rows[0]) != 1 {
		t.Errorf("an empty document: %v", err)
	}
	if _, err := l.Read([]byte("<data>" + strings.Repeat("<trip/>", MaxCells/2+1) + "</data>")); err == nil {
		t.Error("a million rows were made")
	}
}

func TestMergePutsVersionsTogether(t *testing.T) {
	older := form(t, "1", `<a/><b/><gone/><c/>`, `<bind nodeset="/data/b" type="int"/>`,
		`<input ref="/data/a"><label>A</label></input><input ref="/data/b"><label>B</label></input><input ref="/data/gone"/><select1 ref="/data/c"><item><label>X</label><value>x</value></item></select1>`)
	newer := form(t, "2", `<b/><a/><g><b/></g><c/><trip jr:template=""><d/></trip>`, ``,
		`<input ref="/data/b"><label>B</label></input><input ref="/data/a"><label>A</label></input><input ref="/data/g/b"/><select ref="/data/c"><item><label>Y</label><value>y</value></item></select><group ref="/data/trip"><repeat nodeset="/data/trip"><input ref="/data/trip/d"/></repeat></group>`)
	m := Merge(older, newer)
	if len(m.Tables) != 2 || m.Tables[1].Name != "trip" || m.Tables[1].Parent != 0 {
		t.Fatalf("tables %+v", m.Tables)
	}
	main := m.Tables[0]
	if got := strings.Join(main.Names(false), " "); got != "b gone a g-b c meta/instanceName" {
		t.Errorf("columns %q", got)
	}
	if got := strings.Join(main.Names(true, "a"), " "); got != "b gone a_ g-b c meta/instanceName" {
		t.Errorf("columns %q", got)
	}
	if c := main.Columns[0]; c.Type != "text" {
		t.Errorf("b is %s", c.Type)
	}
	if c := main.Columns[4]; c.Type != "select_multiple" || c.Choice("x") == nil || c.Choice("y") == nil {
		t.Errorf("c is %+v", c)
	}
	dst := make([]string, len(main.Columns))
	r, err := older.Read([]byte("<data><a>1</a><b>2</b><gone>3</gone><c>x</c></data>"))
	if err != nil {
		t.Fatal(err)
	}
	m.Cells(dst, older, 0, r.Rows[0][0].Cells)
	if got := strings.Join(dst, " "); got != "2 3 1  x " {
		t.Errorf("cells %q", got)
	}
	if m.Table(newer, 1) != 1 {
		t.Error("the repeat is not found")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(answers))
	f.Add([]byte("<data><trip><trip/></trip><trip jr:template=\"\"/></data>"))
	l := travels(f)
	f.Fuzz(func(t *testing.T, document []byte) {
		r, err := l.Read(document)
		if err != nil {
			return
		}
		for n, rows := range r.Rows {
			for _, row := range rows {
				if len(row.Cells) != len(l.Tables[n].Columns) || n > 0 && (row.Parent < 0 || row.Parent >= len(r.Rows[l.Tables[n].Parent])) {
					t.Fatalf("row %+v of table %d", row, n)
				}
			}
		}
	})
}
