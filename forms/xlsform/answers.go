package xlsform

import "waymark/forms/xlsform/definition"

// answers writes the nodes of a form's answers below and with node i. Every
// repeat is written twice: first as the template from which further ones are
// made, then as its first instance; inside that first instance repeats have no
// templates of their own. Source: ODK XForms specification, section Repeats.
func (c *compiler) answers(i int32, withinRepeat bool, attributes definition.Attrs) {
	n := &c.nodes[i]
	c.open(n.el.Name)
	for k := range attributes {
		c.at(i, instanceColumn|column(k))
		c.name(n.el, &attributes[k])
		if n.parent == none {
			c.attr(attributes[k].Key, attributes[k].Value) // settings hold no references
			continue
		}
		c.computed(attributes[k].Key, attributes[k].Value, scope{at: i})
	}
	for j := i + 1; j < n.end; j = c.nodes[j].end {
		if e := c.nodes[j].el; e.Kind == definition.Attribute {
			c.attr(e.Name, e.Default)
		}
	}
	mark := c.inside()
	c.answersOf(i, withinRepeat)
	c.close(n.el.Name, mark)
}

// answersOf writes the nodes below node i.
func (c *compiler) answersOf(i int32, withinRepeat bool) {
	for j := i + 1; j < c.nodes[i].end; j = c.nodes[j].end {
		switch e := c.nodes[j].el; e.Kind {
		case definition.External, definition.Attribute:
		case definition.Question:
			c.answer(e, j)
		default:
			switch {
			case e.Flat:
				c.answersOf(j, false)
			case e.Kind == definition.Repeat && !withinRepeat:
				c.template(j)
				c.answers(j, true, e.Instance)
			default:
				c.answers(j, withinRepeat, e.Instance)
			}
		}
	}
}

// template writes a repeat as the template of its further instances. A repeat
// inside has its template in this one.
func (c *compiler) template(i int32) {
	n := &c.nodes[i]
	c.open(n.el.Name)
	c.safe("jr:template", "")
	mark := c.inside()
	for j := i + 1; j < n.end; j = c.nodes[j].end {
		switch e := c.nodes[j].el; e.Kind {
		case definition.External, definition.Attribute:
		case definition.Question:
			c.answer(e, j)
		case definition.Repeat:
			c.template(j)
		default:
			c.answers(j, false, e.Instance)
		}
	}
	c.close(n.el.Name, mark)
}

// answer writes the node of one question, with its default if that is no
// expression.
func (c *compiler) answer(e *definition.Element, i int32) {
	c.open(e.Name)
	for k := range e.Instance {
		c.at(i, instanceColumn|column(k))
		c.name(e, &e.Instance[k])
		c.computed(e.Instance[k].Key, e.Instance[k].Value, scope{at: i})
	}
	if e.Default == "" || e.DynamicDefault {
		c.empty()
		return
	}
	c.at(i, defaultColumn)
	c.content(e.Name, e.Default)
}
