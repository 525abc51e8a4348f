package codebook

import "waymark/forms/xform"

// languageRows yields every text of the form with one column a language. A gap
// is left blank, so that a filter on blanks lists what is to be translated.
func (b *Codebook) languageRows(yield func([]string) bool) {
	if len(b.Variables) == 0 {
		return
	}
	o := b.outline
	row := func(what, name, part string, t xform.Text) bool {
		cells := []string{what, name, part}
		some := false
		for n := range b.Languages {
			text := ""
			if w := o.In(t, n); !w.Borrowed {
				text = o.Plain(t, n, nil)
			}
			some = some || text != ""
			cells = append(cells, text)
		}
		return !some || yield(cells)
	}
	for i := range o.All() {
		name := i.Path()
		what := "question"
		if len(i.Children) > 0 {
			what = "group"
		}
		if c := i.Control; c != nil {
			if !row(what, name, "label", c.Label) || !row(what, name, "hint", c.Hint) || !row(what, name, "guidance", c.Guidance) {
				return
			}
		}
		if d := i.Definition; d != nil {
			if !row(what, name, "if not so", d.ConstraintMsg) || !row(what, name, "if blank", d.RequiredMsg) {
				return
			}
		}
	}
	for _, l := range b.Lists {
		for n := range l.list.Choices {
			c := &l.list.Choices[n]
			if !row("value", l.Name+" / "+c.Value, "label", c.Label) {
				return
			}
		}
	}
}
