package impute

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Column is a column as completed file number file (from 0) has it. A column
// without filled values is the one that was given.
func (r *Result) Column(name string, file int) (table.Column, error) {
	if file < 0 || file >= r.M {
		return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("there is no completed file %d of %d", file, r.M), "count from 0")
	}
	for k := range r.work.vars {
		if v := &r.work.vars[k]; v.name == name {
			if len(v.missing) == 0 {
				return v.column, nil
			}
			return r.complete(k, file), nil
		}
	}
	return nil, fault.New(fault.NotFound, fault.Place{Field: name}, "the column took no part in the imputation", "name one of its variables")
}

// Columns are all columns of a completed file, in the order of the variables.
func (r *Result) Columns(file int) ([]table.Column, error) {
	out := make([]table.Column, len(r.work.vars))
	for k := range out {
		var err error
		if out[k], err = r.Column(r.work.vars[k].name, file); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// complete puts filled values into a copy of a column.
func (r *Result) complete(k, file int) table.Column {
	v := &r.work.vars[k]
	n := v.column.Len()
	missing := make([]table.Missing, n)
	for i := range missing {
		missing[i] = v.column.Missing(i)
	}
	row := func(j int) int { return r.work.rows[v.missing[j]] }
	switch c := v.column.(type) {
	case *table.NumberColumn:
		values := slices.Clone(c.Values)
		for j, x := range r.filled[k][file] {
			values[row(j)], missing[row(j)] = x, table.Present
		}
		return table.NewNumber(v.name, values, missing)
	case *table.BoolColumn:
		values := slices.Clone(c.Values)
		for j, x := range r.filled[k][file] {
			values[row(j)], missing[row(j)] = v.levels[int(x)] == 1, table.Present
		}
		return table.NewBool(v.name, values, missing)
	case *table.CategoryColumn:
		codes := make([]uint32, n)
		c.DecodeInto(codes, 0)
		for j, x := range r.filled[k][file] {
			codes[row(j)] = uint32(v.levels[int(x)] + table.FirstLevel)
		}
		return table.NewCategory(v.name, c.Levels, codes)
	}
	return v.column
}

// String says in words what was filled, a line a variable.
func (r *Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d completed files by chained equations, %d iterations, seed %d\n", r.M, r.Iterations, r.Seed)
	for _, v := range r.Variables {
		if v.Filled == 0 {
			fmt.Fprintf(&b, "%s: nothing filled, %d observed", v.Name, v.Observed)
		} else {
			fmt.Fprintf(&b, "%s: %d of %d filled by %s from %s", v.Name, v.Filled, v.Filled+v.Observed, v.Method, orNothing(v.Predictors))
		}
		if v.Left > 0 {
			fmt.Fprintf(&b, "; %d left missing", v.Left)
		}
		if len(v.Dropped) > 0 {
			fmt.Fprintf(&b, "; dropped, having one value only: %s", strings.Join(v.Dropped, ", "))
		}
		if v.Note != "" {
			fmt.Fprintf(&b, "; %s", v.Note)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing else"
	}
	return strings.Join(names, ", ")
}
