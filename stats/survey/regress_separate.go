package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Separation is a term of a logistic model that decides the outcome, for some
// rows or all: its coefficient has no finite estimate.
type Separation struct {
	Term string
	// Level is a combination of levels, as "stypeH" or "stypeH:awardsYes", whose
	// rows all have the same outcome; empty for a number.
	Level string
	// Always says which outcome they have: true for the one that is modelled.
	Always bool
	Rows   int // of that level
	// Complete says that a number alone decides the outcome of every row.
	Complete bool
}

// separation finds terms that decide the outcome.
//
// It looks for levels, and combinations of levels that the model has, whose rows
// all have one outcome; for numbers of which one outcome has only higher values
// than the other; and else at the last step of the fit. In a direction in which
// the likelihood grows for ever a step moves the linear predictor of the rows
// that it separates by about 1 towards their outcome, and that of no row away
// from it: if the last step is so, the terms that make it up are named. Quasi-
// separation is found in the same ways.
// Source: Albert and Anderson (1984), Biometrika 71, for the definition.
func (m *modelRows) separation(family Family, s *solution) []Separation {
	if family != Binomial || s.step == nil {
		return nil
	}
	spread := m.columnSpread(s.step)
	most := 0.0
	for _, t := range m.layout.slots {
		if t.width > 0 {
			most += slices.Max(spread[t.base : t.base+t.width])
		}
	}
	if most < 0.5 { // no row can have moved so far
		return nil
	}
	away, towards := m.lastMove(s)
	if towards < 0.5 || away > 0.05*towards {
		return nil
	}
	out := m.separatedLevels()
	if len(out) > 0 {
		return out
	}
	if out = m.separatedNumbers(); len(out) > 0 {
		return out
	}
	seen := map[string]bool{}
	for k, c := range m.layout.columns {
		if spread[k] > 0.1*towards && !seen[c.term] && c.term != "(Intercept)" {
			seen[c.term] = true
			out = append(out, Separation{Term: c.term})
		}
	}
	if len(out) == 0 {
		out = append(out, Separation{Term: "(Intercept)"})
	}
	return out
}

// separatedLevels finds combinations of levels with one outcome only, among
// those of terms without numbers. A combination of which a part has one outcome
// only is not told again.
func (m *modelRows) separatedLevels() []Separation {
	var out []Separation
	for _, t := range m.layout.slots {
		if t.code < 0 || t.val >= 0 || len(out) > 0 && len(m.layout.codes[t.code]) > 1 {
			continue
		}
		cats := make([]coding, 0, len(m.layout.codes[t.code]))
		for _, c := range m.layout.codes[t.code] {
			cats = append(cats, coding{c.factor, true})
		}
		width := 1
		for _, c := range cats {
			width *= m.layout.factors[c.factor].levels(true)
		}
		if width > 1<<16-1 {
			continue
		}
		rows, yes := make([]int, width+1), make([]int, width+1)
		for i, c := range m.crossing(cats, nil) {
			rows[c]++
			if m.y[i] == 1 {
				yes[c]++
			}
		}
		for c, n := range rows {
			if n == 0 || yes[c] != 0 && yes[c] != n {
				continue
			}
			var names []string
			rest := c
			for _, k := range cats {
				f := m.layout.factors[k.factor]
				names = append(names, f.label+f.levelName(f.used[rest%len(f.used)]))
				rest /= len(f.used)
			}
			out = append(out, Separation{Term: m.layout.columns[t.base].term, Level: strings.Join(names, ":"), Always: yes[c] == n, Rows: n})
		}
	}
	return out
}

// separatedNumbers finds numbers that alone decide the outcome of every row.
func (m *modelRows) separatedNumbers() []Separation {
	var out []Separation
	for _, t := range m.layout.slots {
		if t.val < 0 || t.code >= 0 {
			continue
		}
		lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
		for i, v := range m.values[t.val] {
			k := int(m.y[i])
			lo[k], hi[k] = min(lo[k], v), max(hi[k], v)
		}
		if hi[0] <= lo[1] || hi[1] <= lo[0] {
			out = append(out, Separation{Term: m.layout.columns[t.base].term, Always: hi[0] <= lo[1], Rows: m.n, Complete: true})
		}
	}
	return out
}

// lastMove is how far the last step moved a row's linear predictor away from its
// outcome, and towards it, at most.
func (m *modelRows) lastMove(s *solution) (away, towards float64) {
	move := make([]float64, gramBlock)
	linear := m.predictor(s.step)
	for from := 0; from < m.n; from += gramBlock {
		to := min(m.n, from+gramBlock)
		linear.block(move[:to-from], from)
		for i, v := range move[:to-from] {
			if m.y[from+i] == 0 {
				v = -v
			}
			away, towards = max(away, -v), max(towards, v)
		}
	}
	return away, towards
}

// columnSpread is how much each column's part of a step can move a row.
func (m *modelRows) columnSpread(step []float64) []float64 {
	out := make([]float64, len(step))
	for _, t := range m.layout.slots {
		r := 1.0
		if t.val >= 0 {
			r = max(math.Abs(m.lo[t.val]), math.Abs(m.hi[t.val]))
		}
		for k := t.base; k < t.base+t.width; k++ {
			out[k] = math.Abs(step[k]) * r
		}
	}
	return out
}

// separationReason says which terms decide the outcome.
func separationReason(found []Separation) string {
	var parts []string
	for k, s := range found {
		switch {
		case k == 5:
			parts = append(parts, fmt.Sprintf("and %d more", len(found)-k))
		case k > 5:
		case s.Level != "":
			which := "never"
			if s.Always {
				which = "always"
			}
			parts = append(parts, fmt.Sprintf("%s (%d rows) %s has the outcome", s.Level, s.Rows, which))
		case s.Complete:
			which := "low"
			if s.Always {
				which = "high"
			}
			parts = append(parts, fmt.Sprintf("%s decides it: only %s values have the outcome", s.Term, which))
		default:
			parts = append(parts, s.Term)
		}
	}
	return "the outcome is separated, so there is no finite estimate: " + strings.Join(parts, "; ") + ". Leave the term out, or merge levels"
}
