package preview

import (
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xform"
)

type xformText = xform.Text

// rules collects what the form says of an item beyond its texts.
func (c *composer) rules(i *outline.Item, v *itemView) {
	add := func(r rule) {
		v.Rules = append(v.Rules, r)
		if r.Code != "" {
			v.Code = append(v.Code, r)
		}
	}
	d := i.Definition
	if d != nil {
		if d.Relevant != "" {
			add(rule{Caption: askedIf(i), Says: c.says(c.o.Condition(d.Relevant, i)), Code: d.Relevant})
		}
		switch strings.TrimSpace(d.Required) {
		case "", "false()":
		case "true()":
			v.Required = true
		default:
			add(rule{Caption: "Required if", Says: c.says(c.o.Condition(d.Required, i)), Code: d.Required})
		}
		if t := c.text(d.RequiredMsg, i); t != nil {
			add(rule{Caption: "If left blank", Text: t})
		}
		if d.Constraint != "" {
			caption, says := c.o.Limit(d.Constraint, i)
			add(rule{Caption: caption, Says: c.says(says), Code: d.Constraint})
		}
		if t := c.text(d.ConstraintMsg, i); t != nil {
			add(rule{Caption: "If not so", Text: t})
		}
	}
	c.values(i, add)
	if i.Control == nil {
		return
	}
	if set := i.Control.Itemset; set != nil {
		which, shuffled := c.o.Filter(set.Nodeset, i)
		if which != nil {
			add(rule{Caption: "Choices where", Says: c.says(which), Code: set.Nodeset})
		}
		if shuffled {
			v.Notes = append(v.Notes, "choices in random order")
		}
	}
	switch count := strings.TrimSpace(i.Control.Count); {
	case count != "":
		add(rule{Caption: "How often", Says: c.says(c.o.Value(count, i)), Code: count})
	case i.Kind == outline.Repeat:
		v.Notes = append(v.Notes, "as often as needed")
	}
}

// askedIf says what relevance decides for an item.
func askedIf(i *outline.Item) string {
	switch {
	case i.Kind == outline.Quiet:
		return "Kept if"
	case i.Type == "note":
		return "Shown if"
	}
	return "Asked if"
}

// values collects how an item gets a value by itself.
func (c *composer) values(i *outline.Item, add func(rule)) {
	d := i.Definition
	if d == nil {
		return
	}
	if d.Calculate != "" {
		add(rule{Caption: "Calculated as", Says: c.says(c.o.Value(d.Calculate, i)), Code: d.Calculate})
	}
	if text := c.o.Default(d); text != "" && (i.Kind == outline.Question || i.Kind == outline.Quiet && d.Preload == "") {
		says := c.says(outline.Sentence{{Value: text}})
		if choice := i.List.Choice(text); choice != nil {
			says = c.says(outline.Sentence{{Choice: choice}})
		}
		add(rule{Caption: "Starts as", Says: says})
	}
	for _, a := range c.o.Settings(i) {
		caption, says := c.o.Set(a, i)
		r := rule{Caption: caption, Says: c.says(says)}
		if !a.Literal {
			r.Code = a.Value
		}
		add(r)
	}
	switch only := strings.TrimSpace(d.ReadOnly); {
	case i.Kind != outline.Question || i.Type == "note" || only == "" || only == "false()":
	case only == "true()":
		add(rule{Caption: "May be changed", Says: sentence{{Text: "never"}}})
	default:
		add(rule{Caption: "May not be changed if", Says: c.says(c.o.Condition(only, i)), Code: only})
	}
	if d.SaveTo != "" {
		add(rule{Caption: "Saved to", Says: sentence{{Text: "the entity's property "}, {Code: d.SaveTo}}})
	}
}
