package xlsform

import (
	"fmt"

	"waymark/forms/xlsform/definition"
	"waymark/internal/fault"
)

// maxFaults bounds how many faults are listed; the rest are counted.
const maxFaults = 200

// compiler writes one form.
type compiler struct {
	markup
	form   *definition.Form
	nodes  []node
	byName map[string]int32
	texts  translations
	lists  map[string]*definition.List
	// searched are the lists of search() questions, which are written in the body.
	searched map[*definition.List]bool
	// triggered lists what each question's change sets, by its name.
	triggered map[string][]*definition.Element
	prefixes  []string // of namespaces that names may use
	// undeclared are the prefixes that names use and the settings do not
	// declare; declarations is where in the buffer theirs go.
	undeclared   []string
	declarations int
	faults       *fault.List
	// where the writing is, for a fault found in a text.
	element *definition.Element
	part    string
	list    *definition.List
	choice  int
	// told keeps a fault from being told for every use of one text.
	told map[string]bool
}

// Write writes a form as an XForm: UTF-8, indented by two spaces, the same
// bytes for the same form. Its error is a *fault.List with every fault found.
func Write(form *definition.Form) ([]byte, error) {
	c := &compiler{form: form, faults: fault.NewList(maxFaults)}
	c.bad = c.uncarriable
	c.plant(form.Root)
	if len(c.nodes) > 0 {
		c.prepare()
		c.buf = make([]byte, 0, c.estimate())
		c.document()
		c.declareUsed()
	}
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	return c.buf, nil
}

// prepare indexes what the writing looks up.
func (c *compiler) prepare() {
	c.lists = make(map[string]*definition.List, len(c.form.Lists))
	for _, l := range c.form.Lists {
		c.lists[l.Name] = l
	}
	for i := range c.nodes {
		e := c.nodes[i].el
		for _, name := range e.Triggers {
			if c.triggered == nil {
				c.triggered = map[string][]*definition.Element{}
			}
			c.triggered[name] = append(c.triggered[name], e)
		}
	}
	c.collect()
}

// estimate guesses the size of the document, so that the buffer seldom grows.
func (c *compiler) estimate() int {
	size := 2048 + 512*len(c.nodes) + 128*len(c.texts.values)
	for _, l := range c.form.Lists {
		size += len(l.Choices) * 160
	}
	return size
}

// at notes whose text is being written.
func (c *compiler) at(e *definition.Element, part string) {
	c.element, c.part, c.list = e, part, nil
}

// atChoice notes that the text of a choice is being written.
func (c *compiler) atChoice(l *definition.List, choice int) { c.list, c.choice = l, choice }

// place is where the writing is.
func (c *compiler) place() fault.Place {
	switch {
	case c.list != nil && c.choice < len(c.list.Choices):
		return fault.Place{Sheet: "choices", Row: c.list.Choices[c.choice].Row, Field: c.list.Name}
	case c.element != nil:
		return placeOf(c.element, c.part)
	}
	return fault.Place{}
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
	if p.Row == 0 && p.Sheet == "" {
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
	if !c.once("unresolved " + name + at.String()) {
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
