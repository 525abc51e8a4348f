package xpath

import (
	"fmt"
	"math"
	"strings"
	"sync/atomic"
)

// origin is where a path starts.
type origin uint8

const (
	atContext  origin = iota
	atCurrent         // current()
	atMain            // the main instance
	atInstance        // instance('id')
	atValue           // the nodes of another expression
)

// path is a compiled location path.
type path struct {
	start origin
	id    code // of atInstance
	base  code // of atValue
	steps []step
	// simple paths go up, then down by names, and have no predicates.
	simple bool
}

// step is one compiled step.
type step struct {
	axis Axis
	name string // the exact name, or empty
	test func(*Node) bool
	// hint is where the name was found last: forms of one kind have their nodes
	// in one order, so that it is found there again.
	hint  *atomic.Int32
	preds []predicate
	look  *lookup // if the first predicate can be answered by an index
}

func (k *compiler) path(n *Path) code {
	p := &path{simple: true}
	free := false
	switch start := n.Filter.(type) {
	case nil:
		if n.Absolute {
			p.start, free = atMain, true
		}
	case *Call:
		base := k.compile(start)
		free = base.free
		switch {
		case start.Name == "current":
			p.start = atCurrent
		case start.Name == "instance" && len(start.Args) == 1:
			p.start, p.id = atInstance, k.compile(start.Args[0])
		default:
			k.wantNodes(start, base)
			p.start, p.base, p.simple = atValue, base, false
		}
	default:
		p.base = k.compile(start)
		k.wantNodes(start, p.base)
		p.start, p.simple, free = atValue, false, p.base.free
	}
	down := false
	p.steps = make([]step, len(n.Steps))
	for i, s := range n.Steps {
		p.steps[i] = k.step(n, s)
		switch st := &p.steps[i]; {
		case len(s.Predicates) > 0, st.name == "" && st.axis != Self && st.axis != Parent:
			p.simple = false
		case st.axis == Child || st.axis == AttributeAxis:
			down = true
		case st.axis == Parent && !down && s.Test == "node()", st.axis == Self && s.Test == "node()":
		default:
			p.simple = false
		}
		for j := range s.Predicates {
			p.steps[i].preds = append(p.steps[i].preds, k.predicate(s.Predicates[j]))
		}
		if p.start == atInstance && len(s.Predicates) > 0 && i > 0 {
			p.steps[i].look = k.lookup(s)
		}
	}
	if p.start == atInstance && len(p.steps) > 0 && p.steps[0].axis != Child {
		p.simple = false
	}
	c := nodesCode(p.nodes).as(free)
	c.path, c.scalar = p, p.scalar
	c.value = func(c *Context) Value { return nodes(p.nodes(c)) }
	c.text = p.text
	c.number = p.number
	c.truth = func(c *Context) bool { return p.scalar(c).Bool() }
	return c
}

func (k *compiler) step(at *Path, s Step) step {
	st := step{axis: s.Axis}
	switch prefix, isAny := strings.CutSuffix(s.Test, "*"); {
	case s.Test == "node()":
		st.test = func(n *Node) bool { return true }
	case s.Test == "text()" || s.Test == "comment()":
		k.faults.Add(syntaxFault(k.src, s.Pos, fmt.Sprintf("has %s, which forms do not have as a node", s.Test), "name the element; its text is its value"))
	case isAny && prefix == "":
		st.test = func(n *Node) bool { return n.Kind != Document }
	case isAny:
		st.test = func(n *Node) bool { return strings.HasPrefix(n.Name, prefix) }
	default:
		st.name = s.Test
		st.hint = new(atomic.Int32)
		st.test = func(n *Node) bool { return n.Name == s.Test && n.Kind != Document }
	}
	return st
}

// child returns the first child of a name and whether another follows it. It
// relies on the siblings of one name standing together; see Node.Children.
func (s *step) child(n *Node) (first *Node, more bool) {
	kids := n.Children
	if i := int(s.hint.Load()); i < len(kids) && kids[i].Name == s.name && (i == 0 || kids[i-1].Name != s.name) {
		return kids[i], i+1 < len(kids) && kids[i+1].Name == s.name
	}
	for i, kid := range kids {
		if kid.Name == s.name {
			s.hint.Store(int32(i))
			return kid, i+1 < len(kids) && kids[i+1].Name == s.name
		}
	}
	return nil, false
}

// single walks a simple path without allocating. It returns ok false if a name
// is repeated on the way, so that the general way must decide.
func (p *path) single(c *Context) (n *Node, ok bool) {
	n, i := p.descend(c)
	for ; i < len(p.steps) && n != nil; i++ {
		switch s := &p.steps[i]; s.axis {
		case Parent:
			n = n.Parent
		case Self:
		case AttributeAxis:
			n = n.Attr(s.name)
		default:
			var more bool
			if n, more = s.child(n); more {
				return nil, false
			}
		}
	}
	return n, true
}

// descend returns the node from which the steps from i on are to be walked. An
// absolute path follows the context node's own ancestors as far as the names
// agree: within a repeat it means this instance of the repeat, as in JavaRosa.
func (p *path) descend(c *Context) (n *Node, i int) {
	switch p.start {
	case atContext:
		return c.Node, 0
	case atCurrent:
		return c.here, 0
	case atInstance:
		n = c.instance(p.id.text(c))
		if len(p.steps) > 0 {
			i = 1 // the first step is the root element, whatever its name
		}
		return n, i
	}
	var room [24]*Node
	chain := c.chain(room[:0])
	n = c.Main
	for i < len(p.steps) && i < len(chain) && p.follows(i, chain[i]) {
		n = chain[i]
		i++
	}
	return n, i
}

// follows tells whether step i leads to the given ancestor of the context node.
func (p *path) follows(i int, n *Node) bool {
	s := &p.steps[i]
	return s.axis == Child && len(s.preds) == 0 && n.Name == s.name && n.Kind == Element
}

// chain appends the context node and its ancestors below the main document, the
// topmost first. If the context is an item of another instance, it is the node
// in the main instance whose question is asked: in a repeat,
// instance('x')/root/item[name = /data/repeat/name] means this instance's name.
func (c *Context) chain(room []*Node) []*Node {
	if c.Main == nil {
		return room
	}
	from := c.Node
	depth := c.depth(from)
	if depth < 0 {
		from = c.outer
		depth = c.depth(from)
	}
	for range depth {
		room = append(room, nil)
	}
	for n := from; depth > 0; n = n.Parent {
		depth--
		room[depth] = n
	}
	return room
}

// depth counts the nodes from n up to the main document, or is -1 if n is not
// below it.
func (c *Context) depth(n *Node) int {
	depth := 0
	for ; n != nil; n = n.Parent {
		if n == c.Main {
			return depth
		}
		depth++
	}
	return -1
}

// scalar returns the value of the only node that the path gives.
func (p *path) scalar(c *Context) Value {
	if p.simple {
		if n, ok := p.single(c); ok {
			if n == nil {
				return Value{}
			}
			return c.typed(n)
		}
	}
	return c.one(p.nodes(c))
}

func (p *path) number(c *Context) float64 {
	if p.simple {
		if n, ok := p.single(c); ok {
			if n == nil {
				return math.NaN()
			}
			return c.numberOf(n)
		}
	}
	return c.one(p.nodes(c)).Number()
}

func (p *path) text(c *Context) string {
	if p.simple {
		if n, ok := p.single(c); ok {
			switch {
			case n == nil || n.Irrelevant:
				return ""
			case n.Type == "" || textual(n.Type):
				return n.Value
			}
			return c.typed(n).String()
		}
	}
	return c.one(p.nodes(c)).String()
}
