package codebook

import (
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xform"
	"waymark/internal/pattern"
)

// builder makes one codebook.
type builder struct {
	o     *outline.Outline
	lang  int
	book  *Codebook
	lists map[*outline.List]*List
	asked map[*xform.Definition]asked
}

// asked is who reaches an item: what is said and the expressions.
type asked struct {
	words []string
	code  []string
}

func (b *builder) variable(i *outline.Item) *Variable {
	d := i.Definition
	v := &Variable{item: i, Name: d.Name, Path: d.Path, Column: columnName(i), Type: i.Type, TypeWords: outline.TypeWords(i.Type),
		Default: b.o.Default(d), Entity: d.SaveTo}
	v.Columns = columnNames(i, v.Column)
	if r := i.Within(); r != nil {
		v.Table = tableName(r)
	}
	for p := i.Parent; p != nil; p = p.Parent {
		if label := b.o.Plain(p.Label(), b.lang, p); label != "" {
			v.Section = append([]string{label}, v.Section...)
		}
	}
	if c := i.Control; c != nil {
		v.Label = b.o.Plain(c.Label, b.lang, i)
		v.Hint = b.o.Plain(c.Hint, b.lang, i)
	}
	a := b.reached(d)
	v.Asked, v.AskedCode = strings.Join(a.words, "; and "), a.code
	if d.Constraint != "" {
		caption, says := b.o.Limit(d.Constraint, i)
		v.Must, v.MustCode = says.In(b.o, b.lang), strings.TrimSpace(d.Constraint)
		if caption == "Answer must be" {
			v.Must = "must be " + v.Must
		}
	}
	v.Message = b.o.Plain(d.ConstraintMsg, b.lang, i)
	switch req := strings.TrimSpace(d.Required); req {
	case "", "false()":
	case "true()":
		v.Required = "yes"
	default:
		v.Required = "if " + b.o.Condition(req, i).In(b.o, b.lang)
	}
	b.calculation(i, v)
	if i.List != nil {
		v.List = b.list(i.List)
		v.List.Users = append(v.List.Users, v)
		if set := i.Control.Itemset; set != nil {
			which, _ := b.o.Filter(set.Nodeset, i)
			v.Offered = which.In(b.o, b.lang)
		}
	}
	if i.Type == "integer" || i.Type == "decimal" || i.Type == "range" {
		v.Unit = b.unit(i)
	}
	return v
}

// reached says who reaches a node, with the conditions of what is around it.
func (b *builder) reached(d *xform.Definition) asked {
	if d == nil {
		return asked{}
	}
	if a, done := b.asked[d]; done {
		return a
	}
	above := b.reached(d.Parent)
	a := asked{words: above.words[:len(above.words):len(above.words)], code: above.code[:len(above.code):len(above.code)]}
	if strings.TrimSpace(d.Relevant) != "" {
		if says := b.o.Condition(d.Relevant, b.o.At(d.Path)).In(b.o, b.lang); says != "always" {
			a.words = append(a.words, says)
		}
		a.code = append(a.code, strings.TrimSpace(d.Relevant))
	}
	b.asked[d] = a
	return a
}

func (b *builder) calculation(i *outline.Item, v *Variable) {
	var words, code []string
	if expr := strings.TrimSpace(i.Definition.Calculate); expr != "" {
		words, code = append(words, b.o.Value(expr, i).In(b.o, b.lang)), append(code, expr)
	}
	for _, s := range b.o.Settings(i) {
		_, says := b.o.Set(s, i)
		words = append(words, "set to "+says.In(b.o, b.lang))
		if !s.Literal && s.Value != "" {
			code = append(code, s.Value)
		}
	}
	v.Calculated, v.CalculatedCode = strings.Join(words, "; "), strings.Join(code, "; ")
}

func (b *builder) list(l *outline.List) *List {
	if done := b.lists[l]; done != nil {
		return done
	}
	made := &List{Name: l.Name, Source: l.Source, list: l, Values: make([]Value, 0, len(l.Choices))}
	if l.Repeated != nil {
		made.Name = "answers to " + l.Repeated.Name()
	}
	for n := range l.Choices {
		c := &l.Choices[n]
		made.Values = append(made.Values, Value{Code: c.Value, Label: b.o.Plain(c.Label, b.lang, nil), Missing: b.o.Missing(c)})
	}
	b.lists[l] = made
	b.book.Lists = append(b.book.Lists, made)
	return made
}

// units are looked for in English labels and hints: "(in kg)", "in years".
var units = pattern.Of(`(?i)(?:\(\s*(?:in\s+)?|\bin\s+|\bnumber of\s+|\bhow many\s+)(years?|months?|weeks?|days?|hours?|minutes?|kg|kilograms?|grams?|cm|centimetres?|centimeters?|m|metres?|meters?|km|kilometres?|kilometers?|litres?|liters?|hectares?|ha|US dollars?|USD|EUR|euros?|GBP|percent|%|°C)(?:\s*\)|\b|$)`)

// unit finds the unit of a number.
func (b *builder) unit(i *outline.Item) string {
	for _, t := range []string{b.o.Plain(i.Control.Label, b.o.English(), nil), b.o.Plain(i.Control.Hint, b.o.English(), nil)} {
		if m := units().FindStringSubmatch(t); m != nil {
			return m[1]
		}
	}
	return ""
}
