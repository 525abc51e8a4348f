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
	case hasPrefix && isName(prefix) && isName(local):
		if !c.knowsPrefix(prefix) {
			c.prefixes, c.undeclared = append(c.prefixes, prefix), append(c.undeclared, prefix)
		}
	case c.once("name " + name):
		c.faults.Add(fault.New(fault.Invalid, place(), fmt.Sprintf("%q cannot be a name in an XForm", name),
			"begin with a letter; use letters, digits, - and _ only"))
	}
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

// checkSearch finds the lists that search() questions use, and faults those
// that other questions use too: such a list is not there for them.
func (c *compiler) checkSearch() {
	var searching []*definition.Element
	for i := range c.nodes {
		if e := c.nodes[i].el; e.Itemset != "" && usesSearch(e) {
			if list := c.lists[e.Itemset]; list != nil {
				if c.searched == nil {
					c.searched = map[*definition.List]bool{}
				}
				c.searched[list] = true
				searching = append(searching, e)
			}
		}
	}
	if len(searching) == 0 {
		return
	}
	for i := range c.nodes {
		e := c.nodes[i].el
		list := c.lists[e.Itemset]
		if list == nil || !c.searched[list] || !isSelect(e) || usesSearch(e) {
			continue
		}
		for _, s := range searching {
			if s.Itemset == e.Itemset {
				c.faultf(s, "appearance", "give it a list of its own, or use search() in both",
					"the question %q uses search() with the list %q, which %q uses without", s.Name, list.Name, e.Name)
			}
		}
	}
}
