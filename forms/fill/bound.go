package fill

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"waymark/forms/xpath"
)

// bounds is what can be read off a constraint about the answer itself: a start
// for guessing. Whether a guess holds, the form's own rules decide.
type bounds struct {
	least, greatest float64  // inclusive; infinite if not given
	length          [2]int   // of the text in characters; -1 if not given
	patterns        []string // of regex(., '...')
	values          []string // that it is compared with: . = 'x'
	most, fewest    int      // choices taken, from count-selected(.); -1 if not given
	// alone are choices that a constraint names inside selected(., 'x'): such
	// choices often exclude the others.
	alone []string
	// itself is the question's path, without positions.
	itself string
}

func free() bounds {
	return bounds{least: math.Inf(-1), greatest: math.Inf(1), length: [2]int{-1, -1}, most: -1, fewest: -1}
}

// boundsOf reads the constraint of the question at a path. Only what must hold is
// read: both sides of "and", and neither of "or" and not().
func boundsOf(constraint, path string) bounds {
	b := free()
	b.itself = path
	if constraint == "" {
		return b
	}
	expr, err := xpath.Parse(constraint)
	if err != nil {
		return b
	}
	b.read(expr.Root)
	xpath.Walk(expr.Root, func(n xpath.AST) bool {
		if equal, ok := n.(*xpath.Binary); ok && equal.Op == "=" {
			b.equals(equal.Left, equal.Right)
			b.equals(equal.Right, equal.Left)
		}
		if call, ok := n.(*xpath.Call); ok && call.Name == "selected" && len(call.Args) == 2 && b.isSelf(call.Args[0]) {
			if value, ok := call.Args[1].(*xpath.Literal); ok {
				b.alone = append(b.alone, value.Value)
			}
		}
		return true
	})
	return b
}

func (b *bounds) read(n xpath.AST) {
	switch n := n.(type) {
	case *xpath.Binary:
		if n.Op == "and" {
			b.read(n.Left)
			b.read(n.Right)
			return
		}
		if !b.compare(n.Op, n.Left, n.Right) {
			b.compare(mirrored[n.Op], n.Right, n.Left)
		}
	case *xpath.Call:
		if n.Name == "regex" && len(n.Args) == 2 && b.isSelf(n.Args[0]) {
			if pattern, ok := n.Args[1].(*xpath.Literal); ok {
				b.patterns = append(b.patterns, pattern.Value)
			}
		}
	}
}

var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}

// compare reads "left op right" where left is the answer, its length or the
// count of its choices, and tells whether it was one of these.
func (b *bounds) compare(op string, left, right xpath.AST) bool {
	if b.isSelf(left) {
		if number, ok := constant(right); ok {
			limit(op, number, &b.least, &b.greatest)
		}
		return true
	}
	call, ok := left.(*xpath.Call)
	if !ok || len(call.Args) != 1 || !b.isSelf(call.Args[0]) {
		return false
	}
	number, ok := constant(right)
	if !ok {
		return true
	}
	least, greatest := math.Inf(-1), math.Inf(1)
	limit(op, number, &least, &greatest)
	switch call.Name {
	case "string-length":
		whole(least, greatest, &b.length[0], &b.length[1])
	case "count-selected":
		whole(least, greatest, &b.fewest, &b.most)
	}
	return true
}

// equals takes what an answer is compared with as worth a guess, wherever in the
// constraint it stands.
func (b *bounds) equals(left, right xpath.AST) {
	if !b.isSelf(left) {
		return
	}
	value := ""
	if text, ok := right.(*xpath.Literal); ok {
		value = text.Value
	} else if number, ok := constant(right); ok {
		value = strconv.FormatFloat(number, 'f', -1, 64)
	}
	if value != "" && !slices.Contains(b.values, value) {
		b.values = append(b.values, value)
	}
}

// limit narrows an interval. An open end moves by one, which is right for whole
// numbers and near enough as a first guess for others.
func limit(op string, number float64, least, greatest *float64) {
	switch op {
	case ">":
		*least = max(*least, number+1)
	case ">=":
		*least = max(*least, number)
	case "<":
		*greatest = min(*greatest, number-1)
	case "<=":
		*greatest = min(*greatest, number)
	case "=":
		*least, *greatest = max(*least, number), min(*greatest, number)
	}
}

// count makes the bounds those of a number of instances: few, unless the
// constraint asks for more.
func (b *bounds) count() {
	const few = 4
	b.least = max(b.least, 0)
	b.greatest = min(b.greatest, b.least+few)
}

func whole(least, greatest float64, low, high *int) {
	if least > 0 && least < 1e6 {
		*low = max(*low, int(math.Ceil(least)))
	}
	if greatest >= 0 && greatest < 1e6 {
		if h := int(greatest); *high < 0 || h < *high {
			*high = h
		}
	}
}

func constant(n xpath.AST) (float64, bool) {
	switch n := n.(type) {
	case *xpath.Number:
		return n.Value, true
	case *xpath.Negate:
		v, ok := constant(n.Operand)
		return -v, ok
	}
	return 0, false
}

// isSelf tells whether an expression is the answer itself: ".", the question's
// own path, or, within a repeat, "../name", as ${name} is compiled.
func (b *bounds) isSelf(n xpath.AST) bool {
	p, ok := n.(*xpath.Path)
	if !ok || p.Filter != nil || len(p.Steps) == 0 {
		return false
	}
	for _, step := range p.Steps {
		if len(step.Predicates) != 0 {
			return false
		}
	}
	if p.Absolute {
		return xpath.Text(p) == b.itself
	}
	last := p.Steps[len(p.Steps)-1]
	switch len(p.Steps) {
	case 1:
		return last.Axis == xpath.Self
	case 2:
		return p.Steps[0].Axis == xpath.Parent && last.Axis == xpath.Child &&
			strings.HasSuffix(b.itself, "/"+last.Test)
	}
	return false
}
