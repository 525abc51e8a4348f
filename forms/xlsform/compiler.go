package xlsform

import (
	"bytes"
	"sync"

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
	lists  map[string]int32 // by name, indexes of form.Lists
	// triggered lists what each question's change sets, by its name.
	triggered map[string][]*definition.Element
	prefixes  []string // of namespaces that names may use
	// undeclared are the prefixes that names use and the settings do not
	// declare; declarations is where in the buffer theirs go.
	undeclared   []string
	declarations int
	faults       *fault.List
	now          writing
	// unsure tells that rows of the form may be missing, so that a reference
	// to nothing is no fault.
	unsure bool
	// told keeps a fault from being told for every use of one text.
	told map[string]bool
}

// Write writes a form as an XForm: UTF-8, indented by two spaces, the same
// bytes for the same form. Its error is a *fault.List with every fault found.
func Write(form *definition.Form) ([]byte, error) {
	c := newCompiler(form)
	room := rooms.Get().(*[]byte)
	c.buf = *room
	c.write()
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	if cap(c.buf) > maxRoom { // seldom: not worth keeping
		return c.written(), nil
	}
	*room = c.buf
	defer rooms.Put(room)
	return bytes.Clone(c.written()), nil
}

// rooms are buffers to write in, kept for the next form: a document is then
// copied once, at its size, and its buffer need not be cleared or collected.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// maxRoom is the largest buffer that is kept, in bytes.
const maxRoom = 4 << 20

func newCompiler(form *definition.Form) *compiler {
	c := &compiler{form: form, faults: fault.NewList(maxFaults), now: writing{list: none}}
	c.bad, c.most = c.uncarriable, maxDocument
	return c
}

// prepare indexes what the writing looks up.
func (c *compiler) prepare() {
	c.lists = make(map[string]int32, len(c.form.Lists))
	for i, l := range c.form.Lists {
		c.lists[l.Name] = int32(i)
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

// list returns a list by its name, and its index, or nil.
func (c *compiler) list(name string) (*definition.List, int32) {
	if i, ok := c.lists[name]; ok {
		return c.form.Lists[i], i
	}
	return nil, none
}

// estimate guesses the size of the document, so that the buffer seldom grows.
func (c *compiler) estimate() int {
	size := 2048 + 512*len(c.nodes) + 160*len(c.texts.sayings)*len(c.texts.languages)
	for _, l := range c.form.Lists {
		size += len(l.Choices) * 160
	}
	return min(size, maxDocument)
}
