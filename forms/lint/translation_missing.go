package lint

import (
	"fmt"
	"strings"

	"waymark/forms/xlsform/definition"
)

var translationMissing = Rule{
	ID: "translation-missing", Severity: Warning,
	Finds:  "texts that are there in one language and missing in another",
	Why:    "people see a dash or another language in the middle of an interview",
	Source: "XLSForm, Multiple language support",
	check: func(q *questionnaire, report report) {
		if len(q.languages) < 2 {
			return
		}
		gaps := &gaps{rows: map[gap][]int{}}
		for _, r := range q.rows {
			gaps.look(q, "survey", "label", r.Place.Row, r.Label)
			gaps.look(q, "survey", "hint", r.Place.Row, r.Hint)
			gaps.look(q, "survey", "guidance_hint", r.Place.Row, r.Guidance)
			gaps.look(q, "survey", "constraint_message", r.Place.Row, r.ConstraintMessage)
			gaps.look(q, "survey", "required_message", r.Place.Row, r.RequiredMessage)
			for _, m := range r.Media {
				gaps.look(q, "survey", m.Kind, r.Place.Row, m.File)
			}
		}
		for _, l := range q.form.Lists {
			for _, c := range l.Choices {
				gaps.look(q, "choices", "label", c.Row, c.Label)
				for _, m := range c.Media {
					gaps.look(q, "choices", m.Kind, c.Row, m.File)
				}
			}
		}
		for _, g := range gaps.order {
			rows := gaps.rows[g]
			report(q.placeIn(g.sheet, rows[0], g.column, g.language), "translate it, or take the language out of the form",
				"there is no %s in %s in %s", g.column, g.language, inRows(rows))
		}
	},
}

// gap is a column of texts in a language.
type gap struct{ sheet, column, language string }

// gaps are the rows in which texts are missing, by column and language.
type gaps struct {
	order []gap
	rows  map[gap][]int
}

func (g *gaps) look(q *questionnaire, sheet, column string, number int, t definition.Text) {
	if len(t.ByLanguage) == 0 || len(t.ByLanguage) == len(q.languages) {
		return
	}
	for _, language := range q.languages {
		if text, ok := t.In(language); ok && text != "" {
			continue
		}
		k := gap{sheet, column, language}
		if g.rows[k] == nil {
			g.order = append(g.order, k)
		}
		g.rows[k] = append(g.rows[k], number)
	}
}

// inRows writes row numbers for a person, the first ten of them.
func inRows(rows []int) string {
	if len(rows) == 1 {
		return fmt.Sprintf("row %d", rows[0])
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows: ", len(rows))
	for i, r := range rows {
		if i == 10 {
			b.WriteString(" and others")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d", r)
	}
	return b.String()
}
