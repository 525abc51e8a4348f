package record

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/forms/xform"
	"waymark/monitoring/collection"
)

// sent is a synthetic submission as Collect writes it, with a node that the form
// does not have and a comment.
const sent = `<?xml version='1.0' ?>
<data id="interview" version="2" xmlns:orx="http://openrosa.org/xforms" xmlns:jr="http://openrosa.org/javarosa">
  <start>2016-10-06T09:00:00.000+02:00</start><end>2016-10-06T09:31:00.000+02:00</end><deviceid>collect:CANARYDEVICE</deviceid><today>2016-10-06</today>
  <consent>yes</consent>
  <!-- kept -->
  <person><full>CANARY &amp; Sons</full><age>31</age><phone>7700900123</phone><born>1985-02-01</born><sex>f</sex><greeting>Dear CANARY &amp; Sons</greeting><group>adult</group></person>
  <means>car  boat</means><first>LBY</first><spot>35.5 12.6 0 5</spot><photo>CANARY.jpg</photo><card/>
  <trip><country>CANARYLAND</country><days>3</days><note>CANARY</note></trip>
  <trip><country>Niger</country><days>9</days></trip>
  <main>Niger</main><total>12</total><seen>2016-10-06T09:31:00.000+02:00</seen>
  <odd>CANARY left over</odd>
  <orx:meta><orx:instanceID>uuid:5d0c3f3e-0000-4000-8000-000000000001</orx:instanceID><orx:instanceName>CANARY &amp; Sons 2016-10-06</orx:instanceName></orx:meta>
</data>`

func reader(t testing.TB) *Reader {
	t.Helper()
	f, err := xform.ReadFile("countries.csv", []byte("name,label\nLBY,Libya\nNER,Niger\n"))
	if err != nil {
		t.Fatal(err)
	}
	return NewReader(form(t), nil, map[string]*xform.File{"countries.csv": f})
}

func read(t testing.TB, r *Reader, xml string, v View) *Record {
	t.Helper()
	rec, err := r.Read([]byte(xml), v)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// outlineOf writes a record on lines, for comparison.
func outlineOf(r *Record) string {
	var b strings.Builder
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "%d %s %d/%d\n", s.Level, s.Label, s.Number, s.Of)
		for _, a := range s.Answers {
			fmt.Fprintf(&b, "  %s = %s%s\n", a.Label, shown(a), flags(a))
		}
	}
	for _, a := range r.Extra {
		fmt.Fprintf(&b, "extra %s = %s\n", a.Path, a.Value)
	}
	return b.String()
}

func shown(a *Answer) string {
	if a.Hidden != "" {
		return "(" + string(a.Hidden) + ")"
	}
	if len(a.Codes) == 0 {
		return a.Value
	}
	var labels []string
	for _, c := range a.Codes {
		labels = append(labels, c.Value+":"+c.Label)
	}
	return strings.Join(labels, " ")
}

func flags(a *Answer) string {
	out := ""
	if a.Blank {
		out += " blank"
	}
	if a.Quiet {
		out += " quiet"
	}
	if !a.Asked && !a.Quiet {
		out += " unasked"
	}
	if len(a.Findings) > 0 {
		out += fmt.Sprintf(" findings=%d", len(a.Findings))
	}
	return out
}

func TestRead(t *testing.T) {
	rec := read(t, reader(t), sent, View{Language: "fr", Findings: []collection.Finding{
		{Rule: "quality.length.short", Severity: collection.SeverityNote, Message: "short"},
		{Rule: "form.constraint", Severity: collection.SeverityError, Question: "/data/trip[2]/days", Message: "no"},
		{Rule: "quality.age", Severity: collection.SeverityWarning, Question: "age", Message: "odd"},
	}, Files: []collection.Attachment{{Name: "CANARY.jpg", Type: "image/jpeg", Address: "x"}}})
	want := `1  0/0
  Consent = yes:Yes
1 La personne 0/0
  Nom complet = CANARY & Sons
  Âge en années = 31 findings=1
  Phone = 7700900123
  Date of birth = 1985-02-01
  Sexe = f:Femme ou fille
  greeting = Dear CANARY & Sons quiet
  group = adult quiet
1  0/0
  Moyens de transport = car:Car boat:Boat
  First country = LBY:Libya
  Place of the interview = 35.5 12.6 0 5
  Picture of the form = CANARY.jpg
  Card =  blank
1 Trajets 1/2
  Country passed = CANARYLAND
  Days there = 3
  Remarks = CANARY
1 Trajets 2/2
  Country passed = Niger
  Days there = 9 findings=1
  Remarks =  blank
1  0/0
  Longest of these = Niger:
  total = 12 quiet
  seen = 2016-10-06T09:31:00.000+02:00 quiet
1  0/0
  start = 2016-10-06T09:00:00.000+02:00 quiet
  end = 2016-10-06T09:31:00.000+02:00 quiet
  deviceid = collect:CANARYDEVICE quiet
  today = 2016-10-06 quiet
  orx:instanceID = uuid:5d0c3f3e-0000-4000-8000-000000000001 quiet
  orx:instanceName = CANARY & Sons 2016-10-06 quiet
extra /data/odd = CANARY left over
`
	if got := outlineOf(rec); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if rec.Lang != "fr" || rec.Dir != "ltr" || rec.Name != "CANARY & Sons 2016-10-06" || rec.Asked != 18 || rec.Answered != 16 {
		t.Errorf("%q %q %q asked %d answered %d", rec.Lang, rec.Dir, rec.Name, rec.Asked, rec.Answered)
	}
	if f := rec.Findings; len(f) != 3 || f[0].Label != "Days there" || f[0].Anchor == "" || f[1].Label != "Âge en années" || f[2].Anchor != "" {
		t.Errorf("findings: %+v", f)
	}
	for _, s := range rec.Sections {
		for _, a := range s.Answers {
			if a.Name == "photo" && a.File == nil {
				t.Error("the picture is not joined with its file")
			}
		}
	}
}

// TestPseudonymousReadersSeeNoCanary plants a word in every answer that can hold
// it, and in nodes of the client's own making.
func TestPseudonymousReadersSeeNoCanary(t *testing.T) {
	rec := read(t, reader(t), sent, View{Pseudonymous: true, Files: []collection.Attachment{{Name: "CANARY.jpg"}}})
	seesNothing(t, rec)
	if rec.Hidden != 18 {
		t.Errorf("%d answers are said to be hidden", rec.Hidden)
	}
	if got := outlineOf(rec); !strings.Contains(got, "Age in years = 31") || !strings.Contains(got, "group = adult") || !strings.Contains(got, "Full name = (text)") {
		t.Errorf("what may be seen is not shown:\n%s", got)
	}
}

func seesNothing(t interface{ Errorf(string, ...any) }, rec *Record) {
	if all := fmt.Sprintf("%s%+v", outlineOf(rec), rec); strings.Contains(all, "CANARY") {
		t.Errorf("a canary is shown:\n%s", all)
	}
	each(rec, func(_ *Section, a *Answer) {
		visible := *a
		visible.raw = ""
		if strings.Contains(fmt.Sprintf("%+v", visible), "CANARY") {
			t.Errorf("%s shows a canary: %+v", a.Path, visible)
		}
	})
}

// TestCanariesAnywhere: a client sends a word in any element, known or not, in
// any number and nesting. No pseudonymous reader sees it.
func TestCanariesAnywhere(t *testing.T) {
	r := reader(t)
	var names []string
	for _, d := range r.form.Nodes[1:] {
		names = append(names, d.Name)
	}
	names = append(names, "odd", "CANARYNAME", "name")
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString(`<data id="interview" version="2" xmlns:orx="http://openrosa.org/xforms">`)
		var node func(depth int)
		node = func(depth int) {
			name := rapid.SampledFrom(names).Draw(t, "name")
			b.WriteString("<" + name + ">")
			if depth < 3 && rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
				for range rapid.IntRange(1, 4).Draw(t, "children") {
					node(depth + 1)
				}
			} else {
				b.WriteString(rapid.SampledFrom([]string{"CANARY", "1 CANARY", "car CANARY", "2016-10-06 CANARY", "CANARY.jpg", "31", "yes", ""}).Draw(t, "value"))
			}
			b.WriteString("</" + name + ">")
		}
		for range rapid.IntRange(0, 25).Draw(t, "nodes") {
			node(1)
		}
		b.WriteString("</data>")
		rec, err := r.Read([]byte(b.String()), View{Pseudonymous: true})
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		seesNothing(t, rec)
	})
}

func TestReadRefuses(t *testing.T) {
	r := reader(t)
	for name, xml := range map[string]string{
		"empty": "", "no XML": "CANARY", "half": "<data id='interview'><age>", "another form": "<data id='other'/>", "another root": "<x id='interview'/>",
		"encrypted": "<data id='interview' encrypted='yes'/>", "document type": "<!DOCTYPE data [<!ENTITY x 'CANARY'>]><data id='interview'><person><full>&x;</full></person></data>",
		"entity": "<data id='interview'><consent>&CANARY;</consent></data>", "two roots": "<data id='interview'/><data id='interview'/>",
		"too deep": "<data id='interview'>" + strings.Repeat("<a>", 1200) + strings.Repeat("</a>", 1200) + "</data>",
	} {
		if _, err := r.Read([]byte(xml), View{}); err == nil || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
