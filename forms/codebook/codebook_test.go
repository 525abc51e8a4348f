package codebook

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"waymark/forms/xform"
)

func household(t *testing.T, language string) *Codebook {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "outline", "testdata", "household.xml"))
	if err != nil {
		t.Fatal(err)
	}
	form, err := xform.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Of(form, language)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *Codebook) named(name string) *Variable {
	for _, v := range b.Variables {
		if v.Name == name {
			return v
		}
	}
	return &Variable{}
}

func TestVariables(t *testing.T) {
	b := household(t, "")
	if len(b.Variables) != 21 || len(b.Lists) != 6 || len(b.Tables) != 2 || b.Tables[1] != (Table{"member", "Member", 4}) {
		t.Errorf("%d variables, %d lists, tables %v", len(b.Variables), len(b.Lists), b.Tables)
	}
	for _, c := range []struct{ what, got, want string }{
		{"label", b.named("age").Label, "Age in years"},
		{"unit", b.named("age").Unit, "years"},
		{"asked", b.named("age").Asked, "“Do you agree to take part?” is “Yes”"},
		{"answer", b.named("age").Must, "must be between 0 and 120"},
		{"message", b.named("age").Message, "Between 0 and 120"},
		{"required", b.named("consent").Required, "yes"},
		{"column", b.named("instanceID").Column, "meta-instanceID"},
		{"column in a repeat", b.named("member_age").Column, "member_age"},
		{"table", b.named("member_age").Table, "member"},
		{"calculated", b.named("adult").Calculated, "“adult” if “Age in years” is at least 18; otherwise “child”"},
		{"offered", b.named("district").Offered, "its region is the answer to “Region”"},
		{"missing", fmt.Sprint(b.named("means").List.Values[3], b.named("consent").List.Values[2]), "{99 Prefer not to say refused} {dk Don't know don't know}"},
		{"file", b.named("place").List.Source, "places.csv"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if b := household(t, "ar"); b.named("age").Label != "العمر بالسنوات" || !b.Language.RTL || b.named("consent").List.Values[2].Missing != "don't know" {
		t.Errorf("in Arabic: %+v", b.named("age"))
	}
}

// TestGroupConditionsCount: who is asked takes the groups around a question in.
func TestGroupConditionsCount(t *testing.T) {
	form, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>T</h:title><model>
<instance><data id="t"><a/><g><b/></g></data></instance>
<bind nodeset="/data/a" type="int"/><bind nodeset="/data/g" relevant="/data/a &gt; 1"/><bind nodeset="/data/g/b" relevant="/data/a &lt; 9" type="geopoint"/></model></h:head>
<h:body><input ref="/data/a"><label>A</label></input><group ref="/data/g"><label>G</label><input ref="/data/g/b"><label>=1+1</label></input></group></h:body></h:html>`))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Of(form, "")
	if err != nil {
		t.Fatal(err)
	}
	v := b.named("b")
	if v.Asked != "“A” is more than 1; and “A” is less than 9" || len(v.AskedCode) != 2 || v.Columns[3] != "g-b-Accuracy" || v.Section[0] != "G" {
		t.Errorf("%+v", v)
	}
	var out bytes.Buffer
	if err := b.CSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[2][5] != "'=1+1" {
		t.Errorf("CSV: %v, %v", rows, err)
	}
	out.Reset()
	if err := b.XLSX(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	if formula, _ := f.GetCellFormula("Variables", "F3"); formula != "" {
		t.Errorf("a label became the formula %q", formula)
	}
	if value, _ := f.GetCellValue("Variables", "F3"); value != "=1+1" {
		t.Errorf("the label became %q", value)
	}
}

func TestXLSX(t *testing.T) {
	var once, twice bytes.Buffer
	if err := household(t, "").XLSX(&once); err != nil {
		t.Fatal(err)
	}
	if err := household(t, "").XLSX(&twice); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
		t.Errorf("the same form makes two files: %v", err)
	}
	f, err := excelize.OpenReader(&once)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.GetSheetList(), " "); got != "About Variables Values Languages" {
		t.Errorf("sheets %s", got)
	}
	panes, err := f.GetPanes("Variables")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v, %v", panes, err)
	}
	tables, err := f.GetTables("Variables")
	if err != nil || len(tables) != 1 || tables[0].Range != "A1:W22" {
		t.Errorf("tables %+v, %v", tables, err)
	}
	languages, err := f.GetRows("Languages")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(languages[0], " "); got != "what name part English (en) Arabic (ar)" {
		t.Errorf("languages %s", got)
	}
	for _, r := range languages {
		if r[1] == "/data/age" && r[2] == "hint" && len(r) > 4 {
			t.Errorf("a text that Arabic lacks is filled in: %v", r)
		}
	}
}

func TestHTML(t *testing.T) {
	var b bytes.Buffer
	if err := household(t, "ar").HTML(&b, "waymark test"); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"Codebook: <bdi>Household", "missing: refused", "table member", "About the record", "<bdi>العمر بالسنوات</bdi>", "everyone"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, bad := range []string{"<script", "<link", "<img", "url(", "ZgotmplZ"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}

// large is a form of n questions, each with logic, and a list of m values.
func large(n, m int) []byte {
	var nodes, binds, body, items strings.Builder
	for i := range n {
		fmt.Fprintf(&nodes, "<q%d/>", i)
		fmt.Fprintf(&binds, `<bind nodeset="/data/q%d" type="int" relevant="/data/q%d &gt; 3 and /data/q0 = 1" constraint=". &gt;= 0 and . &lt; 100"/>`, i, max(0, i-1))
		fmt.Fprintf(&body, `<input ref="/data/q%d"><label>Question number %d</label></input>`, i, i)
	}
	for i := range m {
		fmt.Fprintf(&items, "<item><name>v%d</name><label>Value %d</label></item>", i, i)
	}
	return []byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Large</h:title><model><instance><data id="large"><s/>` + nodes.String() +
		`</data></instance><instance id="l"><root>` + items.String() + `</root></instance>` + binds.String() + `</model></h:head><h:body><select1 ref="/data/s"><label>S</label><itemset nodeset="instance('l')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>` + body.String() + `</h:body></h:html>`)
}

// BenchmarkLarge is a codebook of 5,000 questions and a list of 20,000 values.
func BenchmarkLarge(b *testing.B) {
	data := large(5000, 20000)
	data = bytes.ReplaceAll(data, []byte(`relevant="/data/q0 &gt; 3 and /data/q0 = 1"`), nil) // q0 asks for itself
	form, err := xform.Parse(data)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		book, err := Of(form, "")
		if err != nil {
			b.Fatal(err)
		}
		var out bytes.Buffer
		if err := book.HTML(&out, ""); err != nil {
			b.Fatal(err)
		}
		if err := book.XLSX(&out); err != nil {
			b.Fatal(err)
		}
	}
}
