package xlsform

import "waymark/forms/xlsform/definition"

// The events that actions answer to. Source: ODK XForms specification, section
// Actions.
const (
	newRepeat    = "odk-new-repeat"
	valueChanged = "xforms-value-changed"
)

// actions writes the actions that set a node: those of a new repeat, or those
// of opening the form.
func (c *compiler) actions(i int32, inRepeat bool) {
	e := c.nodes[i].el
	if e.Kind == definition.External {
		return // a file is not set
	}
	for k := range e.Actions {
		a := &e.Actions[k]
		if (a.Event == newRepeat) != inRepeat {
			continue
		}
		c.at(i, defaultColumn)
		c.open(a.Name)
		c.safe("ref", c.nodes[i].path)
		c.attr("event", a.Event)
		for n := range a.Attrs {
			c.name(e, &a.Attrs[n])
			c.attr(a.Attrs[n].Key, a.Attrs[n].Value)
		}
		if value := a.Value; a.Name == "setvalue" {
			if value == "" {
				value = e.Default
			}
			if value != "" {
				c.computed("value", value, scope{at: i})
			}
		}
		c.empty()
	}
}

// repeatActions writes, at the end of a repeat's body, the actions for a new
// instance of it. A repeat inside has its own.
func (c *compiler) repeatActions(i int32) {
	for j := i + 1; j < c.nodes[i].end; j++ {
		if c.nodes[j].repeat == i && len(c.nodes[j].el.Actions) > 0 {
			c.actions(j, true)
		}
	}
}

// changes writes, inside the control of a question, what its change sets. The
// expressions stand where the question stands.
func (c *compiler) changes(i int32) {
	targets := c.triggered[c.nodes[i].el.Name]
	for _, positions := range [...]bool{false, true} {
		for _, e := range targets {
			if (e.Type == "background-geopoint") != positions {
				continue
			}
			t, ok := c.byName[e.Name]
			if !ok || t == ambiguous {
				c.at(i, triggerColumn)
				c.unresolved(e.Name, ok)
				continue
			}
			c.at(t, triggerColumn)
			tag := "setvalue"
			if positions {
				tag = "odk:setgeopoint"
			}
			c.open(tag)
			c.safe("ref", c.nodes[t].path)
			c.safe("event", valueChanged)
			if value := e.Bind.Get("calculate"); value != "" && !positions {
				c.computed("value", value, scope{at: i})
			}
			c.empty()
		}
	}
}

// invisibleTrigger adds a fault for everything that the change of a question
// without a control should set.
func (c *compiler) invisibleTrigger(i int32) {
	name := c.nodes[i].el.Name
	for _, e := range c.triggered[name] {
		if e.Type != "background-geopoint" {
			c.faultf(e, "trigger", "name a question that people see and answer",
				"the question ${%s} is not shown, so its change cannot set ${%s}", name, e.Name)
		}
	}
}

// isAction tells whether a question is set by an action and has no control.
func isAction(e *definition.Element) bool { return e.Tag == "" || e.Tag == "action" }
