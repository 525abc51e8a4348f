package survey

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// marginLines is how many totals of a step a rendering lists.
const marginLines = 40

// Text renders a diagnosis in aligned lines of at most 100 columns.
func (d Diagnosis) Text() string { return d.render(false) }

// Markdown renders a diagnosis as Markdown tables.
func (d Diagnosis) Markdown() string { return d.render(true) }

func (d Diagnosis) render(markdown bool) string {
	var b strings.Builder
	heading := func(format string, args ...any) {
		if markdown {
			b.WriteString("\n### ")
		} else {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, format+"\n\n", args...)
	}
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	heading("Weights")
	lines := [][]string{{"", "before", "after", "after/before"}}
	for _, r := range []struct {
		name string
		of   func(Spread) float64
	}{
		{"rows", func(s Spread) float64 { return float64(s.Rows) }},
		{"sum", func(s Spread) float64 { return s.Sum }},
		{"smallest", func(s Spread) float64 { return s.Min }},
		{"lower quartile", func(s Spread) float64 { return s.Q1 }},
		{"median", func(s Spread) float64 { return s.Median }},
		{"upper quartile", func(s Spread) float64 { return s.Q3 }},
		{"largest", func(s Spread) float64 { return s.Max }},
		{"largest/smallest", func(s Spread) float64 { return s.Ratio }},
		{"coefficient of variation", func(s Spread) float64 { return s.CV }},
		{"design effect (Kish)", func(s Spread) float64 { return s.Deff }},
		{"effective rows", func(s Spread) float64 { return s.NEff }},
	} {
		l := []string{r.name, short(r.of(d.Before)), short(r.of(d.After)), short(r.of(d.Factor))}
		if r.name == "rows" || r.name == "sum" || r.name == "effective rows" || r.name == "design effect (Kish)" {
			l[3] = ""
		}
		lines = append(lines, l)
	}
	b.WriteString(grid(lines, markdown))
	if d.After.Negative > 0 {
		line("%d weights are below zero: bound the factors.", d.After.Negative)
	}
	if d.Lost > 0 {
		line("%d rows have no weight any more.", d.Lost)
	}
	for k, s := range d.Steps {
		heading("Step %d: %s", k+1, s.Kind)
		state := "converged"
		if !s.Converged {
			state = "did not converge"
		}
		line("iterations: %d, %s; largest difference from a target %.1g of it; factors %s to %s.", s.Iterations, state, s.Misfit, short(s.MinFactor), short(s.MaxFactor))
		if s.Trimmed > 0 {
			line("%d rows (%.1f%%) were held at a bound.", s.Trimmed, 100*s.TrimmedShare)
		}
		if len(s.LeftOut) > 0 {
			line("Columns of zeroes left out: %s.", strings.Join(s.LeftOut, ", "))
		}
		for _, j := range s.Joined {
			line("Cell joined: %s.", j)
		}
		if len(s.Margins) > 0 {
			b.WriteString("\n")
			lines := [][]string{{"total", "rows", "before", "after", "target"}}
			for _, m := range s.Margins[:min(marginLines, len(s.Margins))] {
				name := m.Margin
				if m.Level != "" {
					name += ": " + m.Level
				}
				lines = append(lines, []string{name, strconv.Itoa(m.Rows), short(m.Before), short(m.After), short(m.Target)})
			}
			b.WriteString(grid(lines, markdown))
			if more := len(s.Margins) - marginLines; more > 0 {
				line("and %d totals more", more)
			}
		}
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// short is a number with six digits.
func short(v float64) string {
	if a := math.Abs(v); a >= 1e6 && a < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// grid aligns cells: the first column left, others right.
func grid(lines [][]string, markdown bool) string {
	width := make([]int, len(lines[0]))
	for _, l := range lines {
		for k, c := range l {
			if markdown {
				l[k] = strings.ReplaceAll(c, "|", `\|`)
			}
			width[k] = max(width[k], len([]rune(l[k])))
		}
	}
	var b strings.Builder
	for r, l := range lines {
		for k, c := range l {
			pad := strings.Repeat(" ", width[k]-len([]rune(c)))
			if k > 0 {
				c = pad + c
			} else {
				c += pad
			}
			switch {
			case markdown:
				b.WriteString("| " + c + " ")
			case k > 0:
				b.WriteString("  " + c)
			default:
				b.WriteString(c)
			}
		}
		if markdown {
			b.WriteString("|")
		}
		b.WriteString("\n")
		if markdown && r == 0 {
			b.WriteString("|---" + strings.Repeat("|---:", len(width)-1) + "|\n")
		}
	}
	return b.String()
}
