package impute

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// work is a checked request: values by included row, and what each model reads.
type work struct {
	rows  []int // rows that take part
	vars  []variable
	turns []int // variables to fill, fewest missing first
	width int   // columns of the encoded matrix, the constant first
}

// variable is one column in numbers: values of a number, positions of the
// observed levels of others.
type variable struct {
	name    string
	column  table.Column
	method  Method
	values  []float64 // per included row; NaN where it is to be filled
	gap     []bool    // rows that stay missing; nil if there are none
	missing []int     // included rows to be filled
	seen    []int     // included rows with a value
	levels  []int     // levels of the column that occur, in order; nil for numbers
	donors  int
	kept    bool

	at     int // first column in the encoded matrix
	cols   int
	mean   float64 // of the observed numbers
	sd     float64
	reads  []int // encoded columns of its model, the constant first
	report Imputed
}

// defaultReasons are filled.
var defaultReasons = []table.Missing{table.Blank, table.Refused, table.DontKnow, table.Unreadable}

// newWork checks a request and reads the columns.
func newWork(variables []Variable, opt Options) (*work, error) {
	faults := fault.NewList(50)
	say := func(field, remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: field}, remedy, format, args...)
	}
	if opt.M < 2 || opt.M > maxImputations {
		say("", fmt.Sprintf("2 to %d", maxImputations), "%d completed files cannot be made", opt.M)
	}
	if opt.Iterations < 1 || opt.Iterations > maxIterations {
		say("", fmt.Sprintf("1 to %d", maxIterations), "%d iterations cannot be made", opt.Iterations)
	}
	if len(variables) == 0 || len(variables) > maxVariables {
		say("", fmt.Sprintf("name 1 to %d columns", maxVariables), "%d columns cannot be filled together", len(variables))
		return nil, faults.Err()
	}
	n := -1
	names := map[string]int{}
	for k, v := range variables {
		if v.Column == nil {
			say("", "give every variable a column", "variable %d has no column", k+1)
			return nil, faults.Err()
		}
		name := v.Column.Name()
		if _, twice := names[name]; twice {
			say(name, "give each column once", "the column is given twice")
		}
		names[name] = k
		if n < 0 {
			n = v.Column.Len()
		} else if v.Column.Len() != n {
			say(name, "use columns of one table", "the column has %d rows and another has %d", v.Column.Len(), n)
		}
	}
	if opt.Include != nil && len(opt.Include) != n {
		say("", "use columns of one table", "there are %d marks of what is included for %d rows", len(opt.Include), n)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	w := &work{width: 1}
	for i := range n {
		if opt.Include == nil || opt.Include[i] {
			w.rows = append(w.rows, i)
		}
	}
	for _, v := range variables {
		w.vars = append(w.vars, w.read(v, faults))
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	for k := range w.vars {
		if len(w.vars[k].missing) > 0 {
			w.turns = append(w.turns, k)
		}
	}
	sort.SliceStable(w.turns, func(a, b int) bool {
		return len(w.vars[w.turns[a]].missing) < len(w.vars[w.turns[b]].missing)
	})
	w.layOut()
	for _, k := range w.turns {
		w.predictors(k, variables[k], names, faults)
	}
	return w, faults.Err()
}

// read turns a column into numbers.
func (w *work) read(v Variable, faults *fault.List) variable {
	out := variable{name: v.Column.Name(), column: v.Column, donors: v.Donors, kept: v.Keep, values: make([]float64, len(w.rows))}
	at := fault.Place{Field: out.name}
	reasons := v.Reasons
	if reasons == nil {
		reasons = defaultReasons
	}
	if out.donors == 0 {
		out.donors = 5
	}
	if v.Donors < 0 {
		faults.Addf(fault.Invalid, at, "5, or another number above 0", "%d donors cannot be drawn from", v.Donors)
	}
	var level func(row int) int
	var used []bool
	switch c := v.Column.(type) {
	case *table.NumberColumn:
	case *table.BoolColumn:
		used = make([]bool, 2)
		level = func(row int) int {
			if c.Values[row] {
				return 1
			}
			return 0
		}
	case *table.CategoryColumn:
		used = make([]bool, len(c.Levels))
		level = c.Level
	default:
		faults.Addf(fault.Invalid, at, "turn it into a category or a number, or leave it out", "a column of kind %s takes no part in imputation", v.Column.Kind())
		return out
	}
	infinite := 0
	for i, row := range w.rows {
		m := v.Column.Missing(row)
		x := 0.0
		switch {
		case m != table.Present:
		case level != nil:
			l := level(row)
			used[l] = true
			x = float64(l)
		default:
			if x = v.Column.(*table.NumberColumn).Values[row]; x != x {
				m = table.Blank
			} else if math.IsInf(x, 0) || math.Abs(x) > 1e100 {
				infinite++
			}
		}
		switch {
		case m == table.Present:
			out.values[i] = x
			out.seen = append(out.seen, i)
		case v.Keep || !slices.Contains(reasons, m):
			if v.Keep && slices.Contains(reasons, m) {
				out.report.Left++ // told below
			}
			if out.gap == nil {
				out.gap = make([]bool, len(w.rows))
			}
			out.gap[i] = true
		default:
			out.values[i] = math.NaN()
			out.missing = append(out.missing, i)
		}
	}
	if infinite > 0 {
		faults.Addf(fault.Invalid, at, "numbers must be finite", "%d rows have a number that cannot be used", infinite)
	}
	if out.report.Left > 0 {
		faults.Addf(fault.Invalid, at, "let it be filled too, or leave it out", "the column is kept as it is, and %d rows have no answer", out.report.Left)
	}
	if used != nil {
		out.number(used)
	}
	left := len(w.rows) - len(out.seen) - len(out.missing)
	out.report = Imputed{Name: out.name, Observed: len(out.seen), Filled: len(out.missing), Left: left}
	if len(out.missing) > 0 {
		out.choose(v, faults)
	}
	out.moments()
	return out
}

// number puts the positions of levels that occur in place of levels.
func (v *variable) number(used []bool) {
	place := make([]int, len(used))
	for l, ok := range used {
		if ok {
			place[l] = len(v.levels)
			v.levels = append(v.levels, l)
		}
	}
	for _, i := range v.seen {
		v.values[i] = float64(place[int(v.values[i])])
	}
	if v.levels == nil {
		v.levels = []int{}
	}
}

// moments are those of the observed numbers, by which they are standardised.
func (v *variable) moments() {
	v.sd = 1
	if v.levels != nil || len(v.seen) == 0 {
		return
	}
	for _, i := range v.seen {
		v.mean += v.values[i]
	}
	v.mean /= float64(len(v.seen))
	sq := 0.0
	for _, i := range v.seen {
		sq += (v.values[i] - v.mean) * (v.values[i] - v.mean)
	}
	if sq > 0 {
		v.sd = math.Sqrt(sq / float64(len(v.seen)))
	}
}

// fewest observed values that a model learns from.
const fewest = 5

// choose settles the method of a variable to be filled.
func (v *variable) choose(of Variable, faults *fault.List) {
	at := fault.Place{Field: v.name}
	k := len(v.levels)
	number := v.levels == nil
	switch {
	case len(v.seen) < fewest:
		faults.Addf(fault.Invalid, at, "leave the column out", "only %d rows have an answer, too few to learn from", len(v.seen))
	case k > maxLevels:
		faults.Addf(fault.Unavailable, at, "merge levels", "the column has %d levels, more than the %d that can be filled", k, maxLevels)
	case of.Method > Ordered:
		faults.Addf(fault.Invalid, at, "name one of the methods", "there is no such method")
	case of.Method == Normal && !number:
		faults.Addf(fault.Invalid, at, "let the method be chosen, or use matching", "normal regression is for numbers")
	case of.Method >= Logistic && number:
		faults.Addf(fault.Invalid, at, "use matching or normal regression", "%s is not for numbers", of.Method)
	case of.Method == Logistic && k > 2:
		faults.Addf(fault.Invalid, at, "use multinomial or proportional odds regression", "the column has %d levels, and logistic regression is for two", k)
	}
	v.method = of.Method
	if v.method == Automatic {
		switch {
		case number:
			v.method = Matching
		case k <= 2:
			v.method = Logistic
		case of.Ordered:
			v.method = Ordered
		default:
			v.method = Multinomial
		}
	}
	v.report.Method = v.method.String()
	if !number && k == 1 {
		v.report.Note = "the answers have one level only, which every filled row was given"
	}
}

// layOut gives every variable its columns in the encoded matrix.
func (w *work) layOut() {
	for k := range w.vars {
		v := &w.vars[k]
		v.at = w.width
		if v.cols = 1; v.levels != nil {
			v.cols = max(0, len(v.levels)-1)
		}
		if v.gap != nil {
			v.cols++
		}
		w.width += v.cols
	}
}

// multinomialLimit is the most coefficients of a multinomial model that is
// chosen by itself.
const multinomialLimit = 240

// predictors settles what a variable's model reads.
func (w *work) predictors(k int, of Variable, names map[string]int, faults *fault.List) {
	v := &w.vars[k]
	at := fault.Place{Field: v.name}
	var from []int
	if of.Predictors == nil {
		for j := range w.vars {
			if j != k {
				from = append(from, j)
			}
		}
	}
	for _, name := range of.Predictors {
		j, known := names[name]
		switch {
		case !known:
			faults.Addf(fault.Invalid, at, "give the column among the variables, kept if need be", "the predictor %q is not among the columns", name)
			return
		case j == k || slices.Contains(from, j):
			faults.Addf(fault.Invalid, at, "name other columns, each once", "the predictor %q is the column itself, or named twice", name)
			return
		}
		from = append(from, j)
	}
	v.reads = []int{0}
	for _, j := range from {
		p := &w.vars[j]
		if len(p.levels) > maxIndicators {
			faults.Addf(fault.Unavailable, at, "merge its levels, or name the predictors without it", "the predictor %q has %d levels, more than the %d that a model takes", p.name, len(p.levels), maxIndicators)
			return
		}
		used := false
		for c := range p.cols {
			if w.varies(v, p, c) {
				v.reads = append(v.reads, p.at+c)
				used = true
			}
		}
		if used {
			v.report.Predictors = append(v.report.Predictors, p.name)
		} else {
			v.report.Dropped = append(v.report.Dropped, p.name)
		}
	}
	if len(v.reads) > maxColumns {
		faults.Addf(fault.Unavailable, at, "name fewer predictors", "the model has %d columns, more than %d", len(v.reads), maxColumns)
		return
	}
	if v.method == Multinomial && (len(v.levels)-1)*len(v.reads) > multinomialLimit {
		if of.Method == Multinomial && (len(v.levels)-1)*len(v.reads) > 4*multinomialLimit {
			faults.Addf(fault.Unavailable, at, "use matching, or fewer predictors", "the multinomial model has %d coefficients, more than %d", (len(v.levels)-1)*len(v.reads), 4*multinomialLimit)
		} else if of.Method == Automatic {
			v.method = Matching
			v.report.Method = v.method.String()
			v.report.Note = "too many levels for a multinomial model: matched by the scores of the first canonical variates"
		}
	}
}

// varies says whether column c of predictor p differs among the rows where v is
// observed; rows still to be filled count as different.
func (w *work) varies(v, p *variable, c int) bool {
	first, some := 0.0, false
	for _, i := range v.seen {
		if p.values[i] != p.values[i] {
			return true
		}
		x := p.code(c, i)
		if some && x != first {
			return true
		}
		first, some = x, true
	}
	return false
}

// code is encoded column c of a row.
func (v *variable) code(c, i int) float64 {
	gap := v.gap != nil && v.gap[i]
	if v.gap != nil && c == v.cols-1 {
		if gap {
			return 1
		}
		return 0
	}
	switch {
	case gap:
		return 0
	case v.levels == nil:
		return (v.values[i] - v.mean) / v.sd
	case int(v.values[i]) == c+1:
		return 1
	}
	return 0
}
