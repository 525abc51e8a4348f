package xlsform

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// element of a document that was read back, by local names.
type read struct {
	name  string
	attrs map[string]string
	text  string
	kids  []*read
}

// parse reads a document strictly: names with prefixes must be declared.
func parse(t testing.TB, data []byte) *read {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = true
	declared := map[string]bool{"http://www.w3.org/XML/1998/namespace": true, "xmlns": true, "": true}
	top := &read{}
	stack := []*read{top}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return top.kids[0]
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		at := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			for _, a := range token.Attr {
				if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
					declared[a.Value] = true
				}
			}
			if token.Name.Space == "" || !declared[token.Name.Space] {
				t.Fatalf("%s is in no namespace, or of an undeclared prefix %q", token.Name.Local, token.Name.Space)
			}
			e, seen := &read{name: token.Name.Local, attrs: map[string]string{}}, map[string]bool{}
			for _, a := range token.Attr {
				if !declared[a.Name.Space] {
					t.Fatalf("the prefix %q is not declared", a.Name.Space)
				}
				if key := a.Name.Space + " " + a.Name.Local; seen[key] {
					t.Fatalf("%s has the attribute %s twice", e.name, a.Name.Local)
				} else {
					seen[key] = true
				}
				e.attrs[a.Name.Local] = a.Value
			}
			at.kids = append(at.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			at.text += string(token)
		}
	}
}

// all returns the descendants of a name, in document order.
func (e *read) all(name string) []*read {
	var out []*read
	for _, k := range e.kids {
		if k.name == name {
			out = append(out, k)
		}
		out = append(out, k.all(name)...)
	}
	return out
}

func (e *read) first(name string) *read {
	if found := e.all(name); len(found) > 0 {
		return found[0]
	}
	return &read{attrs: map[string]string{}}
}

// compiled compiles a form written as markdown tables.
func compiled(t testing.TB, markdown string) *Result {
	t.Helper()
	result, err := compileText(markdown)
	if err != nil {
		t.Fatalf("%v\n%s", err, markdown)
	}
	parse(t, result.XForm)
	return result
}

func compileText(markdown string) (*Result, error) {
	book, err := workbook.Read([]byte(markdown))
	if err != nil {
		return nil, err
	}
	return Compile(book, Options{})
}

// faultsOf compiles a form that must be rejected and returns its faults.
func faultsOf(t testing.TB, markdown string) []*fault.Fault {
	t.Helper()
	_, err := compileText(markdown)
	var list *fault.List
	if !errors.As(err, &list) {
		t.Fatalf("got %v, want a list of faults\n%s", err, markdown)
	}
	return list.Faults
}

// Each form must be written with the lines given. Expected values: pyxform
// 4.5.0 on the same form, the order of attributes apart.
func TestDocuments(t *testing.T) {
	for _, test := range []struct {
		name, form string
		want, not  []string
	}{
		{"texts are escaped", `
| survey | | | |
| | type | name | label |
| | text | a | <output value="/data/b"/> & <!-- "x" --> ]]> &amp; |`,
			[]string{`<label>&lt;output value="/data/b"/&gt; &amp; &lt;!-- "x" --&gt; ]]&gt; &amp;amp;</label>`}, nil},
		{"submission and namespaces", `
| survey | | | |
| | type | name | label |
| | text | a | A |
| settings | | | | | | |
| | submission_url | public_key | auto_send | namespaces | attribute::ex:x | instance_xmlns | style | client_editable |
| | https://example.org/?a=1&b=2 | KEY | true | ex="https://example.org/ex" | 1 | https://example.org/i | pages | yes |`,
			[]string{`<submission action="https://example.org/?a=1&amp;b=2" method="post" base64RsaPublicKey="KEY" orx:auto-send="true" odk:client-editable="true"/>`,
				` xmlns:ex="https://example.org/ex">`, `<data ex:x="1" id="data" xmlns="https://example.org/i">`, `<h:body class="pages">`}, nil},
		{"an undeclared prefix is declared", `
| survey | | | | |
| | type | name | label | bind::ex:x |
| | text | a | A | 1 |`,
			[]string{`xmlns:ex="urn:xlsform:prefix:ex"`, `<bind nodeset="/data/a" type="string" ex:x="1"/>`}, nil},
		{"actions of defaults", `
| survey | | | | | |
| | type | name | label | default | trigger | calculation |
| | text | a | A | 1 | | |
| | text | b | B | now() | | |
| | text | c | C | | ${a} | |
| | calculate | d | | | ${a} | ${b} + 1 |`,
			[]string{`<a>1</a>`, `<b/>`, `<setvalue ref="/data/b" event="odk-instance-first-load" value="now()"/>`,
				`<setvalue ref="/data/c" event="xforms-value-changed"/>`,
				`<setvalue ref="/data/d" event="xforms-value-changed" value=" /data/b  + 1"/>`,
				`<bind nodeset="/data/d" type="string"/>`}, nil},
		{"choices of earlier answers", `
| survey | | | | |
| | type | name | label | choice_filter |
| | begin repeat | person | Person | |
| | text | who | Who? | |
| | integer | age | Age? | |
| | end repeat | | | |
| | select_one ${who} | head | Head? | ${age} > 17 |`,
			[]string{`<itemset nodeset="/data/person[ ./age  &gt; 17]">`, `<value ref="who"/>`}, nil},
		{"lists in several languages", `
| survey | | | | | |
| | type | name | label::English (en) | label::French (fr) | image |
| | select_one yn | a | Yes ${b}? | Oui ? | |
| | text | b | | B | b.png |
| choices | | | |
| | list_name | name | label::English (en) |
| | yn | y | Yes |
| settings | |
| | default_language |
| | French (fr) |`,
			[]string{`<translation lang="French (fr)" default="true()">`, `<text id="yn-0">`,
				`<value> Yes <output value=" /data/b "/>? </value>`, `<value form="image">jr://images/b.png</value>`,
				`<value>-</value>`, `<label ref="jr:itext(itextId)"/>`, `<itextId>yn-0</itextId>`, `<label ref="jr:itext('/data/a:label')"/>`}, []string{`jr://images/-`}},
		{"flat groups keep labels of their own", `
| survey | | | | |
| | type | name | label::English (en) | hint::English (en) |
| | begin group | g | G | |
| | begin group | h | H | |
| | text | a | A | Why |
| | end group | | | |
| | end group | | | |
| settings | |
| | flat |
| | yes |`,
			[]string{`<text id="/data/g:label">`, `<text id="/data/h:label">`, `<label ref="jr:itext('/data/h:label')"/>`, `<bind nodeset="/data/a" type="string"/>`}, []string{`<g>`, `"/data:label"`}},
		{"search() choices in place", `
| survey | | | | |
| | type | name | label | appearance |
| | select_one f | a | A | search('towns') |
| choices | | | |
| | list_name | name | label |
| | f | key | label_column |`,
			[]string{`<item>`, `<label>label_column</label>`, `<value>key</value>`}, []string{`<instance id="f">`, `<itemset`}},
		{"files and last saved answers", `
| survey | | | | | |
| | type | name | label | calculation | parameters |
| | select_one_from_file towns.geojson | a | A | | value=code label=title randomize=true seed=${n} |
| | calculate | n | | pulldata('rates', 'r', 'k', ${a}) + ${last-saved#n} | |
| | csv-external | lookup | | | |`,
			[]string{`<instance id="towns" src="jr://file/towns.geojson"/>`, `<instance id="rates" src="jr://file-csv/rates.csv"/>`,
				`<instance id="lookup" src="jr://file-csv/lookup.csv"/>`, `<instance id="__last-saved" src="jr://instance/last-saved"/>`,
				`<itemset nodeset="randomize(instance('towns')/root/item, /data/n)">`, `<value ref="code"/>`,
				`calculate="pulldata('rates', 'r', 'k',  /data/a ) +  instance('__last-saved')/data/n "`}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := string(compiled(t, test.form).XForm)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("missing: %s\n%s", want, got)
				}
			}
			for _, not := range test.not {
				if strings.Contains(got, not) {
					t.Errorf("not wanted: %s\n%s", not, got)
				}
			}
		})
	}
}

// Faults of the sheets and faults that show only in writing come at once, one
// a row.
func TestFaultsOfBothHalvesComeAtOnce(t *testing.T) {
	faults := faultsOf(t, `
| survey | | | | |
| | type | name | label | relevant |
| | text | a | | |
| | txt | b | B | |
| | text | c | C | ${b} = 1 and ${nowhere} = 2 |
| | note | d | | |`)
	var rows []int
	for _, f := range faults {
		rows = append(rows, f.Place.Row)
	}
	slices.Sort(rows)
	if want := []int{2, 3, 4, 5}; !slices.Equal(rows, want) {
		t.Errorf("faults in rows %v, want %v: %v", rows, want, faults)
	}
}

// Forms that cannot work are rejected, with the row.
func TestRejections(t *testing.T) {
	for _, test := range []struct {
		name, form string
		row        int
		message    string
	}{
		{"no label", `
| survey | | | |
| | type | name | label |
| | text | a | |`, 2, `the question "a" has no label and no hint`},
		{"unseen trigger", `
| survey | | | | | |
| | type | name | label | calculation | trigger |
| | calculate | a | | 1 | |
| | text | b | B | 2 | ${a} |`, 3, `the question ${a} is not shown`},
		{"one name for two files", `
| survey | | | | |
| | type | name | label | calculation |
| | select_one_from_file f.xml | a | A | |
| | calculate | b | | pulldata('f', 'x', 'y', 'z') |`, 3, `would stand for both the file jr://file/f.xml and the file jr://file-csv/f.csv`},
		{"a list named as a file", `
| survey | | | |
| | type | name | label |
| | select_one_from_file yn.csv | a | A |
| | select_one yn | b | B |
| choices | | | |
| | list_name | name | label |
| | yn | y | Yes |`, 2, `the list of choices "yn"`},
		{"a name that XML cannot have", `
| survey | | | | |
| | type | name | label | bind::a b |
| | text | a | A | 1 |`, 2, `"a b" cannot be a name in an XForm`},
		{"an attribute of the compiler's own", `
| survey | | | | |
| | type | name | label | bind::nodeset |
| | text | a | A | /data/b |`, 2, "it cannot be given"},
		{"a control character", "| survey | | | |\n| | type | name | label |\n| | text | a | A\x01 |", 2, "control character"},
	} {
		t.Run(test.name, func(t *testing.T) {
			faults := faultsOf(t, test.form)
			if len(faults) != 1 {
				t.Errorf("got %d faults, want 1: %v", len(faults), faults)
			}
			f := faults[0]
			if f.Place.Row != test.row || f.Place.Sheet != "survey" || !strings.Contains(f.Message, test.message) || f.Remedy == "" {
				t.Errorf("got %v, want row %d: %s, with a remedy", f, test.row, test.message)
			}
		})
	}
}
