package compare

import (
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xform"
)

// item compares two items that are the same question, group or value.
func (c *comparison) item(was, is *outline.Item) {
	c.kind(was, is)
	c.label(was, is)
	c.small(was, is)
	if was.Definition == nil || is.Definition == nil {
		return
	}
	a, b := was.Definition, is.Definition
	asked := "who is asked changed"
	if holds(is) {
		asked = "who is asked changed, for all in it"
	}
	c.rule("relevance", asked, "everyone", was, is, a.Relevant, b.Relevant, (*outline.Outline).Condition)
	c.rule("constraint", "the rule for answers changed", "anything", was, is, a.Constraint, b.Constraint, (*outline.Outline).Constraint)
	c.rule("required", "whether an answer is required changed", "not required", was, is, unless(a.Required, "false()"), unless(b.Required, "false()"), (*outline.Outline).Condition)
	c.rule("calculation", "how the value is calculated changed", "no calculation", was, is, a.Calculate, b.Calculate, (*outline.Outline).Value)
	c.rule("readonly", "whether the answer may be changed changed", "may be changed", was, is, unless(a.ReadOnly, "false()"), unless(b.ReadOnly, "false()"), (*outline.Outline).Condition)
	if was.Control != nil && is.Control != nil {
		c.rule("repeat count", "how often it repeats changed", "as often as needed", was, is, was.Control.Count, is.Control.Count, (*outline.Outline).Value)
	}
	if old, new := c.old.Default(a), c.new.Default(b); old != new && !holds(is) {
		c.add(Change{Level: Meaning, Kind: "default", What: "the value that it starts with changed", Old: orNothing(old), New: orNothing(new)}, was, is)
	}
	if a.SaveTo != b.SaveTo {
		c.add(Change{Level: Meaning, Kind: "entity", What: "the entity's property that it is saved to changed", Old: orNothing(a.SaveTo), New: orNothing(b.SaveTo)}, was, is)
	}
	c.settings(was, is)
	c.choices(was, is)
}

func unless(s, empty string) string {
	if s = strings.TrimSpace(s); s == empty {
		return ""
	}
	return s
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// kind compares types, and says whether old values are valid under the new one.
func (c *comparison) kind(was, is *outline.Item) {
	if was.Type == is.Type || holds(is) {
		return
	}
	ch := Change{Level: Breaks, Kind: "type", Old: outline.TypeWords(was.Type), New: outline.TypeWords(is.Type), What: "type changed; old values may not fit"}
	switch {
	case was.Type == "note":
		ch.Level, ch.What = Adds, "a note before, now it holds values"
	case fits(was.Type, is.Type):
		ch.Level, ch.What = Meaning, "type changed; old values fit"
	}
	c.add(ch, was, is)
}

// rule compares two expressions. The same expression with paths written
// otherwise, or after a question was renamed or moved, is the same.
func (c *comparison) rule(kind, what, none string, was, is *outline.Item, old, new string, say func(*outline.Outline, string, *outline.Item) outline.Sentence) {
	old, new = strings.TrimSpace(old), strings.TrimSpace(new)
	if old == new && was.Path() == is.Path() && len(c.renamed) == 0 || c.resolvedOld(old, was) == c.resolvedNew(new, is) {
		return
	}
	ch := Change{Level: Meaning, Kind: kind, What: what, Old: none, New: none, OldCode: old, NewCode: new}
	if old != "" {
		ch.Old = say(c.old, old, was).In(c.old, c.oldLang)
	}
	if new != "" {
		ch.New = say(c.new, new, is).In(c.new, c.newLang)
	}
	c.add(ch, was, is)
}

// resolvedOld writes an old expression with the paths of the new form.
func (c *comparison) resolvedOld(expr string, at *outline.Item) string {
	if expr == "" {
		return ""
	}
	return c.old.Resolved(expr, at, func(i *outline.Item) string {
		if is := c.toNew[i]; is != nil {
			return is.Path()
		}
		return "/removed" + i.Path()
	})
}

func (c *comparison) resolvedNew(expr string, at *outline.Item) string {
	if expr == "" {
		return ""
	}
	return c.new.Resolved(expr, at, (*outline.Item).Path)
}

// settings compares what sets a value on an event.
func (c *comparison) settings(was, is *outline.Item) {
	say := func(o *outline.Outline, i *outline.Item, language int) (words, code string) {
		var all, codes []string
		for _, s := range o.Settings(i) {
			_, says := o.Set(s, i)
			all = append(all, says.In(o, language))
			value := s.Value
			if !s.Literal && o == c.old {
				value = c.resolvedOld(value, i)
			} else if !s.Literal {
				value = c.resolvedNew(value, i)
			}
			by := ""
			if s.By != nil {
				if by = s.By.Path(); o == c.old && c.toNew[s.By] != nil {
					by = c.toNew[s.By].Path()
				}
			}
			codes = append(codes, s.Name+" "+strings.Join(s.Events, " ")+" "+by+" "+value)
		}
		return strings.Join(all, "; "), strings.Join(codes, "\n")
	}
	old, oldCode := say(c.old, was, c.oldLang)
	new, newCode := say(c.new, is, c.newLang)
	if oldCode != newCode {
		c.add(Change{Level: Meaning, Kind: "setting", What: "what the value is set to changed", Old: orNothing(old), New: orNothing(new)}, was, is)
	}
}

// label compares the label in the language of the report, and names the other
// languages that both forms have in which it changed.
func (c *comparison) label(was, is *outline.Item) {
	what := "label"
	if is.Kind == outline.Question && is.Type != "note" {
		what = "question"
	}
	c.text(what, was, is, was.Label(), is.Label())
}

func (c *comparison) text(what string, was, is *outline.Item, a, b xform.Text) {
	old, new := c.old.Plain(a, c.oldLang, was), c.new.Plain(b, c.newLang, is)
	if old != new {
		ch := Change{Level: Wording, Kind: "wording", What: what + " reworded", Old: orNothing(old), New: orNothing(new)}
		if what == "question" && old != "" && new != "" && similarity(old, new) < 0.5 {
			ch.Level, ch.What = Meaning, "the question is another one by its words"
		}
		c.add(ch, was, is)
	}
	if a.ID == "" && b.ID == "" { // written in place: the same in all languages
		return
	}
	var languages []string
	for oldN, newN := range c.shared() {
		if newN == c.newLang {
			continue
		}
		if x, y := c.old.In(a, oldN), c.new.In(b, newN); c.old.Plain(a, oldN, was) != c.new.Plain(b, newN, is) && !(x.Borrowed && y.Borrowed) {
			languages = append(languages, c.new.Form.Languages[newN])
		}
	}
	if len(languages) > 0 {
		c.add(Change{Level: Wording, Kind: "translation", What: what + " changed in " + strings.Join(languages, ", ")}, was, is)
	}
}

// small compares what only changes how a question looks or what it says when
// something is wrong.
func (c *comparison) small(was, is *outline.Item) {
	var a, b xform.Control
	if was.Control != nil {
		a = *was.Control
	}
	if is.Control != nil {
		b = *is.Control
	}
	c.text("hint", was, is, a.Hint, b.Hint)
	c.text("guidance", was, is, a.Guidance, b.Guidance)
	if a.Appearance != b.Appearance {
		c.add(Change{Level: Wording, Kind: "appearance", What: "appearance changed", Old: orNothing(a.Appearance), New: orNothing(b.Appearance)}, was, is)
	}
	for _, key := range []string{"start", "end", "step"} {
		if is.Type == "range" && was.Type == "range" && a.Attrs[key] != b.Attrs[key] {
			c.add(Change{Level: Meaning, Kind: "range", What: "the scale's " + key + " changed", Old: orNothing(a.Attrs[key]), New: orNothing(b.Attrs[key])}, was, is)
		}
	}
	if d, e := was.Definition, is.Definition; d != nil && e != nil {
		c.text("message for a wrong answer", was, is, d.ConstraintMsg, e.ConstraintMsg)
		c.text("message for a blank answer", was, is, d.RequiredMsg, e.RequiredMsg)
	}
}
