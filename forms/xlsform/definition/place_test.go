package definition

import "testing"

func TestPlaceOf(t *testing.T) {
	form := sound(t, survey("type | name | label::French (fr) | Relevance | repeat_count", "text | a | A | 1 = 1 | ", "begin repeat | r | R | | 3", "text | b | B | | ", "end repeat | | | | ")+choicesLM)
	a, r := child(t, form, "a"), child(t, form, "r")
	for want, got := range map[string]string{
		`sheet "survey", row 2, column 4, "Relevance"`:          form.PlaceOf(a, "relevant").String(),
		`sheet "survey", row 2, column 3, "label::French (fr)"`: form.PlaceOf(a, "label").String(),
		`sheet "survey", row 2, column 4, "Relevance" `:         form.PlaceOf(a, "relevance").String() + " ",
		`sheet "survey", row 2, "hint"`:                         form.PlaceOf(a, "hint").String(),
		`sheet "survey", row 3, column 5, "repeat_count"`:       form.PlaceOf(r, "jr:count").String(),
		`sheet "choices", row 3, column 2, "name"`:              form.PlaceOfChoice(&form.Lists[0].Choices[1], "name").String(),
	} {
		if got != want {
			t.Errorf("%s, wanted %s", got, want)
		}
	}
}
