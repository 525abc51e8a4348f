package draft

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/forms/outline"
	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// Kind says what a needed file holds.
type Kind string

// The kinds of file.
const (
	Image   Kind = "image"
	Audio   Kind = "audio"
	Video   Kind = "video"
	CSV     Kind = "csv"     // a list that the form looks up in
	XML     Kind = "xml"     // likewise, or an entity list
	GeoJSON Kind = "geojson" // places to choose from
	Other   Kind = "file"
)

// Need is a file that a form needs.
type Need struct {
	Name string
	Kind Kind
	// Columns of a list that the form reads, sorted; CheckFile asks for them.
	Columns []string
	// Uses are the questions that use the file, in reading order.
	Uses []Use
	// Content is what the form itself brings (itemsets.csv), or nil.
	Content []byte
}

// Use is one question that uses a file.
type Use struct {
	Path  string // of its node; "" for the form as a whole
	Label string // in the form's default language, or its name
	As    string // "choices", "look-up", "picture", "sound", "film"
}

// nameFault says why a file of this name cannot be kept.
func (n *Need) nameFault() *fault.Fault {
	if err := CheckName(n.Name); err != nil {
		err.Place.Field = n.Name
		return err
	}
	return nil
}

// MaxFileName bounds a file's name, in characters.
const MaxFileName = 120

// CheckName says what is wrong with the name of a file of a form, or nil. It
// becomes a file on phones, so it must be one name without folders.
func CheckName(name string) *fault.Fault {
	switch {
	case name == "" || name == "." || name == "..":
		return fault.New(fault.Invalid, fault.Place{}, "the file has no name", "name it")
	case utf8.RuneCountInString(name) > MaxFileName:
		return fault.New(fault.Invalid, fault.Place{}, "the file's name has more than 120 characters", "shorten it")
	case !utf8.ValidString(name) || strings.ContainsAny(name, `/\:*?"<>|`) || strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f }) ||
		strings.HasPrefix(name, ".") || strings.TrimSpace(name) != name:
		return fault.New(fault.Invalid, fault.Place{}, "the file's name cannot be kept on a phone", `leave out / \ : * ? " < > |, a dot at its start and spaces at its ends`)
	}
	return nil
}

// collector gathers needs.
type collector struct {
	o     *outline.Outline
	needs map[string]*Need
	order []string
	at    *outline.Item
}

// needs lists the files of a form in order of first use. made are files that
// came with it.
func needs(form *xform.Form, made map[string][]byte) []Need {
	c := &collector{o: outline.Of(form), needs: map[string]*Need{}}
	for i := range c.o.All() {
		c.item(i)
	}
	c.at = nil
	for _, a := range form.Actions {
		c.expression(a.Value, "look-up")
	}
	var idle []string // declared, and no expression that we know reads them
	for id, s := range form.Secondary {
		if kindOfSource(s.Source) != "" && !c.has(outline.FileName(s.Source)) {
			idle = append(idle, id)
		}
	}
	slices.Sort(idle)
	for _, id := range idle {
		c.source(form.Secondary[id].Source, "look-up")
	}
	list := make([]Need, 0, len(c.order))
	for _, name := range c.order {
		n := c.needs[name]
		slices.Sort(n.Columns)
		n.Columns = slices.Compact(n.Columns)
		n.Content = made[name]
		list = append(list, *n)
	}
	return list
}

func (c *collector) has(name string) bool { return c.needs[name] != nil }

// need notes a use of a file.
func (c *collector) need(name string, kind Kind, as string, columns ...string) {
	if name == "" {
		return
	}
	n := c.needs[name]
	if n == nil {
		n = &Need{Name: name, Kind: kind}
		c.needs[name] = n
		c.order = append(c.order, name)
	}
	for _, column := range columns {
		if column != "" {
			n.Columns = append(n.Columns, column)
		}
	}
	u := Use{As: as}
	if c.at != nil {
		u.Path, u.Label = c.at.Path(), c.o.Name(c.at, c.o.Form.Default)
	}
	if !slices.ContainsFunc(n.Uses, func(had Use) bool { return had.Path == u.Path && had.As == u.As }) {
		n.Uses = append(n.Uses, u)
	}
}

// item notes what a question, group or repeat needs.
func (c *collector) item(i *outline.Item) {
	c.at = i
	if d := i.Definition; d != nil {
		for _, expr := range []string{d.Relevant, d.Constraint, d.Required, d.ReadOnly, d.Calculate} {
			c.expression(expr, "look-up")
		}
		c.text(d.ConstraintMsg)
		c.text(d.RequiredMsg)
	}
	ctl := i.Control
	if ctl == nil {
		return
	}
	for _, t := range []xform.Text{ctl.Label, ctl.Hint, ctl.Guidance} {
		c.text(t)
	}
	for _, a := range ctl.Actions {
		c.expression(a.Value, "look-up")
	}
	c.expression(ctl.Count, "look-up")
	if ctl.Attrs["query"] != "" {
		c.need("itemsets.csv", CSV, "choices")
	}
	if set := ctl.Itemset; set != nil {
		c.expression(set.Nodeset, "choices")
		if s := c.o.Form.Secondary[set.Instance]; s != nil && kindOfSource(s.Source) != "" {
			c.source(s.Source, "choices", set.ValueRef, plainRef(set.LabelRef))
		}
	}
	c.search(ctl)
	if i.List != nil && i.List.Source == "" {
		for n := range i.List.Choices {
			c.text(i.List.Choices[n].Label)
		}
	}
}

// plainRef is a label's column, or "" where labels are translated texts.
func plainRef(ref string) string {
	if strings.ContainsAny(ref, "()'/@ ") {
		return ""
	}
	return ref
}

// media says what an itext form's files are.
var media = map[string]struct {
	kind Kind
	as   string
}{"image": {Image, "picture"}, "big-image": {Image, "picture"}, "audio": {Audio, "sound"}, "video": {Video, "film"}}

// text notes the media of a text in every language.
func (c *collector) text(t xform.Text) {
	if t.ID == "" {
		return
	}
	for _, language := range c.o.Form.Itext {
		for _, v := range language[t.ID] {
			m, ok := media[v.Form]
			if !ok || len(v.Parts) != 1 {
				continue
			}
			if name := strings.TrimSpace(v.Parts[0].Plain); name != "" && name != "-" {
				c.need(outline.FileName(name), m.kind, m.as)
			}
		}
	}
}

// kindOfSource is what the address of an instance holds; "" if it is no file.
func kindOfSource(source string) Kind {
	if source == "" || strings.HasPrefix(source, "jr://instance/") {
		return ""
	}
	switch strings.ToLower(path.Ext(source)) {
	case ".csv":
		return CSV
	case ".xml":
		return XML
	case ".geojson", ".json":
		return GeoJSON
	}
	return Other
}

func (c *collector) source(source, as string, columns ...string) {
	if kind := kindOfSource(source); kind != "" {
		c.need(outline.FileName(source), kind, as, columns...)
	}
}

// expression notes what an expression looks up in.
func (c *collector) expression(text, as string) {
	if !strings.Contains(text, "instance(") && !strings.Contains(text, "pulldata") {
		return
	}
	expr, err := xpath.Parse(text)
	if err != nil {
		return // the form does not compile with it
	}
	context := "/"
	if c.at != nil && c.at.Path() != "" {
		context = c.at.Path()
	}
	for _, p := range expr.Paths(context) {
		rest, ok := strings.CutPrefix(p, "instance('")
		if !ok {
			continue
		}
		id, steps, _ := strings.Cut(rest, "')")
		s := c.o.Form.Secondary[id]
		if s == nil {
			continue
		}
		column := ""
		if parts := strings.Split(strings.Trim(steps, "/"), "/"); len(parts) == 3 && parts[2] != "*" && !strings.HasPrefix(parts[2], "@") {
			column = parts[2] // root/item/column
		}
		c.source(s.Source, as, column)
	}
	xpath.Walk(expr.Root, func(n xpath.AST) bool {
		call, ok := n.(*xpath.Call)
		if !ok || call.Name != "pulldata" || len(call.Args) < 3 {
			return true
		}
		if file := literal(call.Args[0]); file != "" {
			source := file + ".csv"
			if s := c.o.Form.Secondary[file]; s != nil && s.Source != "" {
				source = s.Source
			}
			c.source(source, "look-up", literal(call.Args[1]), literal(call.Args[2]))
		}
		return true
	})
}

func literal(n xpath.AST) string {
	if l, ok := n.(*xpath.Literal); ok {
		return l.Value
	}
	return ""
}

// search notes the list that a select looks up on the device:
// search('file', 'matches', 'column', value, ...). Its choices name the columns
// of value and label. Source: XLSForm, "Dynamic selects from pre-loaded data".
func (c *collector) search(ctl *xform.Control) {
	at := strings.Index(ctl.Appearance, "search(")
	end := strings.LastIndexByte(ctl.Appearance, ')')
	if at < 0 || end < at {
		return
	}
	expr, err := xpath.Parse(ctl.Appearance[at : end+1])
	if err != nil {
		return
	}
	call, ok := expr.Root.(*xpath.Call)
	if !ok || len(call.Args) == 0 || literal(call.Args[0]) == "" {
		return
	}
	var columns []string
	for n := 2; n < len(call.Args); n += 2 {
		columns = append(columns, strings.Split(literal(call.Args[n]), ",")...)
	}
	for _, it := range ctl.Items {
		if len(it.Value) > 0 && (it.Value[0] < '0' || it.Value[0] > '9') { // a number is a choice of its own
			columns = append(columns, it.Value)
		}
	}
	for n := range columns {
		columns[n] = strings.TrimSpace(columns[n])
	}
	slices.SortFunc(columns, cmp.Compare)
	c.need(strings.TrimSuffix(literal(call.Args[0]), ".csv")+".csv", CSV, "choices", columns...)
}
