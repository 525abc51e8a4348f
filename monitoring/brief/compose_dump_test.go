package brief

import (
	"fmt"
	"strings"
)

// dump is a document as plain text, for golden files.
func dump(d *Document) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s | %s | %s | rtl %t", d.Title, d.Subtitle, d.Synthetic, d.RTL)
	for _, f := range d.Cover {
		line("cover: %s %s [%s]", f.Value, f.Caption, f.Key)
	}
	for _, s := range d.Sections {
		line("\n## %s (%s)", s.Title, s.ID)
		for _, block := range s.Blocks {
			switch block := block.(type) {
			case Heading:
				line("\n### %s", block)
			case Paragraph:
				line("\n%s", keyed(block))
			case Note:
				line("\nNote: %s", keyed(block))
			case List:
				line("")
				for _, p := range block {
					line("- %s", keyed(p))
				}
			case *Table:
				dumpTable(line, block)
			case *Figure:
				line("\nfigure %s: %s\n%s", block.ID, block.Title, block.Description)
				dumpTable(line, block.Data)
			}
		}
	}
	line("\n%s", d.Footer)
	return b.String()
}

// keyed writes runs with their keys in brackets.
func keyed(runs []Inline) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
		if r.Key != "" {
			b.WriteString("[" + r.Key + "]")
		}
	}
	return b.String()
}

func dumpTable(line func(string, ...any), t *Table) {
	line("\ntable %s: %s", t.ID, t.Caption)
	var heads, tags []string
	for _, c := range t.Columns {
		heads, tags = append(heads, c.Label), append(tags, c.HXL)
	}
	line("| %s |\n| %s |", strings.Join(heads, " | "), strings.Join(tags, " | "))
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = c.Text
		}
		line("| %s |", strings.Join(cells, " | "))
	}
	for _, n := range t.Notes {
		line("(%s)", n)
	}
}
