package lint

import (
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// expression is one formula of a row.
type expression struct {
	row *row
	// column is the survey's column: relevant, constraint, calculation, required,
	// read_only, choice_filter, repeat_count, default.
	column string
	text   string
	tree   xpath.AST // nil if the text does not parse
	err    error
	// place is set for formulas of other sheets.
	place fault.Place
}

// newExpression reads one formula; it returns nil for a blank one.
func newExpression(r *row, column, text string) *expression {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	e := &expression{row: r, column: column, text: text}
	parsed, err := xpath.Parse(text)
	if e.err = err; err == nil {
		e.tree = parsed.Root
	}
	return e
}

// expressions reads the formulas of a row.
func (q *questionnaire) expressions(r *row) []*expression {
	var exprs []*expression
	add := func(column, text string) {
		if e := newExpression(r, column, text); e != nil {
			exprs = append(exprs, e)
		}
	}
	add("relevant", r.Bind.Get("relevant"))
	add("constraint", r.Bind.Get("constraint"))
	add("calculation", r.Bind.Get("calculate"))
	add("required", r.Bind.Get("required"))
	add("read_only", r.Bind.Get("readonly"))
	add("choice_filter", r.ChoiceFilter)
	add("repeat_count", r.Control.Get("jr:count"))
	if r.DynamicDefault {
		add("default", r.Default)
	}
	return exprs
}

// in returns the row's formula of a column, or nil if it has none that parses.
func (r *row) in(column string) *expression {
	for _, e := range r.exprs {
		if e.column == column && e.tree != nil {
			return e
		}
	}
	return nil
}

// otherExpressions reads the formulas of the settings and entities sheets.
func (q *questionnaire) otherExpressions() []*expression {
	var exprs []*expression
	add := func(name, sheet string, number int, column, text string) {
		r := &row{Element: &definition.Element{Name: name}, index: len(q.rows)}
		if e := newExpression(r, column, text); e != nil {
			e.place = q.place(sheet, number, column)
			exprs = append(exprs, e)
		}
	}
	add("instanceName", "settings", q.settingsRow(), "instance_name", q.form.Settings.InstanceName)
	sheet := q.book.Sheet("entities")
	if sheet == nil {
		return exprs
	}
	for _, column := range []string{"label", "entity_id", "create_if", "update_if"} {
		i := q.column("entities", column)
		for _, row := range sheet.Rows {
			if i >= 0 {
				add("entity", "entities", row.Number, column, row.Get(i))
			}
		}
	}
	return exprs
}

// cell is the formula's place.
func (q *questionnaire) cell(e *expression) fault.Place {
	if e.place.Sheet != "" {
		return e.place
	}
	return q.at(e.row, e.column)
}

// each calls f for every formula of the form.
func (q *questionnaire) each(f func(e *expression)) {
	for _, r := range q.rows {
		for _, e := range r.exprs {
			f(e)
		}
	}
	for _, e := range q.others {
		f(e)
	}
}

// trees calls f for every formula that parses.
func (q *questionnaire) trees(f func(e *expression)) {
	q.each(func(e *expression) {
		if e.tree != nil {
			f(e)
		}
	})
}

// references are the rows that a formula reads by ${name}, each once.
func (q *questionnaire) references(e *expression) []*row {
	var found []*row
	seen := map[*row]bool{}
	xpath.Walk(e.tree, func(n xpath.AST) bool {
		if ref, ok := n.(*xpath.Reference); ok && !ref.LastSaved {
			if r := q.byName[ref.Name]; r != nil && !seen[r] {
				seen[r] = true
				found = append(found, r)
			}
		}
		return true
	})
	return found
}

// readsItself tells whether a formula reads its own row as "." outside of
// predicates, where a dot is something else.
func readsItself(n xpath.AST) bool {
	found := false
	visit(n, false, func(n xpath.AST, filtering bool) { found = found || !filtering && isDot(n) })
	return found
}

// visit calls f for every part of a formula. filtering tells that the part is
// in a predicate, where "." is the node that is filtered.
func visit(n xpath.AST, filtering bool, f func(n xpath.AST, filtering bool)) {
	all := func(list []xpath.AST, filtering bool) {
		for _, x := range list {
			visit(x, filtering, f)
		}
	}
	f(n, filtering)
	switch n := n.(type) {
	case *xpath.Binary:
		all([]xpath.AST{n.Left, n.Right}, filtering)
	case *xpath.Union:
		all([]xpath.AST{n.Left, n.Right}, filtering)
	case *xpath.Negate:
		visit(n.Operand, filtering, f)
	case *xpath.Call:
		all(n.Args, filtering)
	case *xpath.Filtered:
		visit(n.Base, filtering, f)
		all(n.Predicates, true)
	case *xpath.Path:
		if n.Filter != nil {
			visit(n.Filter, filtering, f)
		}
		for _, s := range n.Steps {
			all(s.Predicates, true)
		}
	}
}

// isDot tells whether a path is ".".
func isDot(n xpath.AST) bool {
	p, ok := n.(*xpath.Path)
	return ok && !p.Absolute && p.Filter == nil && len(p.Steps) == 1 && p.Steps[0].Axis == xpath.Self && len(p.Steps[0].Predicates) == 0
}

// subject is the row whose answer an operand is: ${name}, or outside of
// predicates "." of the row itself. It is nil for anything else.
func (q *questionnaire) subject(e *expression, n xpath.AST, filtering bool) *row {
	switch n := n.(type) {
	case *xpath.Reference:
		if !n.LastSaved {
			return q.byName[n.Name]
		}
	case *xpath.Path:
		if isDot(n) && !filtering {
			return e.row
		}
	}
	return nil
}

// constant is an operand that is written out.
type constant struct {
	text   string
	number float64
	isNum  bool // a number or a date, rather than text
	isText bool
}

// constantOf reads a literal, a number, a negative number or date('2020-12-31').
func constantOf(n xpath.AST) (constant, bool) {
	switch n := n.(type) {
	case *xpath.Literal:
		return constant{text: n.Value, isText: true}, true
	case *xpath.Number:
		return constant{text: xpath.Text(n), number: n.Value, isNum: true}, true
	case *xpath.Negate:
		if c, ok := constantOf(n.Operand); ok && c.isNum {
			return constant{text: "-" + c.text, number: -c.number, isNum: true}, true
		}
	case *xpath.Call:
		if n.Name == "date" && len(n.Args) == 1 {
			if lit, ok := n.Args[0].(*xpath.Literal); ok {
				if days, ok := daysOf(lit.Value); ok {
					return constant{text: lit.Value, number: days, isNum: true}, true
				}
			}
		}
	}
	return constant{}, false
}

// comparison takes a comparison with a constant apart, the constant last.
func comparison(n xpath.AST) (operand xpath.AST, op string, c constant, ok bool) {
	b, isBinary := n.(*xpath.Binary)
	if !isBinary || mirrored[b.Op] == "" {
		return nil, "", c, false
	}
	if c, ok = constantOf(b.Right); ok {
		return b.Left, b.Op, c, true
	}
	if c, ok = constantOf(b.Left); ok {
		return b.Right, mirrored[b.Op], c, true
	}
	return nil, "", c, false
}

// mirrored is each comparison with its sides changed.
var mirrored = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
