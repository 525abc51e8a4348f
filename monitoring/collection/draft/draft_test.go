package draft

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"waymark/forms/compare"
	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
)

var now = time.Date(2016, 10, 6, 9, 0, 0, 0, time.UTC)

const survey = `| survey | | | | | |
| | type | name | label | choice_filter | calculation |
| | select_one yes_no | consent | Do you agree? | | |
| | select_one_from_file places.csv | place | Where was it? | region = ${region} | |
| | text | region | Region | | |
| | select_one sort | kind | What kind? | | |
| | calculate | people | | | pulldata('counts', 'people', 'code', ${place}) |
| choices | | | | | |
| | list_name | name | label | media::image | |
| | yes_no | yes | Yes | | |
| | yes_no | no | No | | |
| | sort | a | A | a.png | |
| | sort | b | B | b.png | |
| settings | | | | | |
| | form_title | form_id | | | |
| | A survey | survey | | | |
`

func TestMakeCompilesAMarkdownForm(t *testing.T) {
	d, err := Make([]byte(survey), `C:\forms\survey.md`, Options{Now: now, Taken: []string{"2016100601"}})
	if err != nil {
		t.Fatal(err)
	}
	v := d.Version
	if v == nil || d.FormID != "survey" || d.Title != "A survey" || v.Version != "2016100602" || !d.Dated {
		t.Fatalf("draft %+v of version %+v", d, v)
	}
	if v.SourceName != "survey.md" || string(v.Source) != survey || v.Hash != hash(v.XForm) || len(v.Hash) != 32 {
		t.Errorf("source %q, hash %q", v.SourceName, v.Hash)
	}
	f, err := xform.Parse(v.XForm)
	if err != nil || f.Version != "2016100602" {
		t.Errorf("the XForm has version %q, %v", f.Version, err)
	}
	want := []Need{
		{Name: "places.csv", Kind: CSV, Columns: []string{"label", "name", "region"}, Uses: []Use{{"/data/place", "Where was it?", "choices"}}},
		{Name: "a.png", Kind: Image, Uses: []Use{{"/data/kind", "What kind?", "picture"}}},
		{Name: "b.png", Kind: Image, Uses: []Use{{"/data/kind", "What kind?", "picture"}}},
		{Name: "counts.csv", Kind: CSV, Columns: []string{"code", "people"}, Uses: []Use{{"/data/people", "people", "look-up"}}},
	}
	if len(d.Needs) != len(want) || len(v.Files) != len(want) {
		t.Fatalf("needs %+v, files %+v", d.Needs, v.Files)
	}
	for i, w := range want {
		g := d.Needs[i]
		if g.Name != w.Name || g.Kind != w.Kind || strings.Join(g.Columns, " ") != strings.Join(w.Columns, " ") || len(g.Uses) != 1 || g.Uses[0] != w.Uses[0] {
			t.Errorf("need %+v, want %+v", g, w)
		}
		if v.Files[i] != (collection.FormFile{Name: w.Name}) {
			t.Errorf("file %+v", v.Files[i])
		}
	}
	for _, f := range d.Findings {
		if f.Rule == "settings-version" {
			t.Error("the version was given, and is still missed")
		}
	}
}

func TestMakeTellsEveryFaultWithItsPlace(t *testing.T) {
	broken := strings.NewReplacer("select_one yes_no", "select_one nolist", "| text | region |", "| text | 1region |", "pulldata('counts', 'people', 'code', ${place})", "1 +").Replace(survey)
	d, err := Make([]byte(broken), "survey.md", Options{Now: now})
	var list *fault.List
	if !errors.As(err, &list) || d.Version != nil {
		t.Fatalf("error %v, version %v", err, d.Version)
	}
	rows := map[int]bool{}
	for _, f := range d.Findings {
		if f.Severity == lint.Error && f.Place.Sheet == "survey" {
			rows[f.Place.Row] = true
			if f.Message == "" || f.Place.Column == 0 {
				t.Errorf("finding %+v", f)
			}
		}
	}
	for _, row := range []int{2, 4, 6} { // the list, the name, the expression
		if !rows[row] {
			t.Errorf("nothing is said of row %d: %+v", row, d.Findings)
		}
	}
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "survey.md") {
		t.Errorf("error %v", err)
	}
}

func TestMakeTakesAnXForm(t *testing.T) {
	d, err := Make([]byte(survey), "survey.md", Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	bare := strings.Replace(string(d.Version.XForm), ` version="2016100601"`, "", 1)
	if bare == string(d.Version.XForm) {
		t.Fatal("the version is not where it was looked for")
	}
	key := testKey(t, 2048)
	x, err := Make([]byte(bare), "survey.xml", Options{Now: now, PublicKey: key, FormID: "survey"})
	if err != nil {
		t.Fatal(err)
	}
	if x.Version.Version != "2016100601" || x.Version.Source != nil || x.Form.Submission["base64RsaPublicKey"] != key || len(x.Needs) != 4 {
		t.Errorf("version %q, submission %v", x.Version.Version, x.Form.Submission)
	}
	if _, err := Make([]byte(bare), "survey.xml", Options{Now: now, FormID: "other"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another form was taken: %v", err)
	}
	if d, err := Make([]byte("<html><head/></html>"), "x.xml", Options{Now: now}); err == nil || d.Version != nil || d.Errors() == 0 {
		t.Errorf("what is no form was taken: %v", err)
	}
}

func TestManagedEncryptionIsCompiledIn(t *testing.T) {
	key := testKey(t, 2048)
	d, err := Make([]byte(survey), "survey.md", Options{Now: now, PublicKey: key})
	if err != nil {
		t.Fatal(err)
	}
	if d.Form.Submission["base64RsaPublicKey"] != key {
		t.Errorf("submission %v", d.Form.Submission)
	}
	if err := checkKey(testKey(t, 1024)); err == nil {
		t.Error("a key of 1024 bits was taken")
	}
	if _, err := Make([]byte(survey), "survey.md", Options{Now: now, PublicKey: "bm8ga2V5"}); err == nil {
		t.Error("what is no key was taken")
	}
}

func testKey(t *testing.T, bits int) string {
	t.Helper()
	t.Setenv("GODEBUG", "rsa1024min=0")
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func TestAFormThatSendsElsewhereIsRefused(t *testing.T) {
	elsewhere := strings.NewReplacer("| | form_title | form_id | |", "| | form_title | form_id | submission_url | public_key |", "| | A survey | survey | |", "| | A survey | survey | https://example.org/submission | |").Replace(survey)
	_, err := Make([]byte(elsewhere), "survey.md", Options{Now: now})
	if err == nil || !strings.Contains(err.Error(), "submission_url") {
		t.Errorf("error %v", err)
	}
	own := strings.NewReplacer("| | form_title | form_id | |", "| | form_title | form_id | public_key |", "| | A survey | survey | |", "| | A survey | survey | "+testKey(t, 2048)+" |").Replace(survey)
	d, err := Make([]byte(own), "survey.md", Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	said := false
	for _, f := range d.Findings {
		said = said || f.Rule == "draft-own-key"
	}
	if !said {
		t.Error("nobody is told that the server cannot read the submissions")
	}
}

func TestBuiltinInstruments(t *testing.T) {
	for _, id := range []string{"fms-2016", "fms-2017"} {
		d, err := Builtin(id, Options{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		if d.FormID != id || d.Dated || d.Errors() > 0 || len(d.Needs) > 0 || d.Version.SourceName != id+".xlsx" {
			t.Errorf("%s: %q, %d errors, needs %v", id, d.FormID, d.Errors(), d.Needs)
		}
		if err := Ready(d.Version, nil); err != nil {
			t.Errorf("%s cannot be published: %v", id, err)
		}
	}
	for _, path := range []string{"../fms-2016", "/etc", "none"} {
		if _, err := Builtin(path, Options{Now: now}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q was opened: %v", path, err)
		}
	}
}

func TestWhatCannotBeAForm(t *testing.T) {
	for name, source := range map[string][]byte{
		"empty": {}, "zeros": make([]byte, 2000), "picture": []byte("\x89PNG\r\n\x1a\n0000"), "zip": []byte("PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		"large": make([]byte, MaxSource+1), "doctype": []byte(`<!DOCTYPE x [<!ENTITY e "e">]><h:html>&e;</h:html>`),
	} {
		d, err := Make(source, name, Options{Now: now})
		if err == nil || d == nil || d.Version != nil || d.Errors() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReady(t *testing.T) {
	d, err := Make([]byte(survey), "survey.md", Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	v := d.Version
	v.ID = 2
	earlier := &collection.Version{ID: 1, Version: v.Version, Published: now}
	err = Ready(v, []*collection.Version{earlier})
	var list *fault.List
	if !errors.As(err, &list) || len(list.Faults) != 5 || !strings.Contains(err.Error(), "published before") || !strings.Contains(err.Error(), "places.csv is missing, which the question “Where was it?” uses") {
		t.Fatalf("error %v", err)
	}
	for i := range v.Files {
		v.Files[i].Address = "somewhere"
	}
	earlier.Version = "1"
	if err := Ready(v, []*collection.Version{earlier}); err != nil {
		t.Errorf("not ready: %v", err)
	}
	// A form that compiles and does not work: no answer fits its constraint.
	odd := strings.NewReplacer("| | type | name | label | choice_filter | calculation |", "| | type | name | label | choice_filter | calculation | constraint |",
		"| | text | region | Region | | |", "| | text | region | Region | | |\n| | integer | age | Age | | | . > 5 and . < 3 |").Replace(survey)
	if d, err = Make([]byte(odd), "survey.md", Options{Now: now}); err != nil || d.Errors() != 1 {
		t.Fatalf("%d errors, %v", d.Errors(), err)
	}
	for i := range d.Version.Files {
		d.Version.Files[i].Address = "somewhere"
	}
	if err := Ready(d.Version, nil); err == nil || !strings.Contains(err.Error(), "survey.md, sheet \"survey\", row 5") {
		t.Errorf("a form with an error is ready: %v", err)
	}
	if Ready(nil, nil) == nil || Ready(&collection.Version{XForm: []byte("<a/>")}, nil) == nil {
		t.Error("nothing is ready")
	}
}

func TestCompareSaysWhatBreaks(t *testing.T) {
	a, err := Make([]byte(survey), "survey.md", Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Make([]byte(strings.NewReplacer("| | yes_no | no | No | | |", "| | yes_no | never | Never | | |", "Do you agree?", "Do you agree to this?").Replace(survey)), "survey.md", Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Compare(a.Version, b.Version)
	if err != nil {
		t.Fatal(err)
	}
	if Breaking(r) == 0 || r.Count(compare.Wording) == 0 {
		t.Errorf("counts %v", r.Counts)
	}
}

// Whatever is uploaded, the outcome is a form that parses or an error.
func FuzzMake(f *testing.F) {
	f.Add([]byte(survey))
	f.Add([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance><data id="f"><a/></data></instance><bind nodeset="/data/a"/></model></h:head><h:body><input ref="/data/a"/></h:body></h:html>`))
	f.Fuzz(func(t *testing.T, source []byte) {
		if len(source) > 1<<16 {
			return
		}
		d, err := Make(source, "form", Options{Now: now})
		if (err == nil) != (d.Version != nil) {
			t.Fatalf("error %v, version %v", err, d.Version)
		}
		if err == nil {
			if again, err := Make(d.Version.XForm, "form.xml", Options{Now: now}); err != nil || again.FormID != d.FormID || again.Form.Version != d.Form.Version {
				t.Fatalf("its own XForm is refused: %v", err)
			}
		}
	})
}
