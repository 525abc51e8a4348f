// Package xpath is the XPath of ODK XForms: parsed once, compiled to closures,
// evaluated over a tree of nodes.
//
// It knows expressions and trees; it must not know what a form is.
//
// Parse gives the tree of an expression, Compile a Program, and a Program gives
// values in a Context. The meaning is that of JavaRosa, the engine of ODK
// Collect, which leaves XPath 1.0 in these ways:
//
//   - An absolute path follows the context node's own ancestors as far as the
//     names agree. In a repeat, /data/repeat/name is the name of this instance.
//   - Nodes are compared, and turned into a truth, by the value of the only one.
//     No node at all is the empty text, and so is an irrelevant one. Several are
//     an error; the value is then that of the first.
//   - A node's value has the type of its bind: an answer of type int is a number,
//     of type date a date. Dates are values of their own: as text 2026-01-31,
//     as a number the days since 1970-01-01 by the local calendar.
//   - Numbers within 1e-12 of each other are equal.
//   - sum(), min() and max() pass over what is no number.
//
// Where this package departs from JavaRosa, and JavaRosa from the other client,
// is listed in docs/divergences.md.
package xpath

// Kind is what a Node is.
type Kind uint8

// The kinds of node. Text is not a node of its own: an element without child
// elements holds it in Value.
const (
	Element Kind = iota
	Attribute
	Document // the parent of a root element
)

// Node is one node of an instance: the answers, a choice list, an attached
// file. The tree is plain data, so that a walk is a few pointer reads.
type Node struct {
	Kind Kind
	// Name is the name as written, with its prefix: "jr:template", "item".
	Name string
	// Space is the namespace URI, or empty if the tree was read without them.
	Space string
	// Value is the text of an element without child elements, or of an
	// attribute.
	Value  string
	Parent *Node
	// Children are elements only. Those of one name stand together, as the
	// instances of a repeat do; single values are looked up by that.
	Children []*Node
	Attrs    []*Node
	// Irrelevant nodes have no value in expressions, and are left out of counts.
	// forms/xform sets it on a node and everything below it.
	Irrelevant bool
	// Type is the bind's type (date, int, ...), which decides how a value turns
	// into a number; empty is a string.
	Type string
	// Slot is the index of the node's definition, for the owner of the tree.
	Slot int32
}

// Child returns the first child element of a name, or nil.
func (n *Node) Child(name string) *Node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Attr returns the attribute of a name, or nil.
func (n *Node) Attr(name string) *Node {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// Root returns the topmost node.
func (n *Node) Root() *Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}
