package condition

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
)

// Parse reads an expression. An error says at which character it is, as the
// fault's column.
func Parse(text string) (*Condition, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	root, err := p.either(0)
	if err != nil {
		return nil, err
	}
	if t := p.tokens[p.next]; t.kind != 0 {
		return nil, p.refuse(t, "join comparisons with and or or", "%s is left over", t.shown())
	}
	return &Condition{text: strings.TrimSpace(text), root: root}, nil
}

type parser struct {
	tokens []token
	next   int
}

func (t token) shown() string {
	if t.kind == 0 {
		return "the end"
	}
	return fmt.Sprintf("%q", t.text)
}

func (p *parser) refuse(t token, remedy, format string, args ...any) error {
	return fault.New(fault.Invalid, place(t.at), fmt.Sprintf(format, args...), remedy)
}

// accept takes the next token if it is one of these words or signs.
func (p *parser) accept(words ...string) bool {
	t := p.tokens[p.next]
	for _, w := range words {
		if (t.kind == 'w' || t.kind == 's') && strings.EqualFold(t.text, w) {
			p.next++
			return true
		}
	}
	return false
}

// either reads a or b or c.
func (p *parser) either(depth int) (*node, error) {
	return p.joined(or, depth, p.both, "or", "|", "||")
}

// both reads a and b and c.
func (p *parser) both(depth int) (*node, error) {
	return p.joined(and, depth, p.negated, "and", "&", "&&")
}

func (p *parser) joined(k kind, depth int, part func(int) (*node, error), words ...string) (*node, error) {
	first, err := part(depth)
	if err != nil {
		return nil, err
	}
	parts := []*node{first}
	for p.accept(words...) {
		n, err := part(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
	}
	if len(parts) == 1 {
		return first, nil
	}
	return &node{kind: k, parts: parts}, nil
}

// negated reads not a, (a), or a comparison.
func (p *parser) negated(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, p.refuse(p.tokens[p.next], "make it simpler", "the condition is nested more than %d deep", maxDepth)
	}
	if p.accept("not", "!") {
		n, err := p.negated(depth + 1)
		if err != nil {
			return nil, err
		}
		return &node{kind: not, parts: []*node{n}}, nil
	}
	if p.accept("(") {
		n, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		if t := p.tokens[p.next]; !p.accept(")") {
			return nil, p.refuse(t, "close the bracket", "a ) is expected before %s", t.shown())
		}
		return n, nil
	}
	return p.comparison()
}

// comparison reads what begins with a column.
func (p *parser) comparison() (*node, error) {
	t := p.tokens[p.next]
	if t.kind != 'w' && t.kind != 'n' || t.kind == 'w' && reserved(t.text) {
		return nil, p.refuse(t, "such as: stype == E and meals < 50", "a column is expected before %s", t.shown())
	}
	p.next++
	n := &node{at: t.at, column: t.text}
	switch {
	case p.accept("is"):
		negative := p.accept("not")
		if next := p.tokens[p.next]; !p.accept("missing") {
			return nil, p.refuse(next, "write: is missing, or: is not missing", "missing is expected before %s", next.shown())
		}
		n.kind = missing
		if negative {
			return &node{kind: not, parts: []*node{n}}, nil
		}
		return n, nil
	case p.accept("in"):
		return n, p.list(n)
	case p.accept("not"):
		next := p.tokens[p.next]
		if !p.accept("in") {
			return nil, p.refuse(next, "write: not in (a, b)", "in is expected before %s", next.shown())
		}
		return &node{kind: not, parts: []*node{n}}, p.list(n)
	}
	next := p.tokens[p.next]
	if next.kind != 's' || !strings.ContainsAny(next.text, "=<>") {
		n.kind = truth
		return n, nil
	}
	p.next++
	n.kind, n.operator = compare, next.text
	switch next.text {
	case "=":
		n.operator = "=="
	case "<>":
		n.operator = "!="
	}
	return n, p.value(n)
}

func reserved(word string) bool {
	switch strings.ToLower(word) {
	case "and", "or", "not", "in", "is":
		return true
	}
	return false
}

func (p *parser) value(n *node) error {
	t := p.tokens[p.next]
	if t.kind != 'w' && t.kind != 't' || t.kind == 'w' && reserved(t.text) {
		return p.refuse(t, "a number, a date, a level or a \"text\"", "a value is expected before %s", t.shown())
	}
	p.next++
	n.values = append(n.values, value{t.text, t.at})
	return nil
}

// list reads (a, b, c).
func (p *parser) list(n *node) error {
	n.kind = among
	t := p.tokens[p.next]
	if !p.accept("(") {
		return p.refuse(t, "write: in (a, b)", "a ( is expected before %s", t.shown())
	}
	for {
		if len(n.values) == maxList {
			return p.refuse(p.tokens[p.next], "make a column of it first", "the list has more than %d values", maxList)
		}
		if err := p.value(n); err != nil {
			return err
		}
		t := p.tokens[p.next]
		if p.accept(")") {
			return nil
		}
		if !p.accept(",") {
			return p.refuse(t, "separate values by commas", "a , or ) is expected before %s", t.shown())
		}
	}
}
