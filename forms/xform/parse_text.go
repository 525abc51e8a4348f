package xform

import "strings"

// parseItext reads the translations.
func (p *parser) parseItext() {
	itext := p.model.child("itext")
	if itext == nil {
		return
	}
	f := p.form
	itext.children(func(t *element) {
		if t.local != "translation" {
			return
		}
		lang := t.attr("lang")
		for _, l := range f.Languages {
			if l == lang {
				p.add(t.line, "give each translation its own lang", "there are two translations for %q", clip(lang))
			}
		}
		for _, a := range t.attrs {
			if a.local == "default" && a.value != "false()" && a.value != "false" {
				f.Default = len(f.Languages)
			}
		}
		f.Languages = append(f.Languages, lang)
		f.Itext = append(f.Itext, p.translation(t))
	})
	if f.Default < 0 && len(f.Languages) > 0 {
		f.Default = 0
	}
}

func (p *parser) translation(t *element) map[string]Entry {
	entries := map[string]Entry{}
	t.children(func(text *element) {
		if text.local != "text" {
			return
		}
		id := text.attr("id")
		if id == "" {
			p.add(text.line, "write id=\"...\"", "a text of the translation has no id")
			return
		}
		if _, twice := entries[id]; twice {
			p.warn(text.line, "", "the text %q is there twice in one language; the first is used", clip(id))
			return
		}
		var entry Entry
		text.children(func(v *element) {
			if v.local == "value" {
				entry = append(entry, Variant{v.attr("form"), p.parts(v)})
			}
		})
		entries[id] = entry
	})
	return entries
}

// texts reads label and hint of a control.
func (p *parser) texts(c *Control, e *element) {
	if l := e.child("label"); l != nil {
		c.Label = p.text(l)
	}
	h := e.child("hint")
	if h == nil {
		return
	}
	c.Hint = p.text(h)
	if id := c.Hint.ID; id != "" && p.hasForm(id, "guidance") {
		c.Guidance = Text{ID: id, Form: "guidance"}
		if !p.hasForm(id, "") && !p.hasForm(id, "long") && !p.hasForm(id, "short") {
			c.Hint = Text{}
		}
	}
}

// hasForm tells whether some language has the form of a text.
func (p *parser) hasForm(id, form string) bool {
	for _, entries := range p.form.Itext {
		for _, v := range entries[id] {
			if v.Form == form {
				return true
			}
		}
	}
	return false
}

// text reads a label, hint or the like: by ref or in place.
func (p *parser) text(e *element) Text {
	ref := strings.TrimSpace(e.attr("ref"))
	if ref == "" {
		return Text{Parts: p.parts(e)}
	}
	t := referred(ref, false)
	if t.ID != "" && p.missing(t.ID) {
		p.add(e.line, "write <text id=...> in the translations", "the text %q is not in any translation", clip(t.ID))
	}
	return t
}

func (p *parser) missing(id string) bool {
	for _, entries := range p.form.Itext {
		if _, ok := entries[id]; ok {
			return false
		}
	}
	return true
}

// referred reads jr:itext('id') as an id. Anything else is an expression, or,
// for messages, the text itself.
func referred(s string, message bool) Text {
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, "jr:itext("); ok {
		if inner, ok = strings.CutSuffix(strings.TrimSpace(inner), ")"); ok {
			inner = strings.TrimSpace(inner)
			if n := len(inner); n >= 2 && (inner[0] == '\'' || inner[0] == '"') && inner[n-1] == inner[0] {
				return Text{ID: inner[1 : n-1]}
			}
		}
	}
	if message {
		return Text{Parts: []Part{{Plain: s}}}
	}
	return Text{Expr: s}
}

// parts reads text with outputs in it. White space at the ends is dropped;
// markup that is not an output counts by its text.
func (p *parser) parts(e *element) []Part {
	var parts []Part
	plain := func(s string) {
		if n := len(parts); n > 0 && parts[n-1].Output == "" {
			parts[n-1].Plain += s
		} else if s != "" {
			parts = append(parts, Part{Plain: s})
		}
	}
	var walk func(e *element)
	walk = func(e *element) {
		for _, c := range e.content {
			switch {
			case c.element == nil:
				plain(c.text)
			case c.element.local == "output":
				expr := strings.TrimSpace(c.element.attr("value"))
				if expr == "" {
					expr = strings.TrimSpace(c.element.attr("ref"))
				}
				if expr == "" {
					p.add(c.element.line, "write value=\"/path/to/node\"", "an output has no value")
					continue
				}
				parts = append(parts, Part{Output: expr})
				p.outputs = append(p.outputs, output{expr, c.element.line})
			default:
				walk(c.element)
			}
		}
	}
	walk(e)
	if n := len(parts); n > 0 {
		if parts[0].Output == "" {
			parts[0].Plain = strings.TrimLeft(parts[0].Plain, " \t\n")
		}
		if parts[n-1].Output == "" {
			parts[n-1].Plain = strings.TrimRight(parts[n-1].Plain, " \t\n")
		}
	}
	kept := parts[:0]
	for _, part := range parts {
		if part.Plain != "" || part.Output != "" {
			kept = append(kept, part)
		}
	}
	return kept
}
