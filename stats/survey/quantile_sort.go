package survey

import (
	"context"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// sortable is a number whose order as an unsigned integer is that of the value,
// with its row.
type sortable struct {
	key uint64
	row uint32
}

// sorted returns the distribution of a number in each domain.
func (d *Design) sorted(ctx context.Context, g *grouping, c *table.NumberColumn, workers int) ([]distribution, error) {
	all, start, err := d.byValue(ctx, g, c, workers)
	if err != nil {
		return nil, err
	}
	out := make([]distribution, g.n())
	value, upTo := make([]float64, len(all)), make([]float64, len(all))
	return out, each(ctx, workers, g.n(), func(k int) {
		from, to := start[k], start[k+1]
		sum := 0.0
		for i, s := range all[from:to] {
			sum += d.Weight(int(s.row))
			value[from+i], upTo[from+i] = c.Values[s.row], sum
		}
		out[k] = distribution{value: value[from:to:to], upTo: upTo[from:to:to]}
	})
}

// byValue lists the rows of each domain by value, and where each domain starts.
// Rows are dealt to their domains in order, and each domain is sorted by radix,
// which keeps the order of equal values: linear in the rows.
func (d *Design) byValue(ctx context.Context, g *grouping, c *table.NumberColumn, workers int) (all []sortable, start []int, err error) {
	start = make([]int, g.n()+1)
	for i, v := range c.Values {
		if k := g.domain(i); k < g.n() && present(c, i) {
			if math.Abs(v) > maxFinite {
				return nil, nil, fault.New(fault.Invalid, fault.Place{Field: c.Name(), Row: i + 1}, "a number cannot be used (data row)", "numbers must be finite")
			}
			start[k+1]++
		}
	}
	for k := range g.n() {
		start[k+1] += start[k]
	}
	all = make([]sortable, start[g.n()])
	spare := make([]sortable, len(all))
	next := append([]int(nil), start...)
	for i, v := range c.Values {
		if k := g.domain(i); k < g.n() && present(c, i) {
			all[next[k]] = sortable{orderKey(v), uint32(i)}
			next[k]++
		}
	}
	return all, start, each(ctx, workers, g.n(), func(k int) {
		from, to := start[k], start[k+1]
		copy(all[from:to], sortByKey(all[from:to], spare[from:to]))
	})
}

// orderKey makes integers of numbers that are in the same order; -0 is 0.
func orderKey(v float64) uint64 {
	bits := math.Float64bits(v + 0)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

// sortByKey sorts stably, byte by byte from the last, and returns the slice of
// the two that holds the result. Bytes that are the same in all are passed over.
func sortByKey(a, spare []sortable) []sortable {
	if len(a) < 64 {
		for i := 1; i < len(a); i++ {
			for j := i; j > 0 && a[j].key < a[j-1].key; j-- {
				a[j], a[j-1] = a[j-1], a[j]
			}
		}
		return a
	}
	var counts [8][256]int
	for _, s := range a {
		for b := range 8 {
			counts[b][byte(s.key>>(8*b))]++
		}
	}
	for b := range 8 {
		count := &counts[b]
		if count[byte(a[0].key>>(8*b))] == len(a) {
			continue
		}
		at := 0
		for k, n := range count {
			count[k] = at
			at += n
		}
		for _, s := range a {
			k := byte(s.key >> (8 * b))
			spare[count[k]] = s
			count[k]++
		}
		a, spare = spare, a
	}
	return a
}
