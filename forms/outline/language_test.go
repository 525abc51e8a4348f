package outline

import (
	"strings"
	"testing"
)

func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		name, tag string
		rtl       bool
	}{
		{"English (en)", "en", false}, {"French", "fr", false}, {"Arabic (ar)", "ar", true}, {"Dari (prs)", "prs", true}, {"Pashto (ps)", "ps", true},
		{"Urdu (ur)", "ur", true}, {"Farsi (fa)", "fa", true}, {"Arabic", "ar", true}, {"default", "", false}, {"fr", "fr", false},
		{"Kurdish (Sorani) (ckb)", "ckb", true}, {"Latin Urdu (ur-Latn)", "ur-Latn", false}, {"Klingonese", "", false}, {"Português (pt-BR)", "pt-BR", false},
	} {
		if l := languageOf(c.name); l.Tag != c.tag || l.RTL != c.rtl || l.Name != c.name {
			t.Errorf("%s: %+v", c.name, l)
		}
	}
	o := household(t)
	for wanted, want := range map[string]int{"": 0, "en": 0, "AR": 1, "arabic": 1, "Arabic (ar)": 1, "arab": 1} {
		if n, err := o.Language(wanted); n != want || err != nil {
			t.Errorf("%q: %d, %v", wanted, n, err)
		}
	}
	if _, err := o.Language("French"); err == nil || !strings.Contains(err.Error(), "English (en), Arabic (ar)") {
		t.Errorf("French: %v", err)
	}
}
