package definition

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// translations are the columns that people read, by sheet and language.
type translations struct{ survey, choices languageColumns }

// languageColumns are the translatable columns of one sheet.
type languageColumns struct {
	languages []string // in order of columns; "default" for columns without one
	columns   []string // in order of columns
	there     map[[2]string]bool
}

// survey columns that can be translated, by the part of the path that tells them
// apart, with the name that people know.
var surveyTexts = map[string]string{
	"label": "label", "hint": "hint", "guidance_hint": "guidance_hint",
	"image": "image", "big-image": "big-image", "audio": "audio", "video": "video",
	"jr:constraintMsg": "constraint_message", "jr:requiredMsg": "required_message",
}

var choiceTexts = map[string]string{
	"label": "label", "image": "image", "big-image": "big-image", "audio": "audio", "video": "video",
}

// checkTranslations warns of languages that lack a column that others have.
func (r *reader) checkTranslations() {
	r.translations.survey = findLanguages(r.survey, surveyTexts)
	if r.choices != nil {
		r.translations.choices = findLanguages(r.choices, choiceTexts)
	}
	survey, choices := r.translations.survey.missing("survey"), r.translations.choices.missing("choices")
	at := fault.Place{Sheet: "survey", Row: 1}
	if len(survey) == 0 {
		at.Sheet = "choices"
	}
	missing := append(survey, choices...)
	if len(missing) == 0 {
		return
	}
	r.warn(at, "add the columns, or take the language out", "translations are missing: %s", whole(strings.Join(missing, "; ")))
}

func findLanguages(c *columns, texts map[string]string) languageColumns {
	l := languageColumns{there: map[[2]string]bool{}}
	for i := range c.by {
		path := c.by[i].path
		if len(path) > 1 && (path[0] == "media" || path[0] == "bind") {
			path = path[1:]
		}
		if len(path) == 0 || texts[path[0]] == "" {
			continue
		}
		name, language := texts[path[0]], "default"
		if len(path) == 2 {
			language = path[1]
		}
		if !slices.Contains(l.columns, name) {
			l.columns = append(l.columns, name)
		}
		if len(path) > 2 {
			continue
		}
		if !slices.Contains(l.languages, language) {
			l.languages = append(l.languages, language)
		}
		l.there[[2]string{language, name}] = true
	}
	return l
}

// defaultOnly tells that no column names a language.
func (l *languageColumns) defaultOnly() bool {
	return len(l.languages) == 0 || len(l.languages) == 1 && l.languages[0] == "default"
}

// missing says what each language lacks, in words.
func (l *languageColumns) missing(sheet string) []string {
	if l.defaultOnly() {
		return nil
	}
	var lines []string
	for _, language := range slices.Sorted(slices.Values(l.languages)) {
		var lacks []string
		for _, c := range l.columns {
			if !l.there[[2]string{language, c}] {
				lacks = append(lacks, c)
			}
		}
		if len(lacks) > 0 {
			lines = append(lines, fmt.Sprintf("sheet %q has no %s in language %q", sheet, strings.Join(lacks, ", "), language))
		}
	}
	return lines
}

// checkOtherTranslated warns where or_other makes English words in a form that
// has translations.
func (r *reader) checkOtherTranslated() {
	if r.orOther && !(r.translations.survey.defaultOnly() && r.translations.choices.defaultOnly()) {
		r.warn(fault.Place{Sheet: "survey"}, "add the choice and the question yourself, in every language",
			"or_other makes a choice and a question in English, but the form has translations")
	}
}
