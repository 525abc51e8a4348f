package lint

import (
	"slices"
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// questionnaire is a form with what the rules ask of it again and again.
type questionnaire struct {
	book *workbook.Workbook
	form *definition.Form
	// rows are the elements that a row of the survey sheet defines, in order.
	rows []*row
	// others are the formulas of the settings and entities sheets.
	others []*expression
	// byName finds a row by its name, the first where several have it.
	byName map[string]*row
	lists  map[string]*definition.List
	// names are the choices of each list, made when first asked for.
	names map[*definition.List]map[string]bool
	// languages are those that any text is written in, in order of appearance.
	languages []string
}

// row is one element of the survey with its place in the order of questions.
type row struct {
	*definition.Element
	index  int
	parent *row // nil at the top
	exprs  []*expression
}

// newQuestionnaire walks the form once. Elements that no row defines (meta,
// or_other's text, repeat counts) are left out, as are the copies that a loop
// makes of a row.
func newQuestionnaire(book *workbook.Workbook, form *definition.Form) *questionnaire {
	q := &questionnaire{book: book, form: form, byName: map[string]*row{}, lists: map[string]*definition.List{}, names: map[*definition.List]map[string]bool{}}
	for _, l := range form.Lists {
		q.lists[l.Name] = l
	}
	seen := map[int]bool{}
	var walk func(e *definition.Element, parent *row)
	walk = func(e *definition.Element, parent *row) {
		for _, c := range e.Children {
			at := parent
			if !c.Implied && c.Place.Row > 0 && !seen[c.Place.Row] {
				seen[c.Place.Row] = true
				r := &row{Element: c, index: len(q.rows), parent: parent}
				q.rows = append(q.rows, r)
				if q.byName[c.Name] == nil {
					q.byName[c.Name] = r
				}
				at = r
			}
			walk(c, at)
		}
	}
	walk(form.Root, nil)
	slices.SortStableFunc(q.rows, func(a, b *row) int { return a.Place.Row - b.Place.Row })
	for i, r := range q.rows {
		r.index = i
		r.exprs = q.expressions(r)
		q.noteLanguages(r.Label, r.Hint, r.Guidance, r.ConstraintMessage, r.RequiredMessage)
	}
	q.others = q.otherExpressions()
	for _, l := range form.Lists {
		for _, c := range l.Choices {
			q.noteLanguages(c.Label)
		}
	}
	return q
}

func (q *questionnaire) noteLanguages(texts ...definition.Text) {
	for _, t := range texts {
		for _, tr := range t.ByLanguage {
			if !slices.Contains(q.languages, tr.Language) {
				q.languages = append(q.languages, tr.Language)
			}
		}
	}
}

// aliases are other headers for the columns that rules point to.
var aliases = map[string][]string{
	"label":              {"caption"},
	"relevant":           {"relevance", "bind::relevant"},
	"constraint":         {"bind::constraint"},
	"calculation":        {"calculate", "bind::calculate"},
	"required":           {"bind::required"},
	"read_only":          {"readonly", "bind::readonly"},
	"constraint_message": {"constraining_message", "bind::jr:constraintmsg", "jr:constraintmsg"},
	"required_message":   {"requiredmsg", "jr:requiredmsg", "bind::jr:requiredmsg"},
	"name":               {"value"},
	"type":               {"command"},
	"repeat_count":       {"count", "jr:count"},
	"form_id":            {"id_string"},
	"form_title":         {"title"},
	"list_name":          {"list name"},
}

// column returns the index of a column of a sheet by its name or an alias, with
// any language, or -1.
func (q *questionnaire) column(sheet, name string) int { return q.columnIn(sheet, name, "") }

// columnIn is column for one language; an empty language means any.
func (q *questionnaire) columnIn(sheet, name, language string) int {
	s := q.book.Sheet(sheet)
	if s == nil {
		return -1
	}
	for i, head := range s.Header {
		base, lang := splitHeader(head)
		if base != name && !slices.Contains(aliases[name], base) {
			continue
		}
		if language == "" || strings.EqualFold(lang, language) || lang == "" && language == q.form.DefaultLanguage {
			return i
		}
	}
	return -1
}

// splitHeader parts a header into the column's name and the language.
func splitHeader(head string) (name, language string) {
	name, language, found := strings.Cut(head, "::")
	if !found && !strings.Contains(head, "jr:") {
		name, language, _ = strings.Cut(head, ":")
	}
	base := strings.ToLower(strings.Join(strings.Fields(name), "_"))
	switch base {
	case "bind", "control", "body", "media", "instance":
		inner, lang, _ := strings.Cut(language, "::")
		if base == "media" {
			return strings.ToLower(strings.TrimSpace(inner)), strings.TrimSpace(lang)
		}
		return base + "::" + strings.ToLower(strings.TrimSpace(inner)), strings.TrimSpace(lang)
	}
	return base, strings.TrimSpace(language)
}

// place is the cell of a column in a row of a sheet; without such a column it
// is the row with the column's name.
func (q *questionnaire) place(sheet string, number int, column string) fault.Place {
	return q.placeIn(sheet, number, column, "")
}

func (q *questionnaire) placeIn(sheet string, number int, column, language string) fault.Place {
	at := fault.Place{Sheet: sheet, Row: number, Field: column}
	if i := q.columnIn(sheet, column, language); i >= 0 {
		at.Column, at.Field = i+1, q.book.Sheet(sheet).Header[i]
	}
	return at
}

// at is the cell of a column in a row of the survey.
func (q *questionnaire) at(r *row, column string) fault.Place {
	return q.place("survey", r.Place.Row, column)
}

// input tells whether a person answers the row.
func (r *row) input() bool {
	return r.Kind == definition.Question && r.Tag != "" && r.Tag != "action" && r.Type != "note"
}

// isSelect tells whether answers come from a list of the form itself.
func (q *questionnaire) listOf(r *row) *definition.List {
	switch r.Type {
	case "select_one", "select_multiple", "rank":
		return q.lists[r.Itemset]
	}
	return nil
}

// has tells whether a list has a choice.
func (q *questionnaire) has(list *definition.List, name string) bool {
	names := q.names[list]
	if names == nil {
		names = make(map[string]bool, len(list.Choices))
		for i := range list.Choices {
			names[list.Choices[i].Name] = true
		}
		q.names[list] = names
	}
	return names[name]
}

// holds tells whether a bind attribute is constant true.
func (r *row) holds(key string) bool {
	switch strings.ToLower(strings.TrimSpace(r.Bind.Get(key))) {
	case "true()", "yes", "true":
		return true
	}
	return false
}

// words is all that a person reads of a row, in every language, in lower case.
func words(texts ...definition.Text) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(t.Plain)
		for _, tr := range t.ByLanguage {
			b.WriteByte('\n')
			b.WriteString(tr.Text)
		}
		b.WriteByte('\n')
	}
	return strings.ToLower(b.String())
}

// container tells whether the row begins a group or repeat.
func (r *row) container() bool { return r.Kind == definition.Group || r.Kind == definition.Repeat }

// repeats tells whether the row begins a repeat.
func (r *row) repeats() bool { return r.Kind == definition.Repeat }

// noun is what the row is, for a sentence.
func (r *row) noun() string {
	switch r.Kind {
	case definition.Group:
		return "group"
	case definition.Repeat:
		return "repeat"
	}
	return "question"
}
