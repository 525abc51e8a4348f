package survey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
)

// Limits of a formula.
const (
	formulaBytes  = 20_000
	formulaTerms  = 1000
	formulaDegree = 8
	formulaDepth  = 20
)

// ParseFormula reads a model in a part of R's notation:
//
//	outcome ~ a + b + a:b      main effects and an interaction
//	outcome ~ a * b            the same
//	outcome ~ (a + b + c)^2    all interactions of two
//	outcome ~ a * b - a        without a term
//	outcome ~ a - 1            without the constant; also + 0
//	outcome=level ~ a          a level of a categorical outcome
//	~ a + b                    terms only
//
// factor(x) makes categories of numbers. I(x^2), log(x), exp(x), sqrt(x) and
// abs(x) are numbers made from number columns by + - * / ^. Names of other signs
// than letters, digits, dots and underscores stand in `backquotes`, levels of
// such signs in "quotes". Terms come by degree and then in the order written, as
// in R. An error says at which character (from 1) it is.
func ParseFormula(text string) (*Formula, error) {
	if len(text) > formulaBytes {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "formula"}, fmt.Sprintf("the formula has %d bytes, more than %d", len(text), formulaBytes), "use fewer terms")
	}
	if !utf8.ValidString(text) {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "formula"}, "the formula is not UTF-8 text", "")
	}
	p := &formulaParser{text: text, known: map[string]int{}}
	f := p.formula()
	if p.err != nil {
		return nil, p.err
	}
	return f, nil
}

// formulaParser reads a formula from left to right. After the first error it
// reads nothing more.
type formulaParser struct {
	text    string
	at      int
	depth   int
	err     *fault.Fault
	factors []FormulaFactor
	known   map[string]int // by label
}

// products are terms, each of increasing numbers of factors.
type products [][]int

func (p *formulaParser) fail(at int, remedy, format string, args ...any) {
	if p.err == nil {
		place := fault.Place{Field: "formula", Column: utf8.RuneCountInString(p.text[:at]) + 1}
		p.err = fault.New(fault.Invalid, place, fmt.Sprintf(format, args...), remedy)
		p.at = len(p.text)
	}
}

// peek returns the next sign that is not a space, or 0 at the end.
func (p *formulaParser) peek() rune {
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			return r
		}
		p.at += n
	}
	return 0
}

// eat takes the next sign if it is r.
func (p *formulaParser) eat(r rune) bool {
	if p.peek() != r || r == 0 {
		return false
	}
	p.at += utf8.RuneLen(r)
	return true
}

// expect takes r or fails.
func (p *formulaParser) expect(r rune, why string) {
	if at := p.at; !p.eat(r) {
		p.fail(at, "", "%s: %q is missing", why, r)
	}
}

func (p *formulaParser) formula() *Formula {
	f := &Formula{Intercept: true}
	if !p.eat('~') {
		f.Outcome = p.name()
		if p.eat('=') {
			f.Level, f.HasLevel = p.level(), true
		}
		if at := p.at; p.err == nil && !p.eat('~') {
			p.fail(at, "write outcome ~ terms", "a tilde must stand between the outcome and the terms")
		}
	}
	terms := p.sum(f)
	if at := p.at; p.err == nil && p.peek() != 0 {
		p.fail(at, "put + between terms", "%q is not expected here", p.peek())
	}
	slices.SortStableFunc(terms, func(a, b []int) int { return len(a) - len(b) })
	for _, t := range terms {
		var out FormulaTerm
		for _, k := range t {
			x := p.factors[k]
			if x.Expr == nil && x.Column == f.Outcome && f.Outcome != "" {
				p.fail(0, "take it out of the terms", "the outcome %q is also a term", f.Outcome)
			}
			out.Factors = append(out.Factors, x)
		}
		f.Terms = append(f.Terms, out)
	}
	return f
}

// sum reads terms joined by + and -. Numbers 0 and 1 stand for the constant at
// the top only, where f is given.
func (p *formulaParser) sum(f *Formula) products {
	var all products
	minus := p.eat('-')
	for p.err == nil {
		if r := p.peek(); unicode.IsDigit(r) {
			p.constant(f, minus)
		} else if t := p.crossed(); minus {
			all = without(all, t)
		} else if all = join(all, t); len(all) > formulaTerms {
			p.fail(p.at, "use fewer interactions", "the formula has more than %d terms", formulaTerms)
		}
		if minus = p.eat('-'); !minus && !p.eat('+') {
			break
		}
	}
	return all
}

// constant reads 0 or 1.
func (p *formulaParser) constant(f *Formula, minus bool) {
	at := p.at
	n := p.digits()
	if f == nil || n != "0" && n != "1" {
		p.fail(at, "write I(...) for arithmetic", "the number %s is not a term", n)
		return
	}
	f.Intercept = (n == "1") != minus
}

func (p *formulaParser) digits() string {
	from := p.at
	for p.at < len(p.text) && (p.text[p.at] >= '0' && p.text[p.at] <= '9') {
		p.at++
	}
	return p.text[from:p.at]
}

// crossed reads terms joined by *.
func (p *formulaParser) crossed() products {
	all := p.joined()
	for p.err == nil && p.eat('*') {
		t := p.joined()
		all = join(join(all, t), p.times(all, t))
	}
	if at := p.at; p.peek() == '/' {
		p.fail(at, "write a + a:b for terms, I(a/b) for a quotient", "/ is not used between terms")
	}
	return all
}

// joined reads terms joined by colons.
func (p *formulaParser) joined() products {
	all := p.power()
	for p.err == nil && p.eat(':') {
		all = p.times(all, p.power())
	}
	return all
}

// power reads a term, or terms in brackets, and what they are raised to.
func (p *formulaParser) power() products {
	var all products
	if at := p.at; p.peek() == '(' {
		p.at++
		if p.depth++; p.depth > formulaDepth {
			p.fail(at, "use fewer brackets", "brackets are more than %d deep", formulaDepth)
			return nil
		}
		all = p.sum(nil)
		p.expect(')', "the bracket is not closed")
		p.depth--
	} else {
		all = p.factor()
	}
	for p.err == nil && p.eat('^') {
		p.peek()
		at := p.at
		n, err := strconv.Atoi(p.digits())
		if err != nil || n < 1 || n > formulaDegree {
			p.fail(at, "write (a + b)^2", "after ^ comes a whole number from 1 to %d", formulaDegree)
			return nil
		}
		base := all
		for range n - 1 {
			all = join(all, p.times(all, base))
		}
	}
	return all
}

// times is the interactions of two sums.
func (p *formulaParser) times(a, b products) products {
	var out products
	seen := map[string]bool{}
	for _, x := range a {
		for _, y := range b {
			t := slices.Compact(slices.Sorted(slices.Values(slices.Concat(x, y))))
			if len(t) > formulaDegree {
				p.fail(p.at, "", "an interaction has more than %d factors", formulaDegree)
				return nil
			}
			if k := fmt.Sprint(t); !seen[k] {
				seen[k] = true
				out = append(out, t)
			}
			if len(out) > formulaTerms {
				p.fail(p.at, "use fewer interactions", "the formula has more than %d terms", formulaTerms)
				return nil
			}
		}
	}
	return out
}

// join adds the terms of b that a does not have.
func join(a, b products) products {
	seen := make(map[string]bool, len(a))
	for _, t := range a {
		seen[fmt.Sprint(t)] = true
	}
	out := slices.Clone(a)
	for _, t := range b {
		if k := fmt.Sprint(t); !seen[k] {
			seen[k] = true
			out = append(out, t)
		}
	}
	return out
}

func without(a, b products) products {
	drop := make(map[string]bool, len(b))
	for _, t := range b {
		drop[fmt.Sprint(t)] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(t []int) bool { return drop[fmt.Sprint(t)] })
}

// factor reads a column, factor(x), or a number made from columns.
func (p *formulaParser) factor() products {
	p.peek()
	at := p.at
	quoted := p.peek() == '`'
	name := p.name()
	if p.err != nil {
		return nil
	}
	f := FormulaFactor{Column: name}
	if !quoted && p.peek() == '(' {
		p.at++
		switch _, ok := rowFunctions[name]; {
		case name == "factor":
			f.Column, f.Categorical = p.name(), true
		case ok:
			f = FormulaFactor{Expr: &Arithmetic{op: 'f', name: name, args: []*Arithmetic{p.arithmetic()}}}
		default:
			p.fail(at, "factor, I, log, exp, sqrt or abs", "there is no function %q", name)
			return nil
		}
		p.expect(')', name+" is not closed")
	}
	label := f.Label()
	k, ok := p.known[label]
	if !ok {
		k = len(p.factors)
		p.known[label] = k
		p.factors = append(p.factors, f)
	}
	return products{{k}}
}

// name reads a column's name, which may stand in backquotes.
func (p *formulaParser) name() string {
	p.peek()
	at := p.at
	if p.eat('`') {
		return p.quoted('`', at)
	}
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '_' {
			break
		}
		p.at += n
	}
	name := p.text[at:p.at]
	switch {
	case name == "." && p.err == nil:
		p.fail(at, "name the columns", "a single dot for all other columns is not used here")
	case name == "" && at == len(p.text):
		p.fail(at, "", "the formula ends where a name is expected")
	case !plainName(name):
		p.fail(at, "put a name with other signs in `backquotes`", "a name is expected here")
	}
	return name
}

// quoted reads up to the closing quote; a backslash takes the sign after it.
func (p *formulaParser) quoted(quote byte, from int) string {
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == quote:
			if b.Len() == 0 && quote == '`' {
				p.fail(from, "", "the name in backquotes is empty")
			}
			return b.String()
		case c == '\\' && p.at < len(p.text) && (p.text[p.at] == quote || p.text[p.at] == '\\'):
			b.WriteByte(p.text[p.at])
			p.at++
		default:
			b.WriteByte(c)
		}
	}
	p.fail(from, "", "the closing %q is missing", quote)
	return ""
}

// level reads the level of an outcome.
func (p *formulaParser) level() string {
	r := p.peek()
	at := p.at
	if r == '"' || r == '\'' || r == '`' {
		p.at++
		return p.quoted(byte(r), at)
	}
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !levelRune(r) {
			break
		}
		p.at += n
	}
	if at == p.at {
		p.fail(at, `write outcome=level, or outcome="level"`, "the level of the outcome is missing")
	}
	return p.text[at:p.at]
}

// arithmetic reads numbers and columns joined by + and -.
func (p *formulaParser) arithmetic() *Arithmetic {
	if p.depth++; p.depth > formulaDepth {
		p.fail(p.at, "use fewer brackets", "brackets are more than %d deep", formulaDepth)
		return &Arithmetic{op: 'n'}
	}
	a := p.chain("+-", func() *Arithmetic { return p.chain("*/", p.signed) })
	p.depth--
	return a
}

// chain reads parts joined by any of ops, from the left.
func (p *formulaParser) chain(ops string, part func() *Arithmetic) *Arithmetic {
	a := part()
	for p.err == nil {
		r := p.peek()
		if r == 0 || !strings.ContainsRune(ops, r) {
			break
		}
		p.at++
		a = &Arithmetic{op: byte(r), args: []*Arithmetic{a, part()}}
	}
	return a
}

// signed reads a power, with a sign before it.
func (p *formulaParser) signed() *Arithmetic {
	if p.eat('-') {
		return &Arithmetic{op: 'm', args: []*Arithmetic{p.deeper(p.signed)}}
	}
	a := p.atom()
	if p.err == nil && p.eat('^') {
		a = &Arithmetic{op: '^', args: []*Arithmetic{a, p.deeper(p.signed)}}
	}
	return a
}

func (p *formulaParser) deeper(part func() *Arithmetic) *Arithmetic {
	if p.depth++; p.depth > formulaDepth {
		p.fail(p.at, "use brackets less", "the expression is more than %d deep", formulaDepth)
		return &Arithmetic{op: 'n'}
	}
	a := part()
	p.depth--
	return a
}

// atom reads a number, a column, a call, or an expression in brackets.
func (p *formulaParser) atom() *Arithmetic {
	r := p.peek()
	at := p.at
	switch {
	case p.err != nil:
		return &Arithmetic{op: 'n'}
	case p.eat('('):
		a := &Arithmetic{op: '(', args: []*Arithmetic{p.arithmetic()}}
		p.expect(')', "the bracket is not closed")
		return a
	case unicode.IsDigit(r):
		for p.at < len(p.text) && (p.text[p.at] == '.' || p.text[p.at] >= '0' && p.text[p.at] <= '9') {
			p.at++
		}
		if rest := p.text[p.at:]; len(rest) > 1 && rest[0] == 'e' && strings.ContainsAny(rest[1:2], "0123456789+-") {
			p.at += 2
			p.digits()
		}
		v, err := strconv.ParseFloat(p.text[at:p.at], 64)
		if err != nil {
			p.fail(at, "", "this is not a number")
		}
		return &Arithmetic{op: 'n', num: v}
	}
	quoted := r == '`'
	name := p.name()
	if _, ok := rowFunctions[name]; !quoted && p.peek() == '(' {
		if !ok {
			p.fail(at, "I, log, exp, sqrt or abs", "there is no function %q", name)
			return &Arithmetic{op: 'n'}
		}
		p.at++
		a := &Arithmetic{op: 'f', name: name, args: []*Arithmetic{p.arithmetic()}}
		p.expect(')', name+" is not closed")
		return a
	}
	return &Arithmetic{op: 'v', name: name}
}
