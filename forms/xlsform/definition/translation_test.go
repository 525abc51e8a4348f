package definition

import (
	"strings"
	"testing"
)

// The counts are those of pyxform 4.5.0: one warning for all missing columns of
// a form, one for all languages without a code.
func TestMissingTranslations(t *testing.T) {
	for _, c := range []struct {
		name, form string
		want       []string
	}{
		{"none", survey("type | name | label", "text | a | A"), nil},
		{"complete", survey("type | name | label::French (fr) | label::English (en)", "text | a | A | A"), nil},
		{"default", survey("type | name | label | label::French (fr)", "text | a | A | A"), nil},
		{"one", survey("type | name | label::French (fr) | hint", "text | a | A | H"), []string{`hint in language "French (fr)"; sheet "survey" has no label in language "default"`}},
		{"message", survey("type | name | label::French (fr) | constraint_message::French (fr) | label::English (en)", "text | a | A | M | A"),
			[]string{`constraint_message in language "English (en)"`}},
		{"choices", survey("type | name | label", "select_one l | a | A") + sheet("choices", "list_name | name | label::French (fr) | image", "l | x | X | i.png"),
			[]string{`sheet "choices" has no image in language "French (fr)"`}},
		{"code", survey("type | name | label::French", "text | a | A"), []string{`"French"`}},
		{"codes", survey("type | name | label::French (french) | label::English (EN) | label::X (zh-Hans)", "text | a | A | A | A"), []string{`"French (french)", "English (EN)"`}},
	} {
		form := sound(t, c.form)
		var got []string
		for _, w := range form.Warnings {
			got = append(got, w.Message)
		}
		if c.name == "one" { // the order of languages is by name
			if len(got) != 1 || !strings.Contains(got[0], `label in language "default"`) || !strings.Contains(got[0], `hint in language "French (fr)"`) {
				t.Errorf("%s: %q", c.name, got)
			}
			continue
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", c.name, got)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], c.want[i]) {
				t.Errorf("%s: %q, wanted %q", c.name, got[i], c.want[i])
			}
		}
	}
}

// pyxform takes a code only if it is a primary subtag of the IANA registry; here
// a whole tag of BCP 47 will do as well.
func TestLanguageCodes(t *testing.T) {
	for name, want := range map[string]bool{
		"French (fr)": true, "Dari (prs)": true, "Pashto (ps)": true, "Chinese (zh-Hans)": true, "Portuguese (pt-BR)": true,
		"French": false, "French (french)": false, "French (FR)": false, "English (eng)": false, "X (xx)": false, "(fr) French": false, "X (zh-Nowhere9)": false,
		"Persian (per)": false, "French (fre)": false, "Own (qaa)": false, "Quechua (quz)": true,
	} {
		if got := hasLanguageCode(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
