// Package definition reads the sheets of an XLSForm into the form that they
// define: settings, choice lists, and the tree of questions, groups and repeats.
//
// It knows the grammar of XLSForm: columns, types, parameters, names. It must
// not know how an XForm is written; forms/xlsform does that.
package definition

import "waymark/internal/fault"

// Form is one questionnaire as its sheets define it.
type Form struct {
	// Name is the name of the root node of an answer document.
	Name     string
	Settings Settings
	// Lists are the lists of the choices sheet, in order of first appearance.
	Lists []*List
	// External are the lists of the external_choices sheet.
	External []*List
	// ExternalRows holds that sheet's header and rows for itemsets.csv.
	ExternalRows [][]string
	// Root is the survey itself: a Group without bind or control whose Name is
	// Form.Name. Its last child is the group "meta", if there is anything in it.
	Root *Element
	// EntityVersion is "2024.1.0" or "2025.1.0", or empty without entities.
	EntityVersion string
	// DefaultLanguage is settings' default_language, else "default".
	DefaultLanguage string
	// Warnings are what a person should look at. The form is usable.
	Warnings []*fault.Fault

	survey, choices *columns // for PlaceOf
}

// Settings are the settings sheet. Empty means not given, but ID and Title are
// always there: the file's name, or "data", stands in for them.
type Settings struct {
	Title, ID, Version          string
	Style                       string // class of the body
	InstanceName, InstanceXMLNS string
	InstanceID                  string // preload of instanceID; "uid" if not given
	PublicKey, SubmissionURL    string
	AutoSend, AutoDelete        string
	ClientEditable              bool
	OmitInstanceID              bool
	Namespaces                  string // as written: ns="uri" ns2="uri2"
	Attributes                  []Attr // attribute::x, on the root node
	Prefix, Delimiter           string // odk:prefix, odk:delimiter
	AllowChoiceDuplicates       bool
	AddNoneOption               bool
	Flat                        bool
	SMS                         []Attr // sms_keyword and the like, kept but unused
}

// Text is what people read, in one form or by language.
type Text struct {
	// Plain is the text of a column without a language, if no column of the
	// same kind in this row has one. It is empty when ByLanguage is set.
	Plain string
	// ByLanguage holds the text by language in the order of columns. A column
	// without a language beside others with one is under the default language.
	ByLanguage []Translation
}

// Translation is one text in one language. Language is as written: "French (fr)".
type Translation struct{ Language, Text string }

// Empty tells whether there is no text at all.
func (t Text) Empty() bool { return t.Plain == "" && len(t.ByLanguage) == 0 }

// In returns the text in a language and whether there is one.
func (t Text) In(language string) (string, bool) {
	for _, tr := range t.ByLanguage {
		if tr.Language == language {
			return tr.Text, true
		}
	}
	return "", false
}

// Medium is a picture, sound or film: Kind is image, big-image, audio or video.
type Medium struct {
	Kind string
	File Text
}

// Attr is one attribute: an XForm name such as "relevant" or "jr:count" and its
// value as written in the sheet, with ${references} unresolved.
type Attr struct{ Key, Value string }

// Attrs keeps attributes in the order of their columns.
type Attrs []Attr

// Get returns the value of a key, or "".
func (a Attrs) Get(key string) string {
	for _, at := range a {
		if at.Key == key {
			return at.Value
		}
	}
	return ""
}

// Has tells whether a key is set, even to nothing.
func (a Attrs) Has(key string) bool {
	for _, at := range a {
		if at.Key == key {
			return true
		}
	}
	return false
}

// Set replaces the value of a key or appends it.
func (a *Attrs) Set(key, value string) {
	for i := range *a {
		if (*a)[i].Key == key {
			(*a)[i].Value = value
			return
		}
	}
	*a = append(*a, Attr{key, value})
}

// List is one list of choices.
type List struct {
	Name    string
	Choices []Choice
	// NeedsItext tells that a label is by language, has media, or refers to an
	// answer, so that every choice of the list carries an itextId.
	NeedsItext bool
	// Search tells that the questions that use the list have a search()
	// appearance, so its choices are written in the body and not as an instance.
	Search bool

	// spaced is one more than the index of the first choice with a space in its
	// name, -1 if there is none, 0 if nobody has looked.
	spaced int
	// none tells that a question already keeps "none" apart.
	none bool
	// searchUsers and plainUsers are the selects with and without search().
	searchUsers, plainUsers []*row
}

// Choice is one row of a list.
type Choice struct {
	Name  string
	Label Text
	Media []Medium
	// Extra are the further columns, for choice filters, in the order of columns.
	Extra []Attr
	Row   int
}

// Kind is what an Element is.
type Kind uint8

// The kinds of element.
const (
	Question Kind = iota
	Group
	Repeat
	External  // csv-external or xml-external: an instance, not a node
	Entity    // the entity node in meta: has Attribute and Label children
	Attribute // an attribute of its parent node, with a bind and actions
)

// Element is one row of the survey sheet, or a node that another row implies.
type Element struct {
	Kind Kind
	// Type is the type as XLSForm now spells it, whatever legacy spelling the
	// row used: text, integer, select_one, select_multiple, rank,
	// select_one_external, calculate, geopoint, image, note, ...
	Type string
	Name string
	// Place has sheet, row and the column of the type cell. An implied element has
	// the place of what implies it, or none (instanceID).
	Place fault.Place
	// Implied tells that no row defines the element: another row or a setting
	// makes it necessary.
	Implied bool

	Label, Hint, Guidance                             Text
	Media                                             []Medium
	ConstraintMessage, RequiredMessage, NoAppErrorMsg Text

	// Tag is the body element: input, select1, select, odk:rank, upload,
	// trigger, range, action (no control); empty for what has none.
	Tag string
	// Bind, Control and Instance are the attributes of the bind (with the type's
	// own merged in: type, readonly, jr:preload, ...), of the body element
	// (appearance, mediatype, jr:count, start, ...) and of the instance node.
	// yes/no spellings in readonly, required, relevant, constraint and calculate
	// are already true() and false().
	Bind, Control, Instance Attrs

	Default string
	// DynamicDefault tells that Default is an expression, set by an action.
	DynamicDefault bool
	// Actions are the events that set the node, in order.
	Actions []Action
	// Triggers are the names of questions whose change sets this one.
	Triggers []string

	ChoiceFilter string
	// Itemset is the list's name, a file name with its extension, or one
	// ${reference} to a repeated question. Empty for all but selects and ranges
	// with labels and geo questions with a reference-geometry.
	Itemset string
	// OrOther tells that or_other was asked. The question behind it follows as an
	// element of its own.
	OrOther bool
	// Randomize and Seed are select parameters. Seed may be a ${reference}.
	Randomize bool
	Seed      string
	// ValueRef and LabelRef are the value and label parameters of a select from
	// a file, or empty.
	ValueRef, LabelRef string
	// Query is the list of itemsets.csv that an input looks its answer up in: that
	// of a select_one_external with a filter, or what the column query names.
	Query string
	// Tags are the tags of an osm question.
	Tags []Choice

	// Flat tells that the group's own node is left out (settings flat).
	Flat bool
	// Bodyless tells that the group has nodes and binds but no control (meta).
	Bodyless bool

	Children []*Element
	Parent   *Element
}

// Action is an event that sets a node: Name is setvalue, odk:setgeopoint or
// odk:recordaudio; Event is odk-instance-first-load, odk-instance-load or
// odk-new-repeat. Value is an expression with ${references}; if it is empty a
// setvalue takes the element's default.
type Action struct {
	Name, Event, Value string
	Attrs              Attrs
}
