package outline

import (
	"strings"

	"waymark/forms/xform"
)

// Written is a text in one language as the form holds it.
type Written struct {
	Parts []xform.Part
	// Borrowed tells that the language lacks the text and that the default
	// language's stands in.
	Borrowed bool
}

// In returns a text in a language, given by its index in Form.Languages; -1 is
// a form without languages. Texts written in place are the same in all.
func (o *Outline) In(t xform.Text, language int) Written {
	switch {
	case t.ID != "":
		return o.byID(t.ID, language, t.Form)
	case t.Expr != "":
		return Written{Parts: []xform.Part{{Output: t.Expr}}}
	}
	return Written{Parts: t.Parts}
}

// byID finds an itext in one of its forms: "" is the plain one. The form's own
// rule for a gap is the default language's text. A dash alone is what compilers
// write for a missing text.
func (o *Outline) byID(id string, language int, form string) Written {
	if parts := o.itext(id, language, form); !blank(parts) {
		return Written{Parts: parts}
	}
	if parts := o.itext(id, o.Form.Default, form); language != o.Form.Default && !blank(parts) {
		return Written{Parts: parts, Borrowed: true}
	}
	if form == "" {
		if long := o.byID(id, language, "long"); len(long.Parts) > 0 {
			return long
		}
	}
	return Written{}
}

// itext returns the parts of one form of a text in one language.
func (o *Outline) itext(id string, language int, form string) []xform.Part {
	if language < 0 || language >= len(o.Form.Itext) {
		return nil
	}
	for _, v := range o.Form.Itext[language][id] {
		if v.Form == form {
			return v.Parts
		}
	}
	return nil
}

func blank(parts []xform.Part) bool {
	for _, p := range parts {
		if p.Output != "" || strings.TrimSpace(p.Plain) != "" && p.Plain != "-" {
			return false
		}
	}
	return true
}

// Plain returns a text without markup on one line. An answer shown inside it
// stands as the label of its question in square brackets, seen from the item
// at, which may be nil.
func (o *Outline) Plain(t xform.Text, language int, at *Item) string {
	return o.flat(o.In(t, language), language, at)
}

func (o *Outline) flat(w Written, language int, at *Item) string {
	var b strings.Builder
	for _, p := range w.Parts {
		if p.Output == "" {
			b.WriteString(p.Plain)
			continue
		}
		b.WriteString("[" + o.Shown(p.Output, at, language) + "]")
	}
	return Strip(b.String())
}

// Shown says what an output inside a label shows. The labels that it names
// stand without their own outputs, so that labels that show each other end.
func (o *Outline) Shown(expr string, at *Item, language int) string {
	bare := func(t xform.Text, otherwise string, max int) string {
		if label := o.flat(Written{Parts: plainParts(o.In(t, language).Parts)}, language, nil); label != "" {
			return Shorten(label, max)
		}
		return otherwise
	}
	s := o.Output(expr, at)
	if len(s) == 1 && s[0].Item != nil {
		return bare(s[0].Item.Label(), s[0].Item.Name(), 40)
	}
	return s.with(func(i *Item) string { return bare(i.Label(), i.Name(), 60) }, func(c *Choice) string { return bare(c.Label, c.Value, 60) })
}

// plainParts replaces outputs by dots.
func plainParts(parts []xform.Part) []xform.Part {
	var kept []xform.Part
	for _, p := range parts {
		if p.Output == "" {
			kept = append(kept, p)
		} else {
			kept = append(kept, xform.Part{Plain: "…"})
		}
	}
	return kept
}

// Medium is a picture, sound or film that belongs to a text.
type Medium struct{ Kind, File string }

// mediaForms are the itext forms that name files.
var mediaForms = []string{"image", "big-image", "audio", "video"}

// Media returns the files of a text in a language, or of the default language
// where it has none.
func (o *Outline) Media(t xform.Text, language int) []Medium {
	if t.ID == "" {
		return nil
	}
	var media []Medium
	for _, form := range mediaForms {
		for _, p := range o.byID(t.ID, language, form).Parts {
			if p.Plain != "" && p.Plain != "-" {
				media = append(media, Medium{form, FileName(strings.TrimSpace(p.Plain))})
			}
		}
	}
	return media
}

// Name returns what to call an item in a language: its label, else its name.
// Long labels are cut at a word, to at most sixty characters.
func (o *Outline) Name(i *Item, language int) string {
	label := o.Plain(i.Label(), language, i)
	if label == "" {
		return i.Name()
	}
	return Shorten(label, 60)
}

// Called returns what to call a choice in a language: its label, else its value.
func (o *Outline) Called(c *Choice, language int) string {
	if label := o.Plain(c.Label, language, nil); label != "" {
		return Shorten(label, 60)
	}
	return c.Value
}

// Shorten cuts a text at a word to at most max characters and marks the cut.
func Shorten(s string, max int) string {
	runes := []rune(s)
	if len(runes) <= max {
		return s
	}
	cut := strings.TrimRight(string(runes[:max-1]), " ")
	if space := strings.LastIndexByte(cut, ' '); space > len(cut)/2 {
		cut = cut[:space]
	}
	return strings.TrimRight(cut, " ,;:.-") + "…"
}
