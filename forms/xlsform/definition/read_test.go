package definition

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// define reads a form written as markdown tables, and returns it with its
// faults, each as text.
func define(t *testing.T, markdown string) (*Form, []*fault.Fault) {
	t.Helper()
	book, err := workbook.Read([]byte(markdown))
	if err != nil {
		t.Fatalf("the test's own tables cannot be read: %v", err)
	}
	form, err := Read(book, Options{})
	var list *fault.List
	if err != nil && !errors.As(err, &list) {
		t.Fatalf("the error is a %T, not a list of faults", err)
	}
	if list == nil {
		return form, nil
	}
	return form, list.Faults
}

// sound reads a form that must have no faults.
func sound(t *testing.T, markdown string) *Form {
	t.Helper()
	form, faults := define(t, markdown)
	for _, f := range faults {
		t.Errorf("unexpected fault: %v", f)
	}
	return form
}

// survey is a survey sheet alone: a header, then rows, each "a | b | c".
func survey(lines ...string) string {
	return "| survey |\n| | " + strings.Join(lines, " |\n| | ") + " |\n"
}

// sheet adds a sheet to another.
func sheet(name string, lines ...string) string {
	return "| " + name + " |\n| | " + strings.Join(lines, " |\n| | ") + " |\n"
}

// child walks down the tree by names, or fails.
func child(t *testing.T, form *Form, names ...string) *Element {
	t.Helper()
	at := form.Root
next:
	for _, n := range names {
		for _, c := range at.Children {
			if c.Name == n {
				at = c
				continue next
			}
		}
		t.Fatalf("there is no %q under %q", n, at.Name)
	}
	return at
}

// names are the names of an element's children.
func names(el *Element) string {
	var all []string
	for _, c := range el.Children {
		all = append(all, c.Name)
	}
	return strings.Join(all, " ")
}

// rejection is a form that must be rejected: wanted has, for each fault, its
// sheet, row and column ("survey 2 1", or "survey 2" where a column is missing)
// and a piece of its message. pyxform 4.5.0 rejects every one of them.
type rejection struct {
	name, form string
	wanted     []string
}

func rejects(t *testing.T, cases []rejection) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, faults := define(t, c.form)
			if len(faults) != len(c.wanted) {
				t.Errorf("%d faults, wanted %d: %v", len(faults), len(c.wanted), faults)
			}
			for i := range min(len(faults), len(c.wanted)) {
				place, message, _ := strings.Cut(c.wanted[i], ": ")
				f := faults[i]
				at := fmt.Sprintf("%s %d", f.Place.Sheet, f.Place.Row)
				if f.Place.Column > 0 {
					at += fmt.Sprintf(" %d", f.Place.Column)
				}
				if at != place || !strings.Contains(f.Message, message) {
					t.Errorf("fault %d is at %s: %s, wanted %s: %s", i, at, f.Message, place, message)
				}
				if f.Remedy == "" {
					t.Errorf("%q has no remedy", f.Message)
				}
			}
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	rejects(t, []rejection{{"five", survey("type | name | label | relevant",
		"begin group | g | G | ${nowhere} = 1",
		"selec_one yes_no | a | A |",
		"text | 1b | B |",
		"text | c | C |",
		"text | c | C | ${unclosed",
		"end group | | |"),
		[]string{"survey 2 4: nowhere", "survey 3 1: selec_one yes_no", "survey 4 2: 1b", "survey 6 2: used twice", "survey 6 4: not finished"}}})
}

func TestSuggestions(t *testing.T) {
	_, faults := define(t, survey("type | name | label | relevant",
		"selec_one yes_no | a | A |", "intger | b | B |", "text | c | C | ${bb} = 1", "select_one yesno | d | D | ", "text | d d | D |", "text | 1 | D |")+
		sheet("choices", "list_name | name | label", "yes_no | y | Yes"))
	for i, want := range []string{"write select_one yes_no", "write integer", "write ${b}", "write yes_no", "write d_d", "write _1"} {
		if i >= len(faults) || !strings.Contains(faults[i].Remedy, want) {
			t.Errorf("fault %d does not suggest %q: %v", i, want, faults)
		}
	}
}

func TestFormIsReturnedBesideFaults(t *testing.T) {
	form, faults := define(t, survey("type | name | label", "text | a | A", "nonsense | b | B"))
	if len(faults) != 1 || names(form.Root) != "a b meta" {
		t.Errorf("%d faults and %q", len(faults), names(form.Root))
	}
}

func TestFaultsAreBounded(t *testing.T) {
	rows := []string{"type | name | label"}
	for i := range maxFaults + 50 {
		rows = append(rows, fmt.Sprintf("nonsense | q%d | Q", i))
	}
	book, err := workbook.Read([]byte(survey(rows...)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(book, Options{})
	var list *fault.List
	if !errors.As(err, &list) || len(list.Faults) != maxFaults || list.Dropped != 50 {
		t.Errorf("kept and dropped faults are wrong: %d, %d", len(list.Faults), list.Dropped)
	}
}

func TestFormName(t *testing.T) {
	book, err := workbook.Read([]byte(survey("type | name | label", "text | a | A")))
	if err != nil {
		t.Fatal(err)
	}
	if form, err := Read(book, Options{Name: "round_1"}); err != nil || form.Root.Name != "round_1" {
		t.Errorf("the root is not round_1: %v", err)
	}
	if _, err := Read(book, Options{Name: "round 1"}); err == nil {
		t.Error("a name with a space is accepted")
	}
}

func TestMisspelledSheets(t *testing.T) {
	rejects(t, []rejection{
		{"survey", sheet("surveys", "type | name | label", "text | a | A") + sheet("other", "x", "y"), []string{"survey 0: no survey sheet"}},
		{"choices", survey("type | name | label", "select_one l | a | A") + sheet("chioces", "list_name | name | label", "l | x | X"),
			[]string{"survey 2 1: no choices sheet"}},
	})
	form := sound(t, survey("type | name | label", "text | a | A")+sheet("setings", "form_title", "T")+sheet("_entity", "x", "y"))
	if len(form.Warnings) != 1 || !strings.Contains(form.Warnings[0].Message, "setings") {
		t.Errorf("warnings: %v", form.Warnings)
	}
}

func TestDeepNesting(t *testing.T) {
	rows := []string{"type | name | label"}
	const deep = 1000
	for i := range deep {
		rows = append(rows, fmt.Sprintf("begin group | g%d | G", i))
	}
	for range deep {
		rows = append(rows, "end group | | ")
	}
	if _, faults := define(t, survey(rows...)); len(faults) != 1 || !strings.Contains(faults[0].Message, "500 groups") {
		t.Errorf("%v", faults)
	}
}
