package xform

import (
	"slices"
	"strings"
)

// controlTags are the elements of the body that ask or gather. secret and
// textarea are input, as in JavaRosa.
var controlTags = map[string]string{
	"input": "input", "secret": "input", "textarea": "input", "select1": "select1", "select": "select", "rank": "odk:rank",
	"upload": "upload", "trigger": "trigger", "range": "range", "group": "group", "repeat": "repeat",
}

// controls reads the controls directly below an element.
func (p *parser) controls(e *element, parent *Control) []*Control {
	var list []*Control
	e.children(func(c *element) {
		if tag := controlTags[c.local]; tag != "" {
			list = append(list, p.control(c, tag, parent))
		}
	})
	return list
}

// scope is the definition that relative refs of a control start at.
func (c *Control) scope() *Definition {
	for ; c != nil; c = c.Parent {
		if c.Node != nil {
			return c.Node
		}
	}
	return nil
}

func (p *parser) control(e *element, tag string, parent *Control) *Control {
	c := &Control{Tag: tag, Parent: parent, Line: e.line, Appearance: e.attr("appearance")}
	c.Node = p.controlNode(e, tag, parent.scope())
	if inner := folded(e, tag); inner != nil {
		p.repeat(c, e, inner)
		return c
	}
	if tag == "repeat" {
		p.repeat(c, e, e)
		return c
	}
	p.texts(c, e)
	p.attributes(c, e)
	p.controlActions(c, e)
	if tag == "group" {
		c.Children = p.controls(e, c)
		return c
	}
	if c.Node != nil {
		if c.Node.Control == nil {
			c.Node.Control = c
		}
	}
	if slices.Contains([]string{"select", "select1", "odk:rank"}, tag) {
		p.choices(c, e)
	}
	return c
}

// checkScopes holds each question to the repeat that its node lies in: the
// nearest repeat around both should be the same. It warns, since ODK Web Forms
// takes such forms. Source: JavaRosa
// FormInstanceParser.verifyRepeatMemberBindings.
func (p *parser) checkScopes(list []*Control, around *Definition) {
	for _, c := range list {
		inner := around
		switch {
		case c.Tag == "repeat" && c.Node != nil:
			inner = c.Node
		case c.Tag != "group" && c.Node != nil:
			if is := c.Node.repeatAround(); is != around && c.Node != around {
				p.warn(c.Line, "move the control to its node, or the node", "%s is asked %s, but its node lies %s: ODK Collect refuses that", c.Node.Path, where(around), where(is))
			}
		}
		p.checkScopes(c.Children, inner)
	}
}

// repeatAround is the nearest repeat that a node is or lies in, or nil.
func (d *Definition) repeatAround() *Definition {
	for ; d != nil; d = d.Parent {
		if d.Repeat {
			return d
		}
	}
	return nil
}

func where(repeat *Definition) string {
	if repeat == nil {
		return "outside any repeat"
	}
	return "in the repeat " + repeat.Path
}

// controlNode finds the node that a control names.
func (p *parser) controlNode(e *element, tag string, from *Definition) *Definition {
	ref := e.attr("ref")
	if ref == "" {
		ref = e.attr("nodeset")
	}
	if id := e.attr("bind"); id != "" {
		if d := p.binds[id]; d != nil {
			return d
		}
		p.add(e.line, "", "<%s> names the bind %q, which is not there", e.local, clip(id))
		return nil
	}
	if ref == "" {
		if tag != "group" {
			p.add(e.line, "write ref=\"/path/to/node\"", "<%s> names no node", e.local)
		}
		return nil
	}
	d := p.resolve(ref, from)
	if d == nil {
		p.add(e.line, p.nearest(ref), "<%s> asks for %s, which the instance does not have", e.local, clip(ref))
	}
	return d
}

// folded returns the repeat that a group merely wraps: its only control, for
// the same node or without one of its own.
func folded(e *element, tag string) *element {
	if tag != "group" {
		return nil
	}
	var inner *element
	n := 0
	e.children(func(c *element) {
		if controlTags[c.local] != "" {
			n++
			inner = c
		}
	})
	ref := strings.TrimSpace(e.attr("ref"))
	if n != 1 || inner.local != "repeat" || ref != "" && ref != strings.TrimSpace(inner.attr("nodeset")) {
		return nil
	}
	return inner
}

// repeat reads a repeat with the group around it, which may be the repeat
// itself.
func (p *parser) repeat(c *Control, group, e *element) {
	c.Tag = "repeat"
	c.Node = p.controlNode(e, "repeat", c.Parent.scope())
	p.texts(c, group)
	p.attributes(c, group)
	if e != group {
		if c.Label.Empty() {
			p.texts(c, e)
		}
		p.attributes(c, e)
		if a := e.attr("appearance"); a != "" {
			c.Appearance = a
		}
	}
	delete(c.Attrs, "count")
	c.Count = strings.TrimSpace(e.attrIn(nsJavaRosa, "count"))
	c.NoAddRemove = strings.TrimSpace(e.attrIn(nsJavaRosa, "noAddRemove"))
	delete(c.Attrs, "noAddRemove")
	if c.Node != nil {
		switch {
		case c.Node.Parent == nil:
			p.add(e.line, "put the repeat below the root element", "the root element cannot repeat")
		case c.Parent.repeats(c.Node):
			p.add(e.line, "", "a repeat of %s stands inside another of the same node", c.Node.Path)
		}
		c.Node.Repeat = true
		c.Node.Leaf = false
		if c.Node.Control == nil {
			c.Node.Control = c
		}
		p.repeats[c.Node] = true
	}
	p.controlActions(c, e)
	c.Children = p.controls(e, c)
}

// repeats tells whether a control, or one around it, is a repeat of a node.
func (c *Control) repeats(d *Definition) bool {
	for ; c != nil; c = c.Parent {
		if c.Tag == "repeat" && c.Node == d {
			return true
		}
	}
	return false
}

// attributes keeps what has no field of its own.
func (p *parser) attributes(c *Control, e *element) {
	for _, a := range e.attrs {
		switch a.local {
		case "ref", "nodeset", "bind", "appearance":
			continue
		}
		if c.Attrs == nil {
			c.Attrs = map[string]string{}
		}
		c.Attrs[a.local] = a.value
	}
}

func (p *parser) controlActions(c *Control, e *element) {
	e.children(func(child *element) {
		if slices.Contains(actionNames, child.local) {
			c.Actions = append(c.Actions, p.action(child, c.scope()))
		}
	})
}

// choices reads the items or the itemset of a select.
func (p *parser) choices(c *Control, e *element) {
	e.children(func(child *element) {
		switch child.local {
		case "item":
			item := Item{}
			if l := child.child("label"); l != nil {
				item.Label = p.text(l)
			}
			if v := child.child("value"); v != nil {
				item.Value = v.plain()
			} else {
				p.add(child.line, "write <value>", "a choice has no value")
			}
			c.Items = append(c.Items, item)
		case "itemset":
			c.Itemset = p.parseItemset(child)
		}
	})
	if c.Items == nil && c.Itemset == nil {
		p.warn(e.line, "write <item> or <itemset>", "the select has no choices")
	}
}

func (p *parser) parseItemset(e *element) *Itemset {
	set := &Itemset{Nodeset: strings.TrimSpace(e.attr("nodeset")), ValueRef: "value", LabelRef: "label"}
	if v := e.child("value"); v != nil {
		set.ValueRef = strings.TrimSpace(v.attr("ref"))
	}
	if l := e.child("label"); l != nil {
		set.LabelRef = strings.TrimSpace(l.attr("ref"))
	}
	if set.Nodeset == "" || set.ValueRef == "" || set.LabelRef == "" {
		p.add(e.line, "write nodeset, <value ref> and <label ref>", "the itemset does not say where its choices are")
	}
	if _, rest, ok := strings.Cut(set.Nodeset, "instance("); ok {
		rest = strings.TrimLeft(rest, " ")
		if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
			if end := strings.IndexByte(rest[1:], rest[0]); end >= 0 {
				set.Instance = rest[1 : 1+end]
			}
		}
	}
	if set.Instance != "" && p.form.Secondary[set.Instance] == nil && set.Instance != lastSaved {
		p.add(e.line, "write <instance id=...> in the model", "the choices are in the instance %q, which the form does not have", clip(set.Instance))
	}
	return set
}

// lastSaved is the id that pyxform gives to the last saved document.
const lastSaved = "__last-saved"
