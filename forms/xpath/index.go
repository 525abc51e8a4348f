package xpath

import (
	"math"
	"runtime"
	"sync"
	"weak"
)

// indexFrom is the number of siblings from which a lookup builds an index; fewer
// are read through faster.
const indexFrom = 48

// lookup answers the first predicate of a step on another instance,
// item[column = needle], by an index where the list is large. The other parts of
// the same predicate, joined by "and", are tested on what it finds.
type lookup struct {
	column string
	attr   bool
	needle code
	rest   []predicate
}

// lookup returns how a step can be answered by an index, or nil.
func (k *compiler) lookup(s Step) *lookup {
	if s.Axis != Child || usesPosition(s.Predicates[0]) {
		return nil
	}
	var parts []*Binary
	var others []AST
	split(s.Predicates[0], &parts, &others)
	for i, eq := range parts {
		for _, side := range [2][2]AST{{eq.Left, eq.Right}, {eq.Right, eq.Left}} {
			column, attr := columnOf(side[0])
			if column == "" {
				continue
			}
			needle := k.compile(side[1])
			if !needle.free {
				continue
			}
			l := &lookup{column: column, attr: attr, needle: needle}
			for j, other := range parts {
				if j != i {
					l.rest = append(l.rest, predicate{k.compile(other)})
				}
			}
			for _, other := range others {
				l.rest = append(l.rest, predicate{truthOf(k.compile(other))})
			}
			return l
		}
	}
	return nil
}

// truthOf is code as a part of "and": a number in it is no position.
func truthOf(c code) code { return truthCode(c.truth).as(c.free) }

// split takes the parts of a predicate that "and" joins apart: equalities and
// the others.
func split(n AST, equalities *[]*Binary, others *[]AST) {
	if b, ok := n.(*Binary); ok {
		switch b.Op {
		case "and":
			split(b.Left, equalities, others)
			split(b.Right, equalities, others)
			return
		case "=":
			*equalities = append(*equalities, b)
			return
		}
	}
	*others = append(*others, n)
}

// usesPosition tells whether a predicate asks for the place of its node.
func usesPosition(n AST) bool {
	found := false
	Walk(n, func(n AST) bool {
		if c, ok := n.(*Call); ok && (c.Name == "position" || c.Name == "last") && len(c.Args) == 0 {
			found = true
		}
		return !found
	})
	return found
}

// columnOf returns the name of a child or attribute, if n is only that.
func columnOf(n AST) (name string, attr bool) {
	p, ok := n.(*Path)
	if !ok || p.Absolute || p.Filter != nil {
		return "", false
	}
	steps := p.Steps
	if len(steps) == 2 && steps[0].Axis == Self && steps[0].Test == "node()" && len(steps[0].Predicates) == 0 {
		steps = steps[1:]
	}
	if len(steps) != 1 || len(steps[0].Predicates) > 0 || nameLength(steps[0].Test) != len(steps[0].Test) {
		return "", false
	}
	switch steps[0].Axis {
	case Child:
		return steps[0].Test, false
	case AttributeAxis:
		return steps[0].Test, true
	}
	return "", false
}

// find returns the children of parent that the step and its predicates keep, or
// false if the index cannot tell.
func (l *lookup) find(c *Context, parent *Node, s *step) ([]*Node, bool) {
	if len(parent.Children) < indexFrom || s.name == "" {
		return nil, false
	}
	node, outer := c.Node, c.enter()
	c.Node = parent
	want := l.needle.scalar(c)
	c.Node, c.outer = node, outer
	col := columnIndex(parent, columnKey{s.name, l.column, l.attr})
	if !col.usable || col.size != len(parent.Children) {
		return nil, false
	}
	var rows []int32
	switch {
	case want.kind == StringValue:
		rows = col.rows(col.text[want.str])
	case want.kind == NumberValue && want.num == math.Trunc(want.num):
		rows = col.numbers()[want.num]
	case want.kind == NumberValue && math.IsNaN(want.num):
	default:
		return nil, false
	}
	out := make([]*Node, 0, len(rows))
	for _, i := range rows {
		out = append(out, parent.Children[i])
	}
	if !c.visit(len(out) + 1) {
		return nil, true
	}
	for i := range l.rest {
		out = c.filter(l.rest[i:i+1], out)
	}
	return c.filter(s.preds[1:], out), true
}

// columnKey names one column of the children of one node.
type columnKey struct {
	item, column string
	attr         bool
}

// column is an index of the children of one node by the value of one of their
// own children or attributes. It holds places, not nodes, so that it does not
// keep the tree alive.
type column struct {
	usable bool // every item has at most one plain text in the column
	size   int  // of the children when the index was made
	text   map[string]span
	places []int32 // grouped by value, each group in the order of the document

	once    sync.Once
	byValue map[float64][]int32
}

type span struct{ from, n int32 }

func (col *column) rows(s span) []int32 { return col.places[s.from : s.from+s.n] }

// numbers returns the index by number, for whole numbers.
func (col *column) numbers() map[float64][]int32 {
	col.once.Do(func() {
		col.byValue = map[float64][]int32{}
		for s, at := range col.text {
			f := parseNumber(s)
			if near := math.Round(f); math.Abs(f-near) < tiny {
				col.byValue[near] = append(col.byValue[near], col.rows(at)...)
			}
		}
		for _, rows := range col.byValue {
			sortPlaces(rows)
		}
	})
	return col.byValue
}

// lists holds the indexes of every list that is in use, by its node. An entry
// goes when its node does.
var lists sync.Map // weak.Pointer[Node] to *listIndex

type listIndex struct {
	mu      sync.Mutex
	columns sync.Map // columnKey to *column
}

func columnIndex(parent *Node, key columnKey) *column {
	handle := weak.Make(parent)
	entry, ok := lists.Load(handle)
	if !ok {
		var loaded bool
		if entry, loaded = lists.LoadOrStore(handle, &listIndex{}); !loaded {
			runtime.AddCleanup(parent, func(h weak.Pointer[Node]) { lists.Delete(h) }, handle)
		}
	}
	list := entry.(*listIndex)
	if col, ok := list.columns.Load(key); ok && col.(*column).size == len(parent.Children) {
		return col.(*column)
	}
	list.mu.Lock()
	defer list.mu.Unlock()
	if col, ok := list.columns.Load(key); ok && col.(*column).size == len(parent.Children) {
		return col.(*column)
	}
	col := newColumn(parent, key)
	list.columns.Store(key, col)
	return col
}
