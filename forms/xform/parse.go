package xform

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
)

// parser holds what one Parse is working on.
type parser struct {
	form   *Form
	faults *fault.List
	binds  map[string]*Definition // by the bind's id attribute
	model  *element
	body   *element
	// repeats are the nodesets that body repeats name.
	repeats map[*Definition]bool
	outputs []output
}

// output is an expression inside a text.
type output struct {
	source string
	line   int
}

// Parse reads an XForm: ours, pyxform's, Kobo's or one written by hand. Every
// expression in it is parsed and checked. The error is a *fault.List of all
// faults, at most MaxFaults, each with the line in Place.Row.
//
// It refuses document types and entities, more than MaxBytes, nesting beyond
// MaxDepth, and logic that depends on itself. Binds of nodes that are not there
// are warnings, as in JavaRosa (FormInstanceParser.verifyBindings).
func Parse(data []byte) (*Form, error) {
	scan, err := newScanner(data)
	if err != nil {
		return nil, err
	}
	root, err := (&builder{scanner: scan}).document()
	if err != nil {
		return nil, err
	}
	p := &parser{
		form: &Form{
			Default: -1, Secondary: map[string]*Secondary{}, Submission: map[string]string{},
			Bytes: data, byPath: map[string]*Definition{}, programs: map[string]*expression{},
		},
		faults:  fault.NewList(MaxFaults),
		binds:   map[string]*Definition{},
		repeats: map[*Definition]bool{},
	}
	p.parse(root)
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	return p.form, nil
}

func (p *parser) parse(root *element) {
	if !p.find(root) {
		return
	}
	p.parseItext()
	if !p.parseInstances() {
		return
	}
	p.parseBinds()
	p.parseSubmission()
	p.parseModelActions()
	if p.body != nil {
		p.form.Style = p.body.attr("class")
		p.form.Body = p.controls(p.body, nil)
		p.checkScopes(p.form.Body, nil)
	}
	p.settleRepeats()
	p.compile()
	if p.faults.Len() == 0 {
		p.form.makeLayout()
	}
}

// find locates title, model and body.
func (p *parser) find(root *element) bool {
	if root.local != "html" {
		p.add(root.line, "write <h:html> as the root element", "<%s> is no XForm", root.local)
		return false
	}
	head := root.child("head")
	if head == nil || head.child("model") == nil {
		p.add(root.line, "an XForm has <h:head> with <model> in it", "the form has no model")
		return false
	}
	if title := head.child("title"); title != nil {
		p.form.Title = title.plain()
	}
	p.model = head.child("model")
	if p.body = root.child("body"); p.body == nil {
		p.add(root.line, "an XForm has <h:body> after <h:head>", "the form has no body")
		return false
	}
	return true
}

// add notes a fault at a line.
func (p *parser) add(line int, remedy, format string, args ...any) {
	p.faults.Addf(fault.Invalid, fault.Place{Row: line}, remedy, format, args...)
}

// warn notes what a client would pass over.
func (p *parser) warn(line int, remedy, format string, args ...any) {
	if len(p.form.Warnings) < MaxFaults {
		p.form.Warnings = append(p.form.Warnings, fault.New(fault.Invalid, fault.Place{Row: line}, fmt.Sprintf(format, args...), remedy))
	}
}

// plain is the text of an element without its markup, trimmed.
func (e *element) plain() string {
	var b strings.Builder
	for _, c := range e.content {
		if c.element != nil {
			b.WriteString(c.element.plain())
		} else {
			b.WriteString(c.text)
		}
	}
	return strings.TrimSpace(b.String())
}

// resolve finds the definition that a path names, seen from another one (nil
// is the root element). Paths are absolute, relative, or start with current()/.
func (p *parser) resolve(path string, from *Definition) *Definition {
	path = strings.TrimSpace(path)
	if d := p.form.byPath[path]; d != nil {
		return d
	}
	if rest, ok := strings.CutPrefix(path, "current()/"); ok {
		path = rest
	}
	at := from
	if at == nil && len(p.form.Nodes) > 0 {
		at = p.form.Nodes[0]
	}
	if strings.HasPrefix(path, "/") {
		at, path = nil, path[1:]
	}
	for step := range strings.SplitSeq(path, "/") {
		switch step = strings.TrimSpace(step); step {
		case ".", "":
			continue
		case "..":
			if at == nil {
				return nil
			}
			at = at.Parent
			continue
		}
		base := ""
		if at != nil {
			base = at.Path
		}
		if at = p.form.byPath[base+"/"+step]; at == nil {
			return nil
		}
	}
	return at
}
