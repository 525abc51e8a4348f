package monitoring

import (
	"fmt"

	"waymark/stats/table"
)

// asCategory returns a column as categories: a category as it is, everything
// else by its distinct texts in order of first appearance. Sets, which hold
// several answers a row, and nil return nil.
func asCategory(column table.Column) *table.CategoryColumn {
	switch c := column.(type) {
	case nil, *table.SetColumn:
		return nil
	case *table.CategoryColumn:
		return c
	}
	index := map[string]uint32{}
	var levels []table.Level
	codes := make([]uint32, column.Len())
	for row := range codes {
		if m := column.Missing(row); m != table.Present {
			codes[row] = uint32(m)
			continue
		}
		text := column.Text(row)
		code, known := index[text]
		if !known {
			code = uint32(table.FirstLevel + len(levels))
			index[text] = code
			levels = append(levels, table.Level{Code: text})
		}
		codes[row] = code
	}
	return table.NewCategory(column.Name(), levels, codes)
}

// denseCells is the most cells of a dense table that numbers pairs.
const denseCells = 1 << 22

// join makes one column of the combinations of two, numbered in order of first
// appearance. A missing part is a value like any other, written "?", so that no
// interview is lost from the design.
func join(name string, a, b table.Column) *table.CategoryColumn {
	left, nLeft := ordinals(a)
	right, nRight := ordinals(b)
	codes := make([]uint32, len(left))
	var levels []table.Level
	add := func(row int) uint32 {
		levels = append(levels, table.Level{Code: fmt.Sprintf("%s+%s", known(a, row), known(b, row))})
		return uint32(table.FirstLevel + len(levels) - 1)
	}
	if nLeft*nRight <= denseCells {
		cells := make([]uint32, nLeft*nRight)
		for row := range codes {
			cell := &cells[int(left[row])*nRight+int(right[row])]
			if *cell == 0 {
				*cell = add(row)
			}
			codes[row] = *cell
		}
		return table.NewCategory(name, levels, codes)
	}
	cells := map[uint64]uint32{}
	for row := range codes {
		pair := uint64(left[row])<<32 | uint64(right[row])
		code, ok := cells[pair]
		if !ok {
			code = add(row)
			cells[pair] = code
		}
		codes[row] = code
	}
	return table.NewCategory(name, levels, codes)
}

func known(c table.Column, row int) string {
	if c.Missing(row) != table.Present {
		return "?"
	}
	return c.Text(row)
}

// ordinals numbers a column's values from 0, missing included, and returns a
// bound on the numbers.
func ordinals(column table.Column) ([]uint32, int) {
	switch c := column.(type) {
	case *table.CategoryColumn:
		codes := make([]uint32, c.Len())
		c.DecodeInto(codes, 0)
		return codes, table.FirstLevel + len(c.Levels)
	case *table.DateColumn:
		return dayOrdinals(c)
	}
	return ordinals(asCategory(column))
}

func dayOrdinals(c *table.DateColumn) ([]uint32, int) {
	first, last := int32(0), int32(-1)
	for row, d := range c.Days {
		if c.Missing(row) != table.Present {
			continue
		}
		if last < first {
			first, last = d, d
		}
		first, last = min(first, d), max(last, d)
	}
	codes := make([]uint32, len(c.Days))
	for row, d := range c.Days {
		if c.Missing(row) == table.Present {
			codes[row] = uint32(d-first) + 1
		}
	}
	return codes, int(last-first) + 2
}

// knownStrata replaces missing strata by a level of their own, so that the
// design keeps every interview; it returns the column as it is where there are
// none among the included rows.
func knownStrata(c *table.CategoryColumn, include []bool) (column *table.CategoryColumn, missing int) {
	for row, in := range include {
		if in && c.Level(row) < 0 {
			missing++
		}
	}
	if missing == 0 {
		return c, 0
	}
	levels := append(append([]table.Level(nil), c.Levels...), table.Level{Code: "?"})
	codes := make([]uint32, c.Len())
	c.DecodeInto(codes, 0)
	for row, v := range codes {
		if v < table.FirstLevel {
			codes[row] = uint32(table.FirstLevel + len(levels) - 1)
		}
	}
	return table.NewCategory(c.Name(), levels, codes), missing
}
