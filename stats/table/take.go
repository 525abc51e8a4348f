package table

// Select returns the rows for which keep is true, in order. It copies the
// values and shares the dictionaries. keep has one entry a row.
func (t *Table) Select(keep []bool) *Table {
	var rows []int
	for row, k := range keep[:t.rows] {
		if k {
			rows = append(rows, row)
		}
	}
	return t.take(rows)
}

// Head returns the first n rows, or all if there are fewer.
func (t *Table) Head(n int) *Table {
	rows := make([]int, min(max(n, 0), t.rows))
	for i := range rows {
		rows[i] = i
	}
	return t.take(rows)
}

func (t *Table) take(rows []int) *Table {
	s := &Table{index: t.index, rows: len(rows)}
	for _, c := range t.columns {
		s.columns = append(s.columns, takeColumn(c, rows))
	}
	return s
}

// taken is a column type from elsewhere seen through a list of rows.
type taken struct {
	Column
	rows []int
}

func (c taken) Len() int                  { return len(c.rows) }
func (c taken) Missing(row int) Missing   { return c.Column.Missing(c.rows[row]) }
func (c taken) Text(row int) string       { return c.Column.Text(c.rows[row]) }
func (c taken) Rename(name string) Column { return taken{c.Column.Rename(name), c.rows} }

func takeColumn(c Column, rows []int) Column {
	switch c := c.(type) {
	case *CategoryColumn:
		d := *c
		d.Codes8, d.Codes16, d.Codes32 = takeRows(c.Codes8, rows), takeRows(c.Codes16, rows), takeRows(c.Codes32, rows)
		return &d
	case *NumberColumn:
		return &NumberColumn{c.take(rows), takeRows(c.Values, rows)}
	case *DateColumn:
		return &DateColumn{c.take(rows), takeRows(c.Days, rows)}
	case *TimeColumn:
		return &TimeColumn{c.take(rows), takeRows(c.Seconds, rows), takeRows(c.Offset, rows)}
	case *BoolColumn:
		return &BoolColumn{c.take(rows), takeRows(c.Values, rows)}
	case *SetColumn:
		d := &SetColumn{c.take(rows), c.Levels, c.Words, make([]uint64, 0, c.Words*len(rows))}
		for _, row := range rows {
			d.Bits = append(d.Bits, c.Bits[row*c.Words:(row+1)*c.Words]...)
		}
		return d
	case *TextColumn:
		d := &TextColumn{reasons: c.take(rows), Offsets: make([]uint64, 1, len(rows)+1)}
		for _, row := range rows {
			d.Data = append(d.Data, c.Data[c.Offsets[row]:c.Offsets[row+1]]...)
			d.Offsets = append(d.Offsets, uint64(len(d.Data)))
		}
		return d
	}
	return taken{c, rows}
}

func (r *reasons) take(rows []int) reasons {
	return reasons{r.name, takeRows(r.missing, rows)}
}

// takeRows gathers rows; nil stays nil.
func takeRows[T uint8 | uint16 | uint32 | int16 | int32 | int64 | float64 | bool | Missing](values []T, rows []int) []T {
	if values == nil {
		return nil
	}
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = values[row]
	}
	return out
}
