package xlsform

import (
	"strings"

	"waymark/forms/xlsform/definition"
)

// isSelect tells whether a question is answered with choices.
func isSelect(e *definition.Element) bool {
	return e.Tag == "select1" || e.Tag == "select" || e.Tag == "odk:rank"
}

// usesSearch tells whether a question's choices come from a file through the
// search() appearance, in which case the list only says which columns to show.
func usesSearch(e *definition.Element) bool {
	appearance := e.Control.Get("appearance")
	i := strings.Index(appearance, "search(")
	return i >= 0 && strings.IndexByte(appearance[i:], ')') > 0 && isSelect(e)
}

// fileOf splits the name of a file of choices into what the form calls it and
// its extension; the extension is empty if the name is no such file.
func fileOf(itemset string) (stem, extension string) {
	for _, ext := range [...]string{".csv", ".xml", ".geojson"} {
		if stem, ok := strings.CutSuffix(itemset, ext); ok && stem != "" {
			return stem, ext
		}
	}
	return itemset, ""
}

// choices writes where the choices of a question are, if it has any.
func (c *compiler) choices(i int32, e *definition.Element) {
	if e.Itemset == "" || e.Type == "select_one_external" {
		return
	}
	if usesSearch(e) {
		c.items(e)
		return
	}
	nodeset, valueRef, labelRef := c.source(i, e)
	if e.Randomize {
		nodeset = "randomize(" + nodeset
		if e.Seed != "" {
			nodeset += ", " + strings.TrimSpace(c.expanded(e.Seed, scope{at: i}))
		}
		nodeset += ")"
	}
	c.open("itemset")
	c.attr("nodeset", nodeset)
	mark := c.inside()
	c.open("value")
	c.attr("ref", valueRef)
	c.empty()
	c.open("label")
	c.attr("ref", labelRef)
	c.empty()
	c.close("itemset", mark)
}

// source is where the choices of a question come from: the nodes, filtered,
// and the paths to value and label in each.
func (c *compiler) source(i int32, e *definition.Element) (nodeset, valueRef, labelRef string) {
	filter, fromRepeat := "", false
	stem, extension := fileOf(e.Itemset)
	switch _, ref := nextReference(e.Itemset, 0); {
	case extension != "":
		nodeset, valueRef, labelRef = "instance('"+stem+"')/root/item", "name", "label"
		if extension == ".geojson" {
			valueRef, labelRef = "id", "title"
		}
		if e.ValueRef != "" {
			valueRef = e.ValueRef
		}
		if e.LabelRef != "" {
			labelRef = e.LabelRef
		}
	case ref:
		fromRepeat = true
		c.at(i, typeColumn)
		path := strings.TrimSpace(c.expanded(e.Itemset, scope{at: i, parent: true}))
		if !isSelect(e) {
			// A map of shapes shows all that were drawn so far. The predicate
			// keeps clients from narrowing the path to one instance.
			nodeset, valueRef, labelRef, filter = path, "geometry", "geometry", "./geometry != ''"
			break
		}
		slash := strings.LastIndexByte(path, '/')
		nodeset, valueRef = path[:max(slash, 0)], path[slash+1:]
		labelRef, filter = valueRef, "./"+valueRef+" != ''"
	default:
		nodeset, valueRef, labelRef = "instance('"+e.Itemset+"')/root/item", "name", "label"
		if list, _ := c.list(e.Itemset); list != nil && list.NeedsItext {
			labelRef = "jr:itext(itextId)"
		}
	}
	if e.ChoiceFilter != "" && e.Tag != "range" {
		c.at(i, filterColumn)
		filter = c.expanded(e.ChoiceFilter, scope{at: i, current: true, parent: fromRepeat})
		if fromRepeat && nodeset != "" {
			filter = strings.ReplaceAll(strings.ReplaceAll(filter, "current()/"+nodeset, "."), nodeset, ".")
		}
	}
	if filter != "" {
		nodeset += "[" + filter + "]"
	}
	return nodeset, valueRef, labelRef
}

// query writes the attribute by which a question looks up its choices in
// itemsets.csv.
func (c *compiler) query(i int32, e *definition.Element) {
	c.at(i, filterColumn)
	c.key("query")
	c.put("instance('")
	c.escape(e.Query, true)
	c.put("')/root/item")
	if e.ChoiceFilter != "" {
		c.putByte('[')
		c.expression(e.ChoiceFilter, scope{at: i, current: true})
		c.putByte(']')
	}
	c.putByte('"')
}

// items writes the choices of a search() question in place.
func (c *compiler) items(e *definition.Element) {
	list, index := c.list(e.Itemset)
	if list == nil {
		return
	}
	for k := range list.Choices {
		choice := &list.Choices[k]
		c.atChoice(index, k)
		c.open("item")
		mark := c.inside()
		c.open("label")
		switch {
		case list.NeedsItext:
			c.choiceRef(list, k)
			c.empty()
		case choice.Label.Plain != "" && !label(e).Empty():
			c.wording("label", "", choice.Label.Plain, none)
		default:
			c.empty()
		}
		c.markup.element("value", choice.Name)
		c.close("item", mark)
	}
	c.now.list = none
}
