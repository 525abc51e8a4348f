package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/internal/fault"
)

// mediaKinds are what can stand beside a label.
var mediaKinds = []string{"image", "big-image", "audio", "video"}

func (c *compiler) checkMedium(e *definition.Element, kind string) {
	if slices.Contains(mediaKinds, kind) {
		return
	}
	c.faultf(e, "media::"+kind, "use image, big-image, audio or video", "%q is no kind of medium", kind)
}

// name checks the name of an attribute.
func (c *compiler) name(e *definition.Element, a *definition.Attr) {
	if isName(a.Key) {
		return
	}
	c.qualified(a.Key, func() fault.Place { return placeOf(e, a.Key) })
}

// qualified checks a name that may have a prefix. A prefix that the settings
// do not declare is declared for them, since a document that uses it without
// would not load.
func (c *compiler) qualified(name string, place func() fault.Place) {
	prefix, local, hasPrefix := strings.Cut(name, ":")
	switch {
	case !hasPrefix && isName(name):
	case prefix == "xml" && isName(local):
	case hasPrefix && isName(prefix) && isName(local) && prefix != "xmlns":
		if !c.knowsPrefix(prefix) {
			c.prefixes, c.undeclared = append(c.prefixes, prefix), append(c.undeclared, prefix)
		}
	case c.once("name " + name):
		c.faults.Add(fault.New(fault.Invalid, place(), fmt.Sprintf("%q cannot be a name in an XForm", name),
			"begin with a letter; use letters, digits, - and _ only"))
	}
}

// reserved adds the fault of an attribute that the compiler itself writes.
func (c *compiler) reserved(e *definition.Element, column string) {
	c.faultf(e, column, "leave the column out", "the row's place in the form is what %s says; it cannot be given", column)
}

// checkNames checks the prefixes of the elements' names.
func (c *compiler) checkNames() {
	for i := range c.nodes {
		e := c.nodes[i].el
		if e.Kind == definition.External || !strings.Contains(e.Name, ":") {
			continue
		}
		c.qualified(e.Name, func() fault.Place { return placeOf(e, "name") })
	}
}

// checkExtra checks the columns of a list that become nodes of its choices.
func (c *compiler) checkExtra(list *definition.List) {
	var known []string
	for k := range list.Choices {
		extra := list.Choices[k].Extra
		for x := range extra {
			key := extra[x].Key
			if x < len(known) && known[x] == key || slices.Contains(known, key) {
				continue
			}
			known = append(known, key)
			c.qualified(key, func() fault.Place { return fault.Place{Sheet: "choices", Field: key} })
		}
	}
}
