package xform

import (
	"strings"

	"waymark/forms/xpath"
)

// read is one node that an expression reads, seen from the node that it is
// evaluated on.
type read struct {
	def *Definition
	// join is the lowest node around both: what is read lies below the same
	// instance of join as the reader. nil is the whole document.
	join *Definition
	// structural reads see instances come and go, not what they hold.
	structural bool
}

// place is where a path may be: below a definition, nil for the document node,
// or in another instance.
type place struct {
	read
	elsewhere bool
}

// reader collects the reads of an expression.
type reader struct {
	form *Form
	self *Definition
	all  []read
}

// reads lists what an expression reads when it is evaluated on a node. It may
// list too much, never too little: wildcards stand for all they can match, and
// predicates are taken to hold.
func (f *Form) reads(x *expression, self *Definition) []read {
	if x == nil || x.tree == nil {
		return nil
	}
	r := &reader{form: f, self: self}
	r.visit(x.tree.Root, r.current())
	return r.all
}

func (r *reader) current() []place { return []place{{read: read{def: r.self, join: r.self}}} }

func (r *reader) note(places []place) {
	for _, p := range places {
		if !p.elsewhere && p.def != nil {
			r.all = append(r.all, p.read)
		}
	}
}

// visit collects what n reads from base, and returns where its nodes are.
func (r *reader) visit(n xpath.AST, base []place) []place {
	switch n := n.(type) {
	case *xpath.Binary:
		r.visit(n.Left, base)
		r.visit(n.Right, base)
	case *xpath.Negate:
		r.visit(n.Operand, base)
	case *xpath.Union:
		return append(r.visit(n.Left, base), r.visit(n.Right, base)...)
	case *xpath.Filtered:
		at := r.visit(n.Base, base)
		for _, p := range n.Predicates {
			r.visit(p, at)
		}
		return at
	case *xpath.Call:
		return r.call(n, base)
	case *xpath.Path:
		at := r.path(n, base)
		r.note(at)
		return at
	}
	return nil
}

func (r *reader) call(c *xpath.Call, base []place) []place {
	switch c.Name {
	case "current":
		return r.current()
	case "instance":
		r.visitAll(c.Args, base)
		return []place{{elsewhere: true}}
	case "position":
		if len(c.Args) == 0 && r.self != nil { // its own place among its siblings
			r.all = append(r.all, read{def: r.self, join: r.self.Parent, structural: true})
		}
		for _, a := range c.Args {
			for _, p := range r.visit(a, base) {
				if p.def != nil && !p.elsewhere { // its siblings count too
					r.all = append(r.all, read{def: p.def, join: higher(p.join, p.def.Parent)})
				}
			}
		}
		return nil
	case "indexed-repeat":
		for _, a := range c.Args {
			for _, p := range r.visit(a, base) {
				if p.def != nil && !p.elsewhere {
					r.all = append(r.all, read{def: p.def})
				}
			}
		}
		return nil
	case "string-length", "normalize-space", "string", "number":
		if len(c.Args) == 0 {
			r.note(base)
		}
	case "jr:choice-name":
		if lit, ok := last(c.Args).(*xpath.Literal); ok {
			if tree, err := xpath.Parse(lit.Value); err == nil {
				r.visit(tree.Root, base)
			}
		}
	case "randomize":
		if len(c.Args) > 0 {
			at := r.visit(c.Args[0], base)
			r.visitAll(c.Args[1:], base)
			return at
		}
	}
	r.visitAll(c.Args, base)
	return nil
}

func last(args []xpath.AST) xpath.AST {
	if len(args) == 0 {
		return nil
	}
	return args[len(args)-1]
}

func (r *reader) visitAll(list []xpath.AST, base []place) {
	for _, n := range list {
		r.visit(n, base)
	}
}

func (r *reader) path(p *xpath.Path, base []place) []place {
	at := base
	switch {
	case p.Absolute:
		at = []place{{}}
		if len(base) > 0 && base[0].elsewhere {
			at = []place{{}} // the root of the main instance, also in a predicate over a list
		}
	case p.Filter != nil:
		at = r.visit(p.Filter, base)
	}
	for _, s := range p.Steps {
		at = r.step(at, s)
		for _, pred := range s.Predicates {
			r.visit(pred, at)
		}
	}
	return at
}

// step takes places one step on.
func (r *reader) step(from []place, s xpath.Step) []place {
	var to []place
	for _, p := range from {
		if p.elsewhere {
			to = append(to, p)
			continue
		}
		switch s.Axis {
		case xpath.Self:
			to = append(to, p)
		case xpath.Parent:
			if p.def != nil {
				to = append(to, place{read: read{def: p.def.Parent, join: higher(p.join, p.def.Parent)}})
			}
		case xpath.Child, xpath.AttributeAxis:
			to = append(to, r.below(p, s)...)
		case xpath.Descendant, xpath.DescendantOrSelf:
			to = append(to, p)
			for _, d := range r.subtree(p.def) {
				to = append(to, place{read: read{def: d, join: p.join}})
			}
		default: // siblings, ancestors, what follows: anything in the document
			for _, d := range r.form.Nodes {
				to = append(to, place{read: read{def: d}})
			}
		}
	}
	return to
}

// below are the children of a place that a step's test fits.
func (r *reader) below(p place, s xpath.Step) []place {
	name := s.Test
	if s.Axis == xpath.AttributeAxis {
		name = "@" + name
	}
	var to []place
	if p.def == nil {
		if root := r.form.Nodes[0]; fits(root, name) {
			to = append(to, place{read: read{def: root, join: p.join}})
		}
		return to
	}
	for _, d := range p.def.Children {
		if fits(d, name) {
			to = append(to, place{read: read{def: d, join: p.join}})
		}
	}
	return to
}

func fits(d *Definition, test string) bool {
	if strings.HasSuffix(test, "*") || strings.HasSuffix(test, "()") {
		return strings.HasPrefix(test, "@") == d.Attribute
	}
	return d.Name == test
}

func (r *reader) subtree(d *Definition) []*Definition {
	if d == nil {
		return r.form.Nodes
	}
	var all []*Definition
	for _, c := range d.Children {
		all = append(all, c)
		all = append(all, r.subtree(c)...)
	}
	return all
}

// higher returns the one nearer the document node, nil.
func higher(a, b *Definition) *Definition {
	if a == nil || b == nil {
		return nil
	}
	if a.depth() <= b.depth() {
		return a
	}
	return b
}

// depth counts the definitions above.
func (d *Definition) depth() int {
	n := 0
	for up := d.Parent; up != nil; up = up.Parent {
		n++
	}
	return n
}
