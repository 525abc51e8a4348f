package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// clusters is the numbering of one stage: ids per row, and per cluster its
// parent and the level of its column.
type clusters struct {
	id     []uint32
	parent []uint32
	level  []uint32
}

// arrange numbers strata and clusters, checks them, and works out what each
// stage adds to a variance.
func (d *Design) arrange(spec Spec, in []bool, faults *fault.List) {
	top := clusters{parent: []uint32{0}, level: []uint32{0}}
	if spec.Strata != nil {
		complete(spec.Strata, "stratum", in, faults)
	}
	for _, c := range spec.Clusters {
		complete(c, "cluster", in, faults)
	}
	if faults.Len() > 0 {
		return
	}
	var numbered []clusters
	if spec.Strata != nil && len(spec.Clusters) == 1 && len(spec.FPC) == 0 {
		if strata, psu, ok := refineBoth(spec.Strata, spec.Clusters[0], in); ok && len(psu.parent) < countIn(d.rows, in) {
			numbered = []clusters{strata, psu}
		}
	}
	if numbered == nil {
		if spec.Strata != nil {
			top = refine(top, spec.Strata, in)
		}
		numbered = []clusters{top}
		for s, c := range spec.Clusters {
			if s > len(spec.FPC) { // later stages add nothing to the variance
				break
			}
			numbered = append(numbered, refine(numbered[s], c, in))
		}
	}
	if spec.Strata != nil {
		for _, l := range numbered[0].level {
			d.strata = append(d.strata, spec.Strata.Levels[l].Code)
		}
	} else {
		d.strata = []string{"all"}
	}
	d.hasFPC = len(spec.FPC) > 0
	if len(spec.Clusters) > 0 && !spec.Nest {
		crossing(numbered[1], spec.Clusters[0], d.strata, faults)
	}
	if faults.Len() > 0 {
		return
	}
	last := numbered[len(numbered)-1]
	d.clustered = len(spec.Clusters) > 0
	if len(numbered) == 2 && len(last.parent) == countIn(d.rows, in) {
		d.clustered = false // every cluster holds one row
		numbered = numbered[:1]
		last = top
	}
	d.unit, d.units = last.id, len(last.parent)
	if d.units == 1 {
		d.unit = nil
	}
	d.buildStages(spec, numbered, in, faults)
	if faults.Len() == 0 {
		d.countPSUs(numbered, in)
	}
	if faults.Len() == 0 && d.psus < 2 && spec.LonelyPSU == LonelyFail {
		faults.Addf(fault.Invalid, fault.Place{}, "a variance needs at least two PSUs", "the design has only one primary sampling unit")
	}
}

// complete reports the rows of the sample where a design column is missing.
func complete(c *table.CategoryColumn, role string, in []bool, faults *fault.List) {
	if !anyMissing(c) {
		return
	}
	for i, n := 0, c.Len(); i < n; i++ {
		if in != nil && !in[i] {
			continue
		}
		if c.Code(i) < table.FirstLevel {
			faults.Addf(fault.Invalid, fault.Place{Field: c.Name(), Row: i + 1}, "every row of the sample needs one, or is left out", "the %s is missing (data row)", role)
		}
	}
}

func countIn(rows int, in []bool) int {
	if in == nil {
		return rows
	}
	n := 0
	for _, ok := range in {
		if ok {
			n++
		}
	}
	return n
}

// refine splits each parent by a column. The new clusters are numbered by
// parent, then by level. Rows outside the sample get cluster 0.
func refine(p clusters, c *table.CategoryColumn, in []bool) clusters {
	n := c.Len()
	levels := uint64(len(c.Levels))
	key := func(i int) uint64 {
		k := uint64(c.Code(i) - table.FirstLevel)
		if p.id != nil {
			k += uint64(p.id[i]) * levels
		}
		return k
	}
	out := clusters{id: make([]uint32, n)}
	add := func(k uint64) {
		out.parent = append(out.parent, uint32(k/levels))
		out.level = append(out.level, uint32(k%levels))
	}
	if size := uint64(len(p.parent)) * levels; size <= 1<<24 && n > 0 {
		rank := make([]uint32, size)
		for k, seen := range p.keys(c).occurring(int(size), n, in) {
			if seen {
				rank[k] = uint32(len(out.parent))
				add(uint64(k))
			}
		}
		p.keys(c).number(out.id, rank, in)
		return out
	}
	rank := map[uint64]uint32{}
	for i := range n {
		if in == nil || in[i] {
			rank[key(i)] = 0
		}
	}
	keys := make([]uint64, 0, len(rank))
	for k := range rank {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for r, k := range keys {
		rank[k] = uint32(r)
		add(k)
	}
	for i := range n {
		if in == nil || in[i] {
			out.id[i] = rank[key(i)]
		}
	}
	return out
}

// crossing reports clusters that occur in more than one stratum.
func crossing(psu clusters, c *table.CategoryColumn, strata []string, faults *fault.List) {
	home := make(map[uint32]uint32, len(psu.level))
	for i, l := range psu.level {
		h, seen := home[l]
		if seen && h != psu.parent[i] {
			faults.Addf(fault.Invalid, fault.Place{Field: c.Name()}, "set nest if cluster codes are unique only within their stratum",
				"cluster %q is in two strata, %q and %q", c.Levels[l].Code, strata[h], strata[psu.parent[i]])
		}
		home[l] = psu.parent[i]
	}
}

// countPSUs counts the PSUs, and the degrees of freedom among rows alive.
func (d *Design) countPSUs(numbered []clusters, in []bool) {
	if d.dead == nil && d.clustered {
		d.psus = len(numbered[1].parent)
		d.df = float64(d.psus - len(d.strata))
		return
	}
	alivePSU := make([]bool, 0)
	aliveStratum := make([]bool, len(d.strata))
	if d.clustered {
		alivePSU = make([]bool, len(numbered[1].parent))
	}
	psus, strata := 0, 0
	for i := range d.rows {
		if d.dead != nil && d.dead[i] {
			continue
		}
		h := uint32(0)
		switch {
		case d.clustered:
			h = numbered[1].parent[numbered[1].id[i]]
		case numbered[0].id != nil:
			h = numbered[0].id[i]
		}
		if !aliveStratum[h] {
			aliveStratum[h] = true
			strata++
		}
		if !d.clustered {
			psus++
		} else if c := numbered[1].id[i]; !alivePSU[c] {
			alivePSU[c] = true
			psus++
		}
	}
	d.psus = countIn(d.rows, in)
	if d.clustered {
		d.psus = len(alivePSU)
	}
	d.df = float64(psus - strata)
}

// buildStages works out sample sizes, FPC factors and single clusters.
func (d *Design) buildStages(spec Spec, numbered []clusters, in []bool, faults *fault.List) {
	carry := []float64{1} // product of n/N of the stages before, per parent
	carry = slices.Repeat(carry, len(d.strata))
	nStages := max(1, len(numbered)-1)
	d.average = 1
	for s := range nStages {
		parents := len(numbered[s].parent)
		st := stage{n: make([]float64, parents), scale: make([]float64, parents), fraction: make([]float64, parents), single: make([]bool, parents)}
		if d.clustered {
			st.parent = numbered[s+1].parent
			for _, p := range st.parent {
				st.n[p]++
			}
		} else {
			for i := range d.rows {
				if in != nil && !in[i] {
					continue
				}
				many := 1.0
				if spec.stands != nil {
					many = spec.stands[i]
				}
				if numbered[0].id == nil {
					st.n[0] += many
				} else {
					st.n[numbered[0].id[i]] += many
				}
			}
		}
		size := d.populations(spec, s, numbered, st.n, in, faults)
		var lonely []string
		for p, n := range st.n {
			f := 0.0
			if !math.IsInf(size[p], 1) {
				f = n / size[p]
			}
			st.fraction[p] = f
			rest := 1 - f
			if !math.IsInf(size[p], 1) {
				rest = (size[p] - n) / size[p]
			}
			switch {
			case rest < 1e-7: // the whole population was taken
			case n > 1:
				st.scale[p] = carry[p] * rest * n / (n - 1)
			default:
				st.single[p] = true
				st.scale[p] = carry[p] * rest
				lonely = append(lonely, d.parentName(numbered, s, p, spec))
			}
		}
		d.lonely(spec, s, st, lonely, faults)
		d.stages = append(d.stages, st)
		if s+1 < nStages {
			next := make([]float64, len(numbered[s+1].parent))
			for c, p := range numbered[s+1].parent {
				if math.IsInf(size[p], 1) {
					continue
				}
				next[c] = carry[p] * st.n[p] / size[p]
			}
			carry = next
		}
	}
}

// lonely applies the rule for parents with a single cluster.
func (d *Design) lonely(spec Spec, s int, st stage, names []string, faults *fault.List) {
	if len(names) == 0 {
		return
	}
	shown := names
	if len(shown) > 10 {
		shown = append(slices.Clone(shown[:10]), fmt.Sprintf("and %d more", len(names)-10))
	}
	list := strings.Join(shown, ", ")
	switch spec.LonelyPSU {
	case LonelyFail:
		faults.Addf(fault.Invalid, fault.Place{}, "merge the stratum with a neighbour, or choose how to treat single PSUs: remove, certainty, adjust or average",
			"at stage %d these strata have only one PSU, so their variance cannot be estimated: %s", s+1, list)
	case LonelyAverage:
		if s > 0 {
			faults.Addf(fault.Invalid, fault.Place{}, "choose remove, certainty or adjust", "the average of other strata cannot stand for single clusters at stage %d: %s", s+1, list)
			return
		}
		ok := len(st.n) - len(names)
		if ok == 0 {
			faults.Addf(fault.Invalid, fault.Place{}, "choose another way to treat single PSUs", "every stratum has only one PSU, so there is no average to use")
			return
		}
		d.average = float64(len(st.n)) / float64(ok)
		fallthrough
	case LonelyRemove, LonelyCertainty:
		for p, one := range st.single {
			if one {
				st.scale[p] = 0
			}
		}
	}
}

// parentName is the label of a parent for messages.
func (d *Design) parentName(numbered []clusters, s, p int, spec Spec) string {
	if s == 0 {
		return fmt.Sprintf("%q", d.strata[p])
	}
	return fmt.Sprintf("cluster %q", spec.Clusters[s-1].Levels[numbered[s].level[p]].Code)
}
