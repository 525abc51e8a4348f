package survey

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// modelRows is the rows that a model uses, in the order of the design's units,
// with the values and codes that the slots of its layout need.
type modelRows struct {
	d       *Design
	layout  *layout
	n       int
	row     []uint32 // the design's row of each position
	at      []int32  // the position of each row of the design, or -1
	start   []int    // first position of each unit, and n
	domain  int      // rows alive in the subset, with all values or not
	missing []VariableMissing
	unit    float64 // mean weight of those rows, by which weights are scaled
	weights []float64
	y       []float64
	outcome string // what y is, for messages
	values  [][]float64
	lo, hi  []float64 // range of each value column
	// codes of each code column by position; the last code of a slot, its width,
	// stands for no column. Where there are few patterns of levels they are by
	// pattern, and pattern is by position.
	codes    [][]uint16
	pattern  []uint16
	patterns int
	ranks    [][]uint16 // of each category by pattern
}

// modelRows reads the columns of a model and lays out its matrix.
func (d *Design) modelRows(ctx context.Context, r ModelRequest, opt EngineOptions) (*modelRows, error) {
	faults := fault.NewList(maxFaults)
	if !d.checkModel(r, faults) {
		return nil, faults.Err()
	}
	m := &modelRows{d: d}
	y := d.modelOutcome(r, faults)
	var factors []*modelFactor
	for _, x := range r.Formula.Factors() {
		if f := d.modelFactor(x, r.Data, faults); f != nil {
			factors = append(factors, f)
		}
	}
	for name := range r.Reference {
		if !slices.ContainsFunc(factors, func(f *modelFactor) bool { return f.num == nil && f.name == name }) {
			faults.Addf(fault.Invalid, fault.Place{Field: name}, "name a categorical column of the model", "the reference level is for no category of the model")
		}
	}
	if faults.Len() > 0 {
		return nil, faults.Err()
	}
	used := m.complete(r.Where, y, r.Formula.Outcome, factors, faults)
	if faults.Len() == 0 && r.Family == Binomial {
		for i, v := range y {
			if used[i] && v != 0 && v != 1 {
				faults.Addf(fault.Invalid, fault.Place{Field: r.Formula.Outcome, Row: i + 1}, "code the outcome as 0 and 1", "the outcome of a logistic model is not 0 or 1 (data row)")
			}
		}
	}
	for _, f := range factors {
		if f.num == nil {
			f.occurring(used, r.Reference[f.name], faults)
		}
	}
	if faults.Len() > 0 {
		return nil, faults.Err()
	}
	m.outcome = r.Formula.Outcome
	if r.Formula.HasLevel {
		m.outcome += " = " + r.Formula.Level
	}
	m.layout = layOutModel(r.Formula, factors, true, faults)
	if faults.Len() > 0 {
		return nil, faults.Err()
	}
	m.place(used, y)
	return m, m.fill(ctx, opt.Workers)
}

// find returns a column, or nil after saying why not.
func (d *Design) findColumn(data Columns, name string, faults *fault.List) table.Column {
	c := data.Column(name)
	switch {
	case c == nil:
		faults.Addf(fault.NotFound, fault.Place{Field: name}, "name a column of the data", "there is no such column")
		return nil
	case c.Len() != d.rows:
		faults.Addf(fault.Invalid, fault.Place{Field: name}, "use columns of the design's table", "the column has %d rows and the design has %d", c.Len(), d.rows)
		return nil
	}
	return c
}

// numberColumn returns a column of numbers, or nil after saying why not.
func (d *Design) numberColumn(data Columns, name string, faults *fault.List) *table.NumberColumn {
	col := d.findColumn(data, name, faults)
	if col == nil {
		return nil
	}
	c, ok := col.(*table.NumberColumn)
	if !ok {
		faults.Addf(fault.Invalid, fault.Place{Field: name}, "use a number column", "arithmetic cannot be done with a %s column", col.Kind())
		return nil
	}
	return c
}

// modelFactor reads a factor's column, or makes its numbers.
func (d *Design) modelFactor(x FormulaFactor, data Columns, faults *fault.List) *modelFactor {
	f := &modelFactor{label: x.Label(), name: x.Column}
	if x.Expr != nil {
		f.expr = x.Expr
		f.num, f.of = d.arithmetic(x.Expr, f.label, data, faults)
		return f
	}
	switch c := d.findColumn(data, x.Column, faults).(type) {
	case nil:
		return nil
	case *table.NumberColumn:
		if !x.Categorical {
			f.num = c.Values
			return f
		}
		f.cat = asCategory(c, faults)
	case *table.CategoryColumn, *table.BoolColumn, *table.TextColumn:
		f.cat = asCategory(c, faults)
	default:
		faults.Addf(fault.Invalid, fault.Place{Field: x.Column}, "use a number, a category or a yes/no column", "a %s column is not a term of a model", c.Kind())
	}
	if f.cat == nil {
		return nil
	}
	return f
}

// arithmetic makes a number for every row; a row without a number in one of the
// columns has none.
func (d *Design) arithmetic(e *Arithmetic, label string, data Columns, faults *fault.List) ([]float64, map[string][]float64) {
	columns := map[string][]float64{}
	e.columns(func(name string) {
		if _, ok := columns[name]; !ok {
			columns[name] = nil
			if c := d.numberColumn(data, name, faults); c != nil {
				columns[name] = c.Values
			}
		}
	})
	out := make([]float64, d.rows)
	for _, c := range columns {
		if c == nil {
			return out, columns
		}
	}
	row := 0
	get := func(name string) float64 { return columns[name][row] }
	for row = range out {
		out[row] = e.at(get)
		whole := true
		for _, c := range columns {
			whole = whole && c[row] == c[row]
		}
		switch v := out[row]; {
		case !whole:
			out[row] = math.NaN()
		case (v != v || math.IsInf(v, 0)) && d.Weight(row) > 0:
			faults.Addf(fault.Invalid, fault.Place{Field: label, Row: row + 1}, "leave the row out, or change the term", "the term has no finite value (data row)")
		}
	}
	return out, columns
}

// modelOutcome returns the outcome of every row, NaN where it is missing.
func (d *Design) modelOutcome(r ModelRequest, faults *fault.List) []float64 {
	f := r.Formula
	say := func(remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: f.Outcome}, remedy, format, args...)
	}
	col := d.findColumn(r.Data, f.Outcome, faults)
	var cat *table.CategoryColumn
	level := -1
	switch c := col.(type) {
	case nil:
		return nil
	case *table.NumberColumn:
		if !f.HasLevel {
			return c.Values
		}
		want, err := strconv.ParseFloat(f.Level, 64)
		if err != nil {
			say("write outcome=number", "the level %q of a number column is not a number", f.Level)
			return nil
		}
		out := make([]float64, d.rows)
		for i, v := range c.Values {
			switch {
			case v != v:
				out[i] = v
			case v == want:
				out[i] = 1
			}
		}
		return out
	case *table.BoolColumn:
		cat = asCategory(c, faults)
		if level = 1; f.HasLevel {
			level = slices.Index([]string{"false", "true"}, strings.ToLower(f.Level))
		}
	case *table.CategoryColumn, *table.TextColumn:
		if cat = asCategory(c, faults); cat == nil {
			return nil
		}
		switch {
		case f.HasLevel:
			level = cat.Index(f.Level)
		case len(cat.Levels) == 2 && r.Family == Binomial:
			level = 1 // against the first, as R
		default:
			say("write outcome=level", "the outcome is a category: say which of its levels is modelled")
			return nil
		}
	default:
		say("use a number, a category or a yes/no column", "a %s column is not an outcome", c.Kind())
		return nil
	}
	if level < 0 {
		say("use a code of the column", "there is no level %q", f.Level)
		return nil
	}
	out := make([]float64, d.rows)
	for i := range out {
		switch cat.Level(i) {
		case -1:
			out[i] = math.NaN()
		case level:
			out[i] = 1
		}
	}
	return out
}

// complete says which rows have all values, and counts those that have not.
func (m *modelRows) complete(where []bool, y []float64, outcome string, factors []*modelFactor, faults *fault.List) []bool {
	d := m.d
	used, total := make([]bool, d.rows), 0.0
	for i := range used {
		if used[i] = (where == nil || where[i]) && (d.dead == nil || !d.dead[i]); used[i] {
			m.domain++
			total += d.Weight(i)
		}
	}
	m.unit = total / float64(max(1, m.domain))
	whole := slices.Clone(used)
	count := func(name string, there func(i int) bool) {
		n := 0
		for i, in := range used {
			if in && !there(i) {
				whole[i] = false
				n++
			}
		}
		if n > 0 {
			m.missing = append(m.missing, VariableMissing{name, n})
		}
	}
	number := func(name string, v []float64) {
		count(name, func(i int) bool {
			if math.Abs(v[i]) > maxFinite {
				faults.Addf(fault.Invalid, fault.Place{Field: name, Row: i + 1}, "numbers must be finite", "the number cannot be used (data row)")
			}
			return v[i] == v[i]
		})
	}
	number(outcome, y)
	for _, f := range factors {
		if f.num != nil {
			number(f.label, f.num)
		} else {
			count(f.label, func(i int) bool { return f.cat.Code(i) >= table.FirstLevel })
		}
	}
	return whole
}

// place puts the rows used in the order of units. Rows are read one after the
// other and written to as many places as there are units, which is faster than
// to read them from there.
func (m *modelRows) place(used []bool, y []float64) {
	d := m.d
	m.start, m.at = make([]int, d.units+1), make([]int32, d.rows)
	unit := func(row int) int {
		if d.unit == nil {
			return 0
		}
		return int(d.unit[row])
	}
	for row, ok := range used {
		if ok {
			m.start[unit(row)+1]++
		}
	}
	for u := range d.units {
		m.start[u+1] += m.start[u]
	}
	m.n = m.start[d.units]
	m.row, m.weights, m.y = make([]uint32, m.n), make([]float64, m.n), make([]float64, m.n)
	next := slices.Clone(m.start)
	for row, ok := range used {
		if m.at[row] = -1; ok {
			u := unit(row)
			at := next[u]
			next[u]++
			m.at[row] = int32(at)
			m.row[at], m.weights[at], m.y[at] = uint32(row), d.Weight(row)/m.unit, y[row]
		}
	}
}

// fill makes the value and code columns, side by side.
func (m *modelRows) fill(ctx context.Context, workers int) error {
	l := m.layout
	n := len(l.values)
	m.values, m.codes, m.pattern = make([][]float64, n), make([][]uint16, len(l.codes)), nil
	m.lo, m.hi = make([]float64, n), make([]float64, n)
	shift := make([]float64, n)
	err := each(ctx, workers, n+1, func(i int) {
		if i > 0 {
			m.values[i-1], shift[i-1] = m.product(i-1, l.values[i-1], l.centred[i-1])
		} else if len(l.codes) > 0 {
			m.ranks = m.findPatterns()
		}
	})
	if err != nil {
		return err
	}
	err = each(ctx, workers, len(l.codes), func(i int) { m.codes[i] = m.crossing(l.codes[i], m.ranks) })
	for i := range l.slots {
		if s := &l.slots[i]; s.val >= 0 {
			s.shift = shift[s.val]
		}
	}
	return err
}

// product multiplies number factors and takes off their mean.
func (m *modelRows) product(k int, factors []int, centre bool) ([]float64, float64) {
	out, sum := make([]float64, m.n), 0.0
	for k, x := range factors {
		num := m.layout.factors[x].num
		for row, at := range m.at {
			switch {
			case at < 0:
			case k == 0:
				out[at] = num[row]
			default:
				out[at] *= num[row]
			}
		}
	}
	mean := 0.0
	if centre && m.n > 0 {
		for _, v := range out {
			sum += v
		}
		mean = sum / float64(m.n)
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, v := range out {
		v -= mean
		out[i] = v
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	m.lo[k], m.hi[k] = lo, hi
	return out, mean
}

// hopeless says why no model can be fitted, before any work.
func (m *modelRows) hopeless(family Family) string {
	if m.n == 0 {
		return "no row has a value of every variable"
	}
	for _, y := range m.y {
		if y != m.y[0] {
			return ""
		}
	}
	if family == Binomial {
		return fmt.Sprintf("the outcome %s is the same in all %d rows with all values", m.outcome, m.n)
	}
	return fmt.Sprintf("the outcome %s does not vary in the %d rows with all values", m.outcome, m.n)
}

// freedom is the PSUs less the strata that hold a row used.
func (m *modelRows) freedom() float64 {
	if m.d.rep != nil && m.domain == m.d.nAlive { // as R, with the rows that the model leaves out
		return m.d.df
	}
	used := make([]bool, m.d.rows)
	for _, row := range m.row {
		used[row] = true
	}
	return m.d.freedomOf(func(row int) bool { return used[row] })
}

// nullDeviance is the deviance of the constant alone, of weights of mean 1; of a
// model without one, that of a linear predictor of 0.
func (m *modelRows) nullDeviance(family Family, constant bool) float64 {
	var w, wy, dev float64
	for i, v := range m.weights {
		w += v
		wy += v * m.y[i]
	}
	p := wy / w
	if !constant {
		if p = 0; family == Binomial {
			p = 0.5
		}
	}
	if family == Binomial {
		return -2 * (wy*math.Log(p) + (w-wy)*math.Log(1-p))
	}
	for i, v := range m.weights {
		dev += v * (m.y[i] - p) * (m.y[i] - p)
	}
	return dev
}
