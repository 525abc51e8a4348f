package outline

import (
	"strings"

	"waymark/forms/xform"
	"waymark/forms/xpath"
)

// Limit says a constraint under a caption: "Answer must be", with the rest of a
// sentence that starts with "the answer is", else "Accepted if" with the whole.
func (o *Outline) Limit(expr string, at *Item) (caption string, s Sentence) {
	s = o.Constraint(expr, at)
	if len(s) == 0 || strings.Contains(s.In(o, o.Form.Default)[min(1, len(s.In(o, o.Form.Default))):], "the answer is") {
		return "Accepted if", s
	}
	if rest, ok := strings.CutPrefix(s[0].Text, "the answer is "); ok && !strings.HasPrefix(rest, "answered") {
		return "Answer must be", say(rest, s[1:])
	}
	return "Accepted if", s
}

// Default returns the value that a new record starts with, or "".
func (o *Outline) Default(d *xform.Definition) string {
	if o.start == nil {
		o.start = map[int32]string{}
		var walk func(n *xpath.Node)
		walk = func(n *xpath.Node) {
			if len(n.Children) == 0 && n.Value != "" {
				if _, known := o.start[n.Slot]; !known {
					o.start[n.Slot] = strings.TrimSpace(n.Value)
				}
			}
			for _, c := range n.Children {
				walk(c)
			}
		}
		if o.Form.Instance != nil {
			walk(o.Form.Instance)
		}
		for _, d := range o.Form.Nodes {
			if d.Template != nil {
				walk(d.Template)
			}
		}
	}
	return o.start[d.Slot]
}

// Setting is what sets a value on an event. By is the question or repeat whose
// event it is, or nil for the form itself.
type Setting struct {
	xform.Action
	By *Item
}

// Set says what an item is set to and when.
func (o *Outline) Set(a Setting, i *Item) (caption string, s Sentence) {
	switch {
	case a.Name == "odk:setgeopoint":
		s = say("the place where the device is")
	case a.Name == "odk:recordaudio":
		s = say("a sound recording of the interview")
	case a.Value == "":
		s = say("nothing")
	case a.Literal:
		s = Sentence{{Value: a.Value}}
	default:
		s = o.Value(a.Value, i)
	}
	for n, e := range a.Events {
		words := "on " + e
		switch e {
		case "odk-instance-first-load":
			words = "once, when a record is begun"
		case "odk-instance-load":
			words = "whenever a record is opened"
		case "odk-new-repeat":
			words = "in each new one"
		case "xforms-value-changed":
			if a.By != nil {
				s = say(s, either(n > 0, " and when ", ", when "), a.By, " is answered anew")
				continue
			}
			words = "when an answer changes"
		}
		s = say(s, either(n > 0, " and ", ", ")+words)
	}
	return "Set to", s
}
