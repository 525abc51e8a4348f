package survey

import (
	"slices"

	"waymark/stats/table"
)

// patternLimit is the most patterns of levels that rows are told by: sums by
// pattern stay in the second cache.
const patternLimit = 1 << 12

// findPatterns numbers the combinations of levels, of all categories of the
// model, that rows have, and returns each category's rank by pattern. It gives
// up, and returns nil, if there are more than patternLimit.
func (m *modelRows) findPatterns() [][]uint16 {
	factors := m.layout.factors
	ranks := make([][]uint16, len(factors))
	pattern := make([]uint16, m.n)
	m.patterns = 1
	for x, f := range factors {
		if f.num != nil {
			continue
		}
		n := len(f.used)
		number := make([]uint16, m.patterns*n) // from 1
		of := make([]uint16, len(f.rank)+table.FirstLevel, max(len(f.rank)+table.FirstLevel, 256))
		for v, r := range f.rank {
			of[v+table.FirstLevel] = uint16(max(r, 0))
		}
		of = of[:cap(of)]
		switch c := f.cat; {
		case c.Codes8 != nil:
			combine(pattern, c.Codes8, m.row, of, n, number)
		case c.Codes16 != nil:
			combine(pattern, c.Codes16, m.row, of, n, number)
		default:
			combine(pattern, c.Codes32, m.row, of, n, number)
		}
		// Patterns in the order of levels, whatever the order of rows.
		count := uint16(0)
		next := make([][]uint16, len(ranks))
		for k, seen := range number {
			if seen == 0 {
				continue
			}
			if count == patternLimit {
				return nil
			}
			number[k] = count
			count++
			for y := range x + 1 {
				switch {
				case factors[y].num != nil:
				case y == x:
					next[y] = append(next[y], uint16(k%n))
				default:
					next[y] = append(next[y], ranks[y][k/n])
				}
			}
		}
		switch c := f.cat; {
		case c.Codes8 != nil:
			renumberPatterns(pattern, c.Codes8, m.row, of, n, number)
		case c.Codes16 != nil:
			renumberPatterns(pattern, c.Codes16, m.row, of, n, number)
		default:
			renumberPatterns(pattern, c.Codes32, m.row, of, n, number)
		}
		m.patterns, ranks = int(count), next
	}
	m.pattern = pattern
	return ranks
}

// combine marks the combinations of a pattern so far and a level that occur.
func combine[C uint8 | uint16 | uint32](pattern []uint16, codes []C, rows []uint32, of []uint16, n int, number []uint16) {
	for i, row := range rows {
		number[int(pattern[i])*n+int(of[codes[row]])] = 1
	}
}

// renumberPatterns gives rows the numbers of their combinations.
func renumberPatterns[C uint8 | uint16 | uint32](pattern []uint16, codes []C, rows []uint32, of []uint16, n int, number []uint16) {
	for i, row := range rows {
		pattern[i] = number[int(pattern[i])*n+int(of[codes[row]])]
	}
}

// crossing codes combinations of levels, the first category fastest: by pattern
// if ranks are given, else by position.
func (m *modelRows) crossing(cats []coding, ranks [][]uint16) []uint16 {
	return m.crossingAt(cats, ranks, -1, 0)
}

// crossingAt is crossing with one category set to the level of a rank.
func (m *modelRows) crossingAt(cats []coding, ranks [][]uint16, set, rank int) []uint16 {
	n := m.n
	if ranks != nil {
		n = m.patterns
	}
	out := make([]uint16, n)
	width := 1
	for _, c := range cats {
		width *= m.layout.factors[c.factor].levels(c.full)
	}
	none := uint16(width)
	step := 1
	for k, c := range cats {
		f := m.layout.factors[c.factor]
		of := make([]uint16, len(f.used)) // by rank
		for r := range of {
			switch {
			case c.full:
				of[r] = uint16(r * step)
			case r > 0:
				of[r] = uint16((r - 1) * step)
			default:
				of[r] = none
			}
		}
		for i := range out {
			r := rank
			switch {
			case c.factor == set:
			case ranks != nil:
				r = int(ranks[c.factor][i])
			default:
				r = f.rank[f.cat.Level(int(m.row[i]))]
			}
			switch v := of[r]; {
			case k > 0 && out[i] == none || v == none:
				out[i] = none
			default:
				out[i] += v
			}
		}
		step *= f.levels(c.full)
	}
	return out
}

// code is a row's code in a code column.
func (m *modelRows) code(column, at int) int {
	if m.pattern != nil {
		at = int(m.pattern[at])
	}
	return int(m.codes[column][at])
}

// collapsed is the rows of a model without numbers, one for each pattern, with
// the sum of its weights and the weighted mean of its outcome.
func (m *modelRows) collapsed(weights []float64) *modelRows {
	c := &modelRows{d: m.d, layout: m.layout, n: m.patterns, patterns: m.patterns, codes: m.codes, pattern: make([]uint16, m.patterns),
		weights: make([]float64, m.patterns), y: make([]float64, m.patterns)}
	for i, p := range m.pattern {
		c.weights[p] += weights[i]
		c.y[p] += weights[i] * m.y[i]
	}
	for p, w := range c.weights {
		c.pattern[p] = uint16(p)
		if w > 0 {
			c.y[p] /= w
		}
	}
	return c
}

// predictor is x'b with what is the same for all rows of a pattern made once.
type predictor struct {
	m *modelRows
	b []float64
	// of is the part of slots without values, by pattern; nil without patterns.
	of []float64
}

func (m *modelRows) predictor(b []float64) *predictor {
	p := &predictor{m: m, b: b}
	if m.pattern == nil {
		return p
	}
	p.of = make([]float64, m.patterns)
	for _, t := range m.layout.slots {
		if t.val >= 0 {
			continue
		}
		if t.code < 0 {
			for k := range p.of {
				p.of[k] += b[t.base]
			}
			continue
		}
		of := append(slices.Clone(b[t.base:t.base+t.width]), 0)
		for k, c := range m.codes[t.code] {
			p.of[k] += of[c]
		}
	}
	return p
}
