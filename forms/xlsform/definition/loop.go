package definition

import (
	"slices"
	"strings"
)

// loop is a loop that stands for its questions once for every choice of a list.
type loop struct {
	el   *Element
	list *List
}

// beginLoop notes the list of a loop.
func (r *reader) beginLoop(w *row, name string) {
	if name == "" {
		r.fault(w.el.Place, "write begin loop over LIST", "the loop names no list")
		return
	}
	list := r.lists[name]
	if list == nil {
		r.fault(w.el.Place, listRemedy(name, r.form.Lists, "choices"), "the list %q of the loop is not on the choices sheet", name)
		return
	}
	r.loops = append(r.loops, loop{w.el, list})
}

// expandLoops writes every loop out as one group for each choice, the outermost
// loops first. The choice "none" is left out.
func (r *reader) expandLoops() {
	if len(r.loops) == 0 {
		return
	}
	lists := make(map[*Element]*List, len(r.loops))
	for _, l := range r.loops {
		lists[l.el] = l.list
	}
	x := expansion{lists: lists, left: maxElements}
	x.walk(r.form.Root)
	if x.left <= 0 {
		r.fault(r.loops[0].el.Place, "use a repeat, or shorter lists", "the loops of the form make more than %d questions", maxElements)
	}
}

type expansion struct {
	lists map[*Element]*List
	left  int
}

func (x *expansion) walk(parent *Element) {
	for _, el := range parent.Children {
		if list := x.lists[el]; list != nil {
			x.expand(el, list)
		}
		if len(el.Children) > 0 {
			x.walk(el)
		}
	}
}

// expand puts a group for every choice in the place of the loop's children.
func (x *expansion) expand(el *Element, list *List) {
	template := el.Children
	el.Type, el.Children = "group", nil
	for i := range list.Choices {
		choice := &list.Choices[i]
		if choice.Name == "none" {
			continue
		}
		column := &Element{Kind: Group, Type: "group", Name: choice.Name, Label: choice.Label,
			Media: choice.Media, Place: el.Place, Implied: true}
		attach(el, column)
		for _, t := range template {
			copied := x.copy(t)
			if x.left <= 0 {
				return
			}
			fillIn(copied, choice)
			attach(column, copied)
		}
	}
}

// copy copies an element with all below it, and keeps the loops inside known.
func (x *expansion) copy(el *Element) *Element {
	if x.left--; x.left <= 0 {
		return &Element{}
	}
	c := *el
	c.Children = nil
	c.Bind, c.Control, c.Instance = slices.Clone(el.Bind), slices.Clone(el.Control), slices.Clone(el.Instance)
	c.Media, c.Actions, c.Triggers = slices.Clone(el.Media), slices.Clone(el.Actions), slices.Clone(el.Triggers)
	for _, child := range el.Children {
		attach(&c, x.copy(child))
	}
	if list := x.lists[el]; list != nil {
		x.lists[&c] = list
	}
	return &c
}

// fillIn puts the choice's name and label for %(name)s and %(label)s in the
// texts of a question, but not of the questions inside it.
func fillIn(el *Element, choice *Choice) {
	fill := func(s, language string) string {
		if !strings.Contains(s, "%") {
			return s
		}
		label := choice.Label.Plain
		if l, ok := choice.Label.In(language); ok {
			label = l
		} else if label == "" && len(choice.Label.ByLanguage) > 0 {
			label = choice.Label.ByLanguage[0].Text
		}
		pairs := []string{"%(name)s", choice.Name, "%(label)s", label, "%%", "%"}
		for _, extra := range choice.Extra {
			pairs = append(pairs, "%("+extra.Key+")s", extra.Value)
		}
		return strings.NewReplacer(pairs...).Replace(s)
	}
	el.Name = fill(el.Name, "")
	el.Default = fill(el.Default, "")
	el.ChoiceFilter = fill(el.ChoiceFilter, "")
	el.Itemset = fill(el.Itemset, "")
	for _, t := range [...]*Text{&el.Label, &el.Hint, &el.Guidance, &el.ConstraintMessage, &el.RequiredMessage, &el.NoAppErrorMsg} {
		*t = t.filled(fill)
	}
	for i := range el.Media {
		el.Media[i].File = el.Media[i].File.filled(fill)
	}
	for _, attrs := range [...]Attrs{el.Bind, el.Control, el.Instance} {
		for i := range attrs {
			attrs[i].Value = fill(attrs[i].Value, "")
		}
	}
}

// filled is a copy of a text with a function applied to every language's words.
func (t Text) filled(fill func(text, language string) string) Text {
	t.Plain = fill(t.Plain, "")
	t.ByLanguage = slices.Clone(t.ByLanguage)
	for i := range t.ByLanguage {
		t.ByLanguage[i].Text = fill(t.ByLanguage[i].Text, t.ByLanguage[i].Language)
	}
	return t
}
