package xform

import (
	"slices"
	"strings"
)

// actionNames are the elements that act on an event. Source: ODK XForms
// specification, "Actions"; recordaudio from JavaRosa.
var actionNames = []string{"setvalue", "setgeopoint", "recordaudio"}

// eventNames are the events that actions may wait for. Source: JavaRosa Actions.
var eventNames = []string{"odk-instance-first-load", "odk-instance-load", "xforms-ready", "odk-new-repeat", "jr-insert", "xforms-value-changed", "xforms-revalidate"}

func (p *parser) parseModelActions() {
	p.model.children(func(e *element) {
		if slices.Contains(actionNames, e.local) {
			p.form.Actions = append(p.form.Actions, p.action(e, nil))
		}
	})
}

// unfiltered is a path without its predicates.
func unfiltered(path string) string {
	var b strings.Builder
	depth := 0
	for _, r := range path {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// action reads one action; its relative ref starts at from.
func (p *parser) action(e *element, from *Definition) Action {
	a := Action{Name: e.local, Events: strings.Fields(e.attr("event")), Ref: e.attr("ref"), Value: e.attr("value")}
	if e.space == nsODK {
		a.Name = "odk:" + e.local
	}
	if events := e.attrIn("http://www.w3.org/2001/xml-events", "event"); len(a.Events) == 0 {
		a.Events = strings.Fields(events)
	}
	for _, event := range a.Events {
		if !slices.Contains(eventNames, event) {
			p.add(e.line, "the events are "+strings.Join(eventNames, ", "), "the event %q is not known", clip(event))
		}
	}
	if len(a.Events) == 0 {
		p.add(e.line, "write event=\"...\"", "%s has no event", e.local)
	}
	if a.Value == "" {
		a.Value, a.Literal = e.plain(), true
	}
	if a.target = p.binds[e.attr("bind")]; a.target == nil {
		a.target = p.resolve(unfiltered(a.Ref), from)
	}
	if a.target == nil {
		p.add(e.line, p.nearest(a.Ref), "%s sets %s, which the instance does not have", e.local, clip(a.Ref))
	} else {
		if strings.Contains(a.Ref, "[") {
			a.nodes = p.expression(e.line, "the ref of an action", a.Ref)
		}
		a.Ref = a.target.Path
		a.target.set = true
	}
	return a
}
