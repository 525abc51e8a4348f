package lint

import (
	"fmt"
	"slices"
	"strings"
)

var cycle = Rule{
	ID: "cycle", Severity: Error,
	Finds:  "conditions and calculations that depend on each other in a circle, or on themselves",
	Why:    "ODK Collect refuses to open the form",
	Source: "JavaRosa, TriggerableDag: relevant, required, readonly and calculate; a group's relevant acts on all that is in it",
	check: func(q *questionnaire, report report) {
		g := newDependencies(q)
		for _, ring := range g.rings() {
			e := ring[0]
			if len(ring) == 1 {
				report(q.cell(e), "ask about another question; use constraint to check the answer itself",
					"the %s of %q depends on %q itself", e.column, e.row.Name, e.row.Name)
				continue
			}
			var names []string
			for i, x := range ring {
				if i == fewNames {
					names = append(names, fmt.Sprintf("%d others", len(ring)-i))
					break
				}
				names = append(names, x.row.Name)
			}
			report(q.cell(e), "take one of the references out",
				"the %s of %q depends on itself: %s", e.column, e.row.Name, strings.Join(append(names, names[0]), " needs "))
		}
	},
}

// maxRings is the most circles that are looked for.
const maxRings = 50

// fewNames is the most names of a circle that are told.
const fewNames = 8

// dependencies is the graph of formulas: an edge goes to every formula whose
// row a formula reads.
type dependencies struct {
	formulas []*expression
	needs    map[*expression][]*expression
}

func newDependencies(q *questionnaire) *dependencies {
	g := &dependencies{needs: map[*expression][]*expression{}}
	q.trees(func(e *expression) {
		switch e.column {
		case "relevant", "calculation", "required", "read_only":
			g.formulas = append(g.formulas, e)
		}
	})
	for _, e := range g.formulas {
		reads := q.references(e)
		if readsItself(e.tree) {
			reads = append(reads, e.row)
		}
		for _, r := range reads {
			for _, f := range r.exprs {
				switch f.column {
				case "relevant", "calculation", "required", "read_only":
					if f.tree != nil {
						g.needs[e] = append(g.needs[e], f)
					}
				}
			}
			for p := r.parent; p != nil; p = p.parent {
				if f := p.in("relevant"); f != nil {
					g.needs[e] = append(g.needs[e], f)
				}
			}
		}
	}
	return g
}

// rings returns one shortest circle of every knot of formulas, in the order of
// the survey.
func (g *dependencies) rings() [][]*expression {
	var rings [][]*expression
	done := map[*expression]bool{}
	knots := g.knots()
	for _, e := range g.formulas {
		if len(rings) == maxRings {
			break
		}
		if done[e] || !knots[e] {
			continue
		}
		ring := g.ring(e, knots)
		if ring == nil {
			continue
		}
		fresh := true
		for _, x := range ring {
			fresh = fresh && !done[x]
			done[x] = true
		}
		if fresh {
			rings = append(rings, ring)
		}
	}
	return rings
}

// knots are the formulas that may lie on a circle: what is left once formulas
// that need none of the rest, and those that none of the rest needs, are taken
// away again and again.
func (g *dependencies) knots() map[*expression]bool {
	neededBy := map[*expression][]*expression{}
	for _, e := range g.formulas {
		for _, f := range g.needs[e] {
			neededBy[f] = append(neededBy[f], e)
		}
	}
	left := map[*expression]bool{}
	for _, e := range g.formulas {
		left[e] = true
	}
	peel := func(out, in map[*expression][]*expression) {
		count := map[*expression]int{}
		var free []*expression
		for _, e := range g.formulas {
			for _, f := range out[e] {
				if left[f] {
					count[e]++
				}
			}
			if left[e] && count[e] == 0 {
				free = append(free, e)
			}
		}
		for len(free) > 0 {
			e := free[len(free)-1]
			free = free[:len(free)-1]
			delete(left, e)
			for _, f := range in[e] {
				if count[f]--; count[f] == 0 && left[f] {
					free = append(free, f)
				}
			}
		}
	}
	peel(g.needs, neededBy)
	peel(neededBy, g.needs)
	return left
}

// ring finds a shortest circle through a formula by breadth, or nil.
func (g *dependencies) ring(from *expression, within map[*expression]bool) []*expression {
	before := map[*expression]*expression{}
	queue := []*expression{from}
	for len(queue) > 0 {
		e := queue[0]
		queue = queue[1:]
		for _, f := range g.needs[e] {
			if f == from {
				ring := []*expression{e}
				for e != from {
					e = before[e]
					ring = append(ring, e)
				}
				slices.Reverse(ring)
				return ring
			}
			if within[f] && before[f] == nil {
				before[f] = e
				queue = append(queue, f)
			}
		}
	}
	return nil
}
