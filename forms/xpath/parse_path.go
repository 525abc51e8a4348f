package xpath

import (
	"fmt"

	"waymark/internal/fault"
)

// path parses a location path, or a value that a path may follow.
func (p *parser) path() (AST, error) {
	t := p.peek()
	if p.is("/") || p.is("//") {
		path := &Path{Absolute: true}
		if p.is("/") {
			p.take()
			if !p.atStep() {
				path.Span = p.from(t.Pos)
				return path, nil
			}
			if err := p.step(path); err != nil {
				return nil, err
			}
		}
		return p.steps(path, t.Pos)
	}
	if p.atStep() {
		path := &Path{}
		if err := p.step(path); err != nil {
			return nil, err
		}
		return p.steps(path, t.Pos)
	}
	x, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.is("[") {
		preds, err := p.predicates()
		if err != nil {
			return nil, err
		}
		x = &Filtered{Span: p.from(t.Pos), Base: x, Predicates: preds}
	}
	if p.is("/") || p.is("//") {
		return p.steps(&Path{Filter: x}, t.Pos)
	}
	return x, nil
}

// atStep tells whether the next token starts a step rather than a value.
func (p *parser) atStep() bool {
	switch t := p.peek(); t.kind {
	case tokSymbol:
		return t.text == "." || t.text == ".." || t.text == "@"
	case tokName:
		next := p.ahead(1)
		return next.kind != tokSymbol || next.text != "(" || isNodeTest(t.text)
	}
	return false
}

func isNodeTest(name string) bool { return name == "node" || name == "text" || name == "comment" }

// steps parses the rest of a path: / step and // step.
func (p *parser) steps(path *Path, pos int) (AST, error) {
	for p.is("/") || p.is("//") {
		if t := p.take(); t.text == "//" {
			path.Steps = append(path.Steps, Step{Span: t.Span, Axis: DescendantOrSelf, Test: "node()"})
		}
		if err := p.step(path); err != nil {
			return nil, err
		}
	}
	path.Span = p.from(pos)
	return path, nil
}

func (p *parser) step(path *Path) error {
	t := p.peek()
	if !p.atStep() {
		return p.unexpected("the name of a node")
	}
	s := Step{Axis: Child}
	switch {
	case p.is("."):
		p.take()
		s.Axis, s.Test = Self, "node()"
	case p.is(".."):
		p.take()
		s.Axis, s.Test = Parent, "node()"
	default:
		if err := p.axis(&s); err != nil {
			return err
		}
		if err := p.test(&s); err != nil {
			return err
		}
	}
	preds, err := p.predicates()
	if err != nil {
		return err
	}
	s.Predicates, s.Span = preds, p.from(t.Pos)
	path.Steps = append(path.Steps, s)
	return nil
}

func (p *parser) axis(s *Step) error {
	if p.is("@") {
		p.take()
		s.Axis = AttributeAxis
		return nil
	}
	if next := p.ahead(1); next.kind != tokSymbol || next.text != "::" {
		return nil
	}
	t := p.take()
	p.take()
	for a, name := range axisNames {
		if t.text == name {
			s.Axis = Axis(a)
			return nil
		}
	}
	remedy := "forms use child, parent and self"
	if near := fault.Nearest(t.text, axisNames[:]); near != "" {
		remedy = fmt.Sprintf("did you mean %q?", near+"::")
	}
	return syntaxFault(p.src, t.Pos, fmt.Sprintf("found %q, which is not an axis", t.text+"::"), remedy)
}

func (p *parser) test(s *Step) error {
	t := p.peek()
	if t.kind != tokName {
		return p.unexpected("the name of a node")
	}
	p.take()
	s.Test = t.text
	if isNodeTest(t.text) && p.is("(") {
		p.take()
		if !p.is(")") {
			return p.unexpected("\")\"")
		}
		p.take()
		s.Test += "()"
	}
	return nil
}

func (p *parser) predicates() ([]AST, error) {
	var preds []AST
	for p.is("[") {
		if err := p.enter(); err != nil {
			return nil, err
		}
		p.take()
		x, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		if !p.is("]") {
			return nil, p.unexpected("\"]\" or an operator")
		}
		p.take()
		p.depth--
		preds = append(preds, x)
	}
	return preds, nil
}
