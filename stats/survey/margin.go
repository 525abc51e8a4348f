package survey

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Margin is the population counts of one category column, or of several
// crossed, such as nationality within route.
type Margin struct {
	// Columns: one, or several to be crossed. Required.
	Columns []*table.CategoryColumn
	// Totals: one for every combination that occurs in the sample. Required.
	Totals []MarginTotal
}

// MarginTotal is the population count of one level, or combination of levels.
type MarginTotal struct {
	Levels []string // one code per column
	Count  float64  // above 0, in people or whatever the population counts
}

// name is the margin's columns joined by " × ".
func (m Margin) name() string {
	names := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		names[i] = c.Name()
	}
	return strings.Join(names, " × ")
}

// grouped is a margin with its groups numbered: those that occur in the sample.
type grouped struct {
	name    string
	labels  []string
	targets []float64
	rows    []int
	of      []uint32 // per row; 0 where the row is dead
	group   []uint32 // per joint margin
}

// group numbers a margin's groups and checks it against the sample: every level
// in the sample needs a target above zero and every target above zero a row.
func (d *Design) group(m Margin, faults *fault.List) grouped {
	g := grouped{name: m.name()}
	at := fault.Place{Field: g.name}
	before := faults.Len()
	if len(m.Columns) == 0 {
		faults.Addf(fault.Invalid, at, "name a category column", "a margin has no column")
		return g
	}
	alive := make([]bool, d.rows)
	for i := range alive {
		alive[i] = d.dead == nil || !d.dead[i]
	}
	for _, c := range m.Columns {
		if c.Len() != d.rows {
			faults.Addf(fault.Invalid, at, "use columns of the design's table", "the column has %d rows and the design has %d", c.Len(), d.rows)
			continue
		}
		missing := 0
		for i, in := range alive {
			if in && c.Code(i) < table.FirstLevel {
				missing++
			}
		}
		if missing > 0 {
			faults.Addf(fault.Invalid, fault.Place{Field: c.Name()}, "leave these rows out of the design with Include, and say how many there were", "%d rows of the sample have no value for the margin", missing)
		}
	}
	if faults.Len() > before {
		return g
	}
	want := map[string]float64{}
	for _, t := range m.Totals {
		label := strings.Join(t.Levels, " × ")
		_, twice := want[label]
		switch {
		case len(t.Levels) != len(m.Columns):
			faults.Addf(fault.Invalid, at, "give one level for each column of the margin", "a total has %d levels for %d columns", len(t.Levels), len(m.Columns))
		case twice:
			faults.Addf(fault.Invalid, at, "give each level once", "the total of %q is given twice", label)
		case !(t.Count >= 0) || t.Count > maxFinite:
			faults.Addf(fault.Invalid, at, "population counts are positive numbers", "the total %v of %q cannot be used", t.Count, label)
		}
		want[label] = t.Count
	}
	top := clusters{parent: []uint32{0}, level: []uint32{0}}
	chain := []clusters{top}
	for _, c := range m.Columns {
		chain = append(chain, refine(chain[len(chain)-1], c, alive))
	}
	last := chain[len(chain)-1]
	g.of = last.id
	g.rows = make([]int, len(last.parent))
	for i, in := range alive {
		if in {
			g.rows[g.of[i]]++
		}
	}
	for k := range last.parent {
		codes := make([]string, len(m.Columns))
		at2 := uint32(k)
		for s := len(m.Columns); s > 0; s-- {
			codes[s-1] = m.Columns[s-1].Levels[chain[s].level[at2]].Code
			at2 = chain[s].parent[at2]
		}
		label := strings.Join(codes, " × ")
		total, known := want[label]
		if !known || total == 0 {
			faults.Addf(fault.Invalid, at, "give the level a population count, or leave its rows out of the design", "level %q has %d rows in the sample and no population total above zero", label, g.rows[k])
		}
		delete(want, label)
		g.labels, g.targets = append(g.labels, label), append(g.targets, total)
	}
	for _, t := range m.Totals { // in the order given
		label := strings.Join(t.Levels, " × ")
		if n := want[label]; n > 0 {
			faults.Addf(fault.Invalid, at, "merge the level with another one, or take it out of the totals", "level %q has a population total of %v and no row in the sample", label, n)
			delete(want, label)
		}
	}
	return g
}

// total is the population of the margin.
func (g grouped) total() float64 {
	s := 0.0
	for _, t := range g.targets {
		s += t
	}
	return s
}

func (g grouped) String() string { return fmt.Sprintf("%s (%d groups)", g.name, len(g.targets)) }
