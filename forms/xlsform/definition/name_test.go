package definition

import "testing"

// The verdicts are those of is_xml_tag in pyxform 4.5.0.
func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{
		"a": true, "_a": true, "a1": true, "a-b.c_d": true, "ns:a": true, "\u00e9t\u00e9": true, "\u0646\u0627\u0645": true,
		"a\u00b7b": true, "\u540d": true,
		"": false, "1a": false, "-a": false, "a b": false, "a:b:c": false, ":a": false, "a:": false, "a&b": false,
		"\u00c9t\u00e9": false, "a\u00d7b": false, "\u2022": false, "\u0660": true, "a\xff": false, "a\u037eb": false,
	} {
		if got := isName(name); got != want {
			t.Errorf("%q: %v, wanted %v", name, got, want)
		}
	}
}

func TestNamesInTheirGroup(t *testing.T) {
	rejects(t, []rejection{
		{"twice", survey("type | name | label", "text | a | A", "text | a | A"), []string{"survey 3 2: used twice"}},
		{"meta", survey("type | name | label", "text | meta | A"), []string{"survey 2 2: kept for"}},
		{"no name", survey("type | name | label", "text | | A", "begin group | | G", "text | b | B", "end group | | "),
			[]string{"survey 2 2: no name", "survey 3 2: no name"}},
		{"two repeats", survey("type | name | label", "begin repeat | r | R", "text | a | A", "end repeat | | ",
			"begin group | g | G", "begin repeat | r | R", "text | a | A", "end repeat | | ", "end group | | "),
			[]string{"survey 6 2: another repeat"}},
		{"repeat like the root", survey("type | name | label", "begin repeat | data | R", "text | a | A", "end repeat | | "),
			[]string{"survey 2 2: root node"}},
		{"a generated name", survey("type | name | label", "select_one l or_other | a | A", "text | a_other | B") +
			sheet("choices", "list_name | name | label", "l | x | X"), []string{"survey 3 1: comes twice"}},
	})
	form := sound(t, survey("type | name | label", "text | a | A", "text | A | A", "begin group | g | G", "text | a | A", "end group | | "))
	if len(form.Warnings) != 1 || form.Warnings[0].Place.Row != 3 {
		t.Errorf("names that differ in capitals: %v", form.Warnings)
	}
}

func TestNotesNameThemselves(t *testing.T) {
	form := sound(t, survey("type | name | label", "text | a | A", "note | | Hello"))
	if got := names(form.Root); got != "a generated_note_name_3 meta" {
		t.Error(got)
	}
}
