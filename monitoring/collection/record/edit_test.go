package record

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/forms/xform"
	"waymark/internal/fault"
)

func draft(t testing.TB, r *Reader, xml string) *Draft {
	t.Helper()
	d, err := r.Edit([]byte(xml), "en", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEditChangesOnlyWhatFollows: one answer, what is calculated from it, and the
// record's number; all else byte for byte.
func TestEditChangesOnlyWhatFollows(t *testing.T) {
	r := reader(t)
	d := draft(t, r, sent)
	d.Set(map[string]string{"/data/trip[2]/days": "١٠", "/data/means": "foot"})
	got, err := d.Save()
	if err != nil {
		t.Fatal(err)
	}
	want := sent
	for _, c := range [][2]string{
		{"<days>9</days>", "<days>10</days>"}, {"<means>car  boat</means>", "<means>foot</means>"}, {"<total>12</total>", "<total>13</total>"},
		{"<orx:instanceID>uuid:5d0c3f3e-0000-4000-8000-000000000001</orx:instanceID>", "<orx:instanceID>" + got.InstanceID + "</orx:instanceID><orx:deprecatedID>uuid:5d0c3f3e-0000-4000-8000-000000000001</orx:deprecatedID>"},
	} {
		want = strings.Replace(want, c[0], c[1], 1)
	}
	if string(got.XML) != want {
		t.Errorf("got\n%s\nwant\n%s", got.XML, want)
	}
	if strings.Join(got.Paths, " ") != "/data/means /data/total /data/trip[2]/days" || strings.Join(got.Names, " ") != "CANARY.jpg" {
		t.Errorf("%v %v", got.Paths, got.Names)
	}
	if got.Deprecated != "uuid:5d0c3f3e-0000-4000-8000-000000000001" || !strings.HasPrefix(got.InstanceID, "uuid:") || len(got.InstanceID) != 41 {
		t.Errorf("%q %q", got.Deprecated, got.InstanceID)
	}
	again := draft(t, r, string(got.XML))
	again.Set(map[string]string{"/data/means": "car"})
	second, err := again.Save()
	if err != nil {
		t.Fatal(err)
	}
	if second.Deprecated != got.InstanceID || strings.Count(string(second.XML), "deprecatedID>") != 2 {
		t.Errorf("the second edit: %s", second.XML)
	}
}

// TestEditFollowsRelevance: a younger age asks for a guardian, and no consent
// takes the person out.
func TestEditFollowsRelevance(t *testing.T) {
	r := reader(t)
	d := draft(t, r, sent)
	d.Set(map[string]string{"/data/person/age": "16", "/data/person/guardian": "An <aunt> & co"})
	got, err := d.Save()
	if err != nil {
		t.Fatal(err)
	}
	if x := string(got.XML); !strings.Contains(x, "<age>16</age><guardian>An &lt;aunt&gt; &amp; co</guardian><phone>") || !strings.Contains(x, "<group>child</group>") {
		t.Error(x)
	}
	d = draft(t, r, string(got.XML))
	d.Set(map[string]string{"/data/consent": "no"})
	if got, err = d.Save(); err != nil {
		t.Fatal(err)
	}
	if x := string(got.XML); strings.Contains(x, "<person>") || strings.Contains(x, "aunt") || !strings.Contains(x, "<!-- kept -->") {
		t.Error(x)
	}
	d = draft(t, r, string(got.XML))
	d.Set(map[string]string{"/data/consent": "yes", "/data/person/full": "Synthetic Person", "/data/person/age": "40"})
	if got, err = d.Save(); err != nil {
		t.Fatal(err)
	}
	if x := string(got.XML); !strings.Contains(x, "<consent>yes</consent><person><full>Synthetic Person</full><age>40</age>") {
		t.Error(x)
	}
}

func TestEditTellsEveryFault(t *testing.T) {
	d := draft(t, reader(t), sent)
	d.Set(map[string]string{
		"/data/person/age": "many", "/data/person/full": "", "/data/person/sex": "x", "/data/total": "5", "/data/photo": "other.jpg",
		"/data/nothing": "x", "/data/trip[7]/days": "1", "/data/person": "x", "/data/orx:meta/orx:instanceID": "uuid:mine", "/data/first": "ATL",
	})
	_, err := d.Save()
	var list *fault.List
	if !errors.As(err, &list) {
		t.Fatal(err)
	}
	at := map[string]string{}
	for _, f := range list.Faults {
		at[f.Place.Field] = f.Message
	}
	for path, want := range map[string]string{
		"/data/person/age": "the answer is not a whole number", "/data/person/full": "the question must be answered", "/data/person/sex": "the answer is not one of the choices that are offered",
		"/data/total": "this value is recorded or calculated, and cannot be typed", "/data/photo": "this value is recorded or calculated, and cannot be typed",
		"/data/nothing": "the form has no such question here", "/data/trip[7]/days": "the form has no such question here", "/data/person": "the form has no such question here",
		"/data/orx:meta/orx:instanceID": "this value is recorded or calculated, and cannot be typed", "/data/first": "the answer is not one of the choices that are offered",
	} {
		if at[path] != want {
			t.Errorf("%s: %q, want %q", path, at[path], want)
		}
	}
	if list.Len() != 10 {
		t.Errorf("%d faults: %v", list.Len(), err)
	}
}

// TestOldProblemsDoNotStandInTheWay: an age that breaks the form's rule was sent;
// another answer can be mended all the same, and a new wrong age cannot.
func TestOldProblemsDoNotStandInTheWay(t *testing.T) {
	r := reader(t)
	bad := strings.Replace(sent, "<age>31</age>", "<age>300</age>", 1)
	d := draft(t, r, bad)
	d.Set(map[string]string{"/data/first": "NER"})
	if _, err := d.Save(); err != nil {
		t.Error(err)
	}
	d = draft(t, r, bad)
	d.Set(map[string]string{"/data/person/age": "301"})
	if _, err := d.Save(); err == nil {
		t.Error("a new age that breaks the rule was taken")
	}
	if _, err := draft(t, r, sent).Save(); err == nil || fault.KindOf(err) != fault.Invalid {
		t.Errorf("an edit that changes nothing: %v", err)
	}
}

func TestFields(t *testing.T) {
	d := draft(t, reader(t), sent)
	d.Set(map[string]string{"/data/person/age": "15"})
	var got []string
	for _, f := range d.Fields() {
		line := f.Path + " " + string(f.Input) + " " + f.Value
		for _, c := range f.Choices {
			if c.Picked {
				line += " [" + c.Label + "]"
			}
		}
		if f.Section != "" {
			line = f.Section + "> " + line
		}
		got = append(got, line)
	}
	want := []string{
		"/data/consent radios yes [Yes]", "About the person> /data/person/full lines CANARY & Sons", "/data/person/age number 15", "/data/person/guardian lines ",
		"/data/person/phone number 7700900123", "/data/person/born date 1985-02-01", "/data/person/sex radios f [Woman or girl]",
		"/data/means checks car  boat [Car] [Boat]", "/data/first radios LBY [Libya]", "/data/spot text 35.5 12.6 0 5", "/data/photo fixed CANARY.jpg", "/data/card text ",
		"Journeys> /data/trip[1]/country lines CANARYLAND", "/data/trip[1]/days number 3", "/data/trip[1]/note lines CANARY",
		"Journeys> /data/trip[2]/country lines Niger", "/data/trip[2]/days number 9", "/data/trip[2]/note lines ", "/data/main radios Niger [Niger]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCompare(t *testing.T) {
	r := reader(t)
	d := draft(t, r, sent)
	d.Set(map[string]string{"/data/person/age": "16", "/data/person/guardian": "CANARY aunt", "/data/first": ""})
	after, err := d.Save()
	if err != nil {
		t.Fatal(err)
	}
	line := func(pairs []Pair) string {
		var out []string
		for _, p := range pairs {
			a, b := "-", "-"
			if p.A != nil {
				a = shown(p.A)
			}
			if p.B != nil {
				b = shown(p.B)
			}
			out = append(out, string(p.Kind)+" "+p.Label+": "+a+" > "+b)
		}
		return strings.Join(out, "\n")
	}
	full := Differences(Compare(read(t, r, sent, View{}), read(t, r, string(after.XML), View{}), false))
	if got, want := line(full), "changed Age in years: 31 > 16\nadded Who looks after [Full name]?: - > CANARY aunt\nchanged group: adult > child\nremoved First country: LBY:Libya > "; got != want {
		t.Errorf("got\n%s", got)
	}
	masked := Differences(Compare(read(t, r, sent, View{Pseudonymous: true}), read(t, r, string(after.XML), View{Pseudonymous: true}), true))
	if got := line(masked); strings.Contains(got, "CANARY") || !strings.Contains(got, "added Who looks after [Full name]?: - > (text)") {
		t.Errorf("got\n%s", got)
	}
	if same := Compare(read(t, r, sent, View{}), read(t, r, sent, View{}), true); len(Differences(same)) != 0 || len(same) < 20 {
		t.Errorf("a record differs from itself: %d pairs", len(same))
	}
}

// TestEditsHold: whatever is typed, a document that is saved is one that the form
// reads again with what was typed, and nothing that was not to change has.
func TestEditsHold(t *testing.T) {
	r := reader(t)
	rapid.Check(t, func(t *rapid.T) {
		d, err := r.Edit([]byte(sent), "fr", time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]string{}
		for _, f := range d.Fields() {
			if f.Input == Fixed || rapid.IntRange(0, 3).Draw(t, "leave") > 0 {
				continue
			}
			values[f.Path] = rapid.OneOf(rapid.SampledFrom([]string{"", "16", "44", "yes", "no", "car foot", "2001-01-01", "<b>&amp;</b>", "]]>", "Niger"}), rapid.String()).Draw(t, f.Path)
		}
		d.Set(values)
		got, err := d.Save()
		if err != nil {
			return
		}
		report, err := r.form.Check(got.XML, xform.CheckOptions{Files: r.files})
		if err != nil {
			t.Fatalf("%v\n%s", err, got.XML)
		}
		for _, p := range report.Problems {
			if p.Kind != xform.Unknown {
				t.Errorf("%s %s %s\n%s", p.Path, p.Kind, p.Message, got.XML)
			}
		}
		before, after := mustRead(t, r, sent), mustRead(t, r, string(got.XML))
		changed := map[string]bool{}
		for _, p := range got.Paths {
			changed[p] = true
		}
		for _, p := range Differences(Compare(before, after, false)) {
			if !changed[p.Path()] {
				t.Errorf("%s changed unsaid: %+v", p.Path(), p)
			}
		}
		if !strings.Contains(string(got.XML), "<odd>CANARY left over</odd>") || !strings.Contains(string(got.XML), "<!-- kept -->") {
			t.Errorf("what is not of the form was lost:\n%s", got.XML)
		}
	})
}

func mustRead(t *rapid.T, r *Reader, xml string) *Record {
	rec, err := r.Read([]byte(xml), View{})
	if err != nil {
		t.Fatalf("%v\n%s", err, xml)
	}
	return rec
}
