package main

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// screen is what the output can show.
type screen struct {
	terminal bool
	width    int
	ascii    bool
	color    bool
}

// screenOf looks at where the output goes. A file or a pipe has the house's
// width and all of Unicode, unless the locale has none.
func screenOf(w io.Writer) screen {
	s := screen{width: terminalWidth}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		s.terminal = true
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			s.width = max(40, width)
		}
		s.color = lookup("NO_COLOR") == "" && lookup("TERM") != "dumb"
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToUpper(lookup(name)); locale != "" {
			s.ascii = !strings.Contains(locale, "UTF-8") && !strings.Contains(locale, "UTF8")
			break
		}
	}
	s.ascii = s.ascii || lookup("TERM") == "dumb"
	return s
}
