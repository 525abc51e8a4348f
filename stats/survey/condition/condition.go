// Package condition reads a small expression over the columns of a table, such
// as
//
//	stype in (E, M) and not (meals > 50 or api99 is missing)
//
// and says which rows it holds for. It is how an analyst names a domain.
//
// Comparisons are ==, !=, <, <=, > and >=; "in" takes a list; "is missing" and
// "is not missing" ask for the value itself; "and", "or" and "not" join them,
// as &, | and ! do. A yes/no column may stand alone. Names that are not letters,
// digits, dots and underscores stand in `backticks`; texts with spaces stand in
// quotes.
//
// A comparison with a missing value is neither true nor false, and neither is
// its negation: the row is outside. There is no arithmetic, no call and no loop;
// length and depth are bounded. The package knows columns and nothing of designs.
package condition

import (
	"fmt"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// The bounds of an expression.
const (
	maxLength = 20_000 // bytes
	maxDepth  = 100    // brackets and negations within each other
	maxList   = 10_000 // values after "in"
)

// Condition is a parsed expression.
type Condition struct {
	text string
	root *node
}

// String is the expression as it was written.
func (c *Condition) String() string { return c.text }

// Columns are the names that the expression uses, each once, in order.
func (c *Condition) Columns() []string {
	var out []string
	seen := map[string]bool{}
	c.root.walk(func(n *node) {
		if n.column != "" && !seen[n.column] {
			seen[n.column] = true
			out = append(out, n.column)
		}
	})
	return out
}

// kind of a node.
type kind uint8

const (
	and kind = iota + 1
	or
	not
	compare // column operator value
	among   // column in values
	missing // column is missing
	truth   // column, alone
)

// node is a part of the expression.
type node struct {
	kind     kind
	at       int // byte of the column in the text, from 0
	column   string
	operator string
	values   []value
	parts    []*node
}

// value is what a column is compared with.
type value struct {
	text string
	at   int
}

func (n *node) walk(do func(*node)) {
	do(n)
	for _, p := range n.parts {
		p.walk(do)
	}
}

// Rows says for every row of the table whether the condition holds. It reports
// all names and values that the table does not have.
func (c *Condition) Rows(t *table.Table) ([]bool, error) {
	b := &binder{table: t, faults: fault.NewList(20)}
	c.root.walk(b.check)
	if err := b.faults.Err(); err != nil {
		return nil, err
	}
	holds := b.bind(c.root)
	out := make([]bool, t.Rows())
	for i := range out {
		out[i] = holds(i) == yes
	}
	return out, nil
}

func place(at int) fault.Place { return fault.Place{Column: at + 1, Field: "where"} }

func names(t *table.Table) []string {
	out := make([]string, 0, len(t.Columns()))
	for _, c := range t.Columns() {
		out = append(out, c.Name())
	}
	return out
}

// near suggests a candidate, or says what there is.
func near(word string, candidates []string, what string) string {
	if n := fault.Nearest(word, candidates); n != "" {
		return fmt.Sprintf("did you mean %s?", n)
	}
	if len(candidates) > 12 {
		return fmt.Sprintf("there are %d %s, %v and so on", len(candidates), what, candidates[:12])
	}
	return fmt.Sprintf("the %s are %v", what, candidates)
}
