package monitoring

import (
	"cmp"
	"math/bits"
	"slices"

	"golang.org/x/sync/errgroup"

	"waymark/stats/table"
)

// topLevels returns the indices of the most frequent levels of a set among the
// included rows, most frequent first, without those that do not occur.
func topLevels(set *table.SetColumn, include []bool, most int) []int {
	counts := make([]int, 64*set.Words)
	reasons := set.Reasons()
	for at, word := range set.Bits {
		if word == 0 {
			continue
		}
		row := at / set.Words
		if !include[row] || reasons != nil && reasons[row] != table.Present {
			continue
		}
		for base := 64 * (at % set.Words); word != 0; word &= word - 1 {
			counts[base+bits.TrailingZeros64(word)]++
		}
	}
	var order []int
	for l, n := range counts[:len(set.Levels)] {
		if n > 0 {
			order = append(order, l)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	return order[:min(most, len(order))]
}

// memberColumns says of each row, for each of the levels, whether its set holds
// the level. It goes over the rows once, block by block, for all levels.
func memberColumns(set *table.SetColumn, levels []int, workers int) []*table.CategoryColumn {
	rows := set.Len()
	codes := make([][]uint8, len(levels))
	for i := range codes {
		codes[i] = make([]uint8, rows)
	}
	var g errgroup.Group
	g.SetLimit(workers)
	for from := 0; from < rows; from += memberRows {
		to := min(from+memberRows, rows)
		g.Go(func() error {
			for at := from; at < to; at += memberBlock {
				members(set, levels, codes, at, min(at+memberBlock, to))
			}
			return nil
		})
	}
	_ = g.Wait() // nothing in it fails
	columns := make([]*table.CategoryColumn, len(levels))
	for i, l := range levels {
		columns[i] = table.NewCategory8(set.Name()+"/"+set.Levels[l].Code, noYes, codes[i])
	}
	return columns
}

// memberRows is the number of rows that one goroutine takes at a time, and
// memberBlock of those whose bits stay in the first cache for all levels.
const (
	memberRows  = 1 << 16
	memberBlock = 1 << 9
)

func members(set *table.SetColumn, levels []int, codes [][]uint8, from, to int) {
	reasons := set.Reasons()
	for i, l := range levels {
		word, shift := l/64, uint(l%64)
		out := codes[i][from:to]
		at := from*set.Words + word
		for row := range out {
			out[row] = codeNo + uint8(set.Bits[at]>>shift&1)
			at += set.Words
		}
		if reasons == nil {
			continue
		}
		for row, m := range reasons[from:to] {
			if m != table.Present {
				out[row] = uint8(m)
			}
		}
	}
}
