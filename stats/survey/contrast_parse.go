package survey

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
)

// Bounds of an expression: its length in bytes, how deep it may nest, and how
// many different names it may use.
const (
	expressionBytes = 4096
	expressionDepth = 64
)

// Expression is an arithmetic formula over names of estimates.
type Expression struct {
	names []string // different ones, in order of appearance
	at    []int    // position of each name's first appearance
	nodes []exprNode
	root  int
}

// exprNode is a number, a name or an operation on nodes made before it.
type exprNode struct {
	op   byte // 'n' number, 'v' name, '+' '-' '*' '/' '^', '~' minus, 'e' exp, 'l' log, 's' sqrt
	a, b int  // operands; of a name its index in names
	x    float64
	at   int // position in the text, from 1
}

var exprFunctions = map[string]byte{"exp": 'e', "log": 'l', "sqrt": 's'}

// Names are the different names that the expression uses, in order.
func (e *Expression) Names() []string { return e.names }

// ParseExpression reads a formula:
//
//	sum     = product { ("+" | "-") product }
//	product = sign { ("*" | "/") sign }
//	sign    = ["+" | "-"] sign | power
//	power   = atom ["^" sign]
//	atom    = number | name | ("exp" | "log" | "sqrt") "(" sum ")" | "(" sum ")"
//
// So -2^2 is -4 and 2^3^2 is 512, as in R. log is the natural logarithm. A name
// stands in backquotes, or bare if it starts with a letter or a dot and goes on
// with letters, digits, dots, underscores, "=" or "#", with a domain in brackets
// after it: `api00[stype=E]`. The text has at most 4,096 bytes and nests at most
// 64 deep. Errors name the position, counted in characters from 1.
func ParseExpression(text string) (*Expression, error) {
	p := &exprParser{text: text, out: &Expression{}, known: map[string]int{}}
	switch {
	case len(text) > expressionBytes:
		return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the expression has %d bytes; at most %d can be read", len(text), expressionBytes), "make it shorter")
	case !utf8.ValidString(text):
		return nil, fault.New(fault.Invalid, fault.Place{}, "the expression is not UTF-8 text", "write it in UTF-8")
	}
	p.space()
	if p.done() {
		p.fail("the expression is empty", "write a formula such as a/b")
	}
	p.out.root = p.sum(0)
	if p.err == nil && !p.done() {
		p.fail(fmt.Sprintf("%s is not expected here", p.next()), "put an operator between the parts")
	}
	if p.err != nil {
		return nil, p.err
	}
	return p.out, nil
}

// exprParser reads one expression by recursive descent. After an error every
// step returns at once.
type exprParser struct {
	text  string
	at    int // in bytes
	out   *Expression
	known map[string]int
	err   *fault.Fault
}

func (p *exprParser) done() bool { return p.err != nil || p.at >= len(p.text) }

// column is the position in characters, from 1.
func (p *exprParser) column(at int) int { return utf8.RuneCountInString(p.text[:at]) + 1 }

func (p *exprParser) fail(message, remedy string) int {
	if p.err == nil {
		p.err = fault.New(fault.Invalid, fault.Place{Column: p.column(p.at)}, message, remedy)
	}
	return 0
}

// next names what stands at the position.
func (p *exprParser) next() string {
	if p.at >= len(p.text) {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return strconv.QuoteRune(r)
}

func (p *exprParser) space() {
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

// take moves past one of the characters and says which, or 0.
func (p *exprParser) take(of string) byte {
	if p.done() || strings.IndexByte(of, p.text[p.at]) < 0 {
		return 0
	}
	c := p.text[p.at]
	p.at++
	p.space()
	return c
}

func (p *exprParser) add(n exprNode) int {
	p.out.nodes = append(p.out.nodes, n)
	return len(p.out.nodes) - 1
}

// deeper says whether there may be one more level of nesting.
func (p *exprParser) deeper(depth int) bool {
	if depth >= expressionDepth {
		p.fail(fmt.Sprintf("the expression nests more than %d deep", expressionDepth), "take it apart")
	}
	return p.err == nil
}

func (p *exprParser) sum(depth int) int {
	return p.chain("+-", depth, p.product)
}

func (p *exprParser) product(depth int) int {
	return p.chain("*/", depth, p.sign)
}

// chain reads operands with operators of one rank between them, from the left.
func (p *exprParser) chain(ops string, depth int, operand func(int) int) int {
	left := operand(depth)
	for {
		at := p.at
		op := p.take(ops)
		if op == 0 {
			return left
		}
		left = p.add(exprNode{op: op, a: left, b: operand(depth), at: p.column(at)})
	}
}

func (p *exprParser) sign(depth int) int {
	if !p.deeper(depth) {
		return 0
	}
	at := p.at
	switch p.take("+-") {
	case '-':
		return p.add(exprNode{op: '~', a: p.sign(depth + 1), at: p.column(at)})
	case '+':
		return p.sign(depth + 1)
	}
	return p.power(depth)
}

func (p *exprParser) power(depth int) int {
	left := p.atom(depth)
	at := p.at
	if p.take("^") == 0 {
		return left
	}
	return p.add(exprNode{op: '^', a: left, b: p.sign(depth + 1), at: p.column(at)})
}

func (p *exprParser) atom(depth int) int {
	if p.done() {
		return p.fail("the expression ends where a number or a name is expected", "finish it")
	}
	from := p.at
	if p.take("(") != 0 {
		return p.inside(depth, from)
	}
	if c := p.text[from]; c >= '0' && c <= '9' || c == '.' && from+1 < len(p.text) && digit(p.text[from+1]) {
		return p.number()
	}
	name, quoted := p.name()
	if p.err != nil {
		return 0
	}
	if p.take("(") != 0 {
		f, ok := exprFunctions[name]
		if !ok || quoted {
			p.at = from
			return p.fail(fmt.Sprintf("there is no function %q", name), "exp, log and sqrt are there; put names with parentheses in backquotes")
		}
		return p.add(exprNode{op: f, a: p.inside(depth, from), at: p.column(from)})
	}
	k, ok := p.known[name]
	if !ok {
		k = len(p.out.names)
		p.known[name] = k
		p.out.names = append(p.out.names, name)
		p.out.at = append(p.out.at, p.column(from))
	}
	return p.add(exprNode{op: 'v', a: k, at: p.column(from)})
}

// inside reads up to the closing parenthesis of the one opened at from.
func (p *exprParser) inside(depth, from int) int {
	if !p.deeper(depth) {
		return 0
	}
	n := p.sum(depth + 1)
	if p.err == nil && p.take(")") == 0 {
		if p.done() {
			p.at = from
			return p.fail("the parenthesis is not closed", "close it")
		}
		return p.fail(fmt.Sprintf("%s is not expected here", p.next()), "an operator or a closing parenthesis belongs here")
	}
	return n
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// number reads digits with a point and an exponent.
func (p *exprParser) number() int {
	from, end := p.at, p.at
	digits := func() {
		for end < len(p.text) && digit(p.text[end]) {
			end++
		}
	}
	digits()
	if end < len(p.text) && p.text[end] == '.' {
		end++
		digits()
	}
	if end < len(p.text) && (p.text[end] == 'e' || p.text[end] == 'E') {
		k := end + 1
		if k < len(p.text) && (p.text[k] == '+' || p.text[k] == '-') {
			k++
		}
		if k < len(p.text) && digit(p.text[k]) {
			end = k
			digits()
		}
	}
	x, err := strconv.ParseFloat(p.text[from:end], 64)
	if err != nil || math.IsInf(x, 0) {
		return p.fail(fmt.Sprintf("the number %s cannot be used", p.text[from:end]), "write a smaller one")
	}
	p.at = end
	p.space()
	return p.add(exprNode{op: 'n', x: x, at: p.column(from)})
}

// name reads a name, in backquotes or bare.
func (p *exprParser) name() (name string, quoted bool) {
	if p.text[p.at] == '`' {
		n := strings.IndexByte(p.text[p.at+1:], '`')
		if n <= 0 {
			p.fail("the name in backquotes is empty or not closed", "close it with another backquote")
			return "", true
		}
		name = p.text[p.at+1 : p.at+1+n]
		p.at += n + 2
		p.space()
		return name, true
	}
	from, end := p.at, p.at
	for end < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[end:])
		if !(unicode.IsLetter(r) || r == '.' || end > from && (unicode.IsDigit(r) || strings.ContainsRune("_=#", r))) {
			break
		}
		end += n
	}
	if end > from && end < len(p.text) && p.text[end] == '[' {
		n := strings.IndexByte(p.text[end:], ']')
		if n < 0 {
			p.at = end
			p.fail("the bracket of the name is not closed", "close it")
			return "", false
		}
		if end += n + 1; end < len(p.text) && p.text[end] == '#' {
			for end++; end < len(p.text) && digit(p.text[end]); end++ {
			}
		}
	}
	if end == from {
		p.fail(fmt.Sprintf("%s is not expected here", p.next()), "a number, a name or a parenthesis belongs here; put other names in backquotes")
		return "", false
	}
	name = p.text[from:end]
	p.at = end
	p.space()
	return name, false
}
