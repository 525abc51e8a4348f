package xlsform

import (
	"strings"

	"waymark/forms/xlsform/definition"
)

// The attributes of a bind that hold what people read.
const (
	constraintMsg    = "jr:constraintMsg"
	requiredMsg      = "jr:requiredMsg"
	noAppErrorString = "jr:noAppErrorString"
)

// binds writes the bind of every node in document order, each followed by the
// actions that set the node when the form is opened.
func (c *compiler) binds() {
	for i := int32(1); i < int32(len(c.nodes)); i++ {
		e := c.nodes[i].el
		if e.Kind == definition.External {
			continue
		}
		c.bind(i, e)
		c.actions(i, false)
	}
}

func (c *compiler) bind(i int32, e *definition.Element) {
	if e.Flat || len(e.Bind) == 0 && e.ConstraintMessage.Empty() && e.RequiredMessage.Empty() && e.NoAppErrorMsg.Empty() {
		return
	}
	path := c.nodes[i].path
	c.open("bind")
	c.safe("nodeset", path)
	for k := range e.Bind {
		a := &e.Bind[k]
		switch a.Key {
		case "calculate":
			if len(e.Triggers) > 0 {
				continue // an action of the trigger sets it
			}
		case constraintMsg, requiredMsg, noAppErrorString:
			continue
		case "nodeset":
			c.reserved(e, "bind::nodeset")
			continue
		}
		c.at(i, bindColumn|column(k))
		c.name(e, a)
		c.computed(a.Key, a.Value, scope{at: i})
	}
	c.message(i, constraintColumn, &e.ConstraintMessage, messageInItext(&e.ConstraintMessage))
	c.message(i, requiredColumn, &e.RequiredMessage, messageInItext(&e.RequiredMessage))
	c.message(i, noAppColumn, &e.NoAppErrorMsg, len(e.NoAppErrorMsg.ByLanguage) > 0)
	c.empty()
}

// message writes what is shown where an answer breaks a rule.
func (c *compiler) message(i int32, col column, text *definition.Text, inItext bool) {
	key := columnNames[col]
	switch {
	case text.Empty():
	case inItext:
		c.itextRef(key, i, key)
	default:
		c.at(i, col)
		c.computed(key, text.Plain, scope{at: i})
	}
}

// messageInItext tells whether a message is kept in the itext: one by
// language, or one that shows answers, which an attribute could not.
func messageInItext(text *definition.Text) bool {
	if len(text.ByLanguage) > 0 {
		return true
	}
	if !strings.Contains(text.Plain, "${") {
		return false
	}
	_, ok := nextReference(text.Plain, 0)
	return ok
}
