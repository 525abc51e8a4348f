package definition

import (
	"fmt"
	"strings"
	"testing"
)

func TestUnbalancedSections(t *testing.T) {
	rejects(t, []rejection{
		{"no end", survey("type | name | label", "begin group | g | G", "begin repeat | r | R", "text | a | A"),
			[]string{"survey 2 1: begun", "survey 3 1: begun"}},
		{"no begin", survey("type | name | label", "text | a | A", "end group | | "), []string{"survey 3 1: closes nothing"}},
		{"crossed", survey("type | name | label", "begin group | g | G", "begin repeat | r | R", "text | a | A", "end group | | ", "end repeat | | "),
			[]string{"survey 5 1: does not match", "survey 6 1: closes nothing"}},
	})
}

func TestRepeatCount(t *testing.T) {
	form := sound(t, survey("type | name | label | repeat_count",
		"integer | n | N | ", "begin repeat | r | R | ${n}", "text | a | A | ", "end repeat | | | ",
		"begin repeat | s | S | ${n} + 1", "text | b | B | ", "end repeat | | | "))
	if got := names(form.Root); got != "n r s_count s meta" {
		t.Error(got)
	}
	count := child(t, form, "s_count")
	if count.Bind.Get("calculate") != "${n} + 1" || count.Bind.Get("readonly") != "true()" || !count.Implied {
		t.Errorf("%+v", count)
	}
	if child(t, form, "r").Control.Get("jr:count") != "${n}" || child(t, form, "s").Control.Get("jr:count") != "${s_count}" {
		t.Error("the repeats do not point to their counts")
	}
}

func TestTableList(t *testing.T) {
	form := sound(t, survey("type | name | label | appearance",
		"begin group | g | G | table-list w2", "select_one l | a | A | ", "select_one l | b | B | ", "end group | | | ", "select_one l | c | C | ")+
		sheet("choices", "list_name | name | label", "l | x | X"))
	g := child(t, form, "g")
	if got := names(g); got != "generated_table_list_label_2 reserved_name_for_field_list_labels_3 a b" {
		t.Error(got)
	}
	if g.Control.Get("appearance") != "field-list w2" || !g.Label.Empty() || g.Children[0].Label.Plain != "G" {
		t.Errorf("the group is %+v", g)
	}
	if head := g.Children[1]; head.Label.Plain != " " || head.Control.Get("appearance") != "label" || head.Itemset != "l" {
		t.Errorf("the head is %+v", head)
	}
	if g.Children[2].Control.Get("appearance") != "list-nolabel" || child(t, form, "c").Control.Get("appearance") != "" {
		t.Error("the appearances of the rows are wrong")
	}
	rejects(t, []rejection{{"two lists", survey("type | name | label | appearance",
		"begin group | g | G | table-list", "select_one l | a | A | ", "select_one k | b | B | ", "end group | | | ") +
		sheet("choices", "list_name | name | label", "l | x | X", "k | x | X"), []string{"survey 4 1: different lists"}}})
}

func TestRepeatWithoutLabel(t *testing.T) {
	form := sound(t, survey("type | name | label", "begin repeat | r | ", "text | a | A", "end repeat | | "))
	if len(form.Warnings) != 1 {
		t.Errorf("%v", form.Warnings)
	}
}

func TestRowsThatAreNotRead(t *testing.T) {
	form := sound(t, survey("type | name | label | disabled | hint", "text | a | A | yes | ", "text | b | B | no | ", " | | | | a remark"))
	var at []string
	for _, w := range form.Warnings {
		at = append(at, fmt.Sprint(w.Place.Row))
	}
	if names(form.Root) != "b meta" || strings.Join(at, " ") != "2 3 4" {
		t.Errorf("%s, warnings at %v", names(form.Root), at)
	}
	rejects(t, []rejection{{"no type", survey("type | name | label", " | a | A"), []string{"survey 2 1: no type"}}})
}

func TestIntentAndFlatColumns(t *testing.T) {
	form := sound(t, survey("type | name | label | intent | flat", "begin group | g | G | org.example.app | ", "text | a | A | x | yes", "end group | | | | ",
		"begin group | h | H | | yes", "text | b | B | | ", "end group | | | | "))
	if child(t, form, "g").Control.Get("intent") != "org.example.app" || child(t, form, "g", "a").Flat || !child(t, form, "h").Flat {
		t.Error("intent and flat are for groups")
	}
}
