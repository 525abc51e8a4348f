package record

import (
	"fmt"
	"strings"

	"waymark/forms/xform"
	"waymark/internal/fault"
)

// match finds the form's node of every element, as forms/xform does: by name, or
// by the name without its prefix. What is left are strays.
func (d *document) match(f *xform.Form) error {
	root := f.Nodes[0]
	d.at = map[string]*element{}
	if attr(d.root, "encrypted") == "yes" {
		return fault.New(fault.Invalid, fault.Place{}, "the answers are encrypted", "they can be read once the server has opened them")
	}
	id := attr(d.root, "id")
	if id == "" {
		id = attr(d.root, "xmlns")
	}
	if local(d.root.name) != local(root.Name) || id != f.ID {
		return fault.New(fault.Invalid, fault.Place{}, "the answers belong to another form", "")
	}
	d.matchNode(d.root, root, root.Path)
	return nil
}

func (d *document) matchNode(e *element, def *xform.Definition, path string) {
	e.def, e.path = def, path
	d.at[path] = e
	seen := map[*xform.Definition]int{}
	for _, c := range e.children() {
		cd := childDefinition(def, c.name)
		at := ""
		switch {
		case cd == nil:
		case cd.Repeat:
			seen[cd]++
			at = fmt.Sprintf("%s/%s[%d]", path, cd.Name, seen[cd])
		case seen[cd] == 0:
			seen[cd]++
			at = path + "/" + cd.Name
		}
		if at == "" {
			c.path = path + "/" + c.name
			d.strays = append(d.strays, c)
			continue
		}
		d.matchNode(c, cd, at)
	}
}

func childDefinition(d *xform.Definition, name string) *xform.Definition {
	var loose *xform.Definition
	for _, c := range d.Children {
		switch {
		case c.Attribute:
		case c.Name == name:
			return c
		case loose == nil && local(c.Name) == local(name):
			loose = c
		}
	}
	return loose
}

func attr(e *element, name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name && a.Name.Space != "xmlns" {
			return a.Value
		}
	}
	return ""
}

// addedToMeta are nodes that clients put into meta on their own; see forms/xform.
var addedToMeta = map[string]bool{
	"instanceID": true, "deprecatedID": true, "instanceName": true, "timeStart": true, "timeEnd": true, "userID": true, "deviceID": true,
	"username": true, "email": true, "phoneNumber": true, "subscriberID": true, "simSerial": true, "edited": true,
}

// fit is the document without strays, for forms/xform, which goes on only with
// documents that it knows all of.
func (d *document) fit() []byte {
	if len(d.strays) == 0 {
		return d.bytes()
	}
	out := map[*element]bool{}
	for _, s := range d.strays {
		out[s] = true
	}
	var b strings.Builder
	var write func(e *element)
	write = func(e *element) {
		if out[e] {
			return
		}
		b.WriteString(e.open)
		for _, p := range e.pieces {
			if p.elem != nil {
				write(p.elem)
			} else {
				b.WriteString(p.raw)
			}
		}
		b.WriteString(e.close)
	}
	write(d.root)
	return []byte(b.String())
}

// meta finds or makes the block of data about the record.
func (d *document) meta() *element {
	for _, c := range d.root.children() {
		if local(c.name) == "meta" {
			return c
		}
	}
	e := &element{name: "orx:meta", open: `<orx:meta xmlns:orx="http://openrosa.org/xforms">`, close: "</orx:meta>"}
	var last *element
	for _, c := range d.root.children() {
		last = c
	}
	d.root.insert(e, last)
	return e
}

// setMeta sets a value about the record, with the prefix of its neighbours.
func (d *document) setMeta(name, value string) {
	meta := d.meta()
	var last *element
	for _, c := range meta.children() {
		if local(c.name) == name {
			c.setValue(value)
			return
		}
		if last == nil || local(c.name) == "instanceID" {
			last = c
		}
	}
	prefix, _, has := strings.Cut(meta.name, ":")
	if last != nil {
		prefix, _, has = strings.Cut(last.name, ":")
	}
	if has {
		name = prefix + ":" + name
	}
	e := &element{name: name, open: "<" + name + ">", close: "</" + name + ">"}
	meta.insert(e, last)
	e.setValue(value)
}

// metaValue reads a value about the record, or "".
func (d *document) metaValue(name string) string {
	for _, m := range d.root.children() {
		if local(m.name) != "meta" {
			continue
		}
		for _, c := range m.children() {
			if local(c.name) == name {
				return strings.TrimSpace(c.value())
			}
		}
	}
	return ""
}

// leaves are the values below a stray.
func (e *element) leaves(use func(path, value string)) {
	kids := e.children()
	if len(kids) == 0 {
		use(e.path, e.value())
		return
	}
	for _, c := range kids {
		if c.def == nil {
			c.path = e.path + "/" + c.name
			c.leaves(use)
		}
	}
}
