package survey

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Accumulated is the answer to one NamedRequest.
type Accumulated struct {
	// By has the codes of each By column that occur, in the order of their
	// bytes: Estimate.Domain counts them. Levels are those of a Share likewise;
	// one that no row has is not known.
	By        [][]string
	Levels    []string
	Estimates []Estimate
}

// Estimate makes the estimates, one entry a request, of what was added so far.
// It fails as New does where the design has no variance: a stratum with one PSU
// under LonelyFail, an FPC that varies within its stratum or is below the number
// sampled, a cluster in two strata without Nest.
func (a *Accumulator) Estimate() ([]Accumulated, error) {
	if a.cells > AccumulatorCells {
		return nil, a.full()
	}
	d, unit, err := a.design()
	if err != nil {
		return nil, err
	}
	tables, by := make([]*cellTable, len(a.tallies)), make([][][]string, len(a.tallies))
	for i, s := range a.tallies {
		if tables[i], by[i], err = a.table(s, d, unit); err != nil {
			return nil, err
		}
	}
	out := make([]Accumulated, len(a.request))
	for i, k := range a.request {
		t, r := tables[k], a.plan.Estimates[i]
		out[i].By = by[k]
		request := &Request{Statistic: r.Statistic, Level: r.Level, Occurring: r.Occurring, Interval: r.Interval,
			Confidence: r.Confidence, DF: r.DF, Deff: r.Deff, Variable: t.v.num}
		if t.v.cat != nil {
			request.Variable = t.v.cat
			if r.Statistic == Share {
				for _, l := range t.v.cat.Levels {
					out[i].Levels = append(out[i].Levels, l.Code)
				}
			}
		}
		out[i].Estimates = t.estimates(request)
	}
	return out, nil
}

// damaged says that what was read back is not an accumulator's.
func damaged() error {
	return fault.New(fault.Invalid, fault.Place{}, "the accumulator is damaged", "make it again from the data")
}

// design makes a design of a few rows for each unit, of which all that a
// variance needs is known, and says which of its units each one is.
func (a *Accumulator) design() (*Design, []uint32, error) {
	columns := a.plan.clusters()
	if a.plan.Strata != "" {
		columns = append([]string{a.plan.Strata}, columns...)
	}
	type row struct {
		unit   int
		codes  []string
		alive  bool
		stands float64
		fpc    int // 0 the least, 1 the most
	}
	var rows []row
	alive, strata := uint64(0), map[string]bool{}
	for k, name := range a.units.names {
		codes, ok := splitCodes(name, len(columns))
		if !ok {
			return nil, nil, damaged()
		}
		u := a.of[k]
		alive += u.alive
		if u.alive > 0 && a.plan.Strata != "" {
			strata[codes[0]] = true
		}
		r := row{k, codes, u.alive > 0, 1, 0}
		if u.rows == 1 && len(a.plan.Clusters) == 0 {
			rows = append(rows, r)
			continue
		}
		// Two rows, so that no cluster is taken for a row, and that both ends of
		// an FPC are there, which may not vary.
		other := r
		other.fpc, other.stands = 1, float64(u.rows-1)
		rows = append(rows, r, other)
	}
	if alive == 0 {
		return nil, nil, fault.New(fault.Invalid, fault.Place{}, "the design has no row with a weight above zero", "add rows before estimates are made")
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(slices.Compare(a.codes, b.codes), cmp.Compare(a.fpc, b.fpc))
	})
	spec := Spec{Nest: a.plan.Nest, LonelyPSU: a.plan.LonelyPSU}
	for k, name := range columns {
		c := categoryOf(name, len(rows), func(i int) string { return rows[i].codes[k] })
		if k == 0 && a.plan.Strata != "" {
			spec.Strata = c
		} else {
			spec.Clusters = append(spec.Clusters, c)
		}
	}
	weights := make([]float64, len(rows))
	for i, r := range rows {
		if r.alive {
			weights[i] = 1
		}
		if len(a.plan.Clusters) == 0 {
			spec.stands = append(spec.stands, r.stands)
		}
	}
	spec.Weights = table.NewNumber("weights", weights, nil)
	for s, name := range a.plan.FPC {
		values := make([]float64, len(rows))
		for i, r := range rows {
			fpc := a.of[r.unit].fpc
			if len(fpc) != 2*len(a.plan.FPC) {
				return nil, nil, damaged()
			}
			values[i] = fpc[2*s+r.fpc]
		}
		spec.FPC = append(spec.FPC, table.NewNumber(name, values, nil))
	}
	d, err := New(spec)
	if err != nil {
		return nil, nil, err
	}
	unit := make([]uint32, len(a.of))
	for i, r := range rows {
		if d.unit != nil {
			unit[r.unit] = d.unit[i]
		}
	}
	if len(a.plan.Clusters) == 0 {
		d.psus = a.Rows()
		d.df = float64(alive) - float64(max(1, len(strata)))
	}
	return d, unit, nil
}

// categoryOf makes a category column of codes, its levels in order of bytes.
func categoryOf(name string, rows int, code func(row int) string) *table.CategoryColumn {
	var all []string
	for i := range rows {
		all = append(all, code(i))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	codes, levels := make([]uint32, rows), make([]table.Level, len(all))
	for l, code := range all {
		levels[l].Code = code
	}
	for i := range codes {
		l, _ := slices.BinarySearch(all, code(i))
		codes[i] = table.FirstLevel + uint32(l)
	}
	return table.NewCategory(name, levels, codes)
}

// table makes the table of cells from which the estimates of a tally follow, and
// returns the codes of its By columns.
func (a *Accumulator) table(s *tally, d *Design, unit []uint32) (*cellTable, [][]string, error) {
	g, domain, by, ok := s.grouping()
	if !ok {
		return nil, nil, damaged()
	}
	v, class, ok := s.classed()
	if !ok {
		return nil, nil, damaged()
	}
	t := &cellTable{d: d, g: g, v: v, joint: 1, per: (g.n() + 2) * v.classes()}
	var sums int
	t.ch, sums = a.channels(s)
	t.stride = t.ch
	if !d.clustered {
		t.square = t.ch
		t.stride += t.ch * (t.ch + 1) / 2
	}
	t.count = make([]uint32, t.per)
	if t.ch > 1 {
		t.yy = make([]float64, t.per)
	}
	type entry struct {
		unit, cell, at uint32
	}
	var entries []entry
	yy := map[uint32]*exactSum{}
	for key, at := range s.cell {
		c := &s.sums[at]
		cell := domain[key.domain]*uint32(v.classes()) + class[key.class]
		if class[key.class] >= uint32(v.valued) {
			t.count[cell] += uint32(c.rows)
			continue
		}
		if len(c.sum) != sums || c.rows > math.MaxUint32-uint64(t.count[cell]) {
			return nil, nil, damaged()
		}
		t.count[cell] += uint32(c.rows)
		entries = append(entries, entry{unit[key.unit], cell, at})
		if t.ch > 1 {
			if yy[cell] == nil {
				yy[cell] = &exactSum{}
			}
			yy[cell].merge(&c.sum[t.ch])
		}
	}
	for cell, sum := range yy {
		t.yy[cell] = sum.value()
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.cell, b.cell)) })
	t.start = make([]int, d.units+1)
	for _, e := range entries {
		t.start[e.unit+1]++
		t.cell = append(t.cell, e.cell)
		sum := s.sums[e.at].sum
		for k := range sum {
			if t.ch == 1 || k != t.ch { // which is that of yy
				t.val = append(t.val, sum[k].value())
			}
		}
	}
	for u := range d.units {
		t.start[u+1] += t.start[u]
	}
	t.sum()
	return t, by, nil
}

// grouping orders a tally's domains, by their codes column after column, and
// says which of them each of the dictionary is.
func (s *tally) grouping() (g *grouping, domain []uint32, by [][]string, ok bool) {
	n := len(s.domains.names)
	codes := make([][]string, n)
	by = make([][]string, len(s.by))
	for k, name := range s.domains.names {
		if codes[k], ok = splitCodes(name, len(s.by)); !ok {
			return nil, nil, nil, false
		}
		for c, code := range codes[k] {
			by[c] = append(by[c], code)
		}
	}
	for c := range by {
		slices.Sort(by[c])
		by[c] = slices.Compact(by[c])
	}
	order := make([]int, n)
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(codes[a], codes[b]) })
	g, domain = &grouping{}, make([]uint32, n)
	for place, k := range order {
		domain[k] = uint32(place)
		levels := make([]int, len(s.by))
		for c, code := range codes[k] {
			levels[c], _ = slices.BinarySearch(by[c], code)
		}
		g.domains = append(g.domains, levels)
	}
	return g, domain, by, true
}

// classed orders a tally's classes: levels by their codes, all other levels,
// then reasons; and says which of them each of the dictionary is.
func (s *tally) classed() (v *variable, class []uint32, ok bool) {
	v = &variable{all: s.all}
	class = make([]uint32, len(s.classes.names))
	if s.category {
		levels := slices.Clone(s.wanted)
		for _, name := range s.classes.names {
			if code, is := strings.CutPrefix(name, "v"); is {
				levels = append(levels, code)
			}
		}
		slices.Sort(levels)
		levels = slices.Compact(levels)
		v.cat = categoryOf(s.variable, len(levels), func(i int) string { return levels[i] })
		for l, code := range levels {
			if k, seen := s.classes.index["v"+code]; seen {
				class[k] = uint32(len(v.levelOf))
				v.levelOf = append(v.levelOf, l)
			}
		}
		if k, seen := s.classes.index["o"]; seen {
			class[k] = uint32(len(v.levelOf))
			v.levelOf = append(v.levelOf, -1)
		}
		v.valued = len(v.levelOf)
	} else {
		v.num, v.valued = table.NewNumber(s.variable, nil, nil), 1
		if s.denominator != "" {
			v.den = table.NewNumber(s.denominator, nil, nil)
		}
	}
	for r := table.Blank; r < table.FirstLevel; r++ {
		if k, seen := s.classes.index["r"+string('0'+rune(r))]; seen {
			class[k] = uint32(v.classes())
			v.reason = append(v.reason, r)
		}
	}
	return v, class, true
}
