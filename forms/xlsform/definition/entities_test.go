package definition

import (
	"errors"
	"strings"
	"testing"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// readEntitiesForm reads a form written as markdown tables.
func readEntitiesForm(t *testing.T, markdown string) (*Form, error) {
	t.Helper()
	book, err := workbook.Read([]byte(markdown))
	if err != nil {
		t.Fatal(err)
	}
	return Read(book, Options{})
}

// entitiesOf writes every entity of a form, one a line: where it is, its
// attributes with their value at the start, calculation and events, its label.
func entitiesOf(at *Element, path string) []string {
	var lines []string
	for _, c := range at.Children {
		if c.Kind != Entity {
			lines = append(lines, entitiesOf(c, path+"/"+c.Name)...)
			continue
		}
		line := path
		for _, a := range c.Children {
			line += " " + a.Name
			if a.Default != "" {
				line += "=" + a.Default
			}
			if calculate := a.Bind.Get("calculate"); calculate != "" {
				line += "{" + calculate + "}"
			}
			for _, action := range a.Actions {
				line += "!" + strings.TrimPrefix(action.Event, "odk-")
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// surveyOf is a form of a question outside, two groups, and a repeat with a
// group in it; the saves go into the column save_to of q1 to q5.
func surveyOf(saves ...string) string {
	at := func(i int) string {
		if i < len(saves) {
			return saves[i]
		}
		return ""
	}
	return `
| survey |
| | type | name | label | save_to |
| | text | q1 | Q1 | ` + at(0) + ` |
| | begin group | g1 | G1 | |
| | text | q2 | Q2 | ` + at(1) + ` |
| | end group | | | |
| | begin group | g2 | G2 | |
| | text | q3 | Q3 | ` + at(2) + ` |
| | end group | | | |
| | begin repeat | r1 | R1 | |
| | text | q4 | Q4 | ` + at(3) + ` |
| | begin group | g3 | G3 | |
| | text | q5 | Q5 | ` + at(4) + ` |
| | end group | | | |
| | end repeat | | | |
`
}

// The expected places and attributes are those of pyxform 4.5.0 for the same
// sheets (its convert function), unless a case says otherwise.
func TestEntitiesArePlaced(t *testing.T) {
	const created = "create=1 id!instance-first-load"
	for _, c := range []struct {
		name, survey, entities string
		want                   []string
		version                string
		warnings               int
	}{
		{"nothing refers to it", surveyOf(), "| | list_name | label |\n| | e1 | A |",
			[]string{"/meta dataset=e1 " + created + " label{A}"}, "2024.1.0", 0},
		{"one outside of repeats is the survey's", surveyOf("", "p1"), "| | dataset | label |\n| | e1 | ${q2} |",
			[]string{"/meta dataset=e1 " + created + " label{${q2}}"}, "2024.1.0", 0},
		{"conditions", surveyOf(), "| | list_name | label | create_if |\n| | e1 | A | ${q1} != '' |",
			[]string{"/meta dataset=e1 create=1{${q1} != ''} id!instance-first-load label{A}"}, "2024.1.0", 0},
		{"update", surveyOf(), "| | list_name | entity_id |\n| | e1 | ${q1} |",
			[]string{"/meta dataset=e1 update=1 baseVersion{instance('e1')/root/item[name=${q1}]/__version} trunkVersion{instance('e1')/root/item[name=${q1}]/__trunkVersion} branchId{instance('e1')/root/item[name=${q1}]/__branchId} id{${q1}}"}, "2024.1.0", 0},
		{"both", surveyOf(), "| | list_name | entity_id | create_if | update_if |\n| | e1 | ${q1} | 1 | 2 |",
			[]string{"/meta dataset=e1 create=1{1} update=1{2} baseVersion{instance('e1')/root/item[name=${q1}]/__version} trunkVersion{instance('e1')/root/item[name=${q1}]/__trunkVersion} branchId{instance('e1')/root/item[name=${q1}]/__branchId} id{${q1}}"}, "2024.1.0", 0},
		{"a save in a repeat", surveyOf("", "", "", "p1"), "| | list_name | label |\n| | e1 | A |",
			[]string{"/r1/meta dataset=e1 " + created + "!new-repeat label{A}"}, "2025.1.0", 0},
		{"a reference in a group of a repeat", surveyOf(), "| | list_name | label |\n| | e1 | ${q5} |",
			[]string{"/r1/g3/meta dataset=e1 " + created + "!new-repeat label{${q5}}"}, "2025.1.0", 0},
		{"saves in a repeat and its group", surveyOf("", "", "", "p1", "p2"), "| | list_name | label |\n| | e1 | ${q1} |",
			[]string{"/r1/meta dataset=e1 " + created + "!new-repeat label{${q1}}"}, "2025.1.0", 0},
		{"two lists in two groups", surveyOf("", "e1#p", "e2#p"), "| | list_name | label |\n| | e1 | A |\n| | e2 | B |",
			[]string{"/g1/meta dataset=e1 " + created + " label{A}", "/g2/meta dataset=e2 " + created + " label{B}"}, "2025.1.0", 0},
		{"the second finds the first in its place", surveyOf("", "e1#p"), "| | list_name | label |\n| | e1 | A |\n| | e2 | ${q2} |",
			[]string{"/g1/meta dataset=e1 " + created + " label{A}", "/meta dataset=e2 " + created + " label{${q2}}"}, "2025.1.0", 0},
		{"the column repeat means nothing", surveyOf(), "| | list_name | label | repeat |\n| | e1 | A | ${r1} |",
			[]string{"/meta dataset=e1 " + created + " label{A}"}, "2024.1.0", 0},
		// pyxform says nothing of q2, which a server saves to e1, the nearer one.
		{"saved past another list", surveyOf("", "e2#p", "e2#q"), "| | list_name | label |\n| | e1 | ${q2} |\n| | e2 | B |",
			[]string{"/g1/meta dataset=e1 " + created + " label{${q2}}", "/meta dataset=e2 " + created + " label{B}"}, "2025.1.0", 1},
		// pyxform leaves this entity out without a word.
		{"saved outside, refers inside", surveyOf("p1"), "| | list_name | label |\n| | e1 | ${q4} |",
			[]string{"/meta dataset=e1 " + created + " label{${q4}}"}, "2024.1.0", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := readEntitiesForm(t, c.survey+"| entities |\n"+c.entities+"\n")
			if err != nil {
				t.Fatal(err)
			}
			got := entitiesOf(f.Root, "")
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if f.EntityVersion != c.version {
				t.Errorf("version %q, want %q", f.EntityVersion, c.version)
			}
			if len(f.Warnings) != c.warnings {
				t.Errorf("warnings: %v, want %d", f.Warnings, c.warnings)
			}
		})
	}
}

// Saved questions of two groups within two groups belong to what is around
// all four; pyxform takes the first group on their way.
func TestEntityIsPlacedAroundAllItsQuestions(t *testing.T) {
	f, err := readEntitiesForm(t, `
| survey |
| | type | name | label | save_to |
| | begin group | g1 | G | |
| | begin group | a | G | |
| | text | q1 | Q1 | e1#p1 |
| | end group | | | |
| | end group | | | |
| | begin group | g2 | G | |
| | begin group | b | G | |
| | text | q2 | Q2 | e1#p2 |
| | text | q3 | Q3 | |
| | end group | | | |
| | end group | | | |
| entities |
| | list_name | label |
| | e1 | ${q1} |
`)
	if err != nil {
		t.Fatal(err)
	}
	if got := entitiesOf(f.Root, ""); len(got) != 1 || !strings.HasPrefix(got[0], "/meta ") {
		t.Errorf("got %v", got)
	}
	if save := f.Root.Children[0].Children[0].Children[0].Bind.Get(saveTo); save != "p1" {
		t.Errorf("the list's name is still before the property: %q", save)
	}
}

func TestEntityFaults(t *testing.T) {
	const one = "| | list_name | label |\n| | e1 | A |"
	for _, c := range []struct {
		name, survey, entities string
		sheet                  string
		row                    int
		message                string
	}{
		{"no entities sheet", surveyOf("p1"), "", "survey", 2, "declares none"},
		{"unknown column", surveyOf(), "| | list_name | lable |\n| | e1 | A |", "entities", 1, "no column 'lable'"},
		{"languages", surveyOf(), "| | list_name | label::English (en) |\n| | e1 | A |", "entities", 1, "no column 'label::English (en)'"},
		{"no name", surveyOf(), "| | list_name | label |\n| | | A |", "entities", 2, "no list_name"},
		{"full stop", surveyOf(), "| | list_name | label |\n| | e.1 | A |", "entities", 2, "full stop"},
		{"underscores", surveyOf(), "| | list_name | label |\n| | __e | A |", "entities", 2, "two underscores"},
		{"space", surveyOf(), "| | list_name | label |\n| | e 1 | A |", "entities", 2, "not a name"},
		{"twice", surveyOf(), one + "\n| | e1 | B |", "entities", 3, "already declared in row 2"},
		{"update without id", surveyOf(), "| | list_name | label | update_if |\n| | e1 | A | 1 |", "entities", 2, "no entity_id"},
		{"create with id", surveyOf(), "| | list_name | create_if | entity_id |\n| | e1 | 1 | ${q1} |", "entities", 2, "no update_if"},
		{"no label", surveyOf(), "| | list_name | create_if |\n| | e1 | 1 |", "entities", 2, "no label"},
		{"property kept", surveyOf("Label"), one, "survey", 2, "kept for"},
		{"property underscores", surveyOf("__p"), one, "survey", 2, "two underscores"},
		{"property space", surveyOf("p 1"), one, "survey", 2, "not a name"},
		{"property missing", surveyOf("e1#"), one, "survey", 2, "names no property"},
		{"two signs", surveyOf("e1#p#q"), one, "survey", 2, "more than one #"},
		{"unknown list", surveyOf("e2#p"), one, "survey", 2, "not declared"},
		{"which list", surveyOf("p"), one + "\n| | e2 | B |", "survey", 2, "does not say which"},
		{"saved twice", surveyOf("p", "p"), one, "survey", 4, "already saved in row 2"},
		{"a save outside", surveyOf("p", "", "", "q"), one, "survey", 2, "cannot take 'q1'"},
		{"two in the survey", surveyOf(), one + "\n| | e2 | B |", "entities", 3, "finds no place"},
	} {
		t.Run(c.name, func(t *testing.T) {
			entities := ""
			if c.entities != "" {
				entities = "| entities |\n" + c.entities + "\n"
			}
			_, err := readEntitiesForm(t, c.survey+entities)
			var list *fault.List
			if !errors.As(err, &list) || len(list.Faults) != 1 {
				t.Fatalf("got %v, want one fault", err)
			}
			f := list.Faults[0]
			if f.Place.Sheet != c.sheet || f.Place.Row != c.row || !strings.Contains(f.Message, c.message) {
				t.Errorf("got %v, want sheet %s, row %d: ...%s...", f, c.sheet, c.row, c.message)
			}
			if f.Remedy == "" {
				t.Errorf("no remedy: %v", f)
			}
		})
	}
}

func TestEntityFaultsComeAllAtOnce(t *testing.T) {
	_, err := readEntitiesForm(t, surveyOf("name", "__p", "a#b#c")+"| entities |\n| | list_name | label |\n| | e1 | A |\n| | e.2 | |\n")
	var list *fault.List
	if !errors.As(err, &list) || len(list.Faults) != 5 {
		t.Errorf("got %v, want five faults", err)
	}
}

// Rows that begin or end a group have no answer to save.
func TestEntitySaveOnGroupRows(t *testing.T) {
	_, err := readEntitiesForm(t, `
| survey |
| | type | name | label | save_to |
| | begin group | g1 | G | a |
| | text | q1 | Q1 | |
| | end group | | | b |
| entities |
| | list_name | label |
| | e1 | A |
`)
	var list *fault.List
	if !errors.As(err, &list) || len(list.Faults) != 2 || list.Faults[0].Place.Row != 2 || list.Faults[1].Place.Row != 4 {
		t.Errorf("got %v, want faults in rows 2 and 4", err)
	}
}
