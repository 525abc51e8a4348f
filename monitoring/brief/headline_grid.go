package brief

import (
	"strings"
	"unicode"
)

// columnGap is the least space between columns, in columns of text.
const columnGap = 2

// grid is a table for the terminal: the first column starts lines, the others
// end in line.
type grid struct {
	head []string
	rows [][]string
}

// widths of the columns after the first.
func (g *grid) widths() []int {
	w := make([]int, len(g.head))
	for i, h := range g.head {
		w[i] = columns(h)
	}
	for _, r := range g.rows {
		for i, cell := range r {
			w[i] = max(w[i], columns(cell))
		}
	}
	return w
}

// labelRoom is what the other columns leave to the first.
func (g *grid) labelRoom() int {
	room := terminalWidth
	for i, w := range g.widths() {
		if i > 0 {
			room -= w + columnGap
		}
	}
	return room
}

// lines prints the grid. A label wider than its room takes several lines; the
// numbers stand beside the last.
func (g *grid) lines() []string {
	if len(g.head) == 0 {
		return nil
	}
	w := g.widths()
	w[0] = max(8, min(w[0], g.labelRoom()))
	var out []string
	print := func(row []string) {
		label := wrapText(row[0], w[0])
		var b strings.Builder
		last := label[len(label)-1]
		out = append(out, label[:len(label)-1]...)
		b.WriteString(last)
		b.WriteString(strings.Repeat(" ", max(0, w[0]-columns(last))))
		for i := 1; i < len(row); i++ {
			b.WriteString(strings.Repeat(" ", columnGap+max(0, w[i]-columns(row[i]))))
			b.WriteString(row[i])
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	print(g.head)
	for _, r := range g.rows {
		print(r)
	}
	return out
}

// columns counts the columns that a text takes on a terminal: one for each
// character, none for marks that join the one before or set direction.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Cf) {
			n++
		}
	}
	return n
}

// wrapText breaks a line at spaces.
func wrapText(s string, width int) []string {
	var out []string
	line := ""
	for _, word := range strings.Split(s, " ") {
		if line != "" && columns(line)+1+columns(word) > width {
			out = append(out, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(out, line)
}
