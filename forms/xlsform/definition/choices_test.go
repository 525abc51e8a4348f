package definition

import (
	"fmt"
	"testing"
)

func TestChoices(t *testing.T) {
	form := sound(t, survey("type | name | label", "select_one l | a | A", "select_one m | b | B", "select_one n | c | C", "select_one o | d | D")+
		sheet("choices", "list name | name | label | label::French (fr) | image | R\u00c9GION | my notes | 2020",
			"l | x | X | Xf | | north | n1 | 1", "m | y | Y | | y.png | | n2 | ", " | z | Z | | | | | ", "l | w | W | | | | | ", "n | v | ${a} | | | | | ", "o | u | U | | | | | "))
	l := form.Lists[0]
	if len(form.Lists) != 4 || len(l.Choices) != 2 || l.Choices[1].Row != 5 {
		t.Fatalf("%d lists, %+v", len(form.Lists), l)
	}
	if got := fmt.Sprint(l.Choices[0]); got != "{x { [{default X} {French (fr) Xf}]} [] [{R\u00c9GION north}] 2}" {
		t.Error(got)
	}
	for i, want := range []bool{true, true, true, false} {
		if form.Lists[i].NeedsItext != want {
			t.Errorf("list %s: NeedsItext is %v", form.Lists[i].Name, !want)
		}
	}
	// One warning for each column and choice that is left out, one for missing
	// translations.
	if len(form.Warnings) != 4 || form.Warnings[0].Place.Column != 7 || form.Warnings[1].Place.Column != 8 {
		t.Errorf("%v", form.Warnings)
	}
}

func TestChoicesThatAreRejected(t *testing.T) {
	q := survey("type | name | label", "select_one l | a | A")
	rejects(t, []rejection{
		{"twice", q + sheet("choices", "list_name | name | label", "l | x | X", "l | x | Y", "m | x | X"), []string{"choices 3 2: twice"}},
		{"no name", q + sheet("choices", "list_name | name | label", "l | | X", "l | y | Y"), []string{"choices 2 2: no name"}},
		{"no column", q + sheet("choices", "list_name | nam | label", "l | x | X"), []string{"choices 1: no column", "choices 2: no name"}},
	})
	allowed := sound(t, q+sheet("choices", "list_name | name | label", "l | x | X", "l | x | Y")+sheet("settings", "allow_choice_duplicates", "yes"))
	if len(allowed.Lists[0].Choices) != 2 {
		t.Error("a choice is lost")
	}
	bare := sound(t, q+sheet("choices", "list_name | name", "l | x"))
	if len(bare.Warnings) != 1 {
		t.Errorf("a choice without a label: %v", bare.Warnings)
	}
}

func TestExternalChoices(t *testing.T) {
	form := sound(t, survey("type | name | label | choice_filter", "text | s | S | ", "select_one_external city | c | C | state=${s}")+
		sheet("external_choices", "list_name | name | state", "city | x | a", "city | y | ", "town | | b"))
	if got := fmt.Sprint(form.ExternalRows); got != "[[list_name name state] [city x a] [city y ] [town  b]]" {
		t.Error(got)
	}
	if len(form.External) != 2 || len(form.External[0].Choices) != 2 {
		t.Errorf("%+v", form.External)
	}
}

func TestOSMTags(t *testing.T) {
	form := sound(t, survey("type | name | label", "osm building | a | A", "osm | b | B")+
		sheet("osm", "list_name | name | label", "building | name | Name", "building | levels | Levels"))
	a := child(t, form, "a")
	if len(a.Tags) != 2 || a.Tags[1].Name != "levels" || a.Control.Get("mediatype") != "osm/*" || len(child(t, form, "b").Tags) != 0 {
		t.Errorf("%+v", a)
	}
	rejects(t, []rejection{{"no list", survey("type | name | label", "osm road | a | A") + sheet("osm", "list_name | name | label", "building | n | N"),
		[]string{"survey 2 1: not on the osm sheet"}}})
}
