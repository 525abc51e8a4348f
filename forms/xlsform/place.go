package xlsform

import (
	"fmt"

	"waymark/forms/xlsform/definition"
	"waymark/internal/fault"
)

// column says which column of a row a text came from: one of the columns
// below, or an attribute of the element by its index.
type column uint32

const (
	labelColumn column = iota
	hintColumn
	defaultColumn
	typeColumn
	triggerColumn
	filterColumn
	constraintColumn
	requiredColumn
	noAppColumn
	titleColumn
	bindColumn     column = 1 << 24
	controlColumn  column = 2 << 24
	instanceColumn column = 3 << 24
)

var columnNames = [...]string{"label", "hint", "default", "type", "trigger", "choice_filter", constraintMsg, requiredMsg, noAppErrorString, "form_title"}

// name is the column's heading, as far as it can be told from the element.
func (col column) name(e *definition.Element) string {
	if col < column(len(columnNames)) {
		return columnNames[col]
	}
	attrs := e.Bind
	switch col &^ (1<<24 - 1) {
	case controlColumn:
		attrs = e.Control
	case instanceColumn:
		attrs = e.Instance
	}
	if k := int(col & (1<<24 - 1)); k < len(attrs) {
		return attrs[k].Key
	}
	return ""
}

// writing is what is being written, kept as numbers since it changes with
// every text and is seldom asked for.
type writing struct {
	node   int32
	column column
	list   int32 // none unless a choice is being written
	choice int
}

// at notes whose text is being written.
func (c *compiler) at(i int32, col column) { c.now.node, c.now.column, c.now.list = i, col, none }

// atChoice notes that a choice is being written.
func (c *compiler) atChoice(list int32, choice int) { c.now.list, c.now.choice = list, choice }

// place is where the writing is.
func (c *compiler) place() fault.Place {
	if c.now.list != none {
		list := c.form.Lists[c.now.list]
		return fault.Place{Sheet: "choices", Row: list.Choices[c.now.choice].Row, Field: list.Name}
	}
	e := c.nodes[c.now.node].el
	return placeOf(e, c.now.column.name(e))
}

// placeOf is the row of an element, at a column's heading.
func placeOf(e *definition.Element, field string) fault.Place {
	for e.Parent != nil && e.Place.Row == 0 {
		e = e.Parent // implied by a row further up
	}
	p := e.Place
	if field != "type" {
		p.Column = 0
	}
	p.Field = field
	switch {
	case field == "form_title":
		p.Sheet, p.Row = "settings", 2
	case p.Sheet == "":
		p.Sheet = "survey"
	}
	return p
}

// faultf adds a fault of an element.
func (c *compiler) faultf(e *definition.Element, field, remedy, format string, args ...any) {
	c.faults.Add(fault.New(fault.Invalid, placeOf(e, field), fmt.Sprintf(format, args...), remedy))
}

// once tells whether a fault is told for the first time.
func (c *compiler) once(key string) bool {
	if c.told[key] {
		return false
	}
	if c.told == nil {
		c.told = map[string]bool{}
	}
	c.told[key] = true
	return true
}

// uncarriable adds the fault of a text that XML cannot carry.
func (c *compiler) uncarriable(string) {
	at := c.place()
	if c.once("uncarriable " + at.String()) {
		c.faults.Add(fault.New(fault.Invalid, at, "a text holds a control character or a broken character, which an XForm cannot hold",
			"type the text again; it was perhaps pasted from another program"))
	}
}

// unresolved adds the fault of a reference to no question, or to several.
func (c *compiler) unresolved(name string, several bool) {
	at := c.place()
	if c.unsure || c.faults.Dropped > 0 || !c.once("unresolved "+name+at.String()) {
		return
	}
	if several {
		c.faults.Add(fault.New(fault.Invalid, at, fmt.Sprintf("${%s} could be any of several questions of that name", name), "give the questions different names"))
		return
	}
	names := make([]string, 0, len(c.byName))
	for i := range c.nodes {
		names = append(names, c.nodes[i].el.Name)
	}
	remedy := "write the name of a question, group or repeat of the survey sheet"
	if near := fault.Nearest(name, names); near != "" && near != name {
		remedy = fmt.Sprintf("write ${%s}", near)
	}
	c.faults.Add(fault.New(fault.Invalid, at, fmt.Sprintf("${%s} refers to no question", name), remedy))
}
