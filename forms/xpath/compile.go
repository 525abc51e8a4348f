package xpath

import (
	"fmt"
	"math"
	"time"

	"waymark/internal/fault"
)

// Options of Compile.
type Options struct {
	// Place is put into every fault that has none. Optional.
	Place fault.Place
	// Faults is how many faults are told at most. Default: 20.
	Faults int
}

// Program is an expression as closures. It is not changed after Compile and may
// be used by many goroutines, each with its own Context.
type Program struct {
	code code
	expr *Expr
}

// code is one compiled part. All closures but nodes are always set; each gives
// the same value in the form that its caller needs, without detours.
type code struct {
	kind   ValueKind // anyValue if known only at run time
	value  func(*Context) Value
	scalar func(*Context) Value // value, with nodes replaced by the value of the only one
	text   func(*Context) string
	number func(*Context) float64
	truth  func(*Context) bool
	nodes  func(*Context) []*Node // nil if this cannot give nodes
	path   *path                  // if this is a path
	fixed  bool                   // the same always
	free   bool                   // the same for every context node outside the main instance
}

// Compile turns the expression into a program. Unknown functions, wrong numbers
// of arguments, values where nodes are needed, patterns that cannot work and
// ${references} are errors here, all at once.
func (e *Expr) Compile(opt Options) (*Program, error) {
	most := opt.Faults
	if most <= 0 {
		most = 20
	}
	k := &compiler{src: e.Source, faults: fault.NewList(most), done: map[AST]code{}}
	c := k.compile(e.Root)
	if err := k.faults.Err(); err != nil {
		for _, f := range k.faults.Faults {
			if f.Place == (fault.Place{}) {
				f.Place = opt.Place
			}
		}
		return nil, err
	}
	return &Program{code: c, expr: e}, nil
}

// Expr returns what the program was compiled from.
func (p *Program) Expr() *Expr { return p.expr }

// Value returns what the expression gives.
func (p *Program) Value(c *Context) Value {
	c.start()
	v := p.code.value(c)
	if v.kind == NodesValue {
		now := c.now()
		v.num, v.zone = float64(now.UnixMilli()), now.Location()
	}
	return v
}

// Text returns the value as text; see Value.String.
func (p *Program) Text(c *Context) string {
	c.start()
	return p.code.text(c)
}

// Number returns the value as a number; see Value.Number.
func (p *Program) Number(c *Context) float64 {
	c.start()
	return p.code.number(c)
}

// Truth returns the value as a truth; see Value.Bool.
func (p *Program) Truth(c *Context) bool {
	c.start()
	return p.code.truth(c)
}

// Nodes returns the nodes that the expression gives, or nil with c.Err set if it
// gives a value of another kind.
func (p *Program) Nodes(c *Context) []*Node {
	c.start()
	if p.code.nodes != nil {
		return p.code.nodes(c)
	}
	return c.nodesOf(p.code.value(c))
}

func (c *Context) nodesOf(v Value) []*Node {
	if v.kind != NodesValue {
		c.failf("give the path of the nodes", "a value was found where nodes are needed")
	}
	return v.nodes
}

// compiler compiles every node once, however often it is asked for.
type compiler struct {
	src    string
	faults *fault.List
	done   map[AST]code
}

func (k *compiler) bad(at AST, message, remedy string) code {
	k.faults.Add(syntaxFault(k.src, at.Bounds().Pos, message, remedy))
	return fixed(Value{})
}

func (k *compiler) compile(n AST) code {
	if c, ok := k.done[n]; ok {
		return c
	}
	c := k.fresh(n)
	k.done[n] = c
	return c
}

func (k *compiler) fresh(n AST) code {
	switch n := n.(type) {
	case *Literal:
		return fixed(text(n.Value))
	case *Number:
		return fixed(number(n.Value))
	case *Negate:
		x := k.compile(n.Operand)
		return k.fold(x.fixed, numberCode(func(c *Context) float64 { return -x.number(c) }).as(x.free))
	case *Binary:
		return k.binary(n)
	case *Union:
		return k.union(n)
	case *Call:
		return k.call(n)
	case *Path:
		return k.path(n)
	case *Filtered:
		return k.filtered(n)
	case *Reference:
		return k.bad(n, fmt.Sprintf("has %s, which is not yet the path of a question", Text(n)), "compile the form first, so that references become paths")
	}
	return fixed(Value{})
}

func (k *compiler) all(list []AST) []code {
	codes := make([]code, len(list))
	for i, n := range list {
		codes[i] = k.compile(n)
	}
	return codes
}

// as marks whether the code is free of the context node.
func (c code) as(free bool) code {
	c.free = free
	return c
}

// fold runs code that depends on nothing now, unless it fails.
func (k *compiler) fold(can bool, c code) code {
	if !can {
		return c
	}
	ctx := &Context{Now: func() time.Time { return time.Unix(0, 0).UTC() }, Node: &Node{}}
	ctx.start()
	if v := c.value(ctx); ctx.Err == nil && v.kind != NodesValue && v.kind != DateValue {
		return fixed(v)
	}
	return c
}

// fixed is code for a value that never changes.
func fixed(v Value) code {
	s, f, b := v.String(), v.Number(), v.Bool()
	c := code{
		kind: v.kind, fixed: true, free: true,
		value:  func(*Context) Value { return v },
		text:   func(*Context) string { return s },
		number: func(*Context) float64 { return f },
		truth:  func(*Context) bool { return b },
	}
	c.scalar = c.value
	return c
}

func textCode(f func(*Context) string) code {
	c := code{
		kind: StringValue, text: f,
		value:  func(c *Context) Value { return text(f(c)) },
		number: func(c *Context) float64 { return parseNumber(f(c)) },
		truth:  func(c *Context) bool { return f(c) != "" },
	}
	c.scalar = c.value
	return c
}

func numberCode(f func(*Context) float64) code {
	c := code{
		kind: NumberValue, number: f,
		value: func(c *Context) Value { return number(f(c)) },
		text:  func(c *Context) string { return formatNumber(f(c)) },
		truth: func(c *Context) bool { return truthOfNumber(f(c)) },
	}
	c.scalar = c.value
	return c
}

func truthCode(f func(*Context) bool) code {
	c := code{
		kind: BoolValue, truth: f,
		value: func(c *Context) Value { return truth(f(c)) },
		text:  func(c *Context) string { return truth(f(c)).String() },
		number: func(c *Context) float64 {
			if f(c) {
				return 1
			}
			return 0
		},
	}
	c.scalar = c.value
	return c
}

// valueCode is code whose kind is known only when it runs. A date's kind is given
// as DateValue by functions that give a date or a blank.
func valueCode(f func(*Context) Value) code {
	scalar := func(c *Context) Value {
		v := f(c)
		if v.kind == NodesValue {
			return c.one(v.nodes)
		}
		return v
	}
	return code{
		kind: anyValue, value: f, scalar: scalar,
		text:   func(c *Context) string { return scalar(c).String() },
		number: func(c *Context) float64 { return scalar(c).Number() },
		truth:  func(c *Context) bool { return scalar(c).Bool() },
	}
}

// nodesCode is code that gives nodes.
func nodesCode(f func(*Context) []*Node) code {
	c := valueCode(func(c *Context) Value { return nodes(f(c)) })
	c.kind, c.nodes = NodesValue, f
	return c
}

// decimal returns the value as a number where the function keeps the time of day
// of a date: days since 1970-01-01 00:00 of the zone, with a fraction.
func (x code) decimal(c *Context) float64 {
	if x.kind != anyValue {
		return x.number(c)
	}
	v := x.value(c)
	if v.kind == DateValue {
		t := v.time()
		start := time.Date(1970, 1, 1, 0, 0, 0, 0, t.Location())
		return float64(t.UnixMilli()-start.UnixMilli()) / dayMillis
	}
	if v.kind == NodesValue {
		return c.one(v.nodes).Number()
	}
	return v.Number()
}

// remainder is mod: the sign is that of the left side.
func remainder(a, b float64) float64 { return math.Mod(a, b) }
