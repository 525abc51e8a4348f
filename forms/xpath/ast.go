package xpath

// AST is a node of an expression's tree: *Binary, *Union, *Negate, *Literal,
// *Number, *Call, *Path, *Filtered or *Reference. Trees are not changed after
// Parse, so several may share parts.
type AST interface {
	// Bounds gives the byte offsets of the node in the source.
	Bounds() Span
}

// Span is a stretch of source: Pos inclusive, End exclusive, in bytes from 0.
type Span struct{ Pos, End int }

// Bounds returns the span itself, so that a node that embeds it is an AST.
func (s Span) Bounds() Span { return s }

// Binary is an operator between two values. Op is one of: or, and, =, !=, <,
// <=, >, >=, +, -, *, div, mod.
type Binary struct {
	Span
	Op          string
	Left, Right AST
}

// Union is the set of the nodes of both sides: a | b.
type Union struct {
	Span
	Left, Right AST
}

// Negate is the minus before a value.
type Negate struct {
	Span
	Operand AST
}

// Literal is text in quotes, without them.
type Literal struct {
	Span
	Value string
}

// Number is a number as written: digits with at most one point, no sign and no
// exponent.
type Number struct {
	Span
	Value float64
}

// Call is a function and its arguments. Name has its prefix: "jr:itext".
type Call struct {
	Span
	Name string
	Args []AST
}

// Path is a location path. It starts at the root of the main instance if
// Absolute, at the nodes of Filter if that is set, and else at the context node.
type Path struct {
	Span
	Absolute bool
	Filter   AST
	Steps    []Step
}

// Filtered is a value other than a path with predicates: (a | b)[1].
type Filtered struct {
	Span
	Base       AST
	Predicates []AST
}

// Reference is ${name} or ${last-saved#name} of XLSForm. It has no meaning in
// an XForm: compiling an expression that holds one is an error.
type Reference struct {
	Span
	Name      string
	LastSaved bool
}

// Axis is the direction of a step.
type Axis uint8

// The axes of XPath 1.0, without namespace. ODK asks for child, parent, self
// and attribute; the rest work here too.
const (
	Child Axis = iota
	Parent
	Self
	AttributeAxis
	Descendant
	DescendantOrSelf
	Ancestor
	AncestorOrSelf
	FollowingSibling
	PrecedingSibling
	Following
	Preceding
)

var axisNames = [...]string{
	"child", "parent", "self", "attribute", "descendant", "descendant-or-self",
	"ancestor", "ancestor-or-self", "following-sibling", "preceding-sibling",
	"following", "preceding",
}

// String returns the axis as XPath writes it.
func (a Axis) String() string { return axisNames[a] }

// Step is one step of a path.
type Step struct {
	Span
	Axis Axis
	// Test is a name with its prefix, "*", "prefix:*", "node()", "text()" or
	// "comment()".
	Test       string
	Predicates []AST
}

// Walk calls f for n and, where f returns true, for all below it: arguments,
// predicates, operands, in the order of the source.
func Walk(n AST, f func(AST) bool) {
	if n == nil || !f(n) {
		return
	}
	switch n := n.(type) {
	case *Binary:
		Walk(n.Left, f)
		Walk(n.Right, f)
	case *Union:
		Walk(n.Left, f)
		Walk(n.Right, f)
	case *Negate:
		Walk(n.Operand, f)
	case *Call:
		walkAll(n.Args, f)
	case *Filtered:
		Walk(n.Base, f)
		walkAll(n.Predicates, f)
	case *Path:
		if n.Filter != nil {
			Walk(n.Filter, f)
		}
		for _, s := range n.Steps {
			walkAll(s.Predicates, f)
		}
	}
}

func walkAll(list []AST, f func(AST) bool) {
	for _, n := range list {
		Walk(n, f)
	}
}
