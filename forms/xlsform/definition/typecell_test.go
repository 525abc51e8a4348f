package definition

import (
	"fmt"
	"testing"
)

// The outcomes are those of the patterns at the head of pyxform's xls2json.
func TestParseSelect(t *testing.T) {
	for in, want := range map[string]string{
		"select_one yes_no":                  "select_one yes_no false",
		"select one yes_no":                  "select_one yes_no false",
		"select1 yes_no":                     "select_one yes_no false",
		"select_multiple l or_other":         "select_multiple l true",
		"select all that apply from l":       "select_multiple l false",
		"select one from l or specify other": "select_one l true",
		"select_one or_other":                "select_one or_other false",
		"select_one l or other":              "select_one l true",
		"select one from file c.csv":         "select_one c.csv false",
		"select_one_external l":              "select_one_external l false",
		"rank l":                             "rank l false",
		"select_one ${q}":                    "select_one ${q} false",
		"select_one":                         "",
		"select_one  l":                      "",
		"select_one a b":                     "",
		"Select_one l":                       "",
		"select_one l\tm":                    "",
		"select_one l\u3000m":                "",
		"text":                               "",
	} {
		got := ""
		if s, ok := parseSelect(in); ok {
			got = fmt.Sprint(s.kind, " ", s.list, " ", s.other)
		}
		if got != want {
			t.Errorf("%q is %q, wanted %q", in, got, want)
		}
	}
}

func TestParseBeginAndEnd(t *testing.T) {
	for in, want := range map[string]string{
		"begin group": "group", "begin_group": "group", "begin lgroup": "repeat", "begin looped group": "repeat",
		"begin repeat": "repeat", "begin loop over l": "loop l", "begin loop l": "loop l", "begin group x": "group x",
		"begin\tgroup": "group", "begin\nrepeat": "repeat",
		"begin  group": "", "begin group a b": "", "begingroup": "", "begin": "", "beginning group": "",
	} {
		kind, list, ok := parseBegin(in)
		got := kind
		if list != "" {
			got += " " + list
		}
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q is %q, wanted %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"end group": "group", "end_repeat": "repeat", "end lgroup": "repeat", "end loop": "loop", "end\tloop": "loop", "end": "", "end group x": ""} {
		if kind, _ := parseEnd(in); kind != want {
			t.Errorf("%q is %q, wanted %q", in, kind, want)
		}
	}
}
