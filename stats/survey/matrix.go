package survey

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Limits of a model matrix.
const (
	matrixColumns = 1000
	matrixLevels  = 1000 // levels that rows use, of one category
)

// modelFactor is a factor of a formula with its data.
type modelFactor struct {
	label string
	name  string    // of the column, for references
	num   []float64 // one a row, NaN where missing; nil for a category
	expr  *Arithmetic
	of    map[string][]float64 // the numbers of expr's columns
	cat   *table.CategoryColumn
	// used are the levels that occur among the rows used, the reference first;
	// rank is their place in it by level, or -1.
	used []int
	rank []int
}

// coding is how a category enters a term: with all levels, or without the
// reference.
type coding struct {
	factor int
	full   bool
}

// slot is the columns of one term. Every row has at most one of them that is
// not 0, so a row of the matrix is a value and a code for each slot.
type slot struct {
	val, code   int // columns of modelRows; -1: the value 1, and one column only
	base, width int // its columns in the layout
	// shift was taken off the values; the columns of partner, which has the
	// same codes and no value, make up for it. -1: none.
	shift   float64
	partner int
	factors []int
}

// layoutColumn is a column of the matrix.
type layoutColumn struct{ name, term string }

// layout is the columns of a model matrix in R's order.
type layout struct {
	factors   []*modelFactor
	slots     []slot
	columns   []layoutColumn
	values    [][]int    // factors multiplied, per value column
	codes     [][]coding // categories crossed, per code column
	centred   []bool     // per value column
	reference map[string]string
	unused    []string
}

// layOutModel makes the layout of a formula's terms.
//
// A category is coded without its reference in a term if the term without it is
// in the model, else with all levels; where there is no constant the first
// category of the terms has all levels. So R does.
func layOutModel(f *Formula, factors []*modelFactor, centre bool, faults *fault.List) *layout {
	l := &layout{factors: factors, reference: map[string]string{}}
	index := map[string]int{}
	for k, x := range factors {
		index[x.label] = k
		if x.num == nil && len(x.used) > 0 {
			l.reference[x.label] = x.levelName(x.used[0])
			for v := range x.cat.Levels {
				if x.rank[v] < 0 && len(l.unused) < matrixColumns {
					l.unused = append(l.unused, x.label+x.levelName(v))
				}
			}
		}
	}
	present := map[string]bool{"": f.Intercept}
	key := func(t []int) string {
		t = slices.Clone(t)
		slices.Sort(t)
		return strings.Trim(fmt.Sprint(t), "[]")
	}
	terms := make([][]int, len(f.Terms))
	for i, t := range f.Terms {
		for _, x := range t.Factors {
			terms[i] = append(terms[i], index[x.Label()])
		}
		present[key(terms[i])] = true
	}
	if f.Intercept {
		l.slots = append(l.slots, slot{val: -1, code: -1, width: 1, partner: -1})
		l.columns = append(l.columns, layoutColumn{"(Intercept)", "(Intercept)"})
	}
	first := !f.Intercept
	for i, t := range terms {
		var cats []coding
		for k, x := range t {
			if factors[x].num != nil {
				continue
			}
			rest := slices.Delete(slices.Clone(t), k, k+1)
			full := !present[key(rest)]
			if len(rest) == 0 {
				full = false
			}
			cats = append(cats, coding{x, full || first})
			first = false
		}
		l.add(t, cats, f.Terms[i].Label(), centre)
		if len(l.columns) > matrixColumns {
			faults.Addf(fault.Invalid, fault.Place{Field: f.Terms[i].Label()}, "merge levels, or use fewer terms", "the model has more than %d coefficients", matrixColumns)
			return l
		}
	}
	for i := range l.slots {
		l.pair(i)
	}
	return l
}

// add makes the slot of a term.
func (l *layout) add(t []int, cats []coding, label string, centre bool) {
	s := slot{val: -1, code: -1, base: len(l.columns), width: 1, partner: -1, factors: t}
	var nums []int
	for _, x := range t {
		if l.factors[x].num != nil {
			nums = append(nums, x)
		}
	}
	if len(cats) > 0 {
		for _, c := range cats {
			s.width = min(s.width*l.factors[c.factor].levels(c.full), 2*matrixColumns)
		}
		if s.code = slices.IndexFunc(l.codes, func(c []coding) bool { return slices.Equal(c, cats) }); s.code < 0 {
			s.code = len(l.codes)
			l.codes = append(l.codes, cats)
		}
	}
	if len(nums) > 0 {
		// Values are centred where columns of the same codes can make up for it.
		centre = centre && slices.ContainsFunc(l.slots, func(o slot) bool { return o.val < 0 && o.code == s.code })
		s.val = slices.IndexFunc(l.values, func(v []int) bool { return slices.Equal(v, nums) })
		for s.val >= 0 && l.centred[s.val] != centre {
			next := slices.IndexFunc(l.values[s.val+1:], func(v []int) bool { return slices.Equal(v, nums) })
			if s.val += next + 1; next < 0 {
				s.val = -1
			}
		}
		if s.val < 0 {
			s.val = len(l.values)
			l.values, l.centred = append(l.values, nums), append(l.centred, centre)
		}
	}
	l.slots = append(l.slots, s)
	if s.width > matrixColumns { // refused by the caller
		l.columns = append(l.columns, make([]layoutColumn, s.width)...)
		return
	}
	for k := range s.width {
		parts := make([]string, 0, len(t))
		rest := k
		for _, x := range t {
			name := l.factors[x].label
			if c := slices.IndexFunc(cats, func(c coding) bool { return c.factor == x }); c >= 0 {
				n := l.factors[x].levels(cats[c].full)
				level := rest % n
				rest /= n
				if !cats[c].full {
					level++
				}
				name += l.factors[x].levelName(l.factors[x].used[level])
			}
			parts = append(parts, name)
		}
		l.columns = append(l.columns, layoutColumn{strings.Join(parts, ":"), label})
	}
}

// pair finds the slot that makes up for a shift.
func (l *layout) pair(i int) {
	s := &l.slots[i]
	if s.val >= 0 && l.centred[s.val] {
		s.partner = slices.IndexFunc(l.slots, func(o slot) bool { return o.val < 0 && o.code == s.code })
	}
}

// levels is how many columns the category makes.
func (x *modelFactor) levels(full bool) int {
	if full {
		return len(x.used)
	}
	return max(0, len(x.used)-1)
}

// levelName is a level in the name of a coefficient: TRUE and FALSE as R has them.
func (x *modelFactor) levelName(level int) string { return x.cat.Levels[level].Code }

// uses says whether a number is made from a column.
func (x *modelFactor) uses(name string) bool {
	_, ok := x.of[name]
	return ok || x.expr == nil && x.name == name
}

// derivative is that of the number by a column.
func (x *modelFactor) derivative(row int, by string) float64 {
	if x.expr == nil {
		return 1
	}
	_, d := x.expr.change(func(name string) float64 { return x.of[name][row] }, by)
	return d
}

// occurring finds the levels of a category that the rows used have, and puts
// the reference first.
func (x *modelFactor) occurring(used []bool, want string, faults *fault.List) {
	n := len(x.cat.Levels)
	seen := make([]bool, n)
	for i, ok := range used {
		if ok {
			seen[x.cat.Level(i)] = true
		}
	}
	x.rank = make([]int, n)
	for v := range seen {
		x.rank[v] = -1
		if seen[v] {
			x.used = append(x.used, v)
		}
	}
	if len(x.used) > matrixLevels {
		faults.Addf(fault.Invalid, fault.Place{Field: x.name}, "merge levels, or use it as a number", "%d levels are more than the %d that a model takes", len(x.used), matrixLevels)
		x.used = x.used[:1]
	}
	if want != "" {
		at := x.cat.Index(want)
		k := slices.Index(x.used, at)
		switch {
		case at < 0:
			faults.Addf(fault.Invalid, fault.Place{Field: x.name}, "use a code of the column", "there is no level %q to compare with", want)
		case k < 0:
			faults.Addf(fault.Invalid, fault.Place{Field: x.name}, "compare with a level that occurs", "no row of the model has the level %q", want)
		default:
			x.used = slices.Concat([]int{at}, x.used[:k], x.used[k+1:])
		}
	}
	for k, v := range x.used {
		x.rank[v] = k
	}
}

// asCategory makes categories of numbers or texts, in their order.
func asCategory(col table.Column, faults *fault.List) *table.CategoryColumn {
	var levels []table.Level
	codes := make([]uint32, col.Len())
	switch c := col.(type) {
	case *table.CategoryColumn:
		return c
	case *table.BoolColumn:
		levels = []table.Level{{Code: "FALSE", Label: "false"}, {Code: "TRUE", Label: "true"}}
		for i, v := range c.Values {
			if codes[i] = uint32(c.Missing(i)); codes[i] == uint32(table.Present) {
				codes[i] = table.FirstLevel
				if v {
					codes[i]++
				}
			}
		}
	case *table.NumberColumn:
		levels = ranked(codes, c.Values, func(i int) bool { return c.Missing(i) == table.Present && c.Values[i] == c.Values[i] },
			func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) })
	case *table.TextColumn:
		texts := make([]string, c.Len())
		for i := range texts {
			texts[i] = c.Text(i)
		}
		levels = ranked(codes, texts, func(i int) bool { return c.Missing(i) == table.Present && texts[i] != "" }, func(s string) string { return s })
	}
	if levels == nil && len(codes) > 0 {
		faults.Addf(fault.Invalid, fault.Place{Field: col.Name()}, "merge values, or use it as a number", "the column has no values, or more than the %d different ones that a model takes", matrixLevels)
		return nil
	}
	return table.NewCategory(col.Name(), levels, codes)
}

// ranked codes values by their rank; nil if there are none or too many.
func ranked[T cmp.Ordered](codes []uint32, values []T, present func(i int) bool, text func(T) string) []table.Level {
	known := map[T]uint32{}
	var all []T
	for i, v := range values {
		if !present(i) {
			codes[i] = uint32(table.Blank)
			continue
		}
		if _, ok := known[v]; !ok {
			known[v] = 0
			if all = append(all, v); len(all) > matrixLevels {
				return nil
			}
		}
	}
	slices.Sort(all)
	levels := make([]table.Level, len(all))
	for k, v := range all {
		known[v] = uint32(table.FirstLevel + k)
		levels[k] = table.Level{Code: text(v)}
	}
	for i, v := range values {
		if present(i) {
			codes[i] = known[v]
		}
	}
	return levels
}
