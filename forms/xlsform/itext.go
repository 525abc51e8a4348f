package xlsform

import (
	"strconv"

	"waymark/forms/xlsform/definition"
)

// saying is one <text> of the itext: all that is shown of one thing in every
// language.
type saying struct {
	node   int32 // whose it is; none for a choice
	part   string
	list   *definition.List
	choice int
	from   int32 // its values are values[from:to]
	to     int32
	// partial tells that a language lacks a form that another has.
	partial bool
}

// value is one form of a saying in one language.
type value struct {
	language int32
	form     string // long, guidance, image, big-image, audio, video
	text     string
}

// The forms of a text. A long text has no form attribute.
const (
	long     = "long"
	guidance = "guidance"
)

// formOrder is the order of the forms that a language lacks.
var formOrder = []string{long, guidance, "image", "big-image", "audio", "video"}

// translations are the texts by language, collected before they are written.
type translations struct {
	languages []string
	last      int // the language met last, since neighbours are alike
	sayings   []saying
	values    []value
}

func (t *translations) language(name string) int32 {
	for range t.languages {
		if t.last++; t.last >= len(t.languages) {
			t.last = 0
		}
		if t.languages[t.last] == name {
			return int32(t.last)
		}
	}
	t.languages = append(t.languages, name)
	t.last = len(t.languages) - 1
	return int32(t.last)
}

// add appends the values of a text in one form; a text without languages is
// in the default language.
func (t *translations) add(form string, text definition.Text, defaultLanguage string) {
	if text.Plain != "" {
		t.values = append(t.values, value{t.language(defaultLanguage), form, text.Plain})
	}
	for _, tr := range text.ByLanguage {
		t.values = append(t.values, value{t.language(tr.Language), form, tr.Text})
	}
}

// keep adds a saying with the values added since from, if there are any.
func (t *translations) keep(s saying, from int) {
	if len(t.values) > from {
		s.from, s.to = int32(from), int32(len(t.values))
		t.sayings = append(t.sayings, s)
	}
}

// collect gathers every text that goes into the itext, in the order in which
// it will be written: choices first, then the elements of the survey.
func (c *compiler) collect() {
	t, language := &c.texts, c.form.DefaultLanguage
	for _, list := range c.form.Lists {
		if !list.NeedsItext {
			continue
		}
		for k := range list.Choices {
			choice, from := &list.Choices[k], len(t.values)
			t.add(long, choice.Label, language)
			for _, m := range choice.Media {
				t.add(m.Kind, m.File, language)
			}
			// A choice without any text still has its id.
			t.keep(saying{node: none, list: list, choice: k}, from)
		}
	}
	if c.hasMedia() {
		// The languages of all words come before those that only files have.
		sayings, values := len(t.sayings), len(t.values)
		c.collectElements(false)
		t.sayings, t.values = t.sayings[:sayings], t.values[:values]
	}
	c.collectElements(true)
	for i := range t.sayings {
		s := &t.sayings[i]
		s.partial = t.lacks(s)
	}
}

func (c *compiler) hasMedia() bool {
	for i := range c.nodes {
		if len(c.nodes[i].el.Media) > 0 {
			return true
		}
	}
	return false
}

func (c *compiler) collectElements(files bool) {
	for i := range c.nodes {
		switch e := c.nodes[i].el; e.Kind {
		case definition.Question, definition.Group, definition.Repeat:
			c.collectElement(int32(i), e, files)
		}
	}
}

// collectElement gathers the texts of one element, with its files or without.
func (c *compiler) collectElement(i int32, e *definition.Element, files bool) {
	t, language := &c.texts, c.form.DefaultLanguage
	if messageInItext(e.ConstraintMessage) {
		from := len(t.values)
		t.add(long, e.ConstraintMessage, language)
		t.keep(saying{node: i, part: constraintMsg}, from)
	}
	if messageInItext(e.RequiredMessage) {
		from := len(t.values)
		t.add(long, e.RequiredMessage, language)
		t.keep(saying{node: i, part: requiredMsg}, from)
	}
	if len(e.NoAppErrorMsg.ByLanguage) > 0 {
		from := len(t.values)
		t.add(long, e.NoAppErrorMsg, language)
		t.keep(saying{node: i, part: noAppErrorString}, from)
	}
	if inItext(e) {
		from := len(t.values)
		t.add(long, label(e), language)
		if files {
			for _, m := range e.Media {
				c.checkMedium(e, m.Kind)
				t.add(m.Kind, m.File, language)
			}
		}
		t.keep(saying{node: i, part: "label"}, from)
	}
	withGuidance := e.Kind == definition.Question && !e.Guidance.Empty()
	if len(e.Hint.ByLanguage) > 0 || withGuidance {
		from := len(t.values)
		t.add(long, e.Hint, language)
		if withGuidance {
			t.add(guidance, e.Guidance, language)
		}
		t.keep(saying{node: i, part: "hint"}, from)
	}
}

// lacks tells whether any language has not all forms that the others have.
func (t *translations) lacks(s *saying) bool {
	values := t.values[s.from:s.to]
	for _, v := range values {
		n := 0
		for _, w := range values {
			if w.form == v.form {
				n++
			}
		}
		if n != len(t.languages) {
			return true
		}
	}
	return false
}

// writeItext writes the itext if any text needs it.
func (c *compiler) writeItext() {
	t := &c.texts
	if len(t.languages) == 0 {
		return
	}
	c.open("itext")
	whole := c.inside()
	order := c.texts.order()
	for l, name := range t.languages {
		c.open("translation")
		c.attr("lang", name)
		if name == c.form.DefaultLanguage {
			c.safe("default", "true()")
		}
		mark := c.inside()
		for _, s := range order.of(t, int32(l)) {
			c.writeSaying(&t.sayings[s], int32(l))
		}
		c.close("translation", mark)
	}
	c.close("itext", whole)
}

func (c *compiler) writeSaying(s *saying, language int32) {
	c.open("text")
	c.key("id")
	if s.node == none {
		c.escape(s.list.Name, true)
		c.buf = append(c.buf, '-')
		c.buf = strconv.AppendInt(c.buf, int64(s.choice), 10)
	} else {
		c.textID(s.node, s.part)
	}
	c.buf = append(c.buf, '"')
	mark := c.inside()
	values := c.texts.values[s.from:s.to]
	for i := range values {
		if v := &values[i]; v.language == language {
			c.writeValue(s, v.form, v.text)
		}
	}
	if s.partial {
		for _, form := range formOrder {
			if has(values, form, -1) && !has(values, form, language) {
				c.writeValue(s, form, "-")
			}
		}
	}
	c.close("text", mark)
}

// has tells whether values hold a form in a language, or in any if it is -1.
func has(values []value, form string, language int32) bool {
	for i := range values {
		if values[i].form == form && (language < 0 || values[i].language == language) {
			return true
		}
	}
	return false
}

// writeValue writes one form of a saying. A file that a language lacks is left
// out; words that it lacks are a dash.
func (c *compiler) writeValue(s *saying, form, text string) {
	prefix := ""
	switch form {
	case long, guidance:
	case "image", "big-image":
		prefix = "jr://images/"
	default:
		prefix = "jr://" + form + "/"
	}
	if prefix != "" && text == "-" {
		return
	}
	c.open("value")
	if form != long {
		c.attr("form", form)
	}
	if s.node != none {
		c.at(c.nodes[s.node].el, s.part)
		if prefix == "" {
			c.wording("value", prefix, text, s.node)
			return
		}
	} else {
		c.atChoice(s.list, s.choice)
	}
	c.wording("value", prefix, text, none)
}
