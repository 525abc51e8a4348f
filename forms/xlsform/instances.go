package xlsform

import (
	"strconv"

	"waymark/forms/xlsform/definition"
)

const lastSavedInstance = "__last-saved"

// instanceSource is one further instance of the form: a file, the last saved
// answers, or a list of choices.
type instanceSource struct {
	name, src string // src is empty for a list
	list      int32  // none for a file
	declared  bool   // by a csv-external or xml-external row
	owner     *definition.Element
	node      int32 // the owner, or the root
}

// instances writes every instance but the answers: files in the order of the
// survey, the last saved answers, then the lists.
func (c *compiler) instances() {
	seen := map[string]*instanceSource{}
	sources := c.sources()
	for i := range sources {
		s := &sources[i]
		prior := seen[s.name]
		if prior == nil {
			seen[s.name] = s
			c.instance(s)
			continue
		}
		if prior.src != s.src {
			c.clash(prior, s)
		} else if prior.declared && s.declared {
			c.faultf(s.owner, "name", "give each a name of its own, or keep one", "two external files are called %q", s.name)
		}
	}
}

func (c *compiler) clash(prior, s *instanceSource) {
	describe := func(s *instanceSource) string {
		if s.list != none {
			return "the list of choices " + strconv.Quote(s.name)
		}
		return "the file " + s.src
	}
	owner := s.owner
	if owner == nil {
		owner = prior.owner
	}
	if owner == nil {
		owner = c.form.Root
	}
	c.faultf(owner, "type", "rename one of them, with all its uses",
		"the name %q would stand for both %s and %s", s.name, describe(prior), describe(s))
}

// instance writes one instance.
func (c *compiler) instance(s *instanceSource) {
	c.at(s.node, typeColumn)
	c.open("instance")
	c.attr("id", s.name)
	if s.list == none {
		c.attr("src", s.src)
		c.empty()
		return
	}
	mark := c.inside()
	c.open("root")
	root := c.inside()
	list := c.form.Lists[s.list]
	c.checkExtra(list)
	for k := range list.Choices {
		c.atChoice(s.list, k)
		c.item(list, k)
	}
	c.now.list = none
	c.close("root", root)
	c.close("instance", mark)
}

// item writes one choice of a list.
func (c *compiler) item(list *definition.List, k int) {
	choice := &list.Choices[k]
	c.open("item")
	mark := c.inside()
	if list.NeedsItext {
		c.open("itextId")
		c.putByte('>')
		c.escape(list.Name, false)
		c.putByte('-')
		c.putInt(k)
		c.end("itextId")
	}
	c.markup.element("name", choice.Name)
	if !list.NeedsItext && choice.Label.Plain != "" {
		c.markup.element("label", choice.Label.Plain)
	}
	for x := range choice.Extra {
		c.markup.element(choice.Extra[x].Key, choice.Extra[x].Value)
	}
	c.close("item", mark)
}

// choiceRef writes the reference to the itext of a choice.
func (c *compiler) choiceRef(list *definition.List, k int) {
	c.key("ref")
	c.put("jr:itext('")
	c.escape(list.Name, true)
	c.putByte('-')
	c.putInt(k)
	c.put("')\"")
}
