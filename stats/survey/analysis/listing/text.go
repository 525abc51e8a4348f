package listing

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Text prints a table for a terminal of so many characters. Where it is wider,
// columns of less weight are left out and a note says so. A group that repeats
// from line to line is printed once.
func (t *Table) Text(w io.Writer, width int) {
	columns := make([]int, len(t.Columns))
	for i := range columns {
		columns[i] = i
	}
	sizes := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		sizes[i] = utf8.RuneCountInString(strings.Map(visible, c.Name))
		for _, r := range t.Rows {
			sizes[i] = max(sizes[i], utf8.RuneCountInString(r[i]))
		}
	}
	total := func() int {
		n := -2
		for _, c := range columns {
			n += sizes[c] + 2
		}
		return n
	}
	var left []string
	for total() > width {
		worst := -1
		for at, c := range columns {
			if s := t.Columns[c].spare; s > 0 && (worst < 0 || s < t.Columns[columns[worst]].spare) {
				worst = at
			}
		}
		if worst < 0 {
			break
		}
		left = append(left, t.Columns[columns[worst]].Name)
		columns = append(columns[:worst:worst], columns[worst+1:]...)
	}
	fmt.Fprintln(w, strings.Map(visible, t.Title))
	if len(t.Rows) > 0 {
		head := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			head[i] = strings.Map(visible, c.Name)
		}
		t.line(w, columns, sizes, head)
	}
	var before []string
	for _, r := range t.Rows {
		cells := append([]string(nil), r...)
		for i, c := range t.Columns {
			if c.Number || before == nil || r[i] != before[i] || i == len(t.Columns)-1 || i+1 < len(t.Columns) && t.Columns[i+1].Number {
				break
			}
			cells[i] = ""
		}
		t.line(w, columns, sizes, cells)
		before = r
	}
	notes := t.Notes
	if len(left) > 0 {
		notes = append(notes[:len(notes):len(notes)], "Left out for want of room: "+strings.Join(left, ", ")+"; CSV and JSON have them.")
	}
	for _, n := range notes {
		for i, line := range Wrap(n, width-2) {
			if i == 0 {
				fmt.Fprintln(w, line)
			} else {
				fmt.Fprintln(w, "  "+line)
			}
		}
	}
}

func (t *Table) line(w io.Writer, columns, sizes []int, cells []string) {
	var b strings.Builder
	for at, c := range columns {
		if at > 0 {
			b.WriteString("  ")
		}
		space := strings.Repeat(" ", sizes[c]-utf8.RuneCountInString(cells[c]))
		if t.Columns[c].Number {
			b.WriteString(space + cells[c])
		} else {
			b.WriteString(cells[c] + space)
		}
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

// Wrap breaks a text at spaces into lines of at most width characters; a longer
// word has a line of its own.
func Wrap(s string, width int) []string {
	var lines []string
	line, n := "", 0
	for _, word := range strings.Fields(s) {
		size := utf8.RuneCountInString(word)
		if n > 0 && n+1+size > width {
			lines = append(lines, line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += word
		n += size
	}
	return append(lines, line)
}

// Markdown prints a table as markdown.
func (t *Table) Markdown(w io.Writer) {
	fmt.Fprintf(w, "### %s\n\n", mark(t.Title))
	if len(t.Rows) > 0 {
		var head, rule strings.Builder
		for _, c := range t.Columns {
			head.WriteString("| " + mark(c.Name) + " ")
			if c.Number {
				rule.WriteString("|---:")
			} else {
				rule.WriteString("|---")
			}
		}
		fmt.Fprintf(w, "%s|\n%s|\n", head.String(), rule.String())
		for _, r := range t.Rows {
			var b strings.Builder
			for _, c := range r {
				b.WriteString("| " + mark(c) + " ")
			}
			fmt.Fprintf(w, "%s|\n", b.String())
		}
		fmt.Fprintln(w)
	}
	for _, n := range t.Notes {
		fmt.Fprintf(w, "%s\n\n", mark(n))
	}
}

// mark keeps a text from being markup.
func mark(text string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "#", `\#`).Replace(strings.Map(visible, text))
}
