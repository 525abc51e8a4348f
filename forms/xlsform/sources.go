package xlsform

import (
	"strings"

	"waymark/forms/xlsform/definition"
)

// pulling are the attributes of a bind in which pulldata() brings in a file.
var pulling = [...]string{"calculate", "constraint", "readonly", "required", "relevant"}

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
