package xlsform

import (
	"strings"
	"testing"
)

// Forms that a comparison of random forms with pyxform 4.5.0 found, each cut
// down to what matters. The lines wanted are its own, the order of attributes
// apart.
func TestFormsFoundByComparison(t *testing.T) {
	for _, test := range []struct {
		name, form string
		want, not  []string
	}{
		{"settings hold no references", `
| survey |
| | type | name | label |
| | text | a | A |
| settings |
| | form_id | version | attribute::x |
| | ${a} | ${a} | ${a} |`,
			[]string{`<data x="${a}" id="${a}" version="${a}">`}, nil},
		{"the label of an entity has no name", `
| survey |
| | type | name | label |
| | text | label | A |
| entities |
| | list_name | label |
| | e | ${label} |`,
			[]string{`<bind nodeset="/data/meta/entity/label" calculate=" /data/label " readonly="true()" type="string"/>`}, nil},
		{"yes as a condition of an entity", `
| survey |
| | type | name | label |
| | text | a | A |
| entities |
| | list_name | label | create_if |
| | e | ${a} | yes |`,
			[]string{`<bind nodeset="/data/meta/entity/@create" calculate="true()" readonly="true()" type="string"/>`}, nil},
		{"a list to look up by the column query", `
| survey |
| | type | name | label | query | choice_filter |
| | text | a | A | towns | |
| | integer | b | B | towns | x = ${a} |
| | geopoint | p | P | towns | |
| | note | c | C ${a} | | |`,
			[]string{`<input ref="/data/a" query="instance('towns')/root/item">`,
				`<input ref="/data/b" query="instance('towns')/root/item[x =  /data/a ]">`, `<input ref="/data/p">`, `<input ref="/data/c">`}, nil},
		{"a file with a default in a repeat", `
| survey |
| | type | name | label | default |
| | begin repeat | r | R | |
| | begin group | g | G | |
| | csv-external | f | | now() |
| | end group | | | |
| | text | a | A | |
| | end repeat | | | |`,
			[]string{`<instance id="f" src="jr://file-csv/f.csv"/>`}, []string{"<setvalue"}},
		{"an external select without a filter", `
| survey |
| | type | name | label |
| | select_one_external l | a | A |
| choices |
| | list_name | name | label |
| | l | x | X |
| external_choices |
| | list_name | name | label |
| | l | x | X |`,
			[]string{`<input ref="/data/a">`}, []string{"query"}},
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

// None of these has a warning in pyxform 4.5.0.
func TestFormsFoundWithoutWarnings(t *testing.T) {
	for name, form := range map[string]string{
		"the language of a file": `
| survey |
| | type | name | label::French |
| | xml-external | a | A |`,
		"a language of two letters": `
| survey |
| | type | name | label::aı |
| | text | a | A |`,
	} {
		if got := compiled(t, form).Warnings; len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// All of these are rejected by pyxform 4.5.0.
func TestFormsFoundToReject(t *testing.T) {
	for name, form := range map[string]string{
		"none of choices in random order": `
| survey |
| | type | name | label | parameters |
| | select_multiple l | a | A | randomize=true |
| choices |
| | list_name | name | label |
| | l | x | X |
| settings |
| | add_none_option |
| | yes |`,
	} {
		t.Run(name, func(t *testing.T) { faultsOf(t, form) })
	}
}
