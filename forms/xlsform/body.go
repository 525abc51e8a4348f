package xlsform

import (
	"waymark/forms/xlsform/definition"
)

// controls writes the body elements of the children of node i.
func (c *compiler) controls(i int32) {
	for j := i + 1; j < c.nodes[i].end; j = c.nodes[j].end {
		switch c.nodes[j].el.Kind {
		case definition.Question:
			c.question(j)
		case definition.Group:
			c.group(j)
		case definition.Repeat:
			c.repeat(j)
		}
	}
}

func (c *compiler) group(i int32) {
	n := &c.nodes[i]
	if n.el.Bodyless {
		return
	}
	c.open("group")
	for k := range n.el.Control {
		a := &n.el.Control[k]
		c.at(i, controlColumn|column(k))
		switch a.Key {
		case "ref":
			if !n.el.Flat {
				continue
			}
		case "appearance":
			c.attr(a.Key, a.Value)
			continue
		}
		c.name(n.el, a)
		c.computed(a.Key, a.Value, scope{at: i})
	}
	if !n.el.Flat {
		c.safe("ref", n.path)
	}
	mark := c.inside()
	if !label(n.el).Empty() {
		c.at(i, labelColumn)
		c.label(i)
	}
	c.controls(i)
	c.close("group", mark)
}

// repeat writes a repeat, with the group around it that carries its label.
func (c *compiler) repeat(i int32) {
	n := &c.nodes[i]
	c.open("group")
	c.safe("ref", n.path)
	outer := c.inside()
	c.at(i, labelColumn)
	c.label(i)
	c.open("repeat")
	c.safe("nodeset", n.path)
	for k := range n.el.Control {
		a := &n.el.Control[k]
		if a.Key == "nodeset" {
			c.reserved(n.el, "body::nodeset")
			continue
		}
		c.at(i, controlColumn|column(k))
		c.name(n.el, a)
		c.computed(a.Key, a.Value, scope{at: i})
	}
	inner := c.inside()
	c.controls(i)
	c.repeatActions(i)
	c.close("repeat", inner)
	c.close("group", outer)
}

// question writes the control of a question, if it has one.
func (c *compiler) question(i int32) {
	e := c.nodes[i].el
	worded := !label(e).Empty() || !e.Hint.Empty()
	if e.Type == "calculate" || !worded && (e.Bind.Has("calculate") || len(e.Triggers) > 0) {
		c.invisibleTrigger(i)
		return
	}
	if isAction(e) || !c.askable(e) {
		return
	}
	c.open(e.Tag)
	if !e.Control.Has("ref") {
		c.safe("ref", c.nodes[i].path)
	}
	query := e.Query != "" && e.Tag == "input"
	for k := range e.Control {
		a := &e.Control[k]
		if a.Key == "query" && query {
			continue
		}
		c.at(i, controlColumn|column(k))
		c.name(e, a)
		c.computed(a.Key, a.Value, scope{at: i})
	}
	if query {
		c.query(i, e)
	}
	mark := c.inside()
	c.at(i, labelColumn)
	c.label(i)
	if !e.Hint.Empty() || !e.Guidance.Empty() {
		c.at(i, hintColumn)
		c.hint(i)
	}
	c.choices(i, e)
	for k := range e.Tags {
		c.osmTag(i, &e.Tags[k])
	}
	c.changes(i)
	c.close(e.Tag, mark)
}

// askable checks what a question needs to be asked.
func (c *compiler) askable(e *definition.Element) bool {
	worded := !label(e).Empty() || !e.Hint.Empty() || len(e.Media) > 0
	if !worded {
		c.faultf(e, "label", "write what is asked in the label column, or in hint; give a calculation the type calculate",
			"the question %q has no label and no hint", e.Name)
	}
	big, image := false, false
	for _, m := range e.Media {
		big, image = big || m.Kind == "big-image", image || m.Kind == "image"
	}
	if big && !image {
		c.faultf(e, "big-image", "name a smaller picture in the image column too", "the question %q has a big-image without an image", e.Name)
	}
	if kind := e.Bind.Get("type"); isSelect(e) && kind != "string" && kind != "odk:rank" {
		c.faultf(e, "bind::type", "leave it out", "the answers of the question %q are choices, which cannot have the type %q", e.Name, kind)
	}
	return worded
}

// osmTag writes a tag that a map editor asks for.
func (c *compiler) osmTag(i int32, tag *definition.Choice) {
	c.at(i, typeColumn)
	c.open("tag")
	c.attr("key", tag.Name)
	mark := c.inside()
	text := tag.Label.Plain
	if t, ok := tag.Label.In(c.form.DefaultLanguage); ok {
		text = t
	} else if len(tag.Label.ByLanguage) > 0 {
		text = tag.Label.ByLanguage[0].Text
	}
	c.open("label")
	if text == "" {
		c.empty()
	} else {
		c.wording("label", "", text, none)
	}
	c.close("tag", mark)
}
