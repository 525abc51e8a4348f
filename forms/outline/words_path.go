package outline

import (
	"slices"
	"strings"

	"waymark/forms/xpath"
)

// place is what a path leads to in the form.
type place struct {
	item *Item
	// conditions are the predicates on the way, each seen from the item that it
	// stands at.
	conditions []Sentence
	ok         bool
}

// item finds the question that an expression names, if it is a plain path
// within the form. It looks through string() and number().
func (sp *speaker) item(n xpath.AST) (*Item, bool) {
	switch n := n.(type) {
	case *xpath.Path:
		if sp.inRow && !n.Absolute && n.Filter == nil {
			return nil, false
		}
		for _, s := range n.Steps {
			if len(s.Predicates) > 0 {
				return nil, false
			}
		}
		p := sp.follow(n, sp.at)
		return p.item, p.ok
	case *xpath.Call:
		if (n.Name == "string" || n.Name == "number") && len(n.Args) == 1 {
			return sp.item(n.Args[0])
		}
		if n.Name == "current" && len(n.Args) == 0 {
			return sp.current, sp.current != nil
		}
	}
	return nil, false
}

// follow walks a path of names, "." and ".." from an item.
func (sp *speaker) follow(p *xpath.Path, from *Item) place {
	path := ""
	if from != nil {
		path = from.Path()
	}
	var conditions []Sentence
	switch call, isCall := p.Filter.(*xpath.Call); {
	case isCall && call.Name == "current" && len(call.Args) == 0:
		path = ""
		if sp.current != nil {
			path = sp.current.Path()
		}
	case p.Filter != nil:
		return place{}
	case p.Absolute:
		path = ""
	}
	for _, step := range p.Steps {
		switch step.Axis {
		case xpath.Parent:
			path = path[:max(0, strings.LastIndexByte(path, '/'))]
		case xpath.Self:
		case xpath.Child:
			path += "/" + step.Test
		case xpath.AttributeAxis:
			path += "/@" + step.Test
		default:
			return place{}
		}
		at := sp.o.At(path)
		for _, pred := range step.Predicates {
			inner := &speaker{o: sp.o, at: at, current: sp.current, steps: sp.steps}
			if number, ok := pred.(*xpath.Number); ok {
				conditions = append(conditions, say("number "+numberText(number)))
				continue
			}
			if b, ok := pred.(*xpath.Binary); ok && b.Op == "=" {
				if call, isCall := b.Left.(*xpath.Call); isCall && call.Name == "position" && len(call.Args) == 0 {
					conditions = append(conditions, say("number ", inner.value(b.Right)))
					continue
				}
			}
			conditions = append(conditions, say("where ", inner.condition(pred, false).sentence()))
		}
	}
	item := sp.o.At(path)
	return place{item: item, conditions: conditions, ok: item != nil}
}

// many tells whether a question has several answers seen from here, because it
// is in a repeat that the expression is not in.
func (sp *speaker) many(q *Item) bool {
	for r := q.Within(); r != nil; r = r.Within() {
		inside := false
		for _, from := range []*Item{sp.current, sp.at} {
			for p := from; p != nil; p = p.Parent {
				inside = inside || p == r
			}
		}
		if !inside {
			return true
		}
	}
	return false
}

// path says what a path leads to.
func (sp *speaker) path(n *xpath.Path) Sentence {
	if call, ok := n.Filter.(*xpath.Call); ok && call.Name == "instance" {
		return sp.row(n, call)
	}
	if sp.inRow && !n.Absolute && n.Filter == nil {
		return sp.column(n)
	}
	p := sp.follow(n, sp.at)
	if !p.ok {
		return sp.code(n)
	}
	if p.item == sp.current && sp.self != "" && len(p.conditions) == 0 {
		return say(sp.self)
	}
	s := say(p.item)
	for _, c := range p.conditions {
		within := p.item.Within()
		if p.item.Kind == Repeat {
			within = nil
		}
		if within != nil {
			s = say(s, " of ", within)
			p.item = within
		}
		s = say(s, " ", c)
	}
	return s
}

// column says a column of a list's row.
func (sp *speaker) column(n *xpath.Path) Sentence {
	if len(n.Steps) == 1 && n.Steps[0].Axis == xpath.Child && len(n.Steps[0].Predicates) == 0 {
		switch name := n.Steps[0].Test; name {
		case "name", "value":
			return say("its code")
		case "label":
			return say("its label")
		default:
			return say("its ", Piece{Name: name})
		}
	}
	return sp.code(n)
}

// row says a value looked up in a list: "the population in the list districts
// where its code is the answer to “District”".
func (sp *speaker) row(n *xpath.Path, instance *xpath.Call) Sentence {
	id, ok := constantText(at(instance.Args, 0))
	if !ok || len(n.Steps) == 0 {
		return sp.code(n)
	}
	last := n.Steps[len(n.Steps)-1]
	column := say(Piece{Name: last.Test})
	switch {
	case last.Test == "item" || len(last.Predicates) > 0 && len(n.Steps) == 2:
		column = say("the rows")
	case last.Test == "itextId" || last.Test == "label":
		column = say("the label")
	case last.Test == "name":
		column = say("the code")
	default:
		column = say("the ", column)
	}
	where := "list "
	if sec := sp.o.Form.Secondary[id]; sec != nil && sec.Source != "" {
		where, id = "file ", FileName(sec.Source)
	}
	switch id {
	case "__last-saved":
	case "last-saved.xml", "last-saved":
		if item := sp.saved(n.Steps); item != nil {
			return say(item, " in the record saved last")
		}
	}
	s := say(column, " in the "+where, Piece{Name: id})
	inner := *sp
	inner.inRow, inner.self = true, ""
	first := true
	for _, step := range n.Steps {
		for _, pred := range step.Predicates {
			s = say(s, either(first, " where ", " and "), inner.condition(pred, false).bracketed("and"))
			first = false
		}
	}
	return s
}

// saved finds the question that a path into the record saved last names.
func (sp *speaker) saved(steps []xpath.Step) *Item {
	var names []string
	for _, s := range steps {
		names = append(names, s.Test)
	}
	return sp.o.At("/" + strings.Join(names, "/"))
}

func at(args []xpath.AST, n int) xpath.AST {
	if n < len(args) {
		return args[n]
	}
	return nil
}

// choiceName says jr:choice-name(value, 'path').
func (sp *speaker) choiceName(n *xpath.Call) Sentence {
	if q, ok := sp.item(n.Args[0]); ok && q.List != nil {
		return say("the label of the answer to ", sp.value(n.Args[0]))
	}
	if path, ok := n.Args[1].(*xpath.Literal); ok {
		if tree, err := xpath.Parse(strings.TrimSpace(path.Value)); err == nil {
			inner := *sp
			if q, ok := inner.item(tree.Root); ok {
				return say("the label in ", q, " of ", sp.value(n.Args[0]))
			}
		}
	}
	return say("the label of ", sp.value(n.Args[0]))
}

// indexed says indexed-repeat(question, repeat, number, ...).
func (sp *speaker) indexed(n *xpath.Call) Sentence {
	s := sp.value(n.Args[0])
	for i := 1; i+1 < len(n.Args); i += 2 {
		s = say(s, " of ", sp.value(n.Args[i]), " number ", sp.operand(n.Args[i+1]))
	}
	return s
}

// pulled says pulldata('file', 'column', 'key column', key).
func (sp *speaker) pulled(n *xpath.Call) Sentence {
	var names []string
	for _, a := range n.Args[:3] {
		text, ok := constantText(a)
		if !ok {
			return sp.code(n)
		}
		names = append(names, text)
	}
	if !slices.Contains([]string{".csv", ".xml"}, names[0][max(0, len(names[0])-4):]) {
		names[0] += ".csv"
	}
	return say("the ", Piece{Name: names[1]}, " in the file ", Piece{Name: names[0]}, " where ", Piece{Name: names[2]}, " is ", sp.object(n.Args[3], n.Args[3]))
}
