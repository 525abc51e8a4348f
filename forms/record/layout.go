// Package record lays the answers of a form out as tables: one for the form,
// one for each repeat in it, a column for each question. It reads documents of
// answers into their rows, and puts the columns of several versions together.
//
// It knows forms and documents; it must not know where rows go.
package record

import (
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xform"
)

// Layout is the tables of one form. It does not change after Of and may be used
// by many goroutines.
type Layout struct {
	Form   *xform.Form
	Tables []*Table // the first is the form's own; then repeats, parents first

	places []place            // by slot of the definition
	kids   []map[string]int32 // by slot: children's slots by name
	meta   int32              // slot of the block of meta data, or -1
}

// Table is the rows of the form, or of a repeat.
type Table struct {
	// Name is "" for the form, else the names down to the repeat joined by
	// hyphens, as ODK Central names its files.
	Name string
	// Label of the repeat in the form's default language, or "".
	Label string
	// Parent is the index of the table around it; -1 for the form's own.
	Parent  int
	Columns []*Column

	path string // below the root, of the repeat
}

// Column is one question or calculated value.
type Column struct {
	// Path is where the value is, below the root element: "intro/consent".
	Path string
	// Name is the last part of it.
	Name string
	// Type is as in package outline: select_one, integer, geopoint, start, ...
	Type string
	// Label is the question in the form's default language, or "".
	Label string
	// Labels are the question in every language, by the form's name of it.
	Labels map[string]string
	// Choices are what a select offers, in their order; nil for all else, and
	// where the form does not say (choices in a file).
	Choices []Choice
	// File tells that the choices are in a file.
	File bool
	// Asked tells that a person answers it; else it is calculated or recorded.
	Asked bool

	codes map[string]int
}

// Choice is one code with its labels, by the form's name of the language.
type Choice struct {
	Code   string
	Label  string // in the form's default language
	Labels map[string]string
}

// Choice returns the choice of a code, or nil.
func (c *Column) Choice(code string) *Choice {
	if n, ok := c.codes[code]; ok {
		return &c.Choices[n]
	}
	return nil
}

// Select tells whether answers are codes of a list.
func (c *Column) Select() bool { return c.Type == "select_one" || c.Several() }

// Several tells whether an answer may be more than one code.
func (c *Column) Several() bool { return c.Type == "select_multiple" || c.Type == "rank" }

// place is where a definition's values go; table -1 is nowhere.
type place struct {
	table, column int32 // column -1: a repeat, whose instances are rows
}

// Of lays a form out.
func Of(f *xform.Form) *Layout {
	l := &Layout{Form: f, Tables: []*Table{{Parent: -1}}, places: make([]place, len(f.Nodes)), kids: make([]map[string]int32, len(f.Nodes)), meta: -1}
	for i := range l.places {
		l.places[i] = place{-1, -1}
	}
	o := outline.Of(f)
	lists := map[*outline.List][]Choice{}
	tables := map[string]int{}
	for i := range o.All() {
		d := i.Definition
		if d == nil || d.Attribute {
			continue
		}
		if i.Kind == outline.Repeat {
			t := &Table{Name: strings.ReplaceAll(below(d.Path), "/", "-"), Label: o.Plain(i.Label(), f.Default, i), Parent: l.tableOf(i, tables), path: below(d.Path)}
			tables[d.Path] = len(l.Tables)
			l.places[d.Slot] = place{int32(len(l.Tables)), -1}
			l.Tables = append(l.Tables, t)
			continue
		}
		if i.Kind != outline.Question && i.Kind != outline.Quiet || !d.Leaf || i.Type == "note" || l.places[d.Slot].table >= 0 {
			continue
		}
		if inMeta(d) && i.Type != "instanceName" && i.Type != "audit" {
			continue // the record's own data: see Record
		}
		at := l.tableOf(i, tables)
		t := l.Tables[at]
		l.places[d.Slot] = place{int32(at), int32(len(t.Columns))}
		t.Columns = append(t.Columns, column(o, i, lists))
	}
	for _, d := range f.Nodes {
		if d.Attribute || len(d.Children) == 0 {
			continue
		}
		names := make(map[string]int32, len(d.Children))
		for _, c := range d.Children {
			if !c.Attribute {
				names[c.Name] = c.Slot
			}
		}
		l.kids[d.Slot] = names
		if local(d.Name) == "meta" && d.Parent == f.Nodes[0] {
			l.meta = d.Slot
		}
	}
	return l
}

// tableOf is the table of an item: that of the nearest repeat around it.
func (l *Layout) tableOf(i *outline.Item, tables map[string]int) int {
	for p := i.Definition.Parent; p != nil; p = p.Parent {
		if at, ok := tables[p.Path]; ok {
			return at
		}
	}
	return 0
}

func column(o *outline.Outline, i *outline.Item, lists map[*outline.List][]Choice) *Column {
	d, f := i.Definition, o.Form
	c := &Column{Path: below(d.Path), Name: local(d.Name), Type: i.Type, Asked: i.Kind == outline.Question,
		Label: o.Plain(i.Label(), f.Default, i), Labels: map[string]string{}}
	if inMeta(d) {
		c.Path = "meta/" + c.Name
	}
	for n, language := range f.Languages {
		c.Labels[language] = o.Plain(i.Label(), n, i)
	}
	if i.List == nil {
		return c
	}
	c.File = i.List.Source != "" || i.List.Repeated != nil
	if c.File {
		return c
	}
	choices, done := lists[i.List]
	if !done {
		for n := range i.List.Choices {
			from := &i.List.Choices[n]
			to := Choice{Code: from.Value, Label: o.Plain(from.Label, f.Default, nil), Labels: map[string]string{}}
			for n, language := range f.Languages {
				to.Labels[language] = o.Plain(from.Label, n, nil)
			}
			choices = append(choices, to)
		}
		lists[i.List] = choices
	}
	c.setChoices(choices)
	return c
}

func (c *Column) setChoices(choices []Choice) {
	c.Choices = choices
	c.codes = make(map[string]int, len(choices))
	for n, choice := range choices {
		if _, twice := c.codes[choice.Code]; !twice {
			c.codes[choice.Code] = n
		}
	}
}

// inMeta tells whether a node is in the block of data about the record itself.
func inMeta(d *xform.Definition) bool {
	p := d.Parent
	return p != nil && p.Parent != nil && p.Parent.Parent == nil && local(p.Name) == "meta"
}

// local is a name without its prefix.
func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// below is a path without its root element.
func below(path string) string {
	path = strings.TrimPrefix(path, "/")
	_, rest, _ := strings.Cut(path, "/")
	return rest
}
