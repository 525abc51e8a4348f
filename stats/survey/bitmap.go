package survey

import (
	"context"
	"math/bits"
)

// Where all weights are 1 and there is one stratum, a table is counts only, and
// counting bits in bitmaps of domains and classes is several times faster than
// visiting rows, up to some number of domains times classes.
const bitLimit = 128

// mapBits makes the grouping's bitmaps.
func (g *grouping) mapBits(ctx context.Context, d *Design, workers int) error {
	words := (d.rows + 63) / 64
	g.bits = make([][]uint64, g.n()+2)
	for k := range g.bits {
		g.bits[k] = make([]uint64, words)
	}
	const chunk = chunkRows / 64
	err := each(ctx, workers, (words+chunk-1)/chunk, func(k int) {
		for w := k * chunk; w < min((k+1)*chunk, words); w++ {
			for i := 64 * w; i < min(64*w+64, d.rows); i++ {
				c := 0
				switch {
				case g.narrow != nil:
					c = int(g.narrow[i])
				case g.wide != nil:
					c = int(g.wide[i])
				}
				g.bits[c][w] |= 1 << (i & 63)
			}
		}
	})
	g.rows = make([]uint32, len(g.bits))
	for k := range g.rows {
		g.rows[k] = ones(g.bits[k])
	}
	return err
}

// mapBits returns one bitmap for each class, made once.
func (v *variable) mapBits(rows int) [][]uint64 {
	v.once.Do(func() {
		words := (rows + 63) / 64
		v.bits = make([][]uint64, v.classes())
		for k := range v.bits {
			v.bits[k] = make([]uint64, words)
		}
		var buf [blockRows]uint32
		for from := 0; from < rows; from += blockRows {
			class := buf[:min(blockRows, rows-from)]
			v.fill(class, from)
			for i, c := range class {
				v.bits[c][(from+i)>>6] |= 1 << (i & 63)
			}
		}
	})
	return v.bits
}

// countBits fills the table's counts; the first class of a domain is what the
// other classes leave.
func (t *cellTable) countBits() {
	k := t.v.classes()
	class := t.v.mapBits(t.d.rows)
	words := (t.d.rows + 63) / 64
	const block = 512 // words: a bitmap's part that stays in the first cache
	for from := 0; from < words; from += block {
		to := min(from+block, words)
		for d, domain := range t.g.bits {
			all := domain[from:to]
			for c := 1; c < k; c++ {
				t.count[d*k+c] += onesOfBoth(all, class[c][from:to])
			}
		}
	}
	for d := range t.g.bits {
		t.count[d*k] = t.g.rows[d]
		for c := 1; c < k; c++ {
			t.count[d*k] -= t.count[d*k+c]
		}
	}
	t.dense = make([]float64, len(t.count))
	for c, n := range t.count {
		t.dense[c] = float64(n)
	}
}

func ones(a []uint64) uint32 {
	n := 0
	for _, x := range a {
		n += bits.OnesCount64(x)
	}
	return uint32(n)
}

func onesOfBoth(a, b []uint64) uint32 {
	n := 0
	b = b[:len(a)]
	for i, x := range a {
		n += bits.OnesCount64(x & b[i])
	}
	return uint32(n)
}
