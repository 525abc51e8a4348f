package xpath

import (
	"strconv"
	"strings"
)

// String returns the expression in one canonical form: short axes, no needless
// brackets, one space around operators. Parsing it gives the same tree, unless
// the added spaces take it over MaxSource.
func (e *Expr) String() string { return Text(e.Root) }

// Text returns a tree as Expr.String does.
func Text(n AST) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

// binding is how tightly a node holds together; a looser one inside a tighter
// needs brackets.
func binding(n AST) int {
	switch n := n.(type) {
	case *Binary:
		for level, ops := range levels {
			for _, op := range ops {
				if n.Op == op {
					return level
				}
			}
		}
	case *Negate:
		return len(levels)
	case *Union:
		return len(levels) + 1
	}
	return len(levels) + 2
}

func writeBound(b *strings.Builder, n AST, least int) {
	if binding(n) >= least {
		write(b, n)
		return
	}
	b.WriteByte('(')
	write(b, n)
	b.WriteByte(')')
}

func write(b *strings.Builder, n AST) {
	switch n := n.(type) {
	case *Binary:
		level := binding(n)
		writeBound(b, n.Left, level)
		b.WriteString(" " + n.Op + " ")
		writeBound(b, n.Right, level+1)
	case *Union:
		writeBound(b, n.Left, binding(n))
		b.WriteString(" | ")
		writeBound(b, n.Right, binding(n)+1)
	case *Negate:
		b.WriteByte('-')
		writeBound(b, n.Operand, binding(n))
	case *Number:
		b.WriteString(strconv.FormatFloat(n.Value, 'f', -1, 64))
	case *Literal:
		b.WriteString(Quote(n.Value))
	case *Reference:
		b.WriteString("${")
		if n.LastSaved {
			b.WriteString(lastSavedMark)
		}
		b.WriteString(n.Name + "}")
	case *Call:
		b.WriteString(n.Name + "(")
		for i, a := range n.Args {
			if i > 0 {
				b.WriteString(", ")
			}
			write(b, a)
		}
		b.WriteByte(')')
	case *Filtered:
		writeStart(b, n.Base)
		writePredicates(b, n.Predicates)
	case *Path:
		writePath(b, n)
	}
}

// writeStart writes what predicates or steps follow: brackets around all that
// would read otherwise.
func writeStart(b *strings.Builder, n AST) {
	switch n.(type) {
	case *Path, *Binary, *Union, *Negate, *Filtered:
		b.WriteByte('(')
		write(b, n)
		b.WriteByte(')')
	default:
		write(b, n)
	}
}

func writePredicates(b *strings.Builder, preds []AST) {
	for _, p := range preds {
		b.WriteByte('[')
		write(b, p)
		b.WriteByte(']')
	}
}

func writePath(b *strings.Builder, p *Path) {
	if p.Filter != nil {
		if f, ok := p.Filter.(*Filtered); ok {
			write(b, f)
		} else {
			writeStart(b, p.Filter)
		}
	}
	slash := p.Absolute || p.Filter != nil
	if p.Absolute && len(p.Steps) == 0 {
		b.WriteByte('/')
	}
	for i := 0; i < len(p.Steps); i++ {
		s := p.Steps[i]
		if slash {
			b.WriteByte('/')
		}
		slash = true
		// "//" stands for the whole step, where another step follows.
		if s.Axis == DescendantOrSelf && s.Test == "node()" && len(s.Predicates) == 0 && i+1 < len(p.Steps) && (i > 0 || p.Absolute || p.Filter != nil) {
			continue
		}
		writeStep(b, s)
	}
}

func writeStep(b *strings.Builder, s Step) {
	switch {
	case s.Axis == Self && s.Test == "node()":
		b.WriteByte('.')
	case s.Axis == Parent && s.Test == "node()":
		b.WriteString("..")
	case s.Axis == AttributeAxis:
		b.WriteString("@" + s.Test)
	case s.Axis == Child:
		b.WriteString(s.Test)
	default:
		b.WriteString(s.Axis.String() + "::" + s.Test)
	}
	writePredicates(b, s.Predicates)
}

// Quote writes a text as a literal. XPath 1.0 has no escapes: a text with both
// kinds of quotes becomes a concat() of its pieces.
func Quote(s string) string {
	switch {
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	case !strings.Contains(s, `"`):
		return `"` + s + `"`
	}
	pieces := strings.Split(s, "'")
	return "concat('" + strings.Join(pieces, `', "'", '`) + "')"
}
