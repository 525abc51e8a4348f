package definition

import "testing"

const choicesLM = "| choices |\n| | list_name | name | label | \n| | l | x | X |\n| | l | y | Y |\n| | m | a b | AB |\n"

func TestSelects(t *testing.T) {
	form := sound(t, survey("type | name | label | choice_filter | parameters",
		"select_one l | a | A | | ", "select_multiple l | b | B | name != 'x' | ", "rank l | c | C | | randomize=true seed=${a}",
		"select_one_from_file places.csv | d | D | | value=Code label=Name", "select_one ${a} | e | E | | ",
		"select_multiple_from_file p.geojson | f | F | | randomize=true, seed=42")+choicesLM)
	for _, c := range []struct{ name, typ, tag, itemset string }{
		{"a", "select_one", "select1", "l"}, {"b", "select_multiple", "select", "l"}, {"c", "rank", "odk:rank", "l"},
		{"d", "select_one", "select1", "places.csv"}, {"e", "select_one", "select1", "${a}"}, {"f", "select_multiple", "select", "p.geojson"},
	} {
		if el := child(t, form, c.name); el.Type != c.typ || el.Tag != c.tag || el.Itemset != c.itemset {
			t.Errorf("%s is %s %s %s", c.name, el.Type, el.Tag, el.Itemset)
		}
	}
	c, d := child(t, form, "c"), child(t, form, "d")
	if !c.Randomize || c.Seed != "${a}" || d.ValueRef != "Code" || d.LabelRef != "Name" || child(t, form, "b").ChoiceFilter == "" {
		t.Error("parameters of selects are wrong")
	}
}

func TestSelectsThatAreRejected(t *testing.T) {
	one := func(row string) string {
		return survey("type | name | label | choice_filter | parameters", row) + choicesLM
	}
	rejects(t, []rejection{
		{"no list", one("select_one k | a | A | | "), []string{"survey 2 1: not on the choices sheet"}},
		{"space in a name", one("select_multiple m | a | A | | "), []string{"choices 4 2: has a space"}},
		{"file", one("select_one_from_file a.txt | a | A | | "), []string{"survey 2 1: not the name of a file", "survey 2 1: not on the choices"}},
		{"two extensions", one("select_one_from_file a.b.csv | a | A | | "), []string{"survey 2 1: not the name of a file"}},
		{"filter and other", one("select_one l or_other | a | A | name='x' | "), []string{"survey 2 4: or_other"}},
		{"parameter", one("select_one l | a | A | | value=x"), []string{"survey 2 5: not a parameter"}},
		{"randomize", one("select_one l | a | A | | randomize=yes"), []string{"survey 2 5: randomize"}},
		{"seed alone", one("select_one l | a | A | | seed=1"), []string{"survey 2 5: only with"}},
		{"seed", one("select_one l | a | A | | randomize=true seed=x"), []string{"survey 2 5: not a number"}},
		{"value", one("select_one_from_file a.csv | a | A | | value=1x"), []string{"survey 2 5: not the name of a column"}},
		{"external", one("select_one_external k | a | A | name='x' | "), []string{"survey 2 1: no external_choices"}},
		{"external list", one("select_one_external k | a | A | name='x' | ") + sheet("external_choices", "list_name | name", "l | x"),
			[]string{"survey 2 1: not on the external_choices"}},
	})
}

func TestOrOther(t *testing.T) {
	form := sound(t, survey("type | name | label", "select_one l or_other | a | A")+choicesLM)
	other := child(t, form, "a_other")
	if other.Bind.Get("relevant") != "selected(../a, 'other')" || other.Label.Plain != "Specify other." || !child(t, form, "a").OrOther {
		t.Errorf("%+v", other)
	}
	if l := form.Lists[0].Choices; len(l) != 3 || l[2].Name != "other" || l[2].Label.Plain != "Other" {
		t.Errorf("%+v", l)
	}
	translated := sound(t, survey("type | name | label::French (fr)", "select_one l or_other | a | A")+
		sheet("choices", "list_name | name | label::French (fr)", "l | x | X"))
	if text, ok := translated.Lists[0].Choices[1].Label.In("French (fr)"); !ok || text != "Other" || len(translated.Warnings) != 1 {
		t.Errorf("%+v, warnings %v", translated.Lists[0].Choices, translated.Warnings)
	}
}

func TestSearch(t *testing.T) {
	form := sound(t, survey("type | name | label | appearance", "select_one l | a | A | minimal search('f')")+choicesLM)
	if !form.Lists[0].Search || form.Lists[1].Search {
		t.Error("the list of a search() is not marked")
	}
	rejects(t, []rejection{
		{"shared", survey("type | name | label | appearance", "select_one l | a | A | search('f')", "select_one l | b | B | ") + choicesLM,
			[]string{"survey 2 4: without it by \"b\""}},
		{"file", survey("type | name | label | appearance", "select_one_from_file f.csv | a | A | search('f')"), []string{"survey 2 4: from a file"}},
	})
}

func TestAddNoneOption(t *testing.T) {
	form := sound(t, survey("type | name | label | constraint", "select_multiple l | a | A | . != ''", "select_multiple l | b | B | ", "select_multiple n | c | C | ")+
		choicesLM+"| | n | none | None |\n"+sheet("settings", "add_none_option", "yes"))
	for name, want := range map[string]string{"a": ". != '' and (.='none' or not(selected(., 'none')))", "b": "", "c": ""} {
		if got := child(t, form, name).Bind.Get("constraint"); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
