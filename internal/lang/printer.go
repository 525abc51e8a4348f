package lang

import (
	"strings"

	"waymark/internal/fault"
)

// Arg fills one variable of a message.
type Arg struct {
	Name string
	Text string
	// Number and Decimals choose the plural form where the message counts by
	// this variable.
	Number   float64
	Decimals int
	counts   bool
	// Mark comes back on the run of text that this variable made.
	Mark string
}

// Part is a run of text. A variable's run carries the mark of its Arg.
type Part struct {
	Text     string
	Mark     string
	Variable string // "" for literal text
}

// Printer writes the messages of one catalogue and keeps what went wrong:
// a key or variable that is not there is a fault of the program, which Err
// returns; the text then names it in brackets, so that nobody can miss it.
type Printer struct {
	*Locale
	catalogue *Catalogue
	faults    *fault.List
}

// NewPrinter returns a printer, or a fault if the language has no locale.
func NewPrinter(c *Catalogue) (*Printer, error) {
	l, err := LocaleOf(c.Lang)
	if err != nil {
		return nil, err
	}
	return &Printer{Locale: l, catalogue: c, faults: fault.NewList(50)}, nil
}

// Err returns every missing key and variable met so far, or nil.
func (p *Printer) Err() error { return p.faults.Err() }

// Text fills in a plain text variable.
func Text(name, text string) Arg { return Arg{Name: name, Text: text} }

// Count fills in a whole number, printed in the language, that can choose the
// plural form.
func (p *Printer) Count(name string, n int) Arg {
	return Arg{Name: name, Text: p.Whole(n), Number: float64(n), counts: true}
}

// Marked returns the argument with a mark.
func (a Arg) Marked(mark string) Arg { a.Mark = mark; return a }

// Says returns a count with other words in place of its digits, such as
// "fewer than 10"; the number still chooses the form.
func (a Arg) Says(text string) Arg { a.Text = text; return a }

// Has says whether the catalogue has a message with this key.
func (p *Printer) Has(key string) bool { return p.catalogue.Has(key) }

// Text returns the message as one text.
func (p *Printer) Text(key string, args ...Arg) string {
	var b strings.Builder
	for _, part := range p.Parts(key, args...) {
		b.WriteString(part.Text)
	}
	return b.String()
}

// Parts returns the message as runs of text, one for each literal and each
// variable. In a right-to-left language, variables that hold digits or Latin
// letters are set in isolates, so that they do not disturb the order.
func (p *Printer) Parts(key string, args ...Arg) []Part {
	m := p.catalogue.messages[key]
	if m == nil {
		p.faults.Addf(fault.Internal, fault.Place{File: p.catalogue.File, Field: key}, "add the message", "there is no message %q", key)
		return []Part{{Text: "[" + key + "]"}}
	}
	byName := make(map[string]Arg, len(args))
	for _, a := range args {
		byName[a.Name] = a
	}
	t := p.choose(key, m, byName)
	parts := make([]Part, 0, len(t))
	for _, piece := range t {
		if piece.name == "" {
			parts = append(parts, Part{Text: piece.text})
			continue
		}
		a, ok := byName[piece.name]
		if !ok {
			p.missing(key, piece.name)
			parts = append(parts, Part{Text: "[" + key + ": " + piece.name + "]"})
			continue
		}
		text := a.Text
		if p.RTL {
			text = Isolate(text)
		}
		parts = append(parts, Part{Text: text, Mark: a.Mark, Variable: piece.name})
	}
	return parts
}

// choose picks the plural form by the counting variable.
func (p *Printer) choose(key string, m *message, args map[string]Arg) template {
	if m.count == "" {
		return m.forms["other"]
	}
	a, ok := args[m.count]
	if !ok || !a.counts {
		p.missing(key, m.count)
		return m.forms["other"]
	}
	if t := m.forms[exactZero]; t != nil && a.Number == 0 {
		return t
	}
	if t := m.forms[formOf(p.Lang, a.Number, a.Decimals)]; t != nil {
		return t
	}
	return m.forms["other"]
}

func (p *Printer) missing(key, name string) {
	p.faults.Addf(fault.Internal, fault.Place{File: p.catalogue.File, Field: key}, "give the variable where the message is used",
		"the variable {%s} was not given", name)
}
