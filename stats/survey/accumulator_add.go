package survey

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// addedRows is a table's columns as an accumulator uses them.
type addedRows struct {
	d      *Design // rows and weights only
	in     []bool
	unit   []uint32 // per row; nil: all in unit 0
	global []uint32 // the accumulator's number of each unit
	fpc    []*table.NumberColumn
}

// Add adds the rows of a table. It reports all faults at once, as New does, and
// then has added nothing: a column that is not there or of the wrong kind;
// weights, strata, clusters or FPC that are missing or impossible; numbers that
// are not finite. When more cells occur than AccumulatorCells, the accumulator
// cannot be used any more.
func (a *Accumulator) Add(t *table.Table) error {
	faults := fault.NewList(maxFaults)
	if a.cells > AccumulatorCells {
		return a.full()
	}
	spec := a.columns(t, faults)
	if err := faults.Err(); err != nil {
		return err
	}
	p := &addedRows{d: &Design{rows: t.Rows(), order: &unitOrder{}}, fpc: spec.FPC}
	p.in = p.d.weigh(spec, faults)
	if faults.Len() == 0 && countIn(p.d.rows, p.in) == 0 {
		return nil
	}
	if spec.Strata != nil {
		complete(spec.Strata, "stratum", p.in, faults)
	}
	for _, c := range spec.Clusters {
		complete(c, "cluster", p.in, faults)
	}
	for _, c := range spec.FPC {
		p.checkFPC(c, faults)
	}
	variables := make([]*variable, len(a.tallies))
	for i, s := range a.tallies {
		variables[i] = s.variableIn(t, faults)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	p.number(a, spec)
	for i, s := range a.tallies {
		if err := a.addTally(p, s, variables[i], t); err != nil {
			return err
		}
	}
	return nil
}

func (a *Accumulator) full() error {
	return fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("the units, groups and levels that occur together are more than %d", AccumulatorCells), "ask for fewer groups or fewer levels at once")
}

// columns finds the design's columns in a table.
func (a *Accumulator) columns(t *table.Table, faults *fault.List) Spec {
	spec := Spec{Rows: t.Rows()}
	if a.plan.Weights != "" {
		spec.Weights = numberIn(t, a.plan.Weights, faults)
	}
	if a.plan.Strata != "" {
		spec.Strata = categoryIn(t, a.plan.Strata, faults)
	}
	for _, name := range a.plan.clusters() {
		spec.Clusters = append(spec.Clusters, categoryIn(t, name, faults))
	}
	for _, name := range a.plan.FPC {
		spec.FPC = append(spec.FPC, numberIn(t, name, faults))
	}
	if a.plan.Include != "" {
		spec.Include = trueIn(t, a.plan.Include, faults)
	}
	for _, s := range a.tallies {
		for _, name := range s.by {
			categoryIn(t, name, faults)
		}
		if s.where != "" {
			trueIn(t, s.where, faults)
		}
	}
	return spec
}

func absentColumn(name, kind string, faults *fault.List) {
	faults.Addf(fault.Invalid, fault.Place{Field: name}, "give every piece the columns of the plan", "the table has no %s column %q", kind, name)
}

func numberIn(t *table.Table, name string, faults *fault.List) *table.NumberColumn {
	c := t.Number(name)
	if c == nil {
		absentColumn(name, "number", faults)
	}
	return c
}

func categoryIn(t *table.Table, name string, faults *fault.List) *table.CategoryColumn {
	c := t.Category(name)
	if c == nil {
		absentColumn(name, "category", faults)
	}
	return c
}

// trueIn says where a boolean column is true.
func trueIn(t *table.Table, name string, faults *fault.List) []bool {
	c, ok := t.Column(name).(*table.BoolColumn)
	if !ok {
		absentColumn(name, "yes/no", faults)
		return nil
	}
	out := make([]bool, c.Len())
	for i, v := range c.Values {
		out[i] = v && c.Missing(i) == table.Present
	}
	return out
}

func (p *addedRows) checkFPC(c *table.NumberColumn, faults *fault.List) {
	for i, v := range c.Values {
		at := fault.Place{Field: c.Name(), Row: i + 1}
		switch {
		case p.in != nil && !p.in[i]:
		case c.Missing(i) != table.Present || v != v:
			faults.Addf(fault.Invalid, at, "every row of the sample needs one, or is left out", "the FPC is missing (data row)")
		case v <= 0 || math.IsInf(v, 0):
			faults.Addf(fault.Invalid, at, "an FPC is a population size or a sampling fraction above 0", "the FPC %v cannot be used (data row)", v)
		}
	}
}

// variableIn finds a tally's variable and prepares its classes.
func (s *tally) variableIn(t *table.Table, faults *fault.List) *variable {
	v := &variable{all: s.all, wanted: map[int]bool{}}
	if !s.category {
		v.num = numberIn(t, s.variable, faults)
		if s.denominator != "" {
			v.den = numberIn(t, s.denominator, faults)
		}
		if v.num == nil || s.denominator != "" && v.den == nil {
			return v
		}
		v.prepare(faults)
		v.shift = [2]float64{}
		return v
	}
	switch c := t.Column(s.variable).(type) {
	case *table.CategoryColumn:
		v.cat = c
		for _, code := range s.wanted {
			v.wanted[c.Index(code)] = true
		}
	case *table.BoolColumn:
		v.truth = c
	default:
		absentColumn(s.variable, "category or yes/no", faults)
		return v
	}
	v.prepare(faults)
	return v
}

// number finds the units of the piece and counts their rows.
func (p *addedRows) number(a *Accumulator, spec Spec) {
	columns := spec.Clusters
	if spec.Strata != nil {
		columns = append([]*table.CategoryColumn{spec.Strata}, columns...)
	}
	stages := []clusters{{parent: []uint32{0}, level: []uint32{0}}}
	for _, c := range columns {
		stages = append(stages, refine(stages[len(stages)-1], c, p.in))
	}
	last := stages[len(stages)-1]
	p.unit = last.id
	for u := range last.parent {
		codes, at := make([]string, len(columns)), uint32(u)
		for k := len(columns) - 1; k >= 0; k-- {
			codes[k] = columns[k].Levels[stages[k+1].level[at]].Code
			at = stages[k+1].parent[at]
		}
		g := a.units.number(joinCodes(codes))
		if int(g) == len(a.of) {
			a.of = append(a.of, unitCount{})
		}
		p.global = append(p.global, g)
	}
	for i := range p.d.rows {
		if p.in != nil && !p.in[i] {
			continue
		}
		u := &a.of[p.global[p.unitOf(i)]]
		u.rows++
		if p.d.dead == nil || !p.d.dead[i] {
			u.alive++
		}
		for s, c := range p.fpc {
			u.widen(s, c.Values[i], c.Values[i])
		}
	}
}

func (p *addedRows) unitOf(row int) uint32 {
	if p.unit == nil {
		return 0
	}
	return p.unit[row]
}

// widen takes an FPC into the range of those seen in the unit.
func (u *unitCount) widen(stage int, least, most float64) {
	if len(u.fpc) == 2*stage {
		u.fpc = append(u.fpc, least, most)
	}
	u.fpc[2*stage], u.fpc[2*stage+1] = min(u.fpc[2*stage], least), max(u.fpc[2*stage+1], most)
}

// joinCodes makes one string of several, each after its length.
func joinCodes(codes []string) string {
	var b []byte
	for _, c := range codes {
		b = binary.AppendUvarint(b, uint64(len(c)))
		b = append(b, c...)
	}
	return string(b)
}

// splitCodes is the reverse of joinCodes; ok is false if s is not of n strings.
func splitCodes(s string, n int) (codes []string, ok bool) {
	for range n {
		size, read := binary.Uvarint([]byte(s))
		if read <= 0 || size > uint64(len(s)-read) {
			return nil, false
		}
		codes = append(codes, s[read:read+int(size)])
		s = s[read+int(size):]
	}
	return codes, s == ""
}

// addTally adds the rows of a piece to a tally.
func (a *Accumulator) addTally(p *addedRows, s *tally, v *variable, t *table.Table) error {
	by := make([]*table.CategoryColumn, len(s.by))
	for k, name := range s.by {
		by[k] = t.Category(name)
	}
	var where []bool
	if s.where != "" {
		where = trueIn(t, s.where, nil)
	}
	g, err := numberDomains(context.Background(), p.d, by, where, 0)
	if err != nil {
		return err
	}
	classes := uint64(v.classes())
	domain, class := make([]uint32, g.n()), make([]uint32, classes) // from 1, once they are needed
	find := newPlaces64(uint64(len(p.global)) * uint64(g.n()) * classes)
	channels, sums := a.channels(s)
	var buf [blockRows]uint32
	for from := 0; from < p.d.rows; from += blockRows {
		block := buf[:min(blockRows, p.d.rows-from)]
		v.fill(block, from)
		for i, c := range block {
			row := from + i
			d := g.of(row)
			if d >= uint32(g.n()) {
				continue
			}
			u := p.unitOf(row)
			if c >= uint32(v.valued) {
				u = 0
			}
			local := (uint64(u)*uint64(g.n())+uint64(d))*classes + uint64(c)
			at, known := find.get(local)
			if !known {
				if domain[d] == 0 {
					domain[d] = s.domains.number(g.codes(int(d))) + 1
				}
				if class[c] == 0 {
					class[c] = s.classes.number(v.className(int(c))) + 1
				}
				key := cellAt{0, domain[d] - 1, class[c] - 1}
				n := 0
				if c < uint32(v.valued) {
					key.unit, n = p.global[u], sums
				}
				if at, err = a.cellFor(s, key, n); err != nil {
					return err
				}
				find.set(local, at)
			}
			cell := &s.sums[at]
			cell.rows++
			if c < uint32(v.valued) {
				cell.add(p.d, v, row, channels)
			}
		}
	}
	return nil
}

// cellFor finds or makes a cell of so many sums.
func (a *Accumulator) cellFor(s *tally, key cellAt, sums int) (uint32, error) {
	at, known := s.cell[key]
	if !known {
		if a.cells++; a.cells > AccumulatorCells {
			return 0, a.full()
		}
		at = uint32(len(s.sums))
		s.cell[key] = at
		s.sums = append(s.sums, cellSums{sum: make([]exactSum, sums)})
	}
	return at, nil
}

// add adds a row with a value.
func (c *cellSums) add(d *Design, v *variable, row, channels int) {
	w := 1.0
	if d.weights != nil {
		w = d.weights[row]
	}
	if len(c.sum) == 1 {
		c.sum[0].add(w)
		return
	}
	x := [3]float64{1}
	at := channels
	if v.num != nil {
		x[1] = v.num.Values[row]
		if v.den != nil {
			x[2] = v.den.Values[row]
		}
		c.sum[at].add(w * x[1] * x[1])
		at++
	}
	for k := range channels {
		c.sum[k].add(w * x[k])
	}
	if at == len(c.sum) {
		return
	}
	for k := range channels {
		for j := range k + 1 {
			c.sum[at].add(w * w * x[j] * x[k])
			at++
		}
	}
}

// className names a class across pieces: v and the level's code, o for all
// other levels, n for numbers, r and the reason for a missing value.
func (v *variable) className(class int) string {
	switch {
	case class >= v.valued:
		return fmt.Sprintf("r%d", v.reason[class-v.valued])
	case v.num != nil:
		return "n"
	case v.truth != nil:
		return [2]string{"vfalse", "vtrue"}[class]
	case v.levelOf[class] < 0:
		return "o"
	}
	return "v" + v.cat.Levels[v.levelOf[class]].Code
}

// codes is the codes of a domain's levels, joined.
func (g *grouping) codes(domain int) string {
	codes := make([]string, len(g.by))
	for k, l := range g.domains[domain] {
		codes[k] = g.by[k].Levels[l].Code
	}
	return joinCodes(codes)
}

// of is the domain of a row.
func (g *grouping) of(row int) uint32 {
	switch {
	case g.narrow != nil:
		return uint32(g.narrow[row])
	case g.wide != nil:
		return g.wide[row]
	}
	return 0
}

// places64 remembers where the cells of a piece are: by index if there may be
// few, else by map.
type places64 struct {
	index []uint32 // from 1
	known map[uint64]uint32
}

func newPlaces64(cells uint64) *places64 {
	if cells > 1<<21 {
		return &places64{known: map[uint64]uint32{}}
	}
	return &places64{index: make([]uint32, cells)}
}

func (p *places64) get(k uint64) (uint32, bool) {
	if p.index != nil {
		return p.index[k] - 1, p.index[k] > 0
	}
	at, ok := p.known[k]
	return at, ok
}

func (p *places64) set(k uint64, at uint32) {
	if p.index != nil {
		p.index[k] = at + 1
		return
	}
	p.known[k] = at
}
