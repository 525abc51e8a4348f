package quality

import (
	"cmp"
	"fmt"
	"slices"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// keys codes a column that divides interviews: enumerators, points, routes.
type keys struct {
	column string
	code   []int32 // per row; -1 if missing
	names  []string
	counts []int
}

// keysOf codes the column that plays a role.
func (r *round) keysOf(role instrument.Role) *keys {
	listed := map[string]bool{}
	if q := r.inst.Question(r.inst.Roles[role]); q != nil && !q.Identifying {
		for _, choice := range r.inst.Lists[q.List] {
			listed[choice.Name] = true
		}
	}
	return newKeys(r.role(role), listed, r.fileRow)
}

// newKeys codes a column of any kind, or returns nil for nil. Codes are in the
// order of the values' first rows. Values are named as they are if they are
// listed or look like codes, else by the row of the file where they come first.
func newKeys(c table.Column, listed map[string]bool, fileRow func(int32) int) *keys {
	if c == nil {
		return nil
	}
	k := &keys{column: c.Name(), code: make([]int32, c.Len())}
	index := map[string]int32{}
	text := func(row int) []byte { return []byte(c.Text(row)) }
	if t, ok := c.(*table.TextColumn); ok {
		text = func(row int) []byte { return t.Data[t.Offsets[row]:t.Offsets[row+1]] }
	}
	levels := map[uint32]int32{}
	category, _ := c.(*table.CategoryColumn)
	for row := range k.code {
		k.code[row] = -1
		if !present(c, row) {
			continue
		}
		if category != nil {
			if code, ok := levels[category.Code(row)]; ok {
				k.code[row] = code
				k.counts[code]++
				continue
			}
		}
		value := text(row)
		if len(value) == 0 {
			continue
		}
		code, ok := index[string(value)]
		if !ok {
			code = int32(len(k.names))
			index[string(value)] = code
			k.counts = append(k.counts, 0)
			name := string(value)
			if !listed[name] && !codeLike(value) {
				name = fmt.Sprintf("no. %d (first in row %d)", code+1, fileRow(int32(row)))
			}
			k.names = append(k.names, name)
		}
		if category != nil {
			levels[category.Code(row)] = code
		}
		k.code[row] = code
		k.counts[code]++
	}
	return k
}

// codeLike says that a free text is a code such as E07 and not a person's
// name: up to 16 letters, digits, dashes, dots and underscores with at least
// one digit. Other texts are never printed; the first row stands for them.
func codeLike(text []byte) bool {
	digits := 0
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9':
			digits++
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '-', b == '_', b == '.':
		default:
			return false
		}
	}
	return digits > 0 && digits <= 6 && len(text) <= 16
}

// whom names the enumerator to whom rows belong far more often than chance
// would have it: at least five rows, a third of them, and three times the
// enumerator's share of all interviews. Else it is "".
func (r *round) whom(rows []int32) string {
	if r.enumerator == nil || len(rows) < 5 || len(r.enumerator.names) < 2 {
		return ""
	}
	counts := make([]int, len(r.enumerator.names))
	most := 0
	for _, row := range rows {
		if e := r.enumerator.code[row]; e >= 0 {
			counts[e]++
			if counts[e] > counts[most] {
				most = int(e)
			}
		}
	}
	n := counts[most]
	usual := float64(len(rows)) * float64(r.enumerator.counts[most]) / float64(r.n)
	if n < 5 || 3*n < len(rows) || float64(n) < 3*usual {
		return ""
	}
	if n == len(rows) {
		return fmt.Sprintf("all %s are by enumerator %s", thousands(n), r.enumerator.names[most])
	}
	return fmt.Sprintf("%s of these %s are by enumerator %s", thousands(n), thousands(len(rows)), r.enumerator.names[most])
}

// byName returns the codes ordered by name.
func (k *keys) byName() []int {
	order := make([]int, len(k.names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(k.names[a], k.names[b]) })
	return order
}

// byEnumerator returns the rows with an enumerator and a start, ordered by
// enumerator, then start, then row.
func (r *round) byEnumerator() []int32 {
	if r.enumerator == nil || r.start == nil {
		return nil
	}
	rows := make([]int32, 0, r.n)
	for row := range r.n {
		if r.enumerator.code[row] >= 0 && present(r.start, row) {
			rows = append(rows, int32(row))
		}
	}
	slices.SortFunc(rows, func(a, b int32) int {
		return cmp.Or(
			cmp.Compare(r.enumerator.code[a], r.enumerator.code[b]),
			cmp.Compare(r.start.Seconds[a], r.start.Seconds[b]),
			cmp.Compare(a, b))
	})
	return rows
}
