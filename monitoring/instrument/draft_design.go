package instrument

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/stats/table"
)

// Words in the names of design columns, as survey software and its manuals
// write them. A name alone decides nothing.
var (
	weightWords  = []string{"pw", "wt", "wgt", "weight", "weights", "pweight", "finalwt", "fweight", "poids", "ponderation", "pondération", "peso", "الوزن"}
	strataWords  = []string{"strat", "strata", "stratum", "strate", "estrato", "stype", "stratid"}
	clusterWords = []string{"psu", "cluster", "clusters", "clu", "clust", "ea", "dnum", "upm", "grappe", "grappes", "conglomerado", "ssu", "snum"}
	fpcWords     = []string{"fpc", "popsize", "npop", "popcount"}
)

// named says whether one of a question's words is in a list. Numbers after a
// word do not count: fpc1, psu_2.
func named(q *draftQuestion, words []string) bool {
	return slices.ContainsFunc(splitWords(q.name), func(w string) bool { return slices.Contains(words, w) })
}

// partition is the rows divided by the values of a column.
type partition struct {
	of     []int // row: part
	counts []int
}

// divide makes a partition. It fails if a value is missing, or there are more
// parts than limit.
func divide(c table.Column, limit int) (*partition, bool) {
	p := &partition{of: make([]int, c.Len())}
	if cat, ok := c.(*table.CategoryColumn); ok && len(cat.Levels) <= limit {
		return divideLevels(cat, p)
	}
	index := map[string]int{}
	for row := range p.of {
		if c.Missing(row) != table.Present {
			return nil, false
		}
		value := c.Text(row)
		i, ok := index[value]
		if !ok {
			i = len(p.counts)
			if i == limit {
				return nil, false
			}
			index[value] = i
			p.counts = append(p.counts, 0)
		}
		p.of[row] = i
		p.counts[i]++
	}
	return p, true
}

// divideLevels is divide by codes; levels without rows are no parts.
func divideLevels(c *table.CategoryColumn, p *partition) (*partition, bool) {
	part := make([]int, len(c.Levels))
	for row := range p.of {
		level := c.Level(row)
		if level < 0 {
			return nil, false
		}
		if part[level] == 0 {
			p.counts = append(p.counts, 0)
			part[level] = len(p.counts)
		}
		p.of[row] = part[level] - 1
		p.counts[part[level]-1]++
	}
	return p, true
}

// maxStrata bounds the values of a column that may be strata.
const maxStrata = 5000

// constant says whether numbers have one value in each part, to a relative
// 1e-9, and whether that value differs between parts.
func (p *partition) constant(values []float64) (within, differs bool) {
	first := make([]float64, len(p.counts))
	for i := range first {
		first[i] = math.NaN()
	}
	for row, v := range values {
		part := p.of[row]
		switch {
		case math.IsNaN(v):
			return false, false
		case math.IsNaN(first[part]):
			first[part] = v
		case math.Abs(v-first[part]) > 1e-9*math.Abs(first[part]):
			return false, false
		}
	}
	for _, v := range first {
		differs = differs || math.Abs(v-first[0]) > 1e-9*math.Abs(first[0])
	}
	return true, differs
}

// within says whether every part lies in one part of a coarser partition.
func (p *partition) within(coarse *partition) bool {
	owner := make([]int, len(p.counts))
	for i := range owner {
		owner[i] = -1
	}
	for row, part := range p.of {
		switch owner[part] {
		case -1:
			owner[part] = coarse.of[row]
		case coarse.of[row]:
		default:
			return false
		}
	}
	return true
}

// everyone is the partition of one part.
func everyone(rows int) *partition { return &partition{make([]int, rows), []int{rows}} }

// design guesses weights, strata, clusters and population sizes.
func (d *draft) design() {
	rows := d.questions[0].column.Len()
	g := &designGuess{draft: d, rows: rows, whole: everyone(rows)}
	g.findWeights()
	g.findFPC()
	g.findStrata()
	g.findClusters()
}

// designGuess is what is known so far of the design.
type designGuess struct {
	*draft
	rows         int
	whole        *partition
	weights      *draftQuestion
	weightValues []float64
	fpc          []*draftQuestion // candidates
	strata       *draftQuestion
	strataParts  *partition
}

// numbers returns the values of a question whose every row has a number above 0.
func positive(q *draftQuestion) []float64 {
	c, ok := q.column.(*table.NumberColumn)
	if !ok {
		return nil
	}
	for _, v := range c.Values {
		if !(v > 0) {
			return nil
		}
	}
	return c.Values
}

// findWeights takes the first column that is named like a weight and has a
// number above 0 in every row. A plain "weight" may be a person's weight; it
// is taken only if its values repeat or average 1.
func (g *designGuess) findWeights() {
	for _, q := range g.questions {
		values := positive(q)
		if values == nil || !named(q, weightWords) {
			continue
		}
		distinct := map[float64]bool{}
		sum := 0.0
		for _, v := range values {
			distinct[v] = true
			sum += v
		}
		mean := sum / float64(len(values))
		repeats := 4*len(distinct) <= len(values)
		if strings.EqualFold(q.name, "weight") && !repeats && math.Abs(mean-1) > 0.05 {
			g.remarks = append(g.remarks, fmt.Sprintf("%s is named like a weight, but has %d different values with mean %.4g; it may be a person's weight. If it is the sample's, add the role weights.", q.name, len(distinct), mean))
			continue
		}
		if g.role(RoleWeights, q.name, fmt.Sprintf("its name says weight and every row has a number above 0 (%d different values, sum %.6g)", len(distinct), sum)) {
			g.weights, g.weightValues = q, values
		}
	}
}

// findFPC lists the columns that are named like a population size or a
// sampling fraction, with a number above 0 in every row.
func (g *designGuess) findFPC() {
	for _, q := range g.questions {
		if q != g.weights && named(q, fpcWords) && positive(q) != nil {
			g.fpc = append(g.fpc, q)
		}
	}
}

// findStrata looks for the column within which weights and population sizes
// are constant while they differ between its values: of several, one that is
// named like strata, then the one with fewest values. Without such a sign, a
// name alone is enough only for the words strata and stratum.
func (g *designGuess) findStrata() {
	type candidate struct {
		q     *draftQuestion
		parts *partition
		named bool
		signs []string
	}
	var best *candidate
	for _, q := range g.questions {
		if q == g.weights || slices.Contains(g.fpc, q) || named(q, clusterWords) || q.kind == "decimal" || q.kind == "select_multiple" || q.kind == "date" || q.kind == "datetime" {
			continue
		}
		parts, ok := divide(q.column, min(maxStrata, max(2, g.rows/2)))
		if !ok || len(parts.counts) < 2 || slices.Min(parts.counts) < 2 {
			continue
		}
		c := &candidate{q: q, parts: parts, named: named(q, strataWords)}
		fits := true
		for _, sign := range append([]*draftQuestion{g.weights}, g.fpc...) {
			if sign == nil {
				continue
			}
			within, differs := parts.constant(positive(sign))
			switch {
			case within && differs:
				c.signs = append(c.signs, sign.name)
			case sign == g.weights && !within:
				fits = false
			}
		}
		if !(fits && len(c.signs) > 0) && !(c.named && strings.HasPrefix(strings.ToLower(q.name), "strat")) {
			continue
		}
		if best == nil || len(c.signs) > len(best.signs) || len(c.signs) == len(best.signs) && (c.named && !best.named || c.named == best.named && len(parts.counts) < len(best.parts.counts)) {
			best = c
		}
	}
	if best == nil {
		return
	}
	why := fmt.Sprintf("it has %d values", len(best.parts.counts))
	if len(best.signs) > 0 {
		why += fmt.Sprintf(", and %s constant within each and different between them", joinAnd(best.signs, "is", "are"))
	}
	if best.named {
		why += "; its name says so too"
	}
	g.role(RoleStrata, best.q.name, why)
	g.strata, g.strataParts = best.q, best.parts
}

// strataOr returns the strata, or everyone as one.
func (g *designGuess) strataOr() *partition {
	if g.strataParts != nil {
		return g.strataParts
	}
	return g.whole
}

// joinAnd writes "pw is", "pw and fpc are".
func joinAnd(names []string, one, many string) string {
	if len(names) == 1 {
		return names[0] + " " + one
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " " + many
}
