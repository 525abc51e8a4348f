package table

import "fmt"

// Concat puts the rows of two columns of one kind under each other. Levels are
// joined by code, those of a first. Columns of different kinds are an error.
func Concat(a, b Column) (Column, error) {
	if a.Kind() != b.Kind() {
		return nil, fmt.Errorf("table: column %q is %s in one table and %s in the other", a.Name(), a.Kind(), b.Kind())
	}
	n, m := a.Len(), b.Len()
	missing := concatReasons(a, b)
	switch x := a.(type) {
	case *CategoryColumn:
		return concatCategories(x, b.(*CategoryColumn)), nil
	case *NumberColumn:
		return NewNumber(x.name, concat(x.Values, b.(*NumberColumn).Values), missing), nil
	case *DateColumn:
		return NewDate(x.name, concat(x.Days, b.(*DateColumn).Days), missing), nil
	case *TimeColumn:
		y := b.(*TimeColumn)
		return NewTime(x.name, concat(x.Seconds, y.Seconds), concat(x.Offset, y.Offset), missing), nil
	case *BoolColumn:
		return NewBool(x.name, concat(x.Values, b.(*BoolColumn).Values), missing), nil
	case *SetColumn:
		y := b.(*SetColumn)
		levels, at := unite(x.Levels, y.Levels)
		words := SetWords(len(levels))
		bits := make([]uint64, (n+m)*words)
		for row := range n {
			copy(bits[row*words:], x.Bits[row*x.Words:(row+1)*x.Words])
		}
		for row := range m {
			for l, to := range at {
				if y.Has(row, l) {
					bits[(n+row)*words+to/64] |= 1 << (to % 64)
				}
			}
		}
		return NewSet(x.name, levels, bits, missing), nil
	case *TextColumn:
		y := b.(*TextColumn)
		offsets := append(make([]uint64, 0, n+m+1), x.Offsets...)
		for _, o := range y.Offsets[1:] {
			offsets = append(offsets, uint64(len(x.Data))+o)
		}
		return NewText(x.name, concat(x.Data, y.Data), offsets, missing), nil
	}
	return nil, fmt.Errorf("table: column %q is of an unknown kind", a.Name())
}

func concat[T any](a, b []T) []T {
	return append(append(make([]T, 0, len(a)+len(b)), a...), b...)
}

// concatReasons joins the reasons for missing values; nil if there are none.
func concatReasons(a, b Column) []Missing {
	type reasoned interface{ Reasons() []Missing }
	x, okX := a.(reasoned)
	y, okY := b.(reasoned)
	if !okX || !okY || x.Reasons() == nil && y.Reasons() == nil {
		return nil
	}
	out := make([]Missing, a.Len()+b.Len())
	copy(out, x.Reasons())
	copy(out[a.Len():], y.Reasons())
	return out
}

// unite joins two dictionaries by code and says where each level of b went.
func unite(a, b []Level) (levels []Level, at []int) {
	levels = append([]Level(nil), a...)
	index := make(map[string]int, len(a))
	for i, l := range a {
		index[l.Code] = i
	}
	at = make([]int, len(b))
	for i, l := range b {
		to, known := index[l.Code]
		if !known {
			to = len(levels)
			index[l.Code] = to
			levels = append(levels, l)
		}
		at[i] = to
	}
	return levels, at
}

func concatCategories(a, b *CategoryColumn) *CategoryColumn {
	levels, at := unite(a.Levels, b.Levels)
	codes := make([]uint32, a.Len()+b.Len())
	a.DecodeInto(codes[:a.Len()], 0)
	b.DecodeInto(codes[a.Len():], 0)
	for i, v := range codes[a.Len():] {
		if v >= FirstLevel {
			codes[a.Len()+i] = uint32(FirstLevel + at[v-FirstLevel])
		}
	}
	c := NewCategory(a.name, levels, codes)
	c.Ordered = a.Ordered && b.Ordered
	return c
}
