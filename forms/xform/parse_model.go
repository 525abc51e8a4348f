package xform

import (
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// parseInstances reads the main instance and the others.
func (p *parser) parseInstances() bool {
	var main *element
	p.model.children(func(e *element) {
		if e.local != "instance" {
			return
		}
		if main == nil && e.attr("src") == "" {
			main = e
			return
		}
		p.parseSecondary(e)
	})
	if main == nil || len(main.instance.Children) == 0 {
		p.add(p.model.line, "the first <instance> holds the answers", "the form has no main instance")
		return false
	}
	if len(main.instance.Children) > 1 {
		p.add(main.line, "put one element around them", "the main instance has %d root elements", len(main.instance.Children))
	}
	doc := main.instance
	root := doc.Children[0]
	f := p.form
	f.Instance = doc
	for _, a := range root.Attrs {
		switch _, local, _ := strings.Cut(":"+a.Name, ":"); {
		case a.Name == "id":
			f.ID = a.Value
		case a.Name == "version", a.Space == nsOpenRosa && strings.HasSuffix(local, "version"):
			f.Version = a.Value
		}
	}
	if f.ID == "" {
		f.ID = root.Space // older forms name themselves by namespace
		if f.ID == nsXForms {
			f.ID = ""
		}
	}
	p.define(root, nil, p.boundAttributes())
	return p.faults.Len() == 0
}

func (p *parser) parseSecondary(e *element) {
	id := e.attr("id")
	if id == "" {
		p.add(e.line, "give it id=\"...\"", "an instance has no id")
		return
	}
	if p.form.Secondary[id] != nil {
		p.add(e.line, "give each its own id", "two instances have the id %q", id)
		return
	}
	s := &Secondary{ID: id, Source: e.attr("src")}
	if s.Source == "" && len(e.instance.Children) > 0 {
		s.Root = e.instance.Children[0]
	}
	if s.Source == "" && s.Root == nil {
		s.Root = &xpath.Node{Name: "root", Slot: -1, Parent: e.instance}
	}
	p.form.Secondary[id] = s
}

// boundAttributes are the paths that end in an attribute, of binds and actions.
func (p *parser) boundAttributes() map[string]bool {
	paths := map[string]bool{}
	var walk func(e *element)
	walk = func(e *element) {
		for _, a := range e.attrs {
			if (a.local == "nodeset" || a.local == "ref") && strings.Contains(a.value, "/@") {
				paths[strings.TrimSpace(a.value)] = true
			}
		}
		e.children(walk)
	}
	walk(p.model)
	if p.body != nil {
		walk(p.body)
	}
	return paths
}

// define makes the definitions of an instance node and what is below it.
// Siblings of one name share a definition. It sets Slot.
func (p *parser) define(n *xpath.Node, parent *Definition, bound map[string]bool) {
	path := "/" + n.Name
	if parent != nil {
		path = parent.Path + "/" + n.Name
	}
	f := p.form
	d := f.byPath[path]
	if d == nil {
		d = &Definition{Path: path, Name: n.Name, Parent: parent, Slot: int32(len(f.Nodes)), Leaf: true, Type: "string"}
		f.Nodes = append(f.Nodes, d)
		f.byPath[path] = d
		if parent != nil {
			parent.Children = append(parent.Children, d)
		}
	}
	n.Slot = d.Slot
	for _, a := range n.Attrs {
		if at := path + "/@" + a.Name; bound[at] {
			attr := f.byPath[at]
			if attr == nil {
				attr = &Definition{Path: at, Name: "@" + a.Name, Parent: d, Slot: int32(len(f.Nodes)), Leaf: true, Attribute: true, Type: "string"}
				f.Nodes = append(f.Nodes, attr)
				f.byPath[at] = attr
				d.Children = append(d.Children, attr)
			}
			a.Slot = attr.Slot
		}
	}
	for _, c := range n.Children {
		d.Leaf = false
		p.define(c, d, bound)
	}
}

// types maps the spellings of bind types to one each. Source: ODK XForms
// specification, "Data Types"; JavaRosa TypeMappings for the older ones.
var types = map[string]string{
	"string": "string", "int": "int", "integer": "int", "long": "int", "decimal": "decimal", "double": "decimal", "float": "decimal",
	"boolean": "boolean", "date": "date", "time": "time", "dateTime": "dateTime", "datetime": "dateTime",
	"geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape", "binary": "binary", "barcode": "barcode",
	"intent": "string", "select": "string", "select1": "string", "rank": "odk:rank", "odk:rank": "odk:rank",
	"anyURI": "string", "base64Binary": "binary",
}

func (p *parser) parseBinds() {
	p.model.children(func(e *element) {
		if e.local == "bind" {
			p.parseBind(e, nil)
		}
	})
}

func (p *parser) parseBind(e *element, parent *Definition) {
	nodeset := e.attr("nodeset")
	if nodeset == "" {
		nodeset = e.attr("ref")
	}
	d := p.resolve(nodeset, parent)
	if d == nil {
		p.warn(e.line, p.nearest(nodeset), "a bind names the node %s, which the instance does not have", clip(nodeset))
		return
	}
	if d.Line > 0 {
		p.warn(e.line, "write one bind per node", "%s has a second bind; what it says is added to the first", d.Path)
	}
	d.Line = e.line
	if id := e.attr("id"); id != "" {
		p.binds[id] = d
	}
	if written := e.attr("type"); written != "" {
		_, local, ok := strings.Cut(written, ":")
		if !ok {
			local = written
		}
		if d.Type = types[local]; d.Type == "" {
			d.Type = "string"
			p.warn(e.line, "it is read as string", "%s has the unknown type %q", d.Path, clip(written))
		}
	}
	set := func(field *string, value string) {
		if value = strings.TrimSpace(value); value != "" {
			*field = value
		}
	}
	set(&d.Relevant, e.attr("relevant"))
	set(&d.Constraint, e.attr("constraint"))
	set(&d.Required, e.attr("required"))
	set(&d.ReadOnly, e.attr("readonly"))
	set(&d.Calculate, e.attr("calculate"))
	set(&d.Preload, e.attrIn(nsJavaRosa, "preload"))
	set(&d.PreloadParams, e.attrIn(nsJavaRosa, "preloadParams"))
	set(&d.SaveTo, e.attrIn(nsEntities, "saveto"))
	if m := e.attrIn(nsJavaRosa, "constraintMsg"); m != "" {
		d.ConstraintMsg = referred(m, true)
	}
	if m := e.attrIn(nsJavaRosa, "requiredMsg"); m != "" {
		d.RequiredMsg = referred(m, true)
	}
	e.children(func(c *element) {
		if c.local == "bind" {
			p.parseBind(c, d)
		}
	})
}

// nearest is a remedy that names the path most like the one that is not there.
func (p *parser) nearest(path string) string {
	paths := make([]string, len(p.form.Nodes))
	for i, d := range p.form.Nodes {
		paths[i] = d.Path
	}
	if near := fault.Nearest(strings.TrimSpace(path), paths); near != "" {
		return "is it " + near + "?"
	}
	return ""
}

func (p *parser) parseSubmission() {
	e := p.model.child("submission")
	if e == nil {
		return
	}
	for _, name := range []string{"action", "method", "base64RsaPublicKey"} {
		if v := e.attr(name); v != "" {
			p.form.Submission[name] = v
		}
	}
	for _, name := range []string{"auto-send", "auto-delete"} {
		if v := e.attrIn(nsOpenRosa, name); v != "" {
			p.form.Submission[name] = v
		}
	}
}
