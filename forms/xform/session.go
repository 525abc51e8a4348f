package xform

import (
	"fmt"
	"time"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// SessionOptions say where a document is being filled.
type SessionOptions struct {
	// Now tells the time; its zone is the client's. Default: time.Now.
	Now func() time.Time
	// Language is the one that texts are read in. Default: the form's.
	Language string
	// Random gives numbers from 0 up to 1, not inclusive. Default: the system's.
	Random func() float64
	// UUID gives identifiers for preloads and uuid(). Default: random ones.
	UUID func() string
	// Properties are what property preloads read: deviceid, username, email,
	// phonenumber, simserial, subscriberid. Default: none.
	Properties map[string]string
	// Files are the attached files by name, from ReadFile. Default: none.
	Files map[string]*File
	// Document is a document begun before, to go on with: no defaults, preloads
	// and actions of the first load. Default: none, and a new one is started.
	Document []byte
	// Previous is the submission that was saved before, for last-saved. Default:
	// none, and all its answers are blank.
	Previous []byte
}

// Session is one document being filled. It is used by one goroutine at a time.
//
// It keeps relevance, calculations and counted repeats up to date after each
// change, evaluating only what depends on it. The order of events is JavaRosa's
// (FormDef.initialize, setValue, createNewRepeat).
type Session struct {
	form    *Form
	opt     SessionOptions
	doc     *xpath.Node
	single  []*xpath.Node // by slot: the node of a definition outside repeats
	ctx     xpath.Context
	dirty   []*xpath.Node // by rule: below which node it must be evaluated anew
	marked  []uint64      // the same as bits
	lowest  int           // no rule before it is marked
	nodes   int           // in the document
	nesting int           // of actions that set off actions
	files   map[string]*xpath.Node
	faults  []*fault.Fault
	blamed  map[*expression]bool
	lookups map[string]*xpath.Program
	// calculated is called instead of storing a calculated value, if set; it
	// returns the value to keep.
	calculated func(d *Definition, n *xpath.Node, value string) string
	// counted is called instead of changing the number of instances, if set.
	counted func(d *Definition, parent *xpath.Node, want int)
	created bool
	// full tells that every rule is marked for the whole document.
	full    bool
	running bool
	// following says, by follower, below which node it must be settled.
	following []*xpath.Node
	unsettled bool
	// grown are the counts that grew since the last answer, and waiting those
	// that ask for more because they grew.
	grown, waiting map[held]bool
	// withheld are whole answers of which a filter keeps a part back.
	withheld map[*xpath.Node]string
}

// NewSession starts a document: defaults, preloads, the actions of the first
// load, then every rule.
func (f *Form) NewSession(opt SessionOptions) (*Session, error) {
	if len(opt.Document) > 0 {
		return f.resume(opt)
	}
	s, err := f.open(opt)
	if err != nil {
		return nil, err
	}
	s.preload(s.doc.Children[0])
	for _, event := range []string{"odk-instance-first-load", "xforms-ready", "odk-instance-load"} {
		s.firstLoad(event)
	}
	s.full = true
	s.all()
	s.run()
	s.created = true
	return s, nil
}

// resume goes on with a document. It fails for one of another form, and for one
// that has nodes which the form does not have.
func (f *Form) resume(opt SessionOptions) (*Session, error) {
	s, err := f.openFrom(f.bare, f.bareLayout, opt)
	if err != nil {
		return nil, err
	}
	j := &judge{session: s}
	if err := s.pour(opt.Document, j); err != nil {
		return nil, err
	}
	faults := fault.NewList(MaxFaults)
	for _, p := range j.problems {
		if p.Kind != OtherVersion {
			faults.Addf(fault.Invalid, fault.Place{Field: p.Path}, "", "%s", p.Message)
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	s.created = true
	s.full = true
	s.all()
	s.run()
	s.firstLoad("odk-instance-load")
	return s, nil
}

// open copies the instance and prepares the context. Nothing is evaluated.
func (f *Form) open(opt SessionOptions) (*Session, error) {
	return f.openFrom(f.Instance, f.layout, opt)
}

func (f *Form) openFrom(instance *xpath.Node, size layout, opt SessionOptions) (*Session, error) {
	s := &Session{form: f, opt: opt, nodes: size.nodes}
	if s.opt.Now == nil {
		s.opt.Now = time.Now
	}
	if s.opt.UUID == nil {
		s.opt.UUID = randomUUID
	}
	s.single = make([]*xpath.Node, len(f.Nodes))
	c := copier{make([]xpath.Node, size.nodes), make([]*xpath.Node, size.pointers)}
	s.doc = c.copy(instance, nil)
	s.index(s.doc.Children[0])
	s.dirty = make([]*xpath.Node, len(f.graph.rules))
	s.following = make([]*xpath.Node, len(f.graph.followers))
	s.marked = make([]uint64, (len(f.graph.rules)+63)/64)
	s.ctx = xpath.Context{
		Main: s.doc, Instance: s.instance, Now: s.opt.Now, Random: opt.Random, UUID: s.opt.UUID,
		Itext: s.itext, ChoiceName: s.choiceName, Version: f.Version,
		Property: func(name string) string { return opt.Properties[name] },
	}
	if len(opt.Previous) > 0 {
		root, err := readXML(opt.Previous)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the submission saved before cannot be read", "", err)
		}
		s.setFile(lastSaved, root)
	}
	return s, nil
}

// index notes the nodes outside repeats.
func (s *Session) index(n *xpath.Node) {
	if n.Slot >= 0 {
		s.single[n.Slot] = n
	}
	for _, a := range n.Attrs {
		if a.Slot >= 0 {
			s.single[a.Slot] = a
		}
	}
	for _, c := range n.Children {
		if !s.form.Nodes[c.Slot].Repeat {
			s.index(c)
		}
	}
}

// Form returns the form that is being filled.
func (s *Session) Form() *Form { return s.form }

// Document returns the document node. Nodes of it are read freely and changed
// through the session only.
func (s *Session) Document() *xpath.Node { return s.doc }

// Faults returns what went wrong while rules were evaluated: each expression
// once, at most MaxFaults. A rule that failed gave a blank value.
func (s *Session) Faults() []*fault.Fault { return s.faults }

// evaluate runs an expression on a node.
func (s *Session) evaluate(x *expression, n *xpath.Node) xpath.Value {
	s.ctx.Node, s.ctx.Current = n, n
	v := x.program.Value(&s.ctx)
	if s.ctx.Err != nil {
		s.blame(x, n, s.ctx.Err)
		s.ctx.Err = nil
	}
	return v
}

// truth runs a condition on a node.
func (s *Session) truth(x *expression, n *xpath.Node) bool {
	s.ctx.Node, s.ctx.Current = n, n
	v := x.program.Truth(&s.ctx)
	if s.ctx.Err != nil {
		s.blame(x, n, s.ctx.Err)
		s.ctx.Err = nil
	}
	return v
}

// blame keeps a fault of an evaluation, once for each expression.
func (s *Session) blame(x *expression, n *xpath.Node, err error) {
	if s.blamed[x] || len(s.faults) >= MaxFaults {
		return
	}
	if s.blamed == nil {
		s.blamed = map[*expression]bool{}
	}
	s.blamed[x] = true
	s.note(s.Path(n), fault.Wrap(fault.KindOf(err), fault.Place{}, fmt.Sprintf("the expression %s could not be evaluated", clip(x.source)), "", err))
}

// note keeps a fault at a path.
func (s *Session) note(path string, f *fault.Fault) {
	if len(s.faults) < MaxFaults {
		f.Place.Field = path
		s.faults = append(s.faults, f)
	}
}

// lookup compiles a path that is not part of the form.
func (s *Session) lookup(path string) *xpath.Program {
	if p, ok := s.lookups[path]; ok {
		return p
	}
	if s.lookups == nil || len(s.lookups) > 1000 {
		s.lookups = map[string]*xpath.Program{}
	}
	tree, err := xpath.Parse(path)
	if err != nil {
		return nil
	}
	p, err := tree.Compile(xpath.Options{})
	if err != nil {
		return nil
	}
	s.lookups[path] = p
	return p
}

// nested is a context for an evaluation inside another one.
func (s *Session) nested(n *xpath.Node) xpath.Context {
	ctx := s.ctx
	ctx.Node, ctx.Current, ctx.Position, ctx.Size, ctx.Err = n, n, 0, 0, nil
	return ctx
}
