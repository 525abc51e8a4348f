package xlsform

import (
	"strconv"
	"strings"

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

// pulling are the attributes of a bind in which pulldata() brings in a file.
var pulling = [...]string{"calculate", "constraint", "readonly", "required", "relevant"}

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

// sources lists what the form looks up, in order, repeated as often as used.
func (c *compiler) sources() []instanceSource {
	var out []instanceSource
	lastSaved := false
	for i := range int32(len(c.nodes)) {
		e := c.nodes[i].el
		switch e.Kind {
		case definition.Question, definition.Group, definition.Repeat:
			out = append(out, pulled(e, i)...)
			if stem, ext := fileOf(e.Itemset); ext != "" && isSelect(e) {
				folder := "file"
				if ext == ".csv" {
					folder = "file-csv"
				}
				out = append(out, instanceSource{name: stem, src: "jr://" + folder + "/" + e.Itemset, list: none, owner: e, node: i})
			}
			lastSaved = lastSaved || e.Kind == definition.Question && readsLastSaved(e)
		case definition.External:
			src := "jr://file/" + e.Name + ".xml"
			if strings.HasPrefix(e.Type, "csv") {
				src = "jr://file-csv/" + e.Name + ".csv"
			}
			out = append(out, instanceSource{name: e.Name, src: src, declared: true, list: none, owner: e, node: i})
		}
	}
	if lastSaved {
		out = append(out, instanceSource{name: lastSavedInstance, src: "jr://instance/last-saved", list: none})
	}
	for i, l := range c.form.Lists {
		if !l.Search {
			out = append(out, instanceSource{name: l.Name, list: int32(i)})
		}
	}
	return out
}

// pulled lists the files that the expressions of an element pull data from.
func pulled(e *definition.Element, i int32) []instanceSource {
	var out []instanceSource
	find := func(text string) {
		for _, file := range pulledFiles(text) {
			out = append(out, instanceSource{name: file, src: "jr://file-csv/" + file + ".csv", list: none, owner: e, node: i})
		}
	}
	for k := range e.Bind {
		for _, key := range pulling {
			if e.Bind[k].Key == key {
				find(e.Bind[k].Value)
			}
		}
	}
	if e.Kind == definition.Question {
		find(e.ChoiceFilter)
		find(e.Default)
	}
	return out
}

// pulledFiles lists the first arguments of the calls of pulldata in a text.
func pulledFiles(text string) []string {
	if !strings.Contains(text, "pulldata(") {
		return nil
	}
	var files []string
	for {
		i := strings.Index(text, "pulldata")
		if i < 0 {
			return files
		}
		text = text[i+len("pulldata"):]
		rest := strings.TrimLeft(text, " \t\r\n")
		if !strings.HasPrefix(rest, "(") {
			continue
		}
		comma := strings.IndexByte(rest, ',')
		if comma < 0 {
			return files
		}
		name := strings.TrimSpace(strings.NewReplacer("'", "", `"`, "").Replace(rest[1:comma]))
		files, text = append(files, name), rest[comma:]
	}
}

// readsLastSaved tells whether an expression of a question refers to the last
// saved answers.
func readsLastSaved(e *definition.Element) bool {
	if last(e.Default) || last(e.ChoiceFilter) {
		return true
	}
	for k := range e.Bind {
		for _, key := range pulling {
			if e.Bind[k].Key == key && last(e.Bind[k].Value) {
				return true
			}
		}
	}
	return false
}

func last(text string) bool {
	if !strings.Contains(text, "${last-saved#") {
		return false
	}
	for ref, ok := nextReference(text, 0); ok; ref, ok = nextReference(text, ref.end) {
		if ref.lastSaved {
			return true
		}
	}
	return false
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
		c.buf = append(c.buf, '>')
		c.escape(list.Name, false)
		c.buf = append(c.buf, '-')
		c.buf = strconv.AppendInt(c.buf, int64(k), 10)
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
	c.buf = append(c.buf, "jr:itext('"...)
	c.escape(list.Name, true)
	c.buf = append(c.buf, '-')
	c.buf = strconv.AppendInt(c.buf, int64(k), 10)
	c.buf = append(c.buf, "')\""...)
}
