package xpath

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"waymark/internal/fault"
)

// Context is what a program is evaluated in. One goroutine uses it at a time; it
// may be used again for other programs and nodes. Only Node and, for absolute
// paths, Main are required.
type Context struct {
	// Node is the context node. Required.
	Node *Node
	// Current is what current() is. Default: Node.
	Current *Node
	// Position and Size are what position() and last() give, counted from 1.
	// Default: the place of Node among the siblings of its name.
	Position, Size int
	// Main is the document node of the main instance.
	Main *Node
	// Instance returns the root element (or document) of another instance, or nil
	// if there is none of that id. Such trees must not change once they are read:
	// large lists in them are indexed.
	Instance func(id string) *Node
	// Now tells the time. Its zone decides what day it is and what time a stored
	// dateTime is. Default: time.Now.
	Now func() time.Time
	// Random gives numbers from 0 up to, not including, 1. Default: the system's.
	Random func() float64
	// Itext gives the text of an id in the language of the moment. Default: "".
	Itext func(id string) string
	// ChoiceName gives the label of a choice of the question at path. Default: "".
	ChoiceName func(value, path string, at *Node) string
	// PullData looks up a value. Default: the first item of Instance(instance)
	// whose key column holds the value.
	PullData func(instance, column, key, value string) string
	// UUID gives a new random UUID. Default: version 4 from the system's randomness.
	UUID func() string
	// Version is what version() gives, and Property what property() gives.
	Version  string
	Property func(name string) string
	// Month and Weekday give the short names for format-date(). Default: English.
	Month   func(time.Month) string
	Weekday func(time.Weekday) string
	// Budget bounds the nodes that one evaluation may visit. Default: 20 million.
	Budget int
	// Visits counts the nodes visited over all evaluations; the owner may reset it.
	Visits int
	// Err is the first thing that went wrong while a program ran; the value is
	// then what XPath 1.0 would give, or blank. The owner resets it.
	Err error

	limit int   // Visits at which the evaluation stops
	here  *Node // what current() is in this evaluation
	outer *Node // the innermost context node within the main instance
}

// ErrMany is the cause of the fault for several nodes where one value is needed.
// ODK Collect stops at it; XPath 1.0 takes the first, and so does the value here.
var ErrMany = errors.New("several nodes where one value is needed")

// ErrBudget is the cause of the fault for an evaluation that was stopped.
var ErrBudget = errors.New("the evaluation visits too many nodes")

const defaultBudget = 20_000_000

func (c *Context) start() {
	budget := c.Budget
	if budget <= 0 {
		budget = defaultBudget
	}
	c.limit = c.Visits + budget
	if c.here = c.Current; c.here == nil {
		c.here = c.Node
	}
	c.outer = c.here
}

// enter notes the context node before a predicate makes others the context, if it
// is within the main instance; the caller puts what it returns back.
func (c *Context) enter() (before *Node) {
	before = c.outer
	for n := c.Node; n != nil; n = n.Parent {
		if n == c.Main {
			c.outer = c.Node
		}
	}
	return before
}

// visit counts n nodes and returns false once the budget is spent.
func (c *Context) visit(n int) bool {
	c.Visits += n
	if c.Visits <= c.limit {
		return true
	}
	c.fail(fault.Wrap(fault.Unavailable, fault.Place{}, fmt.Sprintf("the expression looks at more than %d nodes", c.limitSize()),
		"use a filter on one column with \"=\", or fewer rows", ErrBudget))
	return false
}

// ask calls one of the owner's functions, which may run other programs in the
// same context meanwhile: everything but the first fault and the count of visits
// is put back.
func (c *Context) ask(f func() string) string {
	saved := *c
	s := f()
	saved.Visits = c.Visits
	if saved.Err == nil {
		saved.Err = c.Err
	}
	*c = saved
	return s
}

func (c *Context) limitSize() int {
	if c.Budget > 0 {
		return c.Budget
	}
	return defaultBudget
}

func (c *Context) fail(f *fault.Fault) {
	if c.Err == nil {
		c.Err = f
	}
}

func (c *Context) failf(remedy, format string, args ...any) {
	if c.Err == nil {
		c.Err = fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf(format, args...), remedy)
	}
}

func (c *Context) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Context) random() float64 {
	if c.Random != nil {
		return c.Random()
	}
	var b [8]byte
	rand.Read(b[:]) // never fails, by its contract
	return float64(binary.LittleEndian.Uint64(b[:])>>11) / (1 << 53)
}

func (c *Context) month(m time.Month) string {
	if c.Month != nil {
		return c.Month(m)
	}
	return m.String()[:3]
}

func (c *Context) weekday(d time.Weekday) string {
	if c.Weekday != nil {
		return c.Weekday(d)
	}
	return d.String()[:3]
}

// instance returns the root element of another instance, or nil with a fault.
func (c *Context) instance(id string) *Node {
	var n *Node
	if c.Instance != nil {
		n = c.Instance(id)
	}
	if n != nil && n.Kind == Document {
		if len(n.Children) == 0 {
			return nil
		}
		n = n.Children[0]
	}
	if n == nil {
		c.failf("add the list or the file to the form", "there is no instance %s", shown(id))
	}
	return n
}

// typed returns the value of a node.
func (c *Context) typed(n *Node) Value {
	switch {
	case n.Irrelevant:
		return Value{}
	case n.Type == "" || n.Type == "string":
		return text(n.Value)
	}
	return typed(n, c.now)
}

// numberOf returns the value of a node as a number.
func (c *Context) numberOf(n *Node) float64 {
	switch n.Type {
	case "", "string", "int", "decimal":
		if n.Irrelevant {
			return math.NaN()
		}
		return parseNumber(n.Value)
	}
	return typed(n, c.now).Number()
}

// one returns the value of the only node, or blank if there is none.
func (c *Context) one(list []*Node) Value {
	if len(list) == 0 {
		return Value{}
	}
	if len(list) > 1 && c.Err == nil {
		c.fail(fault.Wrap(fault.Invalid, fault.Place{}, fmt.Sprintf("%q is repeated, and one value is needed", pathOf(list[0])),
			"say which one with indexed-repeat() or a predicate, or all with sum(), join() or count()", ErrMany))
	}
	return c.typed(list[0])
}

// pathOf writes where a node is, by names.
func pathOf(n *Node) string {
	if n == nil || n.Kind == Document {
		return ""
	}
	name := n.Name
	if n.Kind == Attribute {
		name = "@" + name
	}
	return pathOf(n.Parent) + "/" + name
}
