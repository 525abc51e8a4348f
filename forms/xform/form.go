// Package xform is the form as a phone has it: an XForm read into a model,
// documents of answers, and the rules that hold between them.
//
// Parse reads a form; Form.NewSession fills a document as a client does;
// Form.Check judges a submission as a server may.
//
// It knows XForms; it must not know XLSForm, the protocol or the store.
package xform

import (
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// Form is one XForm, read and ready. It is not changed after Parse and may be
// used by many goroutines.
type Form struct {
	Title, ID, Version string
	// Style is the class of the body: pages, theme-grid.
	Style string
	// Languages are the translations in their order; Default indexes them, or is
	// -1 for a form without itext.
	Languages []string
	Default   int
	// Instance is the main instance as the form gives it: the document node
	// whose child is the root element. It is copied, never changed. Templates of
	// repeats are not in it but in Definition.Template.
	Instance *xpath.Node
	// Secondary are the other instances by id. External ones have Source set and
	// no Root until a session is given the file.
	Secondary map[string]*Secondary
	// Nodes describe the nodes of the main instance, parents before children, in
	// document order. xpath.Node.Slot of an instance node indexes it.
	Nodes []*Definition
	// Body are the controls in reading order.
	Body []*Control
	// Actions are the model's actions.
	Actions []Action
	// Submission holds action, base64RsaPublicKey, auto-send, auto-delete.
	Submission map[string]string
	// Itext holds the texts of each language by id, parallel to Languages.
	Itext []map[string]Entry
	// Warnings are what a client would pass over: binds of nodes that are not
	// there, unknown events.
	Warnings []*fault.Fault
	// Bytes is the XForm as it was read.
	Bytes []byte

	byPath   map[string]*Definition
	programs map[string]*expression
	graph    graph
	layout   layout
	// bare is the instance without answers and instances of repeats, for Check.
	bare       *xpath.Node
	bareLayout layout
	stamps     []*Definition // the times of start and end
}

// Entry is one text of a translation, in its forms.
type Entry []Variant

// Variant is one form of a text. Form is empty for the plain text, or long,
// short, guidance, image, big-image, audio, video. A medium is a "jr://" URI.
type Variant struct {
	Form  string
	Parts []Part
}

// Node returns the definition of a path, or nil: "/data/trip/country",
// "/data/meta/entity/@id".
func (f *Form) Node(path string) *Definition { return f.byPath[path] }

// Secondary is an instance besides the answers: a choice list or a file.
type Secondary struct {
	ID     string
	Source string // "jr://file-csv/places.csv", or empty for an inline list
	Root   *xpath.Node
}

// Definition is what the form says of one node of the main instance.
type Definition struct {
	// Path is the absolute path without positions: "/data/trip/country".
	Path   string
	Name   string
	Parent *Definition // nil for the root element
	// Slot is the index in Form.Nodes.
	Slot int32
	// Children are the definitions below, in order, attributes first.
	Children []*Definition
	// Attribute tells that the node is an attribute with a bind or an action;
	// its Name is "@id".
	Attribute bool
	// Template is what a new instance of a repeat is copied from.
	Template *xpath.Node
	// Repeat tells that the node repeats.
	Repeat bool
	// Leaf tells that the node holds a value.
	Leaf bool
	// Type is the bind's type: string, int, decimal, date, time, dateTime,
	// boolean, geopoint, geotrace, geoshape, binary, barcode, odk:rank; "string"
	// if there is none.
	Type string
	// Relevant, Constraint, Required, ReadOnly, Calculate are as written; empty
	// is not given.
	Relevant, Constraint, Required, ReadOnly, Calculate string
	// ConstraintMsg and RequiredMsg are text or jr:itext('id').
	ConstraintMsg, RequiredMsg Text
	// Preload and PreloadParams say what the client fills in by itself.
	Preload, PreloadParams string
	// SaveTo is the entity property that the answer is saved to.
	SaveTo string
	// Control is the control that asks for the node, or nil.
	Control *Control
	// Line is where the bind stands in the XForm, or 0.
	Line int

	rules rules
	// chain are the definitions from the root element to this one.
	chain []*Definition
	// repeated tells that the node is or lies in a repeat.
	repeated bool
	// start is the value that the form starts with.
	start string
	// set tells that an action sets the node.
	set bool
	// starts are the instances that the form starts with, of a repeat that lies in
	// no other.
	starts []*xpath.Node
	// bare is Template without answers.
	bare *xpath.Node
}

// Control is one element of the body.
type Control struct {
	// Tag is input, select1, select, odk:rank, upload, trigger, range, group or
	// repeat. A repeat's surrounding group is folded into it.
	Tag        string
	Node       *Definition // nil for a group without a ref
	Appearance string
	Label      Text
	Hint       Text
	// Guidance is the hint's guidance form.
	Guidance Text
	// Attrs are the further attributes: mediatype, start, end, step, rows,
	// intent, query, autoplay.
	Attrs map[string]string
	// Choices of a select: inline Items, or an Itemset.
	Items   []Item
	Itemset *Itemset
	// Count is jr:count and NoAddRemove jr:noAddRemove of a repeat.
	Count       string
	NoAddRemove string
	// Actions are events of this control: xforms-value-changed, odk-new-repeat.
	Actions  []Action
	Children []*Control
	Parent   *Control
	// Line is where the control stands in the XForm.
	Line int

	itemset choiceRule
	count   *expression
}

// Text is what people read: itext by id, or written in place, where "${path}"
// parts are Outputs.
type Text struct {
	// ID is the itext id, or empty.
	ID string
	// Expr is the expression of a ref that is not a plain jr:itext('id').
	Expr string
	// Form picks a form of the itext, such as guidance; empty is the text itself.
	Form string
	// Parts are the pieces of a text written in place.
	Parts []Part
}

// Empty tells whether there is nothing to read.
func (t Text) Empty() bool { return t.ID == "" && t.Expr == "" && len(t.Parts) == 0 }

// Part is a piece of text: plain, or the value of an expression.
type Part struct {
	Plain  string
	Output string // an expression, if Plain is empty
}

// Item is one inline choice.
type Item struct {
	Label Text
	Value string
}

// Itemset is where a select's choices come from.
type Itemset struct {
	// Nodeset is the whole expression, with randomize() and predicates.
	Nodeset  string
	ValueRef string
	LabelRef string // "label", "jr:itext(itextId)"
	// Instance is the id in instance('id'), or empty for answers of a repeat.
	Instance string
}

// Action sets a node on an event.
type Action struct {
	Name   string // setvalue, odk:setgeopoint, odk:recordaudio
	Events []string
	Ref    string
	Value  string // an expression, if Literal is false
	// Literal tells that Value is text between the tags.
	Literal bool

	target  *Definition
	nodes   *expression // a ref with predicates
	program *expression
}
