package matter

import (
	"strconv"
	"strings"

	"waymark/referral/rule"
	"waymark/web/page"
)

// Question is a question of the rules as the partial "matter/question" shows it.
type Question struct {
	*rule.Question
	// Partial is the field's: "text", "textarea", "radios", "checkboxes", "select",
	// "selects", "date", "month", "signs", "file", "note".
	Partial string
	Field   *page.Field
	// Rows are several selects of one question.
	Rows []*page.Field
	// Signs are indicators to choose from.
	Signs []Sign
	Said  Said
	Why   Said
	// Source says where the question comes from, or "".
	Source string
}

// Sign is an indicator as a choice with what is known about it.
type Sign struct {
	Value, ID       string
	Text            Said
	Explain, Also   Said
	Source          string
	Checked         page.Tag
	Chosen, Details bool
	Doubt           string
}

// FieldName is the name of the field of a question.
func FieldName(question string) string { return "q-" + question }

// NewForm is a form for questions of the rules, shown for the first time.
func NewForm(r *page.Request) *page.Form { return r.NewForm("matter.form") }

// ReadForm reads a posted form with questions of the rules.
func ReadForm(r *page.Request) (*page.Form, error) { return r.ReadForm("matter.form") }

// Fill puts answers into a form.
func Fill(f *page.Form, questions []*rule.Question, a rule.Answers) {
	for _, q := range questions {
		values, name := a[q.ID], FieldName(q.ID)
		switch {
		case len(values) == 0:
		case q.Kind == rule.DateKind || q.Kind == rule.Month:
			parts := append(strings.SplitN(values[0], "-", 3), "", "")
			f.Set(name+"-year", parts[0])
			f.Set(name+"-month", strings.TrimPrefix(parts[1], "0"))
			f.Set(name+"-day", strings.TrimPrefix(parts[2], "0"))
		default:
			f.Set(name, values...)
		}
	}
}

// Option changes how Show shows a question.
type Option func(*Question, *[]any)

// Heading makes the question the heading of its page.
func Heading(_ *Question, attributes *[]any) {
	*attributes = append(*attributes, "heading", true, "size", "l")
}

// Quiet leaves out that a question need not be answered, where a page says it for all.
func Quiet(_ *Question, attributes *[]any) { *attributes = append(*attributes, "optional", false) }

// Show makes a question ready for its partial.
func (k *Kit) Show(r *page.Request, f *page.Form, q *rule.Question, options ...Option) (*Question, error) {
	p := At(r).Pathway
	v := &Question{Question: q, Said: Say(r, q.Text), Why: Say(r, q.Why)}
	if q.Cite != nil {
		v.Source = Cite(p, *q.Cite)
	}
	hint := Say(r, q.Hint)
	name := FieldName(q.ID)
	attributes := []any{"label", v.Said.Text, "lang", v.Said.Lang, "hint", hint.Text, "optional", !q.Required && q.Kind != rule.Note, "size", "m"}
	add := func(pairs ...any) { attributes = append(attributes, pairs...) }
	v.Partial = "text"
	switch q.Kind {
	case rule.Note:
		v.Partial = "note"
	case rule.Choice:
		v.Partial = "radios"
		add("options", choices(r, q))
	case rule.Choices:
		v.Partial = "checkboxes"
		add("options", choices(r, q))
		if q.Indicators != "" {
			v.Partial, v.Signs = "signs", signs(r, f, p, q)
		}
	case rule.Long, rule.Place:
		v.Partial = "textarea"
		add("rows", map[rule.Kind]int{rule.Long: 6, rule.Place: 3}[q.Kind], "sensitive", true)
	case rule.DateKind:
		v.Partial = "date"
	case rule.Month:
		v.Partial = "month"
	case rule.Number:
		add("inputmode", "numeric", "width", "4", "sensitive", true)
	case rule.Phone:
		add("type", "tel", "sensitive", true, "width", "20")
	case rule.Email:
		add("type", "email", "sensitive", true)
	case rule.Country:
		v.Partial = "select"
		add("options", Countries(r))
	case rule.Language:
		v.Partial = "select"
		add("options", Languages(r))
	case rule.Countries:
		v.Partial = "selects"
	case rule.Files:
		v.Partial = "file"
		add("accept", strings.Join(q.Accept, ","))
	default:
		add("sensitive", true)
	}
	for _, o := range options {
		o(v, &attributes)
	}
	var err error
	if v.Field, err = f.Field(name, attributes...); err != nil {
		return nil, err
	}
	if v.Partial == "selects" {
		v.Rows = selects(r, v.Field, q)
	}
	return v, nil
}

// spare is how many empty selects a question of several offers.
const spare = 2

func selects(r *page.Request, f *page.Field, q *rule.Question) []*page.Field {
	most := q.Max
	if most == 0 {
		most = 10
	}
	var rows []*page.Field
	for i := range min(most, len(f.Values)+spare) {
		row := *f
		row.Hint, row.Errors, row.Options, row.Value, row.Values = "", nil, Countries(r), "", nil
		if i < len(f.Values) {
			row.Value, row.Values = f.Values[i], f.Values[i:i+1]
		}
		row.Label, row.LabelSize, row.Lang, row.Optional, row.Heading = r.Text("matter.nth", "n", i+1), "", "", false, false
		if i > 0 {
			row.ID = f.ID + "-" + strconv.Itoa(i)
		}
		rows = append(rows, &row)
	}
	return rows
}

// choices are the options of a question.
func choices(r *page.Request, q *rule.Question) []page.Option {
	var all []page.Option
	for _, o := range q.Options {
		all = append(all, page.Option{Value: o.Value, Text: Say(r, o.Text).Text, Hint: Say(r, o.Hint).Text})
	}
	return all
}

func signs(r *page.Request, f *page.Form, p *rule.Pathway, q *rule.Question) []Sign {
	var all []Sign
	for i, o := range q.Options {
		s := Sign{Value: o.Value, ID: "f-" + FieldName(q.ID), Text: Say(r, o.Text)}
		if i > 0 {
			s.ID += "-" + strconv.Itoa(i)
		}
		for _, v := range f.Values(FieldName(q.ID)) {
			s.Chosen = s.Chosen || v == o.Value
		}
		if x := o.Indicator; x != nil {
			s.Details, s.Explain, s.Also = true, Say(r, x.Explain), Say(r, x.Also)
			s.Source, s.Checked, s.Doubt = Cite(p, x.Cite), Checked(r, &x.Rule), x.Doubt
		}
		all = append(all, s)
	}
	return all
}
