package survey

import (
	"reflect"

	"waymark/internal/fault"
)

// Merge adds what another accumulator of the same plan has added up; that one
// stays as it is. It fails if the plans differ, or as Add does when there are
// too many cells.
func (a *Accumulator) Merge(o *Accumulator) error {
	if a == o || o == nil || !reflect.DeepEqual(a.plan, o.plan) {
		return fault.New(fault.Invalid, fault.Place{}, "the accumulators do not have the same plan, or are one and the same", "merge accumulators of one plan, each once")
	}
	if a.cells > AccumulatorCells || o.cells > AccumulatorCells {
		return a.full()
	}
	unit := make([]uint32, len(o.of))
	for k, name := range o.units.names {
		unit[k] = a.units.number(name)
		if int(unit[k]) == len(a.of) {
			a.of = append(a.of, unitCount{})
		}
		mine, theirs := &a.of[unit[k]], &o.of[k]
		mine.rows += theirs.rows
		mine.alive += theirs.alive
		for s := range len(theirs.fpc) / 2 {
			mine.widen(s, theirs.fpc[2*s], theirs.fpc[2*s+1])
		}
	}
	for i, s := range o.tallies {
		if err := a.mergeTally(a.tallies[i], s, unit); err != nil {
			return err
		}
	}
	return nil
}

func (a *Accumulator) mergeTally(to, from *tally, unit []uint32) error {
	domain, class := make([]uint32, len(from.domains.names)), make([]uint32, len(from.classes.names))
	for k, name := range from.domains.names {
		domain[k] = to.domains.number(name)
	}
	for k, name := range from.classes.names {
		class[k] = to.classes.number(name)
	}
	for key, at := range from.cell {
		theirs := &from.sums[at]
		key = cellAt{key.unit, domain[key.domain], class[key.class]}
		if len(theirs.sum) > 0 {
			key.unit = unit[key.unit]
		}
		k, err := a.cellFor(to, key, len(theirs.sum))
		if err != nil {
			return err
		}
		mine := &to.sums[k]
		mine.rows += theirs.rows
		for j := range mine.sum {
			mine.sum[j].merge(&theirs.sum[j])
		}
	}
	return nil
}
