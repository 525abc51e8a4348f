package lint

import (
	"slices"
	"testing"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
)

// A rule that says more than the compiler's warning of the same cell takes its
// place; all others stay, by sheet and row.
func TestMerge(t *testing.T) {
	book, err := workbook.Read([]byte(`
| settings |
| | form_id |
| | synthetic |
| survey |
| | type | name | label |
| | select_one l | q | Q |
| choices |
| | list_name | name | label | image |
| | l | a | | |
| | l | b | | b.png |
`))
	if err != nil {
		t.Fatal(err)
	}
	form, err := definition.Read(book, definition.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range Merge(Compiled(form.Warnings, Warning), Check(book, form)) {
		got = append(got, f.Place.Sheet+" "+f.Rule)
	}
	want := []string{"choices choice-label-missing", "choices xlsform-warning", "settings settings-version"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The settings sheet can name the question of consent.
func TestConsentQuestion(t *testing.T) {
	found := checkMarkdown(t, []byte(`
| settings |
| | form_id | version | consent_question |
| | synthetic | 1 | go_on |
| survey |
| | type | name | label | relevant |
| | text | nationality | Nationality | |
| | select_one yn | go_on | Shall we go on? | |
| | text | a | A | ${go_on} = 'yes' |
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
`))
	if len(found) != 1 || found[0].Rule != "consent-first" || found[0].Place.Row != 2 {
		t.Errorf("got %v", found)
	}
}
