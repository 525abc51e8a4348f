package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"waymark/internal/fault"
)

// progress is a bar on standard error, shown only on a terminal and only for
// work that takes more than half a second.
type progress struct {
	w       io.Writer
	on      bool
	begun   time.Time
	last    time.Time
	visible bool
}

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, on: ok && term.IsTerminal(int(f.Fd())), begun: time.Now()}
}

// show draws the bar of a file that is being read: done and total in bytes.
func (p *progress) show(done, total int64) {
	p.draw("reading", done, total, func() string { return fmt.Sprintf("%d of %d MB", done>>20, total>>20) })
}

// count draws the bar of things that are being made.
func (p *progress) count(verb string, done, total int) {
	p.draw(verb, int64(done), int64(total), func() string { return fmt.Sprintf("%d of %d", done, total) })
}

// draw draws the bar with what is done, what there is in all, and the time left.
func (p *progress) draw(verb string, done, total int64, amount func() string) {
	now := time.Now()
	if !p.on || total <= 0 || now.Sub(p.begun) < 500*time.Millisecond || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.visible = now, true
	share := min(1, float64(done)/float64(total))
	left := time.Duration(float64(now.Sub(p.begun)) * (1 - share) / max(share, 0.001)).Round(time.Second)
	full := int(share * 30)
	fmt.Fprintf(p.w, "\r\033[K%s [%s%s] %s, %s left", verb, strings.Repeat("=", full), strings.Repeat(" ", 30-full), amount(), left)
}

// clear removes the bar.
func (p *progress) clear() {
	if p.visible {
		fmt.Fprint(p.w, "\r\033[K")
		p.visible = false
	}
}

// printWarnings lists what did not stop the work, bounded.
func printWarnings(w io.Writer, warnings *fault.List) {
	if warnings == nil || warnings.Len() == 0 {
		return
	}
	const most = 8
	fmt.Fprintf(w, "%s:\n", counted(warnings.Len(), "warning", "warnings"))
	for i, f := range warnings.Faults {
		if i == most {
			break
		}
		fmt.Fprintf(w, "  %s\n", f)
	}
	if more := warnings.Len() - min(most, len(warnings.Faults)); more > 0 {
		fmt.Fprintf(w, "  and %d more; `waymark check` lists them all\n", more)
	}
	fmt.Fprintln(w)
}
