package record

import (
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xpath"
)

// Input says how a person changes an answer.
type Input string

// The inputs.
const (
	Line    Input = "text"    // one line
	Lines   Input = "lines"   // typed text of any length
	Number  Input = "number"  // whole or with decimals
	Date    Input = "date"    // 2016-10-06
	Radios  Input = "radios"  // one of at most MaxRadios
	Menu    Input = "menu"    // one of more
	Checks  Input = "checks"  // any of at most MaxOffered
	Confirm Input = "confirm" // OK or nothing
	Fixed   Input = "fixed"   // cannot be changed here
)

// MaxRadios is how many choices are shown as radio buttons, and MaxOffered how
// many are shown at all, inclusive; a longer list is typed by its codes.
const (
	MaxRadios  = 12
	MaxOffered = 500
)

// Field is one question of a form for changing answers.
type Field struct {
	Path, Anchor, Name string
	Label, Hint        string
	Input              Input
	// Type is a type of forms/outline.
	Type     string
	Value    string
	Choices  []Offer
	Required bool
	// Section is the label of the group or repeat, with the number of the instance
	// or 0; it is set where a new one begins.
	Section string
	Number  int
}

// Offer is one choice of a field.
type Offer struct {
	Value, Label string
	Picked       bool
}

// Fields lists the questions that are to be answered as the document stands, in
// reading order; values that nobody is asked for are left out. At most MaxAnswers.
func (d *Draft) Fields() []Field {
	d.reader.mu.Lock()
	defer d.reader.mu.Unlock()
	var all []Field
	section, number := "", 0
	begin := false
	var walk func(items []*outline.Item, within map[string]string)
	walk = func(items []*outline.Item, within map[string]string) {
		for _, i := range items {
			at := place(i, within)
			switch i.Kind {
			case outline.Repeat:
				for n, node := range d.session.Find(at) {
					if !d.session.Relevant(node) {
						continue
					}
					section, number, begin = d.text(d.session.Label(node), i.Name()), n+1, true
					inner := map[string]string{i.Path(): d.session.Path(node)}
					for k, v := range within {
						inner[k] = v
					}
					walk(i.Children, inner)
				}
				section, number, begin = "", 0, true
			case outline.Group:
				label := ""
				if i.Control != nil {
					label = d.reader.outline.Plain(i.Label(), d.reader.form.Language(d.lang), i)
				}
				if label == "" {
					walk(i.Children, within)
					continue
				}
				outer, count := section, number
				section, number, begin = label, 0, true
				walk(i.Children, within)
				section, number, begin = outer, count, true
			case outline.Question:
				nodes := d.session.Find(at)
				if len(nodes) != 1 || i.Type == "note" || !d.session.Relevant(nodes[0]) || len(all) >= MaxAnswers {
					continue
				}
				f := d.field(i, nodes[0])
				if begin {
					f.Section, f.Number, begin = section, number, false
				}
				all = append(all, f)
			}
		}
	}
	walk(d.reader.outline.Items, nil)
	return all
}

// place is the path of an item inside the instances around it.
func place(i *outline.Item, within map[string]string) string {
	for r := i.Within(); r != nil; r = r.Within() {
		if open, ok := within[r.Path()]; ok {
			return open + strings.TrimPrefix(i.Path(), r.Path())
		}
	}
	return i.Path()
}

func (d *Draft) field(i *outline.Item, n *xpath.Node) Field {
	s := d.session
	f := Field{Path: s.Path(n), Name: i.Name(), Type: i.Type, Value: s.Get(n), Required: s.Required(n), Label: d.text(s.Label(n), i.Name())}
	f.Anchor = "e" + anchorOf(i.Anchor, f.Path)
	if i.Control != nil {
		f.Hint = d.text(s.Form().Text(i.Control.Hint, d.lang, s, n), "")
	}
	f.Input = inputOf(i, s.ReadOnly(n))
	if f.Input == Radios || f.Input == Checks {
		d.offer(&f, n)
	}
	return f
}

// anchorOf adds the positions of a path to an item's anchor.
func anchorOf(anchor, path string) string {
	for step := range strings.SplitSeq(path, "/") {
		if _, n, ok := strings.Cut(step, "["); ok {
			anchor += "-" + strings.TrimSuffix(n, "]")
		}
	}
	return anchor
}

func (d *Draft) text(s, otherwise string) string {
	if s = outline.Strip(s); s == "" {
		return otherwise
	}
	return s
}

func inputOf(i *outline.Item, readOnly bool) Input {
	if readOnly || !editable(i.Definition) {
		return Fixed
	}
	switch i.Type {
	case "select_one":
		return Radios
	case "select_multiple":
		return Checks
	case "integer", "decimal", "range":
		return Number
	case "date":
		return Date
	case "acknowledge":
		return Confirm
	case "text":
		return Lines
	}
	return Line
}

// offer fills in the choices, and settles on how they are shown.
func (d *Draft) offer(f *Field, n *xpath.Node) {
	choices := d.session.Choices(n)
	codes := strings.Fields(f.Value)
	if f.Input == Radios && f.Value != "" {
		codes = []string{f.Value}
	}
	picked := map[string]bool{}
	for _, code := range codes {
		picked[code] = true
	}
	if len(choices) == 0 || len(choices) > MaxOffered {
		f.Input = Line // by codes
		return
	}
	for _, c := range choices {
		f.Choices = append(f.Choices, Offer{Value: c.Value, Label: d.text(c.Label, c.Value), Picked: picked[c.Value]})
		delete(picked, c.Value)
	}
	// What was sent and is not offered stays visible, so that saving does not
	// take it away unseen.
	for _, code := range codes {
		if picked[code] {
			f.Choices = append(f.Choices, Offer{Value: code, Label: code, Picked: true})
			delete(picked, code)
		}
	}
	if f.Input == Radios && len(choices) > MaxRadios {
		f.Input = Menu
	}
}
