package brief

import "strings"

// Tables lists a document's tables in order: those of the text and those
// behind figures.
func (d *Document) Tables() []*Table {
	var out []*Table
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case *Table:
				out = append(out, b)
			case *Figure:
				if b.Data != nil {
					out = append(out, b.Data)
				}
			}
		}
	}
	return out
}

// Figures lists a document's figures in order.
func (d *Document) Figures() []*Figure {
	var out []*Figure
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			if f, ok := b.(*Figure); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

// Keys lists every receipt key that the document names, once each, in order of
// appearance.
func (d *Document) Keys() []string {
	seen := map[string]bool{"": true}
	var keys []string
	add := func(key string) {
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	for _, f := range d.Cover {
		add(f.Key)
	}
	d.Runs(func(_ Block, p []Inline) {
		for _, r := range p {
			add(r.Key)
		}
	})
	for _, t := range d.Tables() {
		for _, row := range t.Rows {
			for _, c := range row {
				add(c.Key)
			}
		}
	}
	return keys
}

// Runs calls f with every run of text that is a paragraph, a point or a note.
func (d *Document) Runs(f func(b Block, p []Inline)) {
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case Paragraph:
				f(b, b)
			case Note:
				f(b, b)
			case List:
				for _, p := range b {
					f(b, p)
				}
			}
		}
	}
}

// PlainText joins runs of text.
func PlainText(runs []Inline) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}
