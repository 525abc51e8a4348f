package xpath

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// Limits of an expression. Deeper or longer ones are refused with a fault that
// says so.
const (
	MaxSource = 64 << 10 // bytes
	MaxDepth  = 200      // parentheses, calls, predicates and minus signs within each other
)

// Expr is a parsed expression. It is not changed after Parse.
type Expr struct {
	Source string
	Root   AST
}

// Parse parses an expression by the grammar of XPath 1.0, with ${name} and
// ${last-saved#name} as values. Its error is a fault with the place in words
// and, through OffsetOf, in bytes. Source: XPath 1.0, section 3.
func Parse(src string) (*Expr, error) {
	if len(src) > MaxSource {
		return nil, fault.New(fault.Invalid, fault.Place{},
			fmt.Sprintf("the expression has %d bytes, more than %d", len(src), MaxSource), "split it over several calculations")
	}
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, tokens: tokens}
	if p.peek().kind == tokEnd {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the expression is empty", "write a value, a path or a function", Offset(0))
	}
	root, err := p.expr(0)
	if err == nil && p.peek().kind != tokEnd {
		err = p.unexpected("an operator or the end")
	}
	if err != nil {
		return nil, err
	}
	return &Expr{Source: src, Root: root}, nil
}

type parser struct {
	src    string
	tokens []token
	at     int
	depth  int
}

func (p *parser) peek() token { return p.tokens[p.at] }

// ahead looks n tokens further, stopping at the end.
func (p *parser) ahead(n int) token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != tokEnd {
		p.at++
	}
	return t
}

// is tells whether the next token is a symbol.
func (p *parser) is(symbol string) bool {
	t := p.peek()
	return t.kind == tokSymbol && t.text == symbol
}

// from returns the span from a token's start to the last token taken.
func (p *parser) from(pos int) Span { return Span{pos, p.tokens[p.at-1].End} }

// enter counts one level of nesting; leave it with p.depth--.
func (p *parser) enter() error {
	if p.depth++; p.depth > MaxDepth {
		return syntaxFault(p.src, p.peek().Pos, fmt.Sprintf("it is nested more than %d deep", MaxDepth), "split it over several calculations")
	}
	return nil
}

func (p *parser) unexpected(wanted string) error {
	t := p.peek()
	remedy := ""
	switch {
	case t.kind == tokOperator && t.text == "=" && p.at > 0 && p.tokens[p.at-1].text == "=":
		remedy = "write one \"=\" to compare"
	case t.kind == tokOperator && (t.text == ">" || t.text == "<") && p.at > 0 && p.tokens[p.at-1].text == "=":
		remedy = fmt.Sprintf("write %q", t.text+"=")
	case t.kind == tokOperator && t.text == ">" && p.at > 0 && p.tokens[p.at-1].text == "<":
		remedy = "write \"!=\" for not equal"
	case t.kind == tokOperator && t.text == "|" && p.at > 0 && p.tokens[p.at-1].text == "|":
		remedy = "write \"or\""
	case t.kind == tokName && isWord(t.text, "or", "and", "div", "mod"):
		remedy = fmt.Sprintf("write %q between two values, in small letters", strings.ToLower(t.text))
	case t.kind == tokSymbol && (t.text == ")" || t.text == "]"):
		remedy = "check that every bracket that opens also closes"
	case t.kind == tokEnd && p.open() != "":
		remedy = fmt.Sprintf("a %q is not closed", p.open())
	}
	return syntaxFault(p.src, t.Pos, fmt.Sprintf("%s where %s should be", t.found(), wanted), remedy)
}

func isWord(s string, words ...string) bool {
	for _, w := range words {
		if strings.EqualFold(s, w) {
			return true
		}
	}
	return false
}

// open returns the innermost bracket that is open before the next token.
func (p *parser) open() string {
	var stack []string
	for _, t := range p.tokens[:p.at] {
		if t.kind != tokSymbol {
			continue
		}
		switch t.text {
		case "(", "[":
			stack = append(stack, t.text)
		case ")", "]":
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		}
	}
	if len(stack) == 0 {
		return ""
	}
	return stack[len(stack)-1]
}

// levels are the binary operators from the loosest to the tightest.
var levels = [...][]string{{"or"}, {"and"}, {"=", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "div", "mod"}}

func (p *parser) operator(level int) (string, bool) {
	t := p.peek()
	if t.kind != tokOperator {
		return "", false
	}
	for _, op := range levels[level] {
		if t.text == op {
			return op, true
		}
	}
	return "", false
}

// expr parses the operators of a level and tighter ones; all are left-associative.
func (p *parser) expr(level int) (AST, error) {
	if level == len(levels) {
		return p.unary()
	}
	pos := p.peek().Pos
	left, err := p.expr(level + 1)
	if err != nil {
		return nil, err
	}
	for {
		op, ok := p.operator(level)
		if !ok {
			return left, nil
		}
		p.take()
		right, err := p.expr(level + 1)
		if err != nil {
			return nil, err
		}
		left = &Binary{Span: p.from(pos), Op: op, Left: left, Right: right}
	}
}

func (p *parser) unary() (AST, error) {
	t := p.peek()
	if t.kind == tokOperator && t.text == "-" {
		if err := p.enter(); err != nil {
			return nil, err
		}
		p.take()
		x, err := p.unary()
		p.depth--
		if err != nil {
			return nil, err
		}
		return &Negate{Span: p.from(t.Pos), Operand: x}, nil
	}
	left, err := p.path()
	for err == nil && p.peek().kind == tokOperator && p.peek().text == "|" {
		p.take()
		var right AST
		if right, err = p.path(); err == nil {
			left = &Union{Span: p.from(t.Pos), Left: left, Right: right}
		}
	}
	return left, err
}

// value parses a number, a text, a reference, a call or brackets.
func (p *parser) value() (AST, error) {
	t := p.peek()
	switch {
	case t.kind == tokNumber:
		p.take()
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, syntaxFault(p.src, t.Pos, "found a number that is too large", "write at most 300 digits")
		}
		return &Number{Span: t.Span, Value: f}, nil
	case t.kind == tokLiteral:
		p.take()
		return &Literal{Span: t.Span, Value: t.text}, nil
	case t.kind == tokReference:
		p.take()
		name, saved := strings.CutPrefix(t.text, lastSavedMark)
		return &Reference{Span: t.Span, Name: name, LastSaved: saved}, nil
	case p.is("("):
		if err := p.enter(); err != nil {
			return nil, err
		}
		p.take()
		x, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		p.depth--
		if !p.is(")") {
			return nil, p.unexpected("\")\" or an operator")
		}
		p.take()
		return x, nil
	case t.kind == tokName && !strings.HasSuffix(t.text, "*"):
		return p.call()
	default:
		return nil, p.unexpected("a value")
	}
}

func (p *parser) call() (AST, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	name := p.take()
	p.take() // the bracket, which the caller has seen
	c := &Call{Name: name.text}
	for !p.is(")") {
		if len(c.Args) > 0 {
			if !p.is(",") {
				return nil, p.unexpected("\",\" or \")\"")
			}
			p.take()
		}
		x, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		c.Args = append(c.Args, x)
	}
	p.take()
	p.depth--
	c.Span = p.from(name.Pos)
	return c, nil
}
