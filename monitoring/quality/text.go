package quality

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// TextOptions say how a report is written for a terminal.
type TextOptions struct {
	// Width in columns. Default 100.
	Width int
	// Color marks severities by colour as well; they are always in words.
	// Default false.
	Color bool
	// Rows is how many row numbers a finding shows. Default 8.
	Rows int
}

// WriteText writes the report as an aligned table: the result first, then the
// findings by severity, then the enumerators, then what was not checked.
func (r *Report) WriteText(w io.Writer, opt TextOptions) error {
	if opt.Width <= 0 {
		opt.Width = 100
	}
	if opt.Rows <= 0 {
		opt.Rows = 8
	}
	t := &textReport{Report: r, opt: opt}
	t.summary()
	t.findings()
	t.profiles("Enumerators", r.Enumerators)
	t.profiles("Points", r.Points)
	t.unchecked()
	_, err := io.WriteString(w, t.b.String())
	return err
}

type textReport struct {
	*Report
	opt TextOptions
	b   strings.Builder
}

func (t *textReport) line(format string, args ...any) {
	fmt.Fprintf(&t.b, format, args...)
	t.b.WriteByte('\n')
}

// Summary is the result in one sentence.
func (r *Report) Summary() string {
	if len(r.Findings) == 0 {
		return "Nothing was found."
	}
	var parts []string
	for _, s := range Severities {
		if n := r.Counts[s]; n > 0 {
			parts = append(parts, count(n, string(s), string(s)+"s"))
		}
	}
	text := strings.Join(parts, ", ")
	if r.RowsFlagged > 0 {
		text += fmt.Sprintf("; errors and warnings name %s of %s", count(r.RowsFlagged, "interview", "interviews"), thousands(r.Interviews))
	}
	return text + "."
}

// Scope is what was checked in one sentence.
func (r *Report) Scope() string {
	text := fmt.Sprintf("%s, %s eligible", count(r.Interviews, "interview", "interviews"), thousands(r.Eligible))
	if r.First != "" {
		text += fmt.Sprintf(", from %s to %s", longDay(r.First), longDay(r.Last))
	}
	return text + fmt.Sprintf("; instrument %s, version %s.", r.Instrument, r.Version)
}

func (t *textReport) summary() {
	if t.Synthetic {
		t.line("SYNTHETIC DATA: no real interviews")
	}
	t.line("%s", t.Summary())
	t.wrap("", t.Scope())
	t.line("")
}

var severityColor = map[Severity]string{Error: "\x1b[1;31m", Warning: "\x1b[33m", Note: "\x1b[36m"}

// mark is the severity, padded to seven columns.
func (t *textReport) mark(s Severity) string {
	text := fmt.Sprintf("%-7s", s)
	if t.opt.Color {
		return severityColor[s] + text + "\x1b[0m"
	}
	return text
}

func (t *textReport) findings() {
	if len(t.Findings) == 0 {
		return
	}
	for i := range t.Findings {
		f := &t.Findings[i]
		head := f.Message + "."
		lines := wrapText(head, t.opt.Width-9)
		t.line("%s  %s", t.mark(f.Severity), lines[0])
		for _, l := range lines[1:] {
			t.line("         %s", l)
		}
		if rows := f.RowText(t.opt.Rows); rows != "" {
			t.wrap("         ", rows)
		}
		for _, d := range f.Details[:min(len(f.Details), 3)] {
			t.wrap("         - ", d)
		}
		if more := len(f.Details) - 3; more > 0 {
			t.line("         - and %s", count(more, "more line in the report", "more lines in the report"))
		}
		t.wrap("         > ", f.Remedy+fullStop(f.Remedy)+" ["+f.Rule+"]")
	}
	t.line("")
}

// RowText writes at most n row numbers: "rows 5, 9 and 1,204 more".
func (f *Finding) RowText(n int) string {
	if len(f.Rows) == 0 {
		return ""
	}
	shown := f.Rows[:min(len(f.Rows), n)]
	parts := make([]string, len(shown))
	for i, row := range shown {
		parts[i] = fmt.Sprint(row)
	}
	switch more := f.Total - len(shown); {
	case more > 0:
		return "rows " + strings.Join(parts, ", ") + " and " + thousands(more) + " more"
	case len(parts) == 1:
		return "row " + parts[0]
	default:
		last := len(parts) - 1
		return "rows " + strings.Join(parts[:last], ", ") + " and " + parts[last]
	}
}

// profiles lists who stands out, and otherwise only counts.
func (t *textReport) profiles(title string, list []Profile) {
	if len(list) == 0 {
		return
	}
	headline := t.headlineMeasure()
	only := ""
	if len(list) > textProfiles {
		only = fmt.Sprintf("; those that stand out and those with most interviews, %d here", textProfiles)
	}
	t.line("%s (%d%s)", title, len(list), only)
	t.line("  %-22s %10s %9s %7s %8s  %s", "code", "interviews", "eligible", "per day", "minutes", headlineTitle(t.Measures, headline))
	for _, p := range mostInterviews(list, textProfiles) {
		minutes := "–"
		if p.MedianMinutes != nil {
			minutes = fmt.Sprintf("%.0f", *p.MedianMinutes)
		}
		share := ""
		if headline >= 0 && p.Measures[headline].N > 0 {
			m := p.Measures[headline]
			share = fmt.Sprintf("%s (%s to %s)", percent(m.Share), percent(m.Lo), percent(m.Hi))
			if m.Flagged {
				share += " differs"
			}
		}
		t.line("  %s %10s %9s %7.1f %8s  %s", padRight(clip(p.Name, 22), 22), thousands(p.Interviews), thousands(p.Eligible), p.PerDay, minutes, share)
	}
	t.line("")
}

func (t *textReport) unchecked() {
	reasons := t.Unchecked()
	if len(reasons) > 0 {
		t.line("Not checked")
		for _, u := range reasons {
			t.wrap("  - ", sentence(u.Reason)+": "+strings.Join(u.Titles, "; "))
		}
		t.line("")
	}
}

// wrap writes a text with a hanging indent.
func (t *textReport) wrap(indent, text string) {
	width := utf8.RuneCountInString(indent)
	for i, l := range wrapText(text, t.opt.Width-width) {
		if i == 1 {
			indent = strings.Repeat(" ", width)
		}
		t.line("%s%s", indent, l)
	}
}

// wrapText breaks a text at spaces so that no line has more than width runes,
// unless one word alone does.
func wrapText(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
