package definition

import (
	"fmt"
	"testing"
)

// The outcomes are those of merge_dicts in pyxform 4.5.0 with the default
// language "en".
func TestTextOfColumns(t *testing.T) {
	for _, c := range []struct {
		name   string
		nested bool
		cells  [][2]string
		want   string
	}{
		{"plain", false, [][2]string{{"", "x"}}, "{x []}"},
		{"plain before a language", false, [][2]string{{"", "x"}, {"fr", "y"}}, "{ [{en x} {fr y}]}"},
		{"plain before the default language", false, [][2]string{{"", "x"}, {"en", "y"}}, "{ [{en y}]}"},
		{"plain after a language", false, [][2]string{{"fr", "y"}, {"", "x"}}, "{x []}"},
		{"nested plain after a language", true, [][2]string{{"fr", "y"}, {"", "x"}}, "{ [{fr y} {en x}]}"},
		{"nested plain after the default language", true, [][2]string{{"en", "y"}, {"", "x"}}, "{ [{en y}]}"},
	} {
		var text Text
		for _, cell := range c.cells {
			if c.nested {
				text.setNested(cell[0], cell[1], "en")
			} else {
				text.set(cell[0], cell[1], "en")
			}
		}
		if got := fmt.Sprint(text); got != c.want {
			t.Errorf("%s: %s, wanted %s", c.name, got, c.want)
		}
	}
}

func TestPlainText(t *testing.T) {
	for _, c := range []struct {
		in   string
		fold bool
		want string
	}{
		{"\u2018a\u2019 = \u201cb\u201d", false, `'a' = "b"`},
		{"a  b   c", true, "a b c"},
		{"a  b", false, "a  b"},
		{"\u0643\u0644  \u2014", true, "\u0643\u0644 \u2014"},
		{"", true, ""},
	} {
		if got := plainText(c.in, c.fold); got != c.want {
			t.Errorf("%q becomes %q, wanted %q", c.in, got, c.want)
		}
	}
}

func TestCleaningIsASetting(t *testing.T) {
	rows := survey("type | name | label", "text | a | one  two")
	if got := child(t, sound(t, rows), "a").Label.Plain; got != "one two" {
		t.Errorf("by default %q", got)
	}
	kept := sound(t, rows+sheet("settings", "clean_text_values", "no"))
	if got := child(t, kept, "a").Label.Plain; got != "one  two" {
		t.Errorf("with clean_text_values no %q", got)
	}
}
