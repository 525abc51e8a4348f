package outline

import (
	"strings"

	"waymark/forms/xpath"
)

// Resolved writes an expression in one canonical way, with every path to a
// question made absolute and passed through rename, so that two versions of a
// form can be compared though paths were written otherwise or changed. What
// does not parse is returned as it is.
func (o *Outline) Resolved(expr string, at *Item, rename func(*Item) string) string {
	tree, err := xpath.Parse(strings.TrimSpace(expr))
	if err != nil {
		return strings.TrimSpace(expr)
	}
	r := resolver{sp: o.speaker(at), rename: rename}
	return xpath.Text(r.rewrite(tree.Root))
}

type resolver struct {
	sp     *speaker
	rename func(*Item) string
}

// rewrite returns the node with its paths resolved; the tree itself stays.
func (r resolver) rewrite(n xpath.AST) xpath.AST {
	switch n := n.(type) {
	case *xpath.Binary:
		return &xpath.Binary{Op: n.Op, Left: r.rewrite(n.Left), Right: r.rewrite(n.Right)}
	case *xpath.Union:
		return &xpath.Union{Left: r.rewrite(n.Left), Right: r.rewrite(n.Right)}
	case *xpath.Negate:
		return &xpath.Negate{Operand: r.rewrite(n.Operand)}
	case *xpath.Call:
		return &xpath.Call{Name: n.Name, Args: r.all(n.Args)}
	case *xpath.Filtered:
		return &xpath.Filtered{Base: r.rewrite(n.Base), Predicates: r.all(n.Predicates)}
	case *xpath.Path:
		return r.path(n)
	}
	return n
}

func (r resolver) all(list []xpath.AST) []xpath.AST {
	out := make([]xpath.AST, len(list))
	for i, n := range list {
		out[i] = r.rewrite(n)
	}
	return out
}

// path makes a path without predicates absolute. Of others, only what stands
// in the predicates is rewritten.
func (r resolver) path(n *xpath.Path) xpath.AST {
	if !r.sp.inRow || n.Absolute || n.Filter != nil {
		if item, ok := r.sp.item(n); ok {
			out := &xpath.Path{Absolute: true}
			for name := range strings.SplitSeq(strings.Trim(r.rename(item), "/"), "/") {
				out.Steps = append(out.Steps, xpath.Step{Test: name})
			}
			return out
		}
	}
	out := &xpath.Path{Absolute: n.Absolute, Filter: n.Filter}
	inner := *r.sp
	inner.inRow = true
	for _, s := range n.Steps {
		s.Predicates = resolver{&inner, r.rename}.all(s.Predicates)
		out.Steps = append(out.Steps, s)
	}
	return out
}
