package xlsform

import "waymark/forms/xlsform/definition"

// saying is one <text> of the itext: all that is shown of one thing, in every
// language. It holds no texts, only where they are.
type saying struct {
	node   int32 // whose it is; none for a choice
	list   int32
	choice int32
	column column
	// partial tells that a language lacks a form that another has.
	partial bool
	// whole tells that every language has all of it, with words in it.
	whole bool
}

// form is one form of a saying: words, or the name of a file.
type form struct {
	kind string // long, guidance, image, big-image, audio, video
	text *definition.Text
}

// The forms of words. A long text has no form attribute.
const (
	long     = "long"
	guidance = "guidance"
)

func isWords(kind string) bool { return kind == long || kind == guidance }

// translations are what the itext holds.
type translations struct {
	languages []string // in the order in which they are met
	initial   int32    // the index of the default language, or none
	last      int      // the language met last, since neighbours are alike
	sayings   []saying
}

// meet returns the index of a language, after the others if it is new.
func (t *translations) meet(name string) int32 {
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

// in returns a text in a language. One without languages is in the default one.
func (t *translations) in(text *definition.Text, language int32) (string, bool) {
	if text.Plain != "" {
		return text.Plain, language == t.initial
	}
	if by := text.ByLanguage; int(language) < len(by) && by[language].Language == t.languages[language] {
		return by[language].Text, true
	}
	return text.In(t.languages[language])
}

// collect finds what goes into the itext, in the order in which it will be
// written: choices first, then the elements of the survey.
func (c *compiler) collect() {
	t := &c.texts
	t.initial = none
	size := len(c.nodes)
	for _, list := range c.form.Lists {
		if list.NeedsItext {
			size += len(list.Choices)
		}
	}
	t.sayings = make([]saying, 0, size)
	for l, list := range c.form.Lists {
		if !list.NeedsItext {
			continue
		}
		for k := range list.Choices {
			c.keep(saying{node: none, list: int32(l), choice: int32(k)}, true)
		}
	}
	if c.hasMedia() {
		// The languages of all words come before those that only files have.
		kept := len(t.sayings)
		c.collectElements(false)
		t.sayings = t.sayings[:kept]
	}
	c.collectElements(true)
	for i := range t.sayings {
		s := &t.sayings[i]
		s.partial = c.lacks(s)
		first, _ := c.formOf(s, 0)
		s.whole = !s.partial && (s.node == none || !first.text.Empty())
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
	for i := range int32(len(c.nodes)) {
		e := c.nodes[i].el
		switch e.Kind {
		case definition.Question, definition.Group, definition.Repeat:
		default:
			continue
		}
		if messageInItext(&e.ConstraintMessage) {
			c.keep(saying{node: i, column: constraintColumn}, files)
		}
		if messageInItext(&e.RequiredMessage) {
			c.keep(saying{node: i, column: requiredColumn}, files)
		}
		if len(e.NoAppErrorMsg.ByLanguage) > 0 {
			c.keep(saying{node: i, column: noAppColumn}, files)
		}
		if inItext(e) {
			c.keep(saying{node: i, column: labelColumn}, files)
		}
		if len(e.Hint.ByLanguage) > 0 || e.Kind == definition.Question && !e.Guidance.Empty() {
			c.keep(saying{node: i, column: hintColumn}, files)
		}
	}
}

// keep adds a saying and meets its languages, or only those of its words. One
// without any text is left out.
func (c *compiler) keep(s saying, files bool) {
	t, any := &c.texts, false
	for k := 0; ; k++ {
		f, ok := c.formOf(&s, k)
		if !ok {
			break
		}
		if !files && !isWords(f.kind) {
			continue
		}
		if f.text.Plain != "" {
			t.initial, any = t.meet(c.form.DefaultLanguage), true
		}
		for l := range f.text.ByLanguage {
			t.meet(f.text.ByLanguage[l].Language)
			any = true
		}
	}
	if any {
		t.sayings = append(t.sayings, s)
	}
}

// formOf returns the k-th form of a saying, or false after the last.
func (c *compiler) formOf(s *saying, k int) (form, bool) {
	var media []definition.Medium
	first := form{kind: long}
	if s.node == none {
		choice := &c.form.Lists[s.list].Choices[s.choice]
		first.text, media = &choice.Label, choice.Media
	} else {
		e := c.nodes[s.node].el
		switch s.column {
		case constraintColumn:
			first.text = &e.ConstraintMessage
		case requiredColumn:
			first.text = &e.RequiredMessage
		case noAppColumn:
			first.text = &e.NoAppErrorMsg
		case hintColumn:
			first.text = &e.Hint
			if k == 1 && e.Kind == definition.Question {
				return form{guidance, &e.Guidance}, true
			}
		default:
			first.text, media = label(e), e.Media
		}
	}
	switch {
	case k == 0:
		return first, true
	case k <= len(media):
		return form{media[k-1].Kind, &media[k-1].File}, true
	}
	return form{}, false
}

// lacks tells whether a language lacks a form that another has.
func (c *compiler) lacks(s *saying) bool {
	languages := len(c.texts.languages)
	for k := 0; ; k++ {
		f, ok := c.formOf(s, k)
		if !ok {
			return false
		}
		n := len(f.text.ByLanguage)
		if f.text.Plain != "" {
			n = 1
		}
		if n != 0 && n != languages {
			return true
		}
	}
}
