package xform

import (
	"strings"

	"waymark/internal/fault"
)

// Envelope is what a submission says of itself, before anybody looks at its
// answers: which form it answers and which interview it is.
type Envelope struct {
	// ID and Version of the form are attributes of the root element. A root
	// without an id goes by its namespace, as in JavaRosa.
	ID, Version string
	// InstanceID and DeprecatedID stand in the root's meta, without the white
	// space around them; "" if they are not there.
	InstanceID, DeprecatedID string
	// Encrypted tells that the document is the manifest of an encrypted one.
	Encrypted bool

	src string
}

// ReadEnvelope reads a submission's envelope and sees to it that the whole
// document is well formed. It refuses document types and entities, and whatever
// is beyond the bounds of this package. Source: OpenRosa metadata schema; ODK
// XForms specification, "Encryption".
func ReadEnvelope(submission []byte) (*Envelope, error) {
	scan, err := newScanner(submission)
	if err != nil {
		return nil, err
	}
	e := &Envelope{src: scan.src}
	var field *string // of meta, while it is open
	var text characters
	inMeta := false
	for {
		tok, err := scan.next()
		if err != nil {
			return nil, err
		}
		depth := len(scan.open)
		switch tok {
		case tokenEnd:
			return e, nil
		case tokenOpen:
			switch {
			case depth == 1:
				e.root(scan.attrs)
			case depth == 2:
				inMeta = local(scan.name) == "meta"
			case depth == 3 && inMeta:
				text.reset()
				if field = e.field(local(scan.name)); field != nil && *field != "" {
					return nil, fault.New(fault.Invalid, fault.Place{Row: scan.line()}, "the submission has two "+local(scan.name), "")
				}
			}
		case tokenText:
			if field != nil && depth == 3 {
				text.add(scan.text)
			}
		case tokenClose:
			if depth == 2 && field != nil {
				*field = strings.TrimSpace(text.String())
				field = nil
			}
		}
	}
}

func (e *Envelope) root(attrs []attribute) {
	space := ""
	for _, a := range attrs {
		switch local(a.name) {
		case "id":
			e.ID = a.value
		case "version":
			e.Version = a.value
		case "encrypted":
			e.Encrypted = a.value == "yes"
		case "xmlns":
			space = a.value
		}
	}
	if e.ID == "" {
		e.ID = space
	}
}

func (e *Envelope) field(name string) *string {
	switch name {
	case "instanceID":
		return &e.InstanceID
	case "deprecatedID":
		return &e.DeprecatedID
	}
	return nil
}

// Files returns the names in the submission's answers to questions for a file,
// in document order, each once, at most limit. Nodes that the form does not have
// are passed over.
func (e *Envelope) Files(f *Form, limit int) ([]string, error) {
	if !f.attaches() {
		return nil, nil
	}
	scan := &scanner{src: e.src}
	var names []string
	seen := map[string]bool{}
	stack := []frame{{def: &Definition{Children: f.Nodes[:1]}}}
	work := 0
	var text characters
	for {
		tok, err := scan.next()
		if err != nil || tok == tokenEnd {
			return names, err
		}
		switch {
		case tok == tokenText:
			text.add(scan.text)
		case tok == tokenOpen:
			text.reset()
			top := &stack[len(stack)-1]
			expected := top.next
			d := top.find(scan.name)
			if d == nil || top.next > expected+1 || top.next < expected {
				if work += len(top.def.Children); work > MaxVisits {
					return nil, fault.New(fault.Invalid, fault.Place{Row: scan.line()}, "the submission has too many nodes in another order than the form's", "")
				}
			}
			if d == nil {
				if err := scan.pass(); err != nil {
					return nil, err
				}
				continue
			}
			stack = append(stack, frame{def: d})
		default:
			d := stack[len(stack)-1].def
			stack = stack[:len(stack)-1]
			if name := strings.TrimSpace(text.String()); d.Type == "binary" && d.Leaf && name != "" && !seen[name] {
				if len(names) == limit {
					return nil, fault.New(fault.Invalid, fault.Place{Row: scan.line()}, "the submission names too many files", "")
				}
				seen[name] = true
				names = append(names, name)
			}
			text.reset()
		}
	}
}

// attaches tells whether the form asks for files.
func (f *Form) attaches() bool {
	for _, d := range f.Nodes {
		if d.Type == "binary" && d.Leaf {
			return true
		}
	}
	return false
}
