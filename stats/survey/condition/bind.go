package condition

import (
	"math"
	"strconv"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// verdict is true, false, or neither where a value is missing.
type verdict uint8

const (
	no verdict = iota
	unknown
	yes
)

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// binder joins an expression to a table.
type binder struct {
	table  *table.Table
	faults *fault.List
}

// check reports what the table does not have.
func (b *binder) check(n *node) {
	if n.column == "" {
		return
	}
	col := b.table.Column(n.column)
	if col == nil {
		b.faults.Addf(fault.NotFound, place(n.at), near(n.column, names(b.table), "columns"), "there is no column %q", n.column)
		return
	}
	switch n.kind {
	case truth:
		if col.Kind() != table.Bool {
			b.faults.Addf(fault.Invalid, place(n.at), "compare it: "+n.column+" == value", "%q is a %s column, not true or false", n.column, col.Kind())
		}
	case compare, among:
		for _, v := range n.values {
			b.checkValue(n, col, v)
		}
	}
}

// checkValue says whether a value can be in the column at all.
func (b *binder) checkValue(n *node, col table.Column, v value) {
	ordered := n.kind == compare && n.operator != "==" && n.operator != "!="
	refuse := func(remedy, format string, args ...any) {
		b.faults.Addf(fault.Invalid, place(v.at), remedy, format, args...)
	}
	switch c := col.(type) {
	case *table.CategoryColumn:
		if ordered && !c.Ordered && !allNumbers(c.Levels) {
			refuse("use == or in", "%q is a category without an order", n.column)
			return
		}
		if _, err := strconv.ParseFloat(v.text, 64); ordered && !c.Ordered && err == nil {
			return
		}
		b.checkLevel(n.column, c.Levels, v)
	case *table.SetColumn:
		if ordered {
			refuse("use ==, which says that the option is among those chosen", "%q is a set without an order", n.column)
			return
		}
		b.checkLevel(n.column, c.Levels, v)
	case *table.NumberColumn:
		if x, err := strconv.ParseFloat(v.text, 64); err != nil || math.IsNaN(x) {
			refuse("use a number such as 12.5", "%q is a column of numbers, and %q is none", n.column, v.text)
		}
	case *table.BoolColumn:
		if v.text != "true" && v.text != "false" || ordered {
			refuse("use == true or == false", "%q is true or false", n.column)
		}
	case *table.DateColumn:
		if _, err := time.Parse(time.DateOnly, v.text); err != nil {
			refuse("write it as 2016-10-06", "%q is a column of dates, and %q is none", n.column, v.text)
		}
	case *table.TimeColumn:
		if _, err := instant(v.text); err != nil {
			refuse("write it as 2016-10-06 or 2016-10-06T09:30:00Z", "%q is a column of times, and %q is none", n.column, v.text)
		}
	case *table.TextColumn:
		if ordered {
			refuse("use == or in", "%q is a column of text without an order", n.column)
		}
	}
}

func (b *binder) checkLevel(column string, levels []table.Level, v value) {
	codes := make([]string, len(levels))
	for i, l := range levels {
		codes[i] = l.Code
		if l.Code == v.text {
			return
		}
	}
	b.faults.Addf(fault.NotFound, place(v.at), near(v.text, codes, "levels"), "%q has no level %q", column, v.text)
}

func allNumbers(levels []table.Level) bool {
	for _, l := range levels {
		if _, err := strconv.ParseFloat(l.Code, 64); err != nil {
			return false
		}
	}
	return true
}

func instant(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

// bind returns a function from row to verdict.
func (b *binder) bind(n *node) func(row int) verdict {
	switch n.kind {
	case and, or:
		parts := make([]func(int) verdict, len(n.parts))
		for i, p := range n.parts {
			parts[i] = b.bind(p)
		}
		if n.kind == and {
			return func(row int) verdict {
				v := yes
				for _, p := range parts {
					v = min(v, p(row))
				}
				return v
			}
		}
		return func(row int) verdict {
			v := no
			for _, p := range parts {
				v = max(v, p(row))
			}
			return v
		}
	case not:
		part := b.bind(n.parts[0])
		return func(row int) verdict { return yes - part(row) }
	}
	col := b.table.Column(n.column)
	if n.kind == missing {
		if c, ok := col.(*table.NumberColumn); ok {
			return func(row int) verdict { return verdictOf(c.Missing(row) != table.Present || math.IsNaN(c.Values[row])) }
		}
		return func(row int) verdict { return verdictOf(col.Missing(row) != table.Present) }
	}
	return bindColumn(n, col)
}

// bindColumn binds a comparison to a column of a kind.
func bindColumn(n *node, col table.Column) func(row int) verdict {
	switch c := col.(type) {
	case *table.CategoryColumn:
		of := levelVerdicts(n, c)
		return func(row int) verdict { return of[c.Code(row)] }
	case *table.SetColumn:
		return bindSet(n, c)
	case *table.NumberColumn:
		holds := comparison(n, func(v value) float64 { x, _ := strconv.ParseFloat(v.text, 64); return x })
		return func(row int) verdict {
			if x := c.Values[row]; x == x && c.Missing(row) == table.Present {
				return verdictOf(holds(x))
			}
			return unknown
		}
	case *table.BoolColumn:
		if n.kind == truth {
			n = &node{kind: compare, operator: "==", values: []value{{text: "true"}}}
		}
		holds := comparison(n, func(v value) int { return int(verdictOf(v.text == "true")) })
		return present(col, func(row int) bool { return holds(int(verdictOf(c.Values[row]))) })
	case *table.DateColumn:
		holds := comparison(n, func(v value) int64 { t, _ := time.Parse(time.DateOnly, v.text); return t.Unix() / 86400 })
		return present(col, func(row int) bool { return holds(int64(c.Days[row])) })
	case *table.TimeColumn:
		holds := comparison(n, func(v value) int64 { t, _ := instant(v.text); return t.Unix() })
		return present(col, func(row int) bool { return holds(c.Seconds[row]) })
	}
	holds := comparison(n, func(v value) string { return v.text })
	return present(col, func(row int) bool { return holds(strings.TrimSpace(col.Text(row))) })
}

func present(col table.Column, holds func(row int) bool) func(row int) verdict {
	return func(row int) verdict {
		if col.Missing(row) != table.Present {
			return unknown
		}
		return verdictOf(holds(row))
	}
}

// comparison compares values of one type with those of the expression.
func comparison[T int | int64 | float64 | string](n *node, read func(value) T) func(T) bool {
	if n.kind == among {
		set := make(map[T]bool, len(n.values))
		for _, v := range n.values {
			set[read(v)] = true
		}
		return func(x T) bool { return set[x] }
	}
	y := read(n.values[0])
	switch n.operator {
	case "==":
		return func(x T) bool { return x == y }
	case "!=":
		return func(x T) bool { return x != y }
	case "<":
		return func(x T) bool { return x < y }
	case "<=":
		return func(x T) bool { return x <= y }
	case ">":
		return func(x T) bool { return x > y }
	}
	return func(x T) bool { return x >= y }
}

// levelVerdicts is the verdict for each code of a category.
func levelVerdicts(n *node, c *table.CategoryColumn) []verdict {
	out := make([]verdict, len(c.Levels)+table.FirstLevel)
	for i := range table.FirstLevel {
		out[i] = unknown
	}
	ordered := n.kind == compare && n.operator != "==" && n.operator != "!="
	var holds func(l int) bool
	switch {
	case ordered && c.Ordered:
		h := comparison(n, func(v value) int { return c.Index(v.text) })
		holds = h
	case ordered:
		h := comparison(n, func(v value) float64 { x, _ := strconv.ParseFloat(v.text, 64); return x })
		holds = func(l int) bool { x, _ := strconv.ParseFloat(c.Levels[l].Code, 64); return h(x) }
	default:
		h := comparison(n, func(v value) string { return v.text })
		holds = func(l int) bool { return h(c.Levels[l].Code) }
	}
	for l := range c.Levels {
		out[table.FirstLevel+l] = verdictOf(holds(l))
	}
	return out
}

// bindSet: an option is among those chosen, or any of several is.
func bindSet(n *node, c *table.SetColumn) func(row int) verdict {
	var levels []int
	for _, v := range n.values {
		levels = append(levels, c.Index(v.text))
	}
	return present(c, func(row int) bool {
		has := false
		for _, l := range levels {
			has = has || c.Has(row, l)
		}
		return has != (n.operator == "!=")
	})
}
