package definition

import (
	"fmt"
	"strconv"
	"strings"
)

// tableAsked marks a table-list group whose list is not known yet.
const tableAsked = "\x00"

// beginSection opens a group, repeat or loop.
func (r *reader) beginSection(w *row, kind, list string) {
	el := w.el
	el.Kind, el.Type = Group, kind
	if kind == "repeat" {
		el.Kind = Repeat
		r.checkRepeat(w)
	}
	if kind == "loop" {
		r.beginLoop(w, list)
	}
	el.Guidance, el.Default, el.DynamicDefault, el.Actions, el.ChoiceFilter, el.Triggers = Text{}, "", false, nil, "", nil
	el.Flat = w.flat
	r.countRepeats(w)
	children := r.openTable(w)
	if w.intent != "" {
		el.Control.Set("intent", w.intent)
	}
	w.blankLabel()
	if len(r.stack) > maxDepth {
		// What is deeper goes where there is room: the form is lost anyway.
		if len(r.stack) == maxDepth+1 {
			r.fault(el.Place, "put fewer groups inside one another", "there are more than %d groups inside one another", maxDepth)
		}
		r.stack = append(r.stack, newFrame(r.top().el, kind, el.Place))
		return
	}
	r.add(el)
	for _, c := range children {
		attach(el, c)
	}
	r.stack = append(r.stack, newFrame(el, kind, el.Place))
}

// checkRepeat checks what holds for repeats alone.
func (r *reader) checkRepeat(w *row) {
	name := w.el.Name
	switch {
	case name == "":
	case name == r.name:
		r.fault(r.at(w, "name"), "choose another name",
			"the repeat %q has the name of the form's root node", name)
	case r.repeats[name]:
		r.fault(r.at(w, "name"), "give every repeat of the form its own name", "there is another repeat named %q", name)
	default:
		r.repeats[name] = true
	}
	if !w.hasLabel && !w.hasMedia {
		r.warn(r.at(w, "label"), "write what one round of the repeat is about", "the repeat %q has no label", name)
	}
}

// countRepeats makes a node of its own for a repeat_count that is more than one
// reference, because the body can only point to a node.
func (r *reader) countRepeats(w *row) {
	count := w.el.Control.Get("jr:count")
	if count == "" {
		return
	}
	if _, sole := soleReference(count); sole {
		return
	}
	name := w.el.Name + "_count"
	at := r.at(w, "jr:count")
	r.add(&Element{Type: "calculate", Name: name, Place: at, Implied: true,
		Bind: Attrs{{"type", "string"}, {"readonly", "true()"}, {"calculate", truth(count)}}})
	w.el.Control.Set("jr:count", "${"+name+"}")
}

// openTable turns the appearance table-list into field-list and remembers that
// the selects to come are the rows of a table. It returns the note that carries
// the group's label, if it has one.
func (r *reader) openTable(w *row) []*Element {
	words := strings.Fields(w.appearance)
	found := false
	appearance := "field-list"
	for _, word := range words {
		if word == "table-list" {
			found = true
		} else {
			appearance += " " + word
		}
	}
	if !found {
		return nil
	}
	r.tableList = tableAsked
	el := w.el
	el.Control.Set("appearance", appearance)
	if !w.hasLabel && !w.hasHint {
		return nil
	}
	note := &Element{Name: "generated_table_list_label_" + strconv.Itoa(w.number), Label: el.Label, Hint: el.Hint, Place: el.Place, Implied: true}
	applyType(note, questionTypes["note"])
	el.Label, el.Hint = Text{}, Text{}
	return []*Element{note}
}

// endSection closes the group, repeat or loop that is open.
func (r *reader) endSection(w *row, kind string) {
	open := r.top()
	if len(r.stack) > 1 && open.kind == kind {
		r.tableList = ""
		r.stack = r.stack[:len(r.stack)-1]
		return
	}
	named := ""
	if w.el.Name != "" {
		named = fmt.Sprintf(" (named %q)", w.el.Name)
	}
	if len(r.stack) == 1 {
		r.fault(w.el.Place, "take the row out, or add a row with the type begin "+kind+" before its questions",
			"end_%s%s closes nothing: no begin_%s is open", kind, named, kind)
		return
	}
	r.fault(w.el.Place,
		fmt.Sprintf("close the %s %q of row %d first with end %s, or change this row to end %s", open.kind, open.el.Name, open.at.Row, open.kind, open.kind),
		"end_%s%s does not match begin_%s in row %d", kind, named, open.kind, open.at.Row)
	r.recover(kind)
}

// recover closes the nearest open section of a kind with all inside it, so that
// one missing end is one fault.
func (r *reader) recover(kind string) {
	for i := len(r.stack) - 1; i > 0; i-- {
		if r.stack[i].kind == kind {
			r.stack = r.stack[:i]
			r.tableList = ""
			return
		}
	}
}

// blankLabel gives the row's element a label of one space where a column "media"
// that holds no kind of medium counts as a label, as it does to the reference
// compiler, and where the appearance asks for it.
func (w *row) blankLabel() {
	if w.bareMedia && w.el.Label.Empty() {
		w.el.Label.Plain = " "
	}
	blankLabel(w.el)
}

// blankLabel gives a question with the appearance "label" a label of one space:
// it stands for the head of a table.
func blankLabel(el *Element) {
	if el.Label.Empty() && el.Control.Get("appearance") == "label" {
		el.Label.Plain = " "
	}
}
