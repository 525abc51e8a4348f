package instrument

import (
	"regexp"
	"strings"
	"testing"
)

// latinToken finds what stays in Latin letters and digits in any script:
// references, codes such as E07 and P01, and the emergency number as dialled.
var latinToken = regexp.MustCompile(`\$\{[^}]*\}|[A-Z][0-9]+|\bE\b|\b112\b`)

// letters are signs that a language's own spelling does not have. They look
// like, or are typed for, another sign, so that search and screen readers fail.
// Source: the Unicode Standard, chapter 9.2, on Arabic, Persian, Urdu and Pashto.
var letters = map[string]struct{ wrong, why string }{
	"ar":  {"یکگچپژھہېۍټډړښګ", "letters of Persian, Urdu or Pashto"},
	"prs": {"يكىةھہېۍټډړښګ", "Arabic yeh or kaf, or letters of Urdu or Pashto"},
	"fa":  {"يكىةھہېۍټډړښګ", "Arabic yeh or kaf, or letters of Urdu or Pashto"},
	"ps":  {"كىةھہگے", "Arabic kaf, or letters of Persian or Urdu"},
	"ur":  {"يكىةهېۍټډړښګ", "Arabic yeh, kaf or heh, or letters of Pashto"},
}

// TestBuiltinScripts holds the texts of right-to-left languages to their own
// letters, digits and signs. Digits: CLDR's default numbering system of each
// language is latn for ur and arabext for fa, prs and ps; Arabic here uses
// European digits, as the Maghreb and most survey forms do.
func TestBuiltinScripts(t *testing.T) {
	for _, id := range Builtin() {
		list, _, err := Translations(id)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		for _, x := range list {
			if !rightToLeft[x.Language] {
				continue
			}
			seen[x.Language]++
			text := latinToken.ReplaceAllString(x.Text, "")
			fail := func(why string) {
				t.Errorf("%s: %s of %s in %s has %s: %q", id, x.Column, x.Name, x.Language, why, x.Text)
			}
			if strings.ContainsAny(text, letters[x.Language].wrong) {
				fail(letters[x.Language].why)
			}
			if strings.ContainsAny(text, "?,;") {
				fail("a Latin question mark, comma or semicolon")
			}
			if x.Language == "ur" && strings.Contains(text, ".") {
				fail("a Latin full stop")
			}
			latin, persian := "0123456789", "۰۱۲۳۴۵۶۷۸۹"
			if x.Language == "ar" || x.Language == "ur" {
				latin, persian = persian, latin
			}
			if strings.ContainsAny(text, latin) || strings.ContainsAny(text, "٠١٢٣٤٥٦٧٨٩") {
				fail("digits of another convention than " + persian)
			}
		}
		for _, language := range []string{"ar", "prs", "ps", "ur", "fa"} {
			if seen[language] < 300 {
				t.Errorf("%s has %d texts in %s", id, seen[language], language)
			}
		}
	}
}
