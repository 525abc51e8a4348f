// Package outline is a form as people read it: its questions in reading order
// with their texts in every language, their choices, and their logic in words.
//
// It knows XForms and expressions; it must not know how a page, a codebook or
// a comparison looks.
package outline

import (
	"iter"
	"strconv"
	"strings"

	"waymark/forms/xform"
)

// Kind is what an Item is.
type Kind uint8

// The kinds of item.
const (
	Question Kind = iota
	Group
	Repeat
	// Quiet items hold a value that nobody is asked for: a calculation, the
	// time of opening, a constant.
	Quiet
)

// Item is one question, group or repeat, or a value that is not asked for.
type Item struct {
	Kind Kind
	// Type says what is asked for or recorded; see Types.
	Type string
	// Definition is nil for a group that has no node.
	Definition *xform.Definition
	// Control is nil for quiet items and for nodes that hold others without
	// being shown as a group.
	Control *xform.Control
	// List is where the choices come from, or nil.
	List     *List
	Parent   *Item
	Children []*Item
	// Anchor is a name for the item that no other item has, made of letters,
	// digits, hyphens and dots.
	Anchor string
}

// Name returns the name of the item's node, or "" for a group without one.
func (i *Item) Name() string {
	if i.Definition == nil {
		return ""
	}
	return i.Definition.Name
}

// Path returns the path of the item's node, or "".
func (i *Item) Path() string {
	if i.Definition == nil {
		return ""
	}
	return i.Definition.Path
}

// Label returns the item's label as the form gives it.
func (i *Item) Label() xform.Text {
	if i.Control == nil {
		return xform.Text{}
	}
	return i.Control.Label
}

// Within returns the nearest repeat around the item, or nil.
func (i *Item) Within() *Item {
	for p := i.Parent; p != nil; p = p.Parent {
		if p.Kind == Repeat {
			return p
		}
	}
	return nil
}

// Outline is a form laid out for reading. It is for one goroutine: it looks some
// things up when they are first asked for.
type Outline struct {
	Form *xform.Form
	// Items are the topmost items in reading order.
	Items []*Item
	// Lists are the lists of choices in order of first use.
	Lists []*List

	byNode  map[*xform.Definition]*Item
	byPath  map[string]*Item
	actions map[string][]Setting
	anchors map[string]bool
	start   map[int32]string
}

// Of lays a form out. Controls come in the order of the body; values that
// nobody is asked for stand where their node stands among its siblings.
func Of(f *xform.Form) *Outline {
	o := &Outline{Form: f, byNode: map[*xform.Definition]*Item{}, byPath: map[string]*Item{},
		actions: map[string][]Setting{}, anchors: map[string]bool{}}
	for _, a := range f.Actions {
		o.actions[a.Ref] = append(o.actions[a.Ref], Setting{Action: a})
	}
	lists := map[listKey]*List{}
	for _, c := range f.Body {
		o.Items = append(o.Items, o.item(c, nil, lists))
	}
	o.placeQuiet()
	o.uses()
	return o
}

// item makes the item of a control and of the controls in it.
func (o *Outline) item(c *xform.Control, parent *Item, lists map[listKey]*List) *Item {
	i := &Item{Kind: Question, Definition: c.Node, Control: c, Parent: parent}
	switch c.Tag {
	case "group":
		i.Kind = Group
	case "repeat":
		i.Kind = Repeat
	}
	i.Type = typeOf(c.Node, c)
	i.List = o.listOf(c, lists)
	o.register(i)
	for _, a := range c.Actions {
		o.actions[a.Ref] = append(o.actions[a.Ref], Setting{Action: a, By: i})
	}
	for _, child := range c.Children {
		i.Children = append(i.Children, o.item(child, i, lists))
	}
	return i
}

// register gives the item its anchor and makes it findable.
func (o *Outline) register(i *Item) {
	base := "q." + anchorName(i.Path()) // no id of a page's own begins so
	i.Anchor = base
	for n := 2; o.anchors[i.Anchor]; n++ {
		i.Anchor = base + "." + strconv.Itoa(n)
	}
	o.anchors[i.Anchor] = true
	if d := i.Definition; d != nil && o.byNode[d] == nil {
		o.byNode[d] = i
		o.byPath[d.Path] = i
	}
}

// anchorName turns "/data/trip/country" into "trip.country", and what a URL's
// fragment should not hold into hyphens.
func anchorName(path string) string {
	path = strings.TrimPrefix(path, "/")
	if _, rest, ok := strings.Cut(path, "/"); ok {
		path = rest
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '/':
			return '.'
		case r == '_' || r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f:
			return r
		}
		return '-'
	}, path)
}

// placeQuiet adds an item for every node without a control: a value at its
// place among its siblings, a holder of others as a group without a label.
func (o *Outline) placeQuiet() {
	// The last item placed under each parent tells where the next one goes.
	last := map[*xform.Definition]*Item{}
	for _, d := range o.Form.Nodes {
		if d.Parent == nil {
			continue
		}
		i := o.byNode[d]
		if i == nil {
			i = &Item{Kind: Quiet, Definition: d, Type: typeOf(d, nil)}
			if !d.Leaf {
				i.Kind = Group
				if d.Repeat {
					i.Kind = Repeat
				}
			}
			o.register(i)
			o.insert(i, last[d.Parent])
		}
		last[d.Parent] = i
	}
	o.dropEmpty()
}

// insert puts an item after its elder sibling, or first in its parent.
func (o *Outline) insert(i, elder *Item) {
	i.Parent = o.byNode[i.Definition.Parent]
	at := 0
	if elder != nil {
		i.Parent = elder.Parent
	}
	siblings := &o.Items
	if i.Parent != nil {
		siblings = &i.Parent.Children
	}
	for n, s := range *siblings {
		if s == elder {
			at = n + 1
		}
	}
	*siblings = append(*siblings, nil)
	copy((*siblings)[at+1:], (*siblings)[at:])
	(*siblings)[at] = i
}

// dropEmpty removes the holders that turned out to hold nothing.
func (o *Outline) dropEmpty() {
	var keep func(items []*Item) []*Item
	keep = func(items []*Item) []*Item {
		kept := items[:0]
		for _, i := range items {
			i.Children = keep(i.Children)
			if i.Control == nil && i.Kind != Quiet && len(i.Children) == 0 {
				continue
			}
			kept = append(kept, i)
		}
		return kept
	}
	o.Items = keep(o.Items)
}

// All yields every item, parents before children, in reading order.
func (o *Outline) All() iter.Seq[*Item] {
	return func(yield func(*Item) bool) {
		var walk func(items []*Item) bool
		walk = func(items []*Item) bool {
			for _, i := range items {
				if !yield(i) || !walk(i.Children) {
					return false
				}
			}
			return true
		}
		walk(o.Items)
	}
}

// At returns the item of a path such as "/data/age", or nil.
func (o *Outline) At(path string) *Item { return o.byPath[path] }

// Settings returns what sets the item's value on an event, in order.
func (o *Outline) Settings(i *Item) []Setting { return o.actions[i.Path()] }
