package instrument

import (
	"fmt"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// small is a whole instrument, to spoil in one place at a time.
var small = map[string]string{
	surveyFile: `type,name,label::English (en),relevant
select_one yes_no,held,Held,
select_one place,held_where,Where,${held} = 'yes'
integer,age,Age,
begin_group,g,Group,
text,remark,Remark,
end_group,,,
`,
	choicesFile: `list_name,name,label::English (en),missing
yes_no,yes,Yes,
yes_no,no,No,
yes_no,dk,Don't know,dont_know
place,here,Here,
place,there,There,
`,
	definition: `id: small
title: Small
citation: {authority: A, source: S, date: "2016-10"}
roles:
  age: age
groups:
  - id: age_group
    from: age
    bands:
      - {code: young, to: 29}
      - {code: old, from: 30}
  - id: side
    from: held_where
    merge:
      - {code: any, of: [here, there]}
indicators:
  - id: held
    label: Held
    sentence: were held
    experience: own
    question: held
    yes: ["yes"]
    place: held_where
    citation: {authority: A, source: S, date: "2016-10"}
  - id: any
    label: Any
    sentence: had any
    experience: own
    of: [held]
    citation: {authority: A, source: S, date: "2016-10"}
exclusions:
  - id: young
    label: Young
    question: age
    below: 14
    missing: exclude
    why: Children come first.
    citation: {authority: A, source: S, date: "2016-10"}
`,
}

// spoil returns the small instrument with one text replaced in one file.
func spoil(t testing.TB, file, old, replacement string) *source {
	t.Helper()
	src := &source{name: "small", stem: "small", files: map[string][]byte{}}
	for name, text := range small {
		if name == file {
			if strings.Count(text, old) < 1 {
				t.Fatalf("%s has no %q", file, old)
			}
			text = strings.Replace(text, old, replacement, 1)
		}
		src.files[name] = []byte(text)
	}
	return src
}

func TestSmallInstrumentLoads(t *testing.T) {
	in, err := spoil(t, surveyFile, "Held", "Held").parse()
	if err != nil {
		t.Fatal(err)
	}
	if in.Question("held_where").Relevant != "${held} = 'yes'" || in.Question("remark").Group != "g" || in.Indicator("any").AtLeast != 1 {
		t.Errorf("%+v", in)
	}
}

// TestFaults spoils the small instrument in every way that it can be wrong,
// and expects one fault that says where, by row and column (0: any), and what.
func TestFaults(t *testing.T) {
	const noCitation = `    citation: {authority: A, source: S, date: "2016-10"}`
	tests := []struct {
		file, old, replacement string
		row, column            int
		says                   string
	}{
		{surveyFile, "integer,age", "integr,age", 4, 1, `the type "integr" is not known`},
		{surveyFile, "integer,age", "integr,age", 4, 1, `did you mean integer?`},
		{surveyFile, "select_one place", "select_one plac", 3, 1, `the list "plac" of question "held_where" has no choices (did you mean place?)`},
		{surveyFile, "select_one place", "select_one", 3, 1, "has no list of choices"},
		{surveyFile, "text,remark", "text,age", 6, 2, `the name "age" is already in row 4`},
		{surveyFile, "text,remark", "text,2nd one", 6, 2, `"2nd one" cannot be a name`},
		{surveyFile, "text,remark", "text,", 6, 2, "has no name"},
		{surveyFile, "text,remark", ",remark", 6, 1, `"remark" has no type`},
		{surveyFile, "${held}", "${hold}", 3, 4, `there is no question "hold" (did you mean ${held}?)`},
		{surveyFile, "end_group,,,\n", "", 5, 1, `the group "g" is never closed`},
		{surveyFile, "begin_group,g,Group,\n", "", 6, 1, "end_group closes no group"},
		{surveyFile, "type,name,", "kind,name,", 1, 0, `no column "type"`},
		{surveyFile, "relevant", "name", 1, 4, `column "name" is also column 2`},
		{surveyFile, "Remark", `"Remark`, 6, 0, "cannot be read as CSV"},
		{surveyFile, "Remark", "Rem\xe9", 0, 0, "not in UTF-8"},
		{choicesFile, "place,there", "place,here", 6, 2, `list "place" has the code "here" already in row 5`},
		{choicesFile, "dont_know", "dunno", 4, 4, `"dunno" is not a reason`},
		{choicesFile, "place,there", "place,", 6, 2, "has no code"},
		{choicesFile, "place,there", ",there", 6, 1, "belongs to no list"},
		{choicesFile, "list_name,", "lists,", 1, 0, `no column "list_name"`},
		{definition, "roles:", "rolls:", 4, 1, `the instrument has no key "rolls" (did you mean roles?)`},
		{definition, "  age: age", "  ages: age", 5, 3, `roles has no key "ages" (did you mean age?)`},
		{definition, "  age: age", "  age: agee", 5, 8, `names the question "agee", which the survey does not have (did you mean age?)`},
		{definition, "  age: age", "  age: held", 5, 8, "whose answers are of kind category"},
		{definition, "citation: {authority: A,", `citation: {authority: "",`, 3, 0, "has no authority"},
		{definition, `source: S, date: "2016-10"}`, `source: S, date: "October"}`, 3, 0, `"October", which is not a date`},
		{definition, "from: 30", "from: 29", 11, 0, "overlap"},
		{definition, "code: old", "code: young", 11, 0, `two bands "young"`},
		{definition, "from: 30", "from: thirty", 11, 0, `"thirty", not a number`},
		{definition, "    from: age", "    from: held", 0, 0, "has bands, but held is of type select_one"},
		{definition, "of: [here, there]", "of: [here, where]", 15, 0, `names the level "where", which the list place does not have`},
		{definition, "id: side", "id: age_group", 12, 0, `two groups "age_group"`},
		{definition, "id: side", "id: a/b", 12, 0, "signs that an id cannot have"},
		{definition, `yes: ["yes"]`, "yes: [dk]", 22, 0, "stands for a missing answer"},
		{definition, `yes: ["yes"]`, "yes: []", 0, 0, "no level that counts as yes"},
		{definition, "experience: own", "experience: mine", 0, 0, "does not say whose experience"},
		{definition, "sentence: were held", "sentences: were held", 19, 0, "did you mean sentence?"},
		{definition, "place: held_where", "place: held_were", 23, 0, "did you mean held_where?"},
		{definition, "of: [held]", "of: [hold]", 29, 0, "did you mean held?"},
		{definition, "of: [held]", "of: [any]", 25, 0, "defined by itself: any → any"},
		{definition, "of: [held]", "of: [held]\n    at_least: 2", 30, 0, "at_least 2 of 1"},
		{definition, "of: [held]", "of: [held]\n    question: held", 0, 0, "neither by a question alone"},
		{definition, "  - id: any", "  - id: held", 0, 0, `two indicators "held"`},
		{definition, noCitation, "    # none", 0, 0, "indicator held has no citation"},
		{definition, "missing: exclude", "missing: drop", 0, 0, "no rule for a missing answer"},
		{definition, "why: Children come first.", "why: ''", 0, 0, "does not say why"},
		{definition, "below: 14", "levels: [x]", 0, 0, "is of type integer"},
		{definition, "below: 14", "below: 14\n    levels: [x]", 0, 0, "not exactly one of levels and below"},
		{definition, "question: age", "question: held", 0, 0, "has a bound, but held is of type select_one"},
		{definition, "title: Small", "title: &t Small", 2, 0, "anchors and aliases are not used"},
		{definition, "title: Small", "title: Small\nordered: [places]", 3, 0, `the list "places"`},
		{definition, "title: Small", "title: Small\nranges: {age: {min: 9, max: 1}}", 3, 0, "is empty"},
		{definition, "title: Small", "title: Small\nranges: {held: {min: 1}}", 3, 0, "only a number has a range"},
		{definition, "title: Small", "title: Small\nmissing: {x: gone}", 3, 0, `"gone" is not a reason`},
		{definition, "title: Small", "title: Small\nkinds: {remark: numbers}", 3, 0, "a kind that there is not"},
		{definition, "title: Small", "title: Small\nidentifying: [remarks]", 3, 0, "did you mean remark?"},
		{definition, "title: Small", "title: Small\ntitle: Big", 3, 0, "cannot be read as YAML"},
		{definition, "title: Small", "title: [", 0, 0, "cannot be read as YAML"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %.20q", tt.file, tt.replacement), func(t *testing.T) {
			_, err := spoil(t, tt.file, tt.old, tt.replacement).parse()
			list, ok := err.(*fault.List)
			if !ok {
				t.Fatalf("no list of faults: %v", err)
			}
			for _, f := range list.Faults {
				if !strings.Contains(f.Error(), tt.says) {
					continue
				}
				if f.Place.File != "small/"+tt.file || tt.row > 0 && f.Place.Row != tt.row || tt.column > 0 && f.Place.Column != tt.column {
					t.Errorf("the fault is at %s, want %s, row %d, column %d", f.Place, tt.file, tt.row, tt.column)
				}
				return
			}
			t.Errorf("no fault says %q:\n%v", tt.says, err)
		})
	}
}

// TestFaultsComeTogether spoils three files at once.
func TestFaultsComeTogether(t *testing.T) {
	src := spoil(t, surveyFile, "integer,age", "integr,age")
	src.files[choicesFile] = []byte(strings.Replace(small[choicesFile], "dont_know", "dunno", 1))
	src.files[definition] = []byte(strings.Replace(strings.Replace(small[definition], "roles:", "rolls:", 1), "experience: own", "experience: mine", 2))
	_, err := src.parse()
	for _, want := range []string{"integr", "dunno", "rolls", "whose experience", "indicator any does not say"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no fault on %q:\n%v", want, err)
		}
	}
}

func TestFaultsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("type,name\n")
	for i := range 500 {
		fmt.Fprintf(&b, "nonsense,q%d\n", i)
	}
	src := spoil(t, definition, "Small", "Small")
	src.files[surveyFile] = []byte(b.String())
	_, err := src.parse()
	list, ok := err.(*fault.List)
	if !ok || len(list.Faults) != maxFaults || list.Dropped < 400 {
		t.Errorf("%d faults kept, %d counted", len(list.Faults), list.Dropped)
	}
}

// TestRowNumbers: rows are those of a spreadsheet, although cells have line
// breaks in them and the file has empty lines.
func TestRowNumbers(t *testing.T) {
	src := spoil(t, surveyFile, "integer,age,Age,\n", "integer,age,\"Age\nin\nyears\",\n\nintegr,other,Other,\n")
	_, err := src.parse()
	if err == nil || !strings.Contains(err.Error(), "row 6, column 1") {
		t.Errorf("the fault is not in row 6: %v", err)
	}
}
