package record

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// Draft is a document that a person is changing. It is for one goroutine.
type Draft struct {
	reader  *Reader
	doc     *document
	session *xform.Session
	lang    string // of the form, by its whole name
	before  map[string]xform.State
	// problems are those of the document as it was, by path and kind.
	problems map[string]bool
	faults   map[string]*fault.Fault
	typed    map[string]string
	set      []string
}

// MaxFaults is how many faults of an edit are told at once.
const MaxFaults = 200

// Edit begins to change a document. Expressions that read the clock are given the
// time at which the document was filled, and at where it does not say one.
// language is of labels and messages.
func (r *Reader) Edit(xml []byte, language string, at time.Time) (*Draft, error) {
	doc, err := parseDocument(xml)
	if err != nil {
		return nil, err
	}
	if err := doc.match(r.form); err != nil {
		return nil, err
	}
	r.mu.Lock()
	n, _ := r.language(language)
	r.mu.Unlock()
	name := ""
	if n >= 0 && n < len(r.form.Languages) {
		name = r.form.Languages[n]
	}
	s, err := r.form.NewSession(xform.SessionOptions{Document: doc.fit(), Language: name, Files: r.files, Now: r.clock(doc, at), Random: func() float64 { return 0.5 }})
	if err != nil {
		return nil, err
	}
	d := &Draft{reader: r, doc: doc, session: s, lang: name, before: states(s), problems: map[string]bool{}, faults: map[string]*fault.Fault{}, typed: map[string]string{}}
	for _, p := range s.Validate() {
		d.problems[p.Path+" "+string(p.Kind)] = true
	}
	return d, nil
}

func states(s *xform.Session) map[string]xform.State {
	all := map[string]xform.State{}
	for _, st := range s.Snapshot() {
		all[st.Path] = st
	}
	return all
}

// Value is the answer at a path as it stands, and whether the document can have
// one there.
func (d *Draft) Value(path string) (string, bool) {
	nodes := d.session.Find(path)
	if len(nodes) != 1 {
		return "", false
	}
	return d.session.Get(nodes[0]), true
}

// Set changes answers, by path with positions. What depends on them follows. What
// cannot be set is a fault of Save.
func (d *Draft) Set(values map[string]string) {
	var paths []string
	for p := range values {
		paths = append(paths, p)
	}
	// In the order of the form, so that a question is there before what follows it.
	order := map[string]int32{}
	for _, p := range paths {
		if def := d.reader.form.Node(Bare(p)); def != nil {
			order[p] = def.Slot
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		if n := int(order[a]) - int(order[b]); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	for _, path := range paths {
		d.setOne(path, values[path])
	}
}

func (d *Draft) setOne(path, value string) {
	def := d.reader.form.Node(Bare(path))
	nodes := d.session.Find(path)
	refuse := func(message, remedy string) {
		d.faults[path] = fault.New(fault.Invalid, fault.Place{Field: path}, message, remedy)
	}
	switch {
	case def == nil || len(nodes) != 1 || !def.Leaf:
		refuse("the form has no such question here", "")
		return
	case !editable(def):
		refuse("this value is recorded or calculated, and cannot be typed", "")
		return
	}
	value = tidy(def, value)
	if strings.TrimSpace(d.session.Get(nodes[0])) == value {
		return
	}
	if d.session.ReadOnly(nodes[0]) {
		refuse("the question may only be read", "")
		return
	}
	if err := d.session.Set(nodes[0], value); err != nil {
		d.faults[path] = fault.Wrap(fault.Invalid, fault.Place{Field: path}, "the answer cannot be kept", "", err)
		return
	}
	d.set = append(d.set, path)
	d.typed[path] = value
}

// editable tells whether a person may type an answer.
func editable(d *xform.Definition) bool {
	c := d.Control
	return d.Leaf && !d.Attribute && c != nil && c.Tag != "upload" && c.Tag != "group" && c.Tag != "repeat" && d.Type != "binary" &&
		d.Preload == "" && (d.Calculate == "" || strings.TrimSpace(d.ReadOnly) != "true()")
}

// tidy trims, leaves out what XML cannot hold, and writes numbers and dates with
// Western digits.
func tidy(d *xform.Definition, value string) string {
	value = strings.ReplaceAll(strings.ToValidUTF8(value, ""), "\r\n", "\n")
	value = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, value))
	switch d.Type {
	case "int", "integer", "long", "decimal", "date", "time", "dateTime", "geopoint":
		value = strings.Map(func(r rune) rune {
			switch {
			case r >= '٠' && r <= '٩':
				return r - '٠' + '0'
			case r >= '۰' && r <= '۹':
				return r - '۰' + '0'
			case r == '٫':
				return '.'
			}
			return r
		}, value)
	}
	return value
}

// Faults are everything that stands against saving, in the order of the form:
// what could not be set, and what the form says against an answer that was
// changed, or that became due by the change. Problems that the document had
// before stand against nothing. Place.Field is the path.
func (d *Draft) Faults() *fault.List {
	all := fault.NewList(MaxFaults)
	told := map[string]bool{}
	for _, p := range d.session.Validate() {
		if _, typed := d.typed[p.Path]; !typed && d.problems[p.Path+" "+string(p.Kind)] {
			continue
		}
		told[p.Path] = true
		all.Add(fault.New(fault.Invalid, fault.Place{Field: p.Path}, p.Message, ""))
	}
	var rest []string
	for p := range d.faults {
		if !told[p] {
			rest = append(rest, p)
		}
	}
	slices.Sort(rest)
	for _, p := range rest {
		all.Add(d.faults[p])
	}
	return all
}

// Edited is a document after a change.
type Edited struct {
	XML        []byte
	InstanceID string
	// Deprecated is the instanceID that was replaced.
	Deprecated string
	// Names are the files that the answers name.
	Names []string
	// Paths are where answers differ, what followed by calculation included.
	Paths []string
}

// Save writes the new document: the answers that differ, and a new instanceID
// with the old one as deprecatedID. All else stays as it was sent, byte for byte.
// It fails with every fault at once; nothing changed is a fault too.
func (d *Draft) Save() (*Edited, error) {
	if err := d.Faults().Err(); err != nil {
		return nil, err
	}
	out := &Edited{}
	after := states(d.session)
	d.drop(after, out)
	d.put(after, out)
	if len(out.Paths) == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{}, "no answer was changed", "change an answer, or leave the page")
	}
	out.Deprecated = d.doc.metaValue("instanceID")
	out.InstanceID = "uuid:" + newUUID()
	d.doc.setMeta("instanceID", out.InstanceID)
	if out.Deprecated != "" {
		d.doc.setMeta("deprecatedID", out.Deprecated)
	}
	out.XML = d.doc.bytes()
	out.Names = d.names()
	slices.Sort(out.Paths)
	return out, nil
}

// drop takes out what is no longer to be answered.
func (d *Draft) drop(after map[string]xform.State, out *Edited) {
	for path, was := range d.before {
		now, there := after[path]
		if !was.Relevant || there && now.Relevant {
			continue
		}
		e := d.doc.at[path]
		if e == nil || e.parent == nil {
			continue
		}
		if !was.Group && strings.TrimSpace(e.value()) != "" {
			out.Paths = append(out.Paths, path)
		}
		e.remove()
		delete(d.doc.at, path)
	}
}

// put writes what is new or other. Parents come before their children.
func (d *Draft) put(after map[string]xform.State, out *Edited) {
	for _, now := range d.session.Snapshot() {
		was, there := d.before[now.Path]
		if !now.Relevant || inMeta(d.reader.form.Node(Bare(now.Path))) {
			continue
		}
		if there && was.Relevant && (now.Group || was.Value == now.Value) {
			continue
		}
		e := d.doc.at[now.Path]
		if e == nil {
			e = d.create(now.Path)
		}
		if e == nil || now.Group {
			continue
		}
		if strings.TrimSpace(e.value()) != now.Value {
			e.setValue(now.Value)
			out.Paths = append(out.Paths, now.Path)
		}
	}
}

// inMeta tells whether a node is the number of the record, which Save sets.
func inMeta(d *xform.Definition) bool {
	return d != nil && (local(d.Name) == "instanceID" || local(d.Name) == "deprecatedID") && d.Parent != nil && local(d.Parent.Name) == "meta"
}

// create adds an element at its place among its siblings.
func (d *Draft) create(path string) *element {
	nodes := d.session.Find(path)
	if len(nodes) != 1 {
		return nil
	}
	n := nodes[0]
	above := d.session.Path(n.Parent)
	parent := d.doc.at[above]
	if parent == nil {
		if above == "" {
			return nil
		}
		if parent = d.create(above); parent == nil {
			return nil
		}
	}
	def := d.reader.form.Node(Bare(path))
	e := &element{name: n.Name, def: def, path: path, parent: parent, close: "</" + n.Name + ">"}
	e.open = "<" + n.Name + d.declaration(parent, n) + ">"
	var after *element
	for _, c := range parent.children() {
		if c.def != nil && c.def.Slot <= def.Slot {
			after = c
		}
	}
	parent.insert(e, after)
	d.doc.at[path] = e
	return e
}

// declaration is what a prefix that nothing around declares needs.
func (d *Draft) declaration(parent *element, n *xpath.Node) string {
	prefix, _, ok := strings.Cut(n.Name, ":")
	if !ok || n.Space == "" || n.Space == prefix {
		return ""
	}
	for e := parent; e != nil; e = e.parent {
		for _, a := range e.attrs {
			if a.Name.Space == "xmlns" && a.Name.Local == prefix {
				return ""
			}
		}
	}
	return fmt.Sprintf(` xmlns:%s="%s"`, prefix, strings.ReplaceAll(escape(n.Space), `"`, "&quot;"))
}

// names are the files that the document names.
func (d *Draft) names() []string {
	var names []string
	for _, e := range d.doc.at {
		if e.def != nil && e.def.Type == "binary" {
			if name := strings.TrimSpace(e.value()); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
