package definition

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"waymark/internal/fault"
)

// checkLanguages warns of languages without a code that a program can read, such
// as "French" for "French (fr)".
func (r *reader) checkLanguages() {
	found := languageUse{form: r.form, seen: map[string]bool{"default": true}}
	for _, l := range r.form.Lists {
		if l.NeedsItext {
			for i := range l.Choices {
				found.text(&l.Choices[i].Label, true)
				found.media(l.Choices[i].Media)
			}
		}
	}
	found.element(r.form.Root)
	if len(found.bad) > 0 {
		r.warn(r.headerOf(found.bad[0]), "write the code of the language in round brackets, such as French (fr)",
			"these languages have no code, or none that is known: %s", quoted(found.bad))
	}
}

// headerOf is the place of the first header that names a language, or of the
// settings if it is the default one.
func (r *reader) headerOf(language string) fault.Place {
	for _, c := range []*columns{r.survey, r.choices} {
		if c == nil {
			continue
		}
		for i := range c.by {
			if c.by[i].language == language {
				return c.place(1, i)
			}
		}
	}
	return r.settingPlace("default_language")
}

// languageUse collects the languages that the form's texts are in.
type languageUse struct {
	form *Form
	seen map[string]bool
	bad  []string
}

// text notes a text's languages. A text without one is in the default language
// if it is kept apart from the body (itext).
func (u *languageUse) text(t *Text, itext bool) {
	for i := range t.ByLanguage {
		u.note(t.ByLanguage[i].Language)
	}
	if itext && t.Plain != "" {
		u.note(u.form.DefaultLanguage)
	}
}

func (u *languageUse) media(media []Medium) {
	for i := range media {
		u.text(&media[i].File, true)
	}
}

func (u *languageUse) element(el *Element) {
	if el.Kind == External {
		return // a file is not shown
	}
	u.text(&el.Label, len(el.Media) > 0)
	u.text(&el.Hint, !el.Guidance.Empty())
	u.text(&el.Guidance, true)
	u.text(&el.ConstraintMessage, HasReference(el.ConstraintMessage.Plain))
	u.text(&el.RequiredMessage, HasReference(el.RequiredMessage.Plain))
	u.text(&el.NoAppErrorMsg, false)
	u.media(el.Media)
	for _, child := range el.Children {
		u.element(child)
	}
}

func (u *languageUse) note(name string) {
	if u.seen[name] {
		return
	}
	u.seen[name] = true
	if utf8.RuneCountInString(name) >= 3 && !hasLanguageCode(name) {
		u.bad = append(u.bad, name)
	}
}

// hasLanguageCode tells whether a language's name ends in a code of BCP 47 in
// round brackets: "French (fr)", "Chinese (zh-Hans)".
func hasLanguageCode(name string) bool {
	open := strings.IndexByte(name, '(')
	if open < 0 || !strings.HasSuffix(name, ")") {
		return false
	}
	code := name[open+1 : len(name)-1]
	base, rest, _ := strings.Cut(code, "-")
	known, err := language.ParseBase(base)
	if err != nil || known.String() != base || bibliographic[base] || isPrivate(base) {
		return false
	}
	if rest == "" {
		return base == code
	}
	_, err = language.Parse(code)
	return err == nil
}

// bibliographic are the codes of ISO 639-2/B, for libraries. They are not codes
// of BCP 47, which has a shorter one for each: fr, not fre.
var bibliographic = set("alb", "arm", "baq", "bur", "chi", "cze", "dut", "fre", "geo", "ger",
	"gre", "ice", "mac", "mao", "may", "per", "rum", "slo", "tib", "wel")

// isPrivate tells whether a code is from qaa to qtz, which stand for no language.
func isPrivate(code string) bool {
	return len(code) == 3 && code[0] == 'q' && code[1] <= 't'
}
