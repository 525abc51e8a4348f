package definition

import (
	"fmt"
	"testing"
)

func TestTriggers(t *testing.T) {
	form := sound(t, survey("type | name | label | trigger | calculation", "text | a | A | | ", "text | b | B | | ",
		"dateTime | c | C | ${a} , ${b} | now()", "background-geopoint | d | | ${a} | "))
	if got := fmt.Sprint(child(t, form, "c").Triggers, child(t, form, "d").Triggers); got != "[a b] [a]" {
		t.Error(got)
	}
	one := func(trigger, calculation string) string {
		return survey("type | name | label | trigger | calculation", "text | a | A | | ", "begin group | g | G | | ", "text | x | X | | ", "end group | | | | ",
			"background-geopoint | b | | "+trigger+" | "+calculation)
	}
	rejects(t, []rejection{
		{"no reference", one("a", ""), []string{"survey 6 4: not a reference", "survey 6 4: needs a trigger"}},
		{"no comma", one("${a} ${x}", ""), []string{"survey 6 4: need a comma", "survey 6 4: needs a trigger"}},
		{"not there", one("${nobody}", ""), []string{"survey 6 4: nobody"}},
		{"a group", one("${g}", ""), []string{"survey 6 4: no question named \"g\""}},
		{"none", one("", ""), []string{"survey 6 4: needs a trigger"}},
		{"calculation", one("${a}", "1"), []string{"survey 6 5: no \"calculation\""}},
	})
}
