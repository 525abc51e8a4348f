package brief

import (
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring/instrument"
)

// listedChoices is the most choices of a question that are written out.
const listedChoices = 16

// questionnaire prints the questions with their codes.
func (c *composer) questionnaire() []Section {
	t := &Table{ID: "questionnaire", Caption: c.text("questionnaire.table", lang.Text("title", c.in.Title.In(c.code))), Columns: []TableColumn{
		{Label: c.text("col.name"), HXL: "#meta+question+code"},
		{Label: c.text("col.question"), HXL: "#meta+question+name"},
		{Label: c.text("col.answers"), HXL: "#meta+question+answers"},
	}}
	for i := range c.in.Questions {
		q := &c.in.Questions[i]
		label := q.Label.In(c.code)
		if label == "" {
			continue // filled by the phone, not asked
		}
		t.Rows = append(t.Rows, []Cell{{Text: q.Name, Value: q.Name, Header: true}, {Text: label}, {Text: c.answers(q)}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []Section{{ID: "questionnaire", Title: c.text("questionnaire.title"), Blocks: []Block{c.para("questionnaire.intro"), t}}}
}

// answers says what a question can be answered with.
func (c *composer) answers(q *instrument.Question) string {
	kind, _, _ := strings.Cut(q.Type, " ")
	choices := c.in.Lists[q.List]
	switch {
	case q.List != "" && len(choices) > listedChoices:
		return c.text("answers.many", c.say.Count("n", len(choices)))
	case q.List != "" && len(choices) > 0:
		parts := make([]string, len(choices))
		for i, choice := range choices {
			parts[i] = c.text("answers.choice", lang.Text("label", choice.Label.In(c.code)), lang.Text("code", choice.Name))
		}
		sep := "; "
		if c.say.RTL {
			sep = "؛ "
		}
		text := strings.Join(parts, sep)
		if kind == "select_multiple" {
			return c.text("answers.several", lang.Text("list", text))
		}
		return text
	}
	if key := "answers." + kind; c.say.Has(key) {
		return c.text(key)
	}
	return c.text("answers.text")
}
