package definition

import (
	"fmt"
	"testing"
)

const tickLists = "| choices |\n| | list_name | name | label |\n| | ok | 1 | One |\n| | ok | 3 | Three |\n| | ends | 1 | Low |\n| | ends | 10 | High |\n| | words | a | A |\n| | far | 11 | F |\n| | off | 2 | T |\n"

func TestRange(t *testing.T) {
	form := sound(t, survey("type | name | label | parameters | appearance",
		"range | a | A | | ", "range | b | B | start=0 end=5 step=0.5 tick_interval=1 placeholder=2.5 | vertical",
		"range | c | C | step=2 placeholder=3 tick_labelset=ok start=1 end=9 | ", "range | d | D | tick_labelset=ends | no-ticks",
		"range | e | E | start=5 end=-5 step=1.0 | ")+tickLists)
	for name, want := range map[string]string{
		"a": "int [{start 1} {end 10} {step 1}]",
		"b": "decimal [{appearance vertical} {start 0} {end 5} {step 0.5} {odk:tick-interval 1} {odk:placeholder 2.5}]",
		"c": "int [{step 2} {start 1} {end 9} {odk:placeholder 3}]",
		"d": "int [{appearance no-ticks} {start 1} {end 10} {step 1}]",
		"e": "int [{start 5} {end -5} {step 1.0}]",
	} {
		el := child(t, form, name)
		if got := fmt.Sprint(el.Bind.Get("type"), " ", el.Control); got != want {
			t.Errorf("%s is %s, wanted %s", name, got, want)
		}
	}
	if child(t, form, "c").Itemset != "ok" {
		t.Error("the labels are lost")
	}
}

func TestRangesThatAreRejected(t *testing.T) {
	var cases []rejection
	for parameters, message := range map[string]string{
		"start=x":                           `"start" is "x"`,
		"end=1e5000":                        `"end" is`,
		"step=0":                            `"step" must not be 0`,
		"step=10":                           `"step" is larger`,
		"tick_interval=0":                   `"tick_interval" must not`,
		"tick_interval=12":                  `"tick_interval" is larger`,
		"step=2 end=9 tick_interval=3":      `"tick_interval" is not a multiple`,
		"placeholder=1.5":                   "not on a step",
		"placeholder=11":                    "not between",
		"tick_labelset=none":                "not on the choices",
		"tick_labelset=words":               "is not a number",
		"tick_labelset=far":                 "is not between",
		"tick_labelset=off step=3":          "multiple of step",
		"tick_labelset=off tick_interval=3": "multiple of tick_interval",
		"ticks=3":                           `"ticks"`,
	} {
		cases = append(cases, rejection{parameters, survey("type | name | label | parameters", "range | a | A | "+parameters) + tickLists, []string{"survey 2 4: " + message}})
	}
	cases = append(cases, rejection{"appearance", survey("type | name | label | parameters | appearance", "range | a | A | placeholder=2 | picker"),
		[]string{"survey 2 4: do not go with"}},
		rejection{"no ticks", survey("type | name | label | parameters | appearance", "range | a | A | tick_labelset=ok | no-ticks") + tickLists,
			[]string{"survey 2 4: start and end"}})
	rejects(t, cases)
}
