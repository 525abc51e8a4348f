package listing

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"waymark/stats/survey/analysis"
)

// PlotOptions say how dots are drawn.
type PlotOptions struct {
	Width int  // characters. Default 100, at least 40
	ASCII bool // only characters of ASCII
	Color bool // the dot in colour
}

// marks are the characters of a plot.
type marks struct {
	dot, line, left, right, more, less, rule, tick string
}

var (
	unicodeMarks = marks{"●", "─", "├", "┤", "▶", "◀", "┄", "┴"}
	asciiMarks   = marks{"o", "-", "|", "|", ">", "<", ".", "+"}
)

// Scaled is the rows of a result that share a scale.
type Scaled struct {
	Title string
	// Ratio: the scale is logarithmic, with a line at 1.
	Ratio bool
	Rows  []*analysis.Row
	Names []string // of the rows
}

// Scales divides a result into rows that share a scale: one for each variable,
// but one for all shares and ratios. Rows without a value stay and say why; a
// result without any value has none.
func Scales(r *analysis.Result) []Scaled {
	together := r.Kind == "share" || r.Kind == "proportion" || r.Kind == "ratio"
	by := ""
	if len(r.By) > 0 {
		by = ", by " + strings.Join(r.By, " and ")
	}
	var out []Scaled
	index := map[string]int{}
	for i := range r.Rows {
		row := &r.Rows[i]
		key := row.Variable
		if together {
			key = ""
		}
		at, known := index[key]
		if !known {
			at = len(out)
			index[key] = at
			out = append(out, Scaled{Title: r.Title + by, Ratio: r.Ratio})
		}
		out[at].Rows = append(out[at].Rows, row)
	}
	if len(out) > 1 {
		for key, at := range index {
			out[at].Title = r.Kind + " of " + key + by
		}
	}
	kept := out[:0]
	for _, s := range out {
		s.Names = RowNames(s.Rows)
		for _, row := range s.Rows {
			if HasInterval(row) {
				kept = append(kept, s)
				break
			}
		}
	}
	return kept
}

// HasInterval says whether a row has a value and at least one limit.
func HasInterval(r *analysis.Row) bool {
	return finite(r.Value) && (finite(r.Lo) || finite(r.Hi))
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Plot draws every result that has intervals, as dots on one scale for each
// statistic, with the base beside each name.
func Plot(w io.Writer, results []analysis.Result, opt PlotOptions) {
	if opt.Width == 0 {
		opt.Width = 100
	}
	opt.Width = max(40, opt.Width)
	first := true
	for i := range results {
		r := &results[i]
		for _, s := range Scales(r) {
			if !first {
				fmt.Fprintln(w)
			}
			first = false
			s.plot(w, r, opt)
		}
	}
}

func (s *Scaled) plot(w io.Writer, r *analysis.Result, opt PlotOptions) {
	m := unicodeMarks
	if opt.ASCII {
		m = asciiMarks
	}
	names := make([]string, len(s.Rows))
	label := 0
	for i, row := range s.Rows {
		names[i] = fmt.Sprintf("%s  n %s", s.Names[i], whole(row.Base))
		label = max(label, utf8.RuneCountInString(names[i]))
	}
	label = min(label, opt.Width*2/5)
	format := Format(r)
	values, widest := make([]string, len(s.Rows)), 0
	for i, row := range s.Rows {
		if values[i] = format(row, row.Value); !finite(row.Value) {
			values[i] = ""
		}
		widest = max(widest, utf8.RuneCountInString(values[i]))
	}
	room := max(10, opt.Width-label-2-widest-2)
	a := s.axis(room)
	title := s.Title
	if s.Ratio {
		title += " (log scale)"
	}
	for _, line := range Wrap(strings.Map(visible, title), opt.Width) {
		fmt.Fprintln(w, line)
	}
	for i, row := range s.Rows {
		name := names[i]
		if n := utf8.RuneCountInString(name); n > label {
			cut := " n " + whole(row.Base)
			keep := max(1, label-utf8.RuneCountInString(cut)-1)
			name = string([]rune(s.Names[i])[:min(keep, utf8.RuneCountInString(s.Names[i]))]) + "~" + cut
		}
		name += strings.Repeat(" ", max(0, label-utf8.RuneCountInString(name)))
		if !finite(row.Value) {
			why := "not estimable"
			fmt.Fprintln(w, strings.TrimRight(name+"  "+why, " "))
			continue
		}
		line := a.draw(row, m, opt.Color)
		fmt.Fprintln(w, strings.TrimRight(name+"  "+line+"  "+values[i], " "))
	}
	rule, labels := a.scale(m)
	fmt.Fprintln(w, strings.Repeat(" ", label+2)+rule)
	fmt.Fprintln(w, strings.TrimRight(strings.Repeat(" ", label+2)+labels, " "))
}

// axis is a scale of so many characters.
type axis struct {
	lo, hi float64 // on the scale that is drawn
	log    bool
	room   int
	ticks  []float64 // values
}

// axis chooses a scale that holds all dots and limits.
func (s *Scaled) axis(room int) axis {
	a := axis{log: s.Ratio, room: room, lo: math.Inf(1), hi: math.Inf(-1)}
	for _, row := range s.Rows {
		for _, v := range []float64{row.Value, row.Lo, row.Hi} {
			if a.log && v <= 0 || !finite(v) || !finite(row.Value) {
				continue
			}
			a.lo, a.hi = min(a.lo, a.on(v)), max(a.hi, a.on(v))
		}
	}
	if a.log {
		a.lo, a.hi = max(min(a.lo, 0), -7), min(max(a.hi, 0), 7) // about 1/1000 to 1000
	}
	if !(a.hi > a.lo) {
		d := max(math.Abs(a.lo), 1) * 0.1
		a.lo, a.hi = a.lo-d, a.hi+d
	}
	if a.log {
		for _, v := range []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
			if x := math.Log(v); x >= a.lo-0.7 && x <= a.hi+0.7 {
				a.ticks = append(a.ticks, v)
			}
		}
		a.lo, a.hi = min(a.lo, math.Log(a.ticks[0])), max(a.hi, math.Log(a.ticks[len(a.ticks)-1]))
		return a
	}
	step := niceStep((a.hi - a.lo) / float64(max(2, min(8, room/12))))
	from, to := math.Floor(a.lo/step), math.Ceil(a.hi/step)
	for k := from; k <= to && len(a.ticks) < 50; k++ {
		a.ticks = append(a.ticks, k*step)
	}
	a.lo, a.hi = from*step, to*step
	return a
}

// niceStep is the least of 1, 2 or 5 times a power of ten that is not below.
func niceStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= least*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

func (a *axis) on(v float64) float64 {
	if a.log {
		return math.Log(v)
	}
	return v
}

// at is the character of a value, held within the axis.
func (a *axis) at(v float64) int {
	x := (a.on(v) - a.lo) / (a.hi - a.lo) * float64(a.room-1)
	if math.IsNaN(x) {
		x = 0
	}
	return int(math.Round(min(max(x, 0), float64(a.room-1))))
}

// draw is one line: the interval and its dot.
func (a *axis) draw(row *analysis.Row, m marks, color bool) string {
	cells := make([]string, a.room)
	for i := range cells {
		cells[i] = " "
	}
	reference := math.NaN()
	if a.log {
		reference = 1
	} else if a.lo < 0 && a.hi > 0 {
		reference = 0
	}
	if !math.IsNaN(reference) {
		cells[a.at(reference)] = m.rule
	}
	if finite(row.Lo) || finite(row.Hi) {
		from, to := 0, a.room-1
		left, right := m.less, m.more
		if finite(row.Lo) && !(a.log && (row.Lo <= 0 || math.Log(row.Lo) < a.lo-1e-9)) {
			from, left = a.at(row.Lo), m.left
		}
		if finite(row.Hi) && !(a.log && math.Log(row.Hi) > a.hi+1e-9) {
			to, right = a.at(row.Hi), m.right
		}
		for i := from; i <= to; i++ {
			cells[i] = m.line
		}
		cells[from], cells[to] = left, right
	}
	dot := m.dot
	if color {
		dot = "\x1b[36m" + dot + "\x1b[0m"
	}
	if !(a.log && row.Value <= 0) {
		cells[a.at(row.Value)] = dot
	}
	return strings.Join(cells, "")
}

// scale is the line below the dots and its labels.
func (a *axis) scale(m marks) (rule, labels string) {
	line := make([]string, a.room)
	for i := range line {
		line[i] = m.line
	}
	var b []rune
	for _, t := range a.ticks {
		at := a.at(t)
		line[at] = m.tick
		text := []rune(plain(math.Round(t*1e12)/1e12, 6))
		start := min(max(0, at-len(text)/2), a.room-len(text))
		if start < 0 || len(b) > 0 && start < len(b)+1 {
			continue
		}
		for len(b) < start {
			b = append(b, ' ')
		}
		b = append(b, text...)
	}
	return strings.Join(line, ""), string(b)
}
