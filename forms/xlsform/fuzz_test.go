package xlsform

import (
	"testing"

	"waymark/forms/xlsform/workbook"
)

// FuzzCompile holds that whatever a workbook says is either rejected with
// faults or becomes a well-formed document, the same each time.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"| survey | | |\n| | type | name | label |\n| | text | a | A ${a} |\n",
		"| survey | | | | | |\n| | type | name | label::English (en) | label::French (fr) | image |\n| | begin repeat | r | R | | a.png |\n| | select_one l | a | instance('l')/root/item[name = ${a}]/label | | |\n| | end repeat | | | | |\n| choices | | | |\n| | list_name | name | label | x |\n| | l | 1 | one | y |\n",
		"| survey | | | | | |\n| | type | name | label | calculation | bind::b:c |\n| | calculate | a | | indexed-repeat(${a}, ${r}, ${a}) + pulldata('f', 'a', 'b', ${last-saved#a}) | ${a} |\n| | begin group | r | | | |\n| | end group | | | | |\n| settings | | | |\n| | namespaces | attribute::x | style |\n| | b=\"c\" | 1 | pages |\n",
		"| survey | | | | |\n| | type | name | label | appearance |\n| | select_one l | a | A | search('f') |\n| | select_one_from_file f.csv | b | B | |\n| | select_one ${a} | c | C | |\n| choices | | | |\n| | list_name | name | label |\n| | l | 1 | ${a} |\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		if len(markdown) > 1<<14 {
			return
		}
		book, err := workbook.Read([]byte(markdown))
		if err != nil {
			return
		}
		result, err := Compile(book, Options{})
		if err != nil {
			if err.Error() == "" {
				t.Error("a fault without words")
			}
			return
		}
		parse(t, result.XForm)
		again, err := Compile(book, Options{})
		if err != nil || string(again.XForm) != string(result.XForm) {
			t.Error("a second compilation gave another document")
		}
	})
}
