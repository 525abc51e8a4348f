package lint

import (
	"strings"

	"waymark/forms/xlsform/definition"
)

var choiceLabelDuplicate = Rule{
	ID: "choice-label-duplicate", Severity: Warning,
	Finds:  "two choices of one list that read the same in one language",
	Why:    "a person cannot tell which of them to choose, and both are half counted",
	Source: "ODK documentation, Select widgets: labels are what people choose by",
	check: func(q *questionnaire, report report) {
		type key struct{ language, text string }
		for _, l := range q.form.Lists {
			first := map[key][]*definition.Choice{}
			for i := range l.Choices {
				c := &l.Choices[i]
				for _, tr := range translations(c.Label) {
					k := key{tr.Language, strings.ToLower(strings.Join(strings.Fields(tr.Text), " "))}
					if k.text == "" || k.text == "-" {
						continue
					}
					if other := likeIn(first[k], c); other != nil {
						report(q.placeIn("choices", c.Row, "label", tr.Language), "say what sets it apart, or remove one",
							"choices %q and %q of list %q both read %q%s", other.Name, c.Name, l.Name, tr.Text, inLanguage(tr.Language))
						continue
					}
					first[k] = append(first[k], c)
				}
			}
		}
	},
}

// likeIn returns a choice among those that read the same which a choice filter
// cannot set apart, or nil. It looks at few, so that a list of thousands of
// places with one name stays cheap.
func likeIn(same []*definition.Choice, c *definition.Choice) *definition.Choice {
	for i, other := range same {
		if i == 20 {
			return nil
		}
		if other.Name != c.Name && !differ(other, c) {
			return other
		}
	}
	return nil
}

// translations are the texts of a label, one without a language under "".
func translations(t definition.Text) []definition.Translation {
	if len(t.ByLanguage) > 0 {
		return t.ByLanguage
	}
	if t.Plain == "" {
		return nil
	}
	return []definition.Translation{{Text: t.Plain}}
}

func inLanguage(language string) string {
	if language == "" || language == "default" {
		return ""
	}
	return " in " + language
}
