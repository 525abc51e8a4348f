package xform

import (
	"slices"
	"strings"

	"waymark/forms/xpath"
)

// Language returns the index of a language in Languages: by its whole name, or
// by its code, so that "fr" is "French (fr)"; or Default for one that the form
// does not have.
func (f *Form) Language(name string) int {
	if name == "" {
		return f.Default
	}
	if i := slices.Index(f.Languages, name); i >= 0 {
		return i
	}
	code := "(" + strings.ToLower(name) + ")"
	for i, l := range f.Languages {
		if strings.EqualFold(l, name) || strings.HasSuffix(strings.ToLower(l), code) {
			return i
		}
	}
	return f.Default
}

// Text renders a label, hint or message in a language, with its outputs
// evaluated on a node of a session. Without a session an output stands as
// "${name}", or as "${...}" if it is more than a path. A text that is missing in the language is taken from the default
// one, as in JavaRosa (Localizer), or else from the first that has it.
func (f *Form) Text(t Text, language string, s *Session, at *xpath.Node) string {
	switch {
	case t.ID != "":
		return f.join(f.variant(t.ID, t.Form, f.Language(language)), s, at)
	case t.Expr != "":
		return f.output(t.Expr, s, at)
	}
	return f.join(t.Parts, s, at)
}

// Media returns the URI of a medium of an itext: image, big-image, audio,
// video; or "" if there is none.
func (f *Form) Media(t Text, medium, language string) string {
	if t.ID == "" {
		return ""
	}
	return f.join(f.variant(t.ID, medium, f.Language(language)), nil, nil)
}

// variant finds a form of a text. The text itself may be written as plain, long
// or short.
func (f *Form) variant(id, form string, language int) []Part {
	for i := range len(f.Itext) + 2 {
		l := i - 2
		switch i {
		case 0:
			l = language
		case 1:
			l = f.Default
		}
		if l < 0 {
			continue
		}
		entry := f.Itext[l][id]
		for _, want := range []string{form, "long", "short"} {
			for _, v := range entry {
				if v.Form == want {
					return v.Parts
				}
			}
			if form != "" {
				break
			}
		}
	}
	return nil
}

func (f *Form) join(parts []Part, s *Session, at *xpath.Node) string {
	if len(parts) == 1 && parts[0].Output == "" {
		return parts[0].Plain
	}
	var b strings.Builder
	for _, p := range parts {
		if p.Output == "" {
			b.WriteString(p.Plain)
			continue
		}
		b.WriteString(f.output(p.Output, s, at))
	}
	return b.String()
}

// output evaluates an output on a node.
func (f *Form) output(expr string, s *Session, at *xpath.Node) string {
	x := f.programs[expr]
	if s == nil || x == nil || x.program == nil {
		path := strings.TrimSpace(expr)
		if strings.ContainsAny(path, "()[]'\",<>=+* \t\n") {
			return "${...}" // worked out from several answers
		}
		return "${" + path[strings.LastIndexByte(path, '/')+1:] + "}"
	}
	if at == nil {
		at = s.doc.Children[0]
	}
	if s.nesting >= maxNesting {
		return ""
	}
	s.nesting++
	defer func() { s.nesting-- }()
	ctx := s.nested(at)
	text := x.program.Text(&ctx)
	if ctx.Err != nil {
		s.blame(x, at, ctx.Err)
	}
	return text
}

// itext answers jr:itext().
func (s *Session) itext(id string) string {
	return s.form.Text(Text{ID: id}, s.opt.Language, s, s.ctx.Node)
}

// SetLanguage changes the language that texts are read in.
func (s *Session) SetLanguage(language string) { s.opt.Language = language }

// Label is the label of a node's control in the session's language.
func (s *Session) Label(n *xpath.Node) string {
	if n.Slot < 0 {
		return ""
	}
	if c := s.form.Nodes[n.Slot].Control; c != nil {
		return s.form.Text(c.Label, s.opt.Language, s, n)
	}
	return ""
}
