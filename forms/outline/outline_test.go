package outline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/forms/xform"
)

func TestOutline(t *testing.T) {
	o := household(t)
	var names []string
	for i := range o.All() {
		names = append(names, fmt.Sprintf("%d%s:%s", depth(i), i.Name(), i.Type))
	}
	want := "0start:start 0consent:select_one 0age:integer 0dob:date 0arrival:date 0code:text 0means:select_multiple 0main_means:select_one 0region:select_one 0district:select_one 0cost:decimal 0food:decimal 0place:select_one 0adult:calculate 0household_size:integer 0member:repeat 1name:text 1member_age:integer 1member_sex:select_one 1hello:note 0track:geotrace 0meta:group 1instanceID:instanceID"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(o.Lists) != 6 || len(o.At("/data/means").List.Users) != 2 || o.At("/data/place").List.Source != "places.csv" {
		t.Errorf("%d lists", len(o.Lists))
	}
	anchors := map[string]bool{}
	for i := range o.All() {
		if anchors[i.Anchor] || i.Anchor == "" {
			t.Errorf("the anchor %q is there twice or empty", i.Anchor)
		}
		anchors[i.Anchor] = true
	}
}

func depth(i *Item) int {
	n := 0
	for p := i.Parent; p != nil; p = p.Parent {
		n++
	}
	return n
}

func TestTexts(t *testing.T) {
	o := household(t)
	hello := o.At("/data/member/hello")
	if got := o.Plain(hello.Label(), 0, hello); got != "Now about [First name], please" {
		t.Error(got)
	}
	if w := o.In(hello.Label(), 1); !w.Borrowed {
		t.Error("a text that Arabic lacks is not marked as borrowed")
	}
	if got := o.Media(o.At("/data/means").Label(), 0); len(got) != 1 || got[0] != (Medium{"image", "means.png"}) {
		t.Error(got)
	}
	if got := Shorten("one two three four", 12); got != "one two…" {
		t.Error(got)
	}
}

// TestLabelsThatShowEachOther: a label may show its own question, or one that
// shows it.
func TestLabelsThatShowEachOther(t *testing.T) {
	form, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>T</h:title><model>
<instance><data id="t"><a/><b/><r><x/></r></data></instance><bind nodeset="/data/a" type="string"/></model></h:head><h:body>
<input ref="/data/a"><label>A of <output value="/data/b"/></label></input>
<select1 ref="/data/b"><label>B of <output value="concat(/data/a, 'x')"/></label><item><label>One <output value="if(/data/b = '1', /data/b, 2)"/></label><value>1</value></item></select1>
<group ref="/data/r"><label>Number <output value="position(.)"/></label><repeat nodeset="/data/r"><input ref="/data/r/x"><label>X</label></input></repeat></group></h:body></h:html>`))
	if err != nil {
		t.Fatal(err)
	}
	o := Of(form)
	for path, want := range map[string]string{"/data/a": "A of [B of …]", "/data/b": "B of [the text “A of …” and “x” in a row]", "/data/r": "Number [the number of this “Number …”]"} {
		if got := o.Name(o.At(path), -1); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got, want := o.Condition("/data/b = '1'", o.At("/data/a")).In(o, -1), "“B of [the text “A of …” and “x” in a row]” is “One [“B of …” if “B of …” is “One …”; otherwise 2]”"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMissingCodes(t *testing.T) {
	o := household(t)
	label := func(s string) xform.Text { return xform.Text{Parts: []xform.Part{{Plain: s}}} }
	for _, c := range []struct{ value, label, want string }{
		{"dk", "?", "don't know"}, {"refused", "", "refused"}, {"99", "Ninety-nine", ""}, {"99", "Don’t know", "don't know"}, {"7", "I prefer not to say", ""},
		{"7", "Prefer not to answer", "refused"}, {"n_a", "", "not applicable"}, {"no", "No", ""}, {"none", "None", ""},
	} {
		if got := o.Missing(&Choice{Value: c.value, Label: label(c.label)}); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.value, c.label, got, c.want)
		}
	}
}

// TestRealForms: every rule of the published forms is said in words.
func TestRealForms(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data", "htcds", "htcds_xlsform.xml")
	data, err := os.ReadFile(shared)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("../shared is needed in CI: %v", err)
		}
		t.Skip("the folder of reference data is not beside the project")
	}
	form, err := xform.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	o := Of(form)
	questions := 0
	for i := range o.All() {
		if i.Kind == Question {
			questions++
		}
		if d := i.Definition; d != nil {
			for _, s := range []Sentence{o.Condition(d.Relevant, i), o.Constraint(d.Constraint, i), o.Value(d.Calculate, i)} {
				if !s.Whole() {
					t.Errorf("%s: %s", d.Path, s.In(o, form.Default))
				}
			}
		}
	}
	if questions != 31 { // counted in the survey sheet of the XLSForm beside it
		t.Errorf("%d questions", questions)
	}
}
