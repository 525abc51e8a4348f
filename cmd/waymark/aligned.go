package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// terminalWidth is the number of characters that a table may take in a line.
const terminalWidth = 100

// aligned prints rows in columns two spaces apart. The last column takes what
// room is left and continues below itself; other cells are never cut. A nil
// header prints none.
func aligned(w io.Writer, header []string, rows [][]string) {
	columns := len(header)
	for _, r := range rows {
		columns = max(columns, len(r))
	}
	var all [][]string
	if header != nil {
		all = append(all, header)
	}
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = strings.Map(visible, c)
		}
		all = append(all, cells)
	}
	widths := make([]int, columns)
	for _, r := range all {
		for i, c := range r {
			if i < columns-1 {
				widths[i] = max(widths[i], utf8.RuneCountInString(c))
			}
		}
	}
	left := 0
	for _, n := range widths {
		if n > 0 {
			left += n + 2
		}
	}
	for _, r := range all {
		var b strings.Builder
		for i := 0; i < columns-1; i++ {
			cell := ""
			if i < len(r) {
				cell = r[i]
			}
			if widths[i] > 0 {
				b.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		last := ""
		if len(r) == columns {
			last = r[columns-1]
		}
		lines := wrap(last, max(20, terminalWidth-left))
		for i, line := range lines {
			if i > 0 {
				b.WriteString("\n" + strings.Repeat(" ", left))
			}
			b.WriteString(line)
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// visible replaces what steers a terminal, which a file's text must not do.
func visible(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// wrap breaks a text at spaces into lines of at most width characters; a
// longer word has a line of its own.
func wrap(s string, width int) []string {
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
