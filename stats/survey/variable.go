package survey

import (
	"encoding/binary"
	"math"
	"sync"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// variable is what one table is made of: a category or boolean with its
// classes, or one or two numbers.
//
// Classes come first in a cell: those with a value, then one for each reason
// for a missing value. Of a category each wanted level is a class, and all
// others share one; of numbers there is one class with a value.
type variable struct {
	cat   *table.CategoryColumn
	truth *table.BoolColumn
	num   *table.NumberColumn // numbers: the variable, or the numerator
	den   *table.NumberColumn // the denominator of a ratio

	all     bool         // every level is a class
	wanted  map[int]bool // else these
	valued  int          // classes with a value
	classOf []uint32     // by code (category), or reason then false, true (boolean)
	levelOf []int        // class to level; -1: all others
	reason  []table.Missing
	shift   [2]float64 // taken from the numbers before sums are made

	once sync.Once
	bits [][]uint64 // see mapBits

	units   unitBits
	ordered struct { // see classesInOrder
		once  sync.Once
		class []uint8
	}
}

// classes is the number of classes of a cell.
func (v *variable) classes() int { return v.valued + len(v.reason) }

// channels is the number of sums kept per cell: weights, then weighted numbers.
func (v *variable) channels() int {
	switch {
	case v.num == nil:
		return 1
	case v.den == nil:
		return 2
	}
	return 3
}

// class returns the class of a level, or -1.
func (v *variable) class(level int) int {
	for k, l := range v.levelOf {
		if l == level {
			return k
		}
	}
	return -1
}

// prepare fixes classes from the levels wanted and the reasons that occur.
func (v *variable) prepare(faults *fault.List) {
	switch {
	case v.cat != nil:
		v.prepareCategory()
	case v.truth != nil:
		v.levelOf = []int{0, 1}
		v.valued = 2
		v.classOf = make([]uint32, table.FirstLevel+2)
		v.reasons(occurring(v.truth.Reasons()))
		v.classOf[table.FirstLevel], v.classOf[table.FirstLevel+1] = 0, 1
	default:
		v.valued = 1
		v.classOf = make([]uint32, table.FirstLevel)
		seen := occurring(v.num.Reasons())
		v.shift[0] = v.scan(v.num, &seen, faults)
		if v.den != nil {
			for r, ok := range occurring(v.den.Reasons()) {
				seen[r] = seen[r] || ok
			}
			v.shift[1] = v.scan(v.den, &seen, faults)
		}
		v.reasons(seen)
	}
}

// prepareCategory looks which reasons occur and numbers the classes.
func (v *variable) prepareCategory() {
	c := v.cat
	var seen [table.FirstLevel]bool
	switch {
	case c.Codes8 != nil:
		reasonsIn(c.Codes8, &seen)
	default:
		for i, n := 0, c.Len(); i < n; i++ {
			if k := c.Code(i); k < table.FirstLevel {
				seen[k] = true
			}
		}
	}
	v.classOf = make([]uint32, len(c.Levels)+table.FirstLevel)
	others := -1
	for l := range c.Levels {
		if !v.all && !v.wanted[l] {
			if others < 0 {
				others = len(v.levelOf)
				v.levelOf = append(v.levelOf, -1)
			}
			v.classOf[table.FirstLevel+l] = uint32(others)
			continue
		}
		v.classOf[table.FirstLevel+l] = uint32(len(v.levelOf))
		v.levelOf = append(v.levelOf, l)
	}
	v.valued = len(v.levelOf)
	v.reasons(seen)
}

// reasonsIn marks the reasons that occur, eight rows at a time where there are none.
func reasonsIn(codes []uint8, seen *[table.FirstLevel]bool) {
	var all [256]bool
	for ; len(codes) >= 8; codes = codes[8:] {
		if eight := codes[:8:8]; anyReasonOf(binary.LittleEndian.Uint64(eight)) {
			for _, k := range eight {
				all[k] = true
			}
		}
	}
	for _, k := range codes {
		all[k] = true
	}
	copy(seen[:], all[:])
}

// occurring says which reasons occur in a column that keeps them beside.
func occurring(reasons []table.Missing) (seen [table.FirstLevel]bool) {
	for _, m := range reasons {
		seen[m] = true
	}
	return seen
}

// reasons gives a class to each reason seen.
func (v *variable) reasons(seen [table.FirstLevel]bool) {
	for r := 1; r < table.FirstLevel; r++ {
		if seen[r] {
			v.classOf[r] = uint32(v.classes())
			v.reason = append(v.reason, table.Missing(r))
		}
	}
}

// scan returns the mean of a number column, which is taken off before sums are
// made so that squares stay small. A NaN that has no reason counts as Blank.
func (v *variable) scan(c *table.NumberColumn, seen *[table.FirstLevel]bool, faults *fault.List) float64 {
	sum, n := 0.0, 0
	for i, y := range c.Values {
		switch {
		case c.Missing(i) != table.Present:
		case y != y:
			seen[table.Blank] = true
		case math.Abs(y) > maxFinite:
			faults.Addf(fault.Invalid, fault.Place{Field: c.Name(), Row: i + 1}, "numbers must be finite", "the number %v cannot be used (data row)", y)
		default:
			sum += y
			n++
		}
	}
	if n == 0 || math.IsInf(sum, 0) {
		return 0
	}
	return sum / float64(n)
}

// absence says why a row has no numbers, or Present.
func (v *variable) absence(row int) table.Missing {
	for _, c := range []*table.NumberColumn{v.num, v.den} {
		if c == nil {
			continue
		}
		if m := c.Missing(row); m != table.Present {
			return m
		}
		if c.Values[row] != c.Values[row] {
			return table.Blank
		}
	}
	return table.Present
}
