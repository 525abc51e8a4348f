package survey

import (
	"context"
	"encoding/binary"
	"math"
	"slices"

	"waymark/stats/table"
)

// Making a design visits each of its columns a few times. The visits are cut
// into chunks of rows, which do not depend on the number of workers.

// inChunks calls task for each chunk of the rows, side by side.
func inChunks(rows int, task func(chunk, from, to int)) {
	_ = each(context.Background(), 0, chunksOf(rows), func(k int) {
		task(k, k*chunkRows, min((k+1)*chunkRows, rows))
	})
}

// inPieces calls task for each piece of work, side by side.
func inPieces(workers, n int, task func(k int)) { _ = each(context.Background(), workers, n, task) }

func chunksOf(rows int) int { return (rows + chunkRows - 1) / chunkRows }

// weighed is what a chunk of weights comes to.
type weighed struct {
	sum     float64
	alive   int
	out     bool // a row out of the sample, or of weight zero
	unequal bool // a weight that is not 1
	bad     bool // a weight that cannot be used
}

// weighChunk adds weights up in four sums that take turns, so that an addition
// need not wait for the one before.
func weighChunk(weights []float64, in []bool) weighed {
	var r weighed
	one, most := math.Float64bits(1), math.Float64bits(maxFinite)
	var sum [4]float64
	i := 0
	if in == nil {
		differ := uint64(0)
		for ; i+4 <= len(weights); i += 4 {
			w := weights[i : i+4 : i+4]
			a, b, c, d := math.Float64bits(w[0]), math.Float64bits(w[1]), math.Float64bits(w[2]), math.Float64bits(w[3])
			if a-1 >= most || b-1 >= most || c-1 >= most || d-1 >= most { // not in (0, maxFinite]
				break
			}
			differ |= (a ^ one) | (b ^ one) | (c ^ one) | (d ^ one)
			sum[0] += w[0]
			sum[1] += w[1]
			sum[2] += w[2]
			sum[3] += w[3]
		}
		r.alive, r.unequal = i, differ != 0
	}
	for ; i < len(weights); i++ {
		w := weights[i]
		switch {
		case in != nil && !in[i] || w == 0:
			r.out = true
		case !(w > 0 && w <= maxFinite):
			r.bad = true
		default:
			sum[i&3] += w
			r.alive++
			r.unequal = r.unequal || w != 1
		}
	}
	r.sum = (sum[0] + sum[1]) + (sum[2] + sum[3])
	return r
}

// anyMissing says whether a column has a row without a level.
func anyMissing(c *table.CategoryColumn) bool {
	missing := make([]bool, chunksOf(c.Len()))
	inChunks(c.Len(), func(k, from, to int) {
		switch {
		case c.Codes8 != nil:
			missing[k] = anyReason(c.Codes8[from:to])
		case c.Codes16 != nil:
			missing[k] = anyReason16(c.Codes16[from:to])
		case c.Codes32 != nil:
			missing[k] = slices.Min(c.Codes32[from:to]) < table.FirstLevel
		}
	})
	return slices.Contains(missing, true)
}

func anyReason(codes []uint8) bool {
	for ; len(codes) >= 8; codes = codes[8:] {
		if anyReasonOf(binary.LittleEndian.Uint64(codes)) {
			return true
		}
	}
	for _, c := range codes {
		if c < table.FirstLevel {
			return true
		}
	}
	return false
}

// anyReasonOf says whether one of eight codes is a reason for a missing value:
// below FirstLevel, which is 8, so that its upper five bits are 0.
func anyReasonOf(eight uint64) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	x := eight & (0xF8 * ones)
	return (x-ones)&^x&highs != 0
}

func anyReason16(codes []uint16) bool {
	reason := false
	for _, c := range codes {
		reason = reason || c < table.FirstLevel
	}
	return reason
}

// keys writes a number for each of the rows from, from+1, ...
type keys func(out []uint32, from int)

// keys numbers rows by parent · levels + level. A row without a level, which is
// not of the sample, gets its parent's first.
func (p clusters) keys(c *table.CategoryColumn) keys {
	levels := uint32(len(c.Levels))
	return func(out []uint32, from int) {
		levelsOf(out, c, from)
		if p.id != nil {
			for i, parent := range p.id[from : from+len(out)] {
				out[i] += parent * levels
			}
		}
	}
}

func levelsOf(out []uint32, c *table.CategoryColumn, from int) {
	to := from + len(out)
	switch {
	case c.Codes8 != nil:
		shiftLevels(out, c.Codes8[from:to])
	case c.Codes16 != nil:
		shiftLevels(out, c.Codes16[from:to])
	default:
		shiftLevels(out, c.Codes32[from:to])
	}
}

func shiftLevels[C uint8 | uint16 | uint32](out []uint32, codes []C) {
	codes = codes[:len(out)]
	for i := range out {
		out[i] = max(uint32(codes[i]), table.FirstLevel) - table.FirstLevel
	}
}

// smallKeys bounds the keys that each chunk marks in a table of its own.
const smallKeys = 1 << 16

// occurring marks the keys below size that occur.
func (key keys) occurring(size, rows int, in []bool) []bool {
	mark := func(seen []bool, from, to int) {
		var buf [blockRows]uint32
		for ; from < to; from += blockRows {
			block := buf[:min(blockRows, to-from)]
			key(block, from)
			if in == nil {
				for _, k := range block {
					seen[k] = true
				}
				continue
			}
			for i, k := range block {
				if in[from+i] {
					seen[k] = true
				}
			}
		}
	}
	if size > smallKeys {
		seen := make([]bool, size)
		mark(seen, 0, rows)
		return seen
	}
	chunks := make([][]bool, chunksOf(rows))
	inChunks(rows, func(k, from, to int) {
		chunks[k] = make([]bool, size)
		mark(chunks[k], from, to)
	})
	for _, other := range chunks[1:] {
		for k, ok := range other {
			chunks[0][k] = chunks[0][k] || ok
		}
	}
	return chunks[0]
}

// number writes each row's rank among the keys that occur.
func (key keys) number(out, rank []uint32, in []bool) {
	inChunks(len(out), func(_, from, to int) {
		for ; from < to; from += blockRows {
			block := out[from:min(from+blockRows, to)]
			key(block, from)
			for i, k := range block {
				block[i] = rank[k]
			}
			if in != nil {
				for i, ok := range in[from : from+len(block)] {
					if !ok {
						block[i] = 0
					}
				}
			}
		}
	})
}

// pairLimit bounds the strata times clusters that are numbered at once.
const pairLimit = 1 << 22

// refineBoth numbers strata and the clusters in them at once, where it is not
// needed which stratum each row is in. Then the strata have no ids.
func refineBoth(strata, c *table.CategoryColumn, in []bool) (top, psu clusters, ok bool) {
	levels, rows := len(c.Levels), c.Len()
	size := len(strata.Levels) * levels
	if size > pairLimit || rows == 0 {
		return top, psu, false
	}
	key := pairOf(strata, c)
	seen, rank := key.occurring(size, rows, in), make([]uint32, size)
	for h := range strata.Levels {
		before := len(psu.parent)
		for l := range levels {
			if k := h*levels + l; seen[k] {
				rank[k] = uint32(len(psu.parent))
				psu.parent, psu.level = append(psu.parent, uint32(len(top.parent))), append(psu.level, uint32(l))
			}
		}
		if len(psu.parent) > before {
			top.parent, top.level = append(top.parent, 0), append(top.level, uint32(h))
		}
	}
	psu.id = make([]uint32, rows)
	key.number(psu.id, rank, in)
	return top, psu, true
}

// pairOf numbers rows by stratum · levels + cluster.
func pairOf(strata, c *table.CategoryColumn) keys {
	levels := uint32(len(c.Levels))
	switch {
	case strata.Codes8 != nil && c.Codes8 != nil:
		return func(out []uint32, from int) { pairLevels(out, strata.Codes8[from:], c.Codes8[from:], levels) }
	case strata.Codes8 != nil && c.Codes16 != nil:
		return func(out []uint32, from int) { pairLevels(out, strata.Codes8[from:], c.Codes16[from:], levels) }
	}
	return func(out []uint32, from int) {
		var buf [blockRows]uint32
		stratum := buf[:len(out)]
		levelsOf(stratum, strata, from)
		levelsOf(out, c, from)
		for i, h := range stratum {
			out[i] += h * levels
		}
	}
}

func pairLevels[A, B uint8 | uint16](out []uint32, a []A, b []B, levels uint32) {
	const first = table.FirstLevel
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = (max(uint32(a[i]), first)-first)*levels + max(uint32(b[i]), first) - first
	}
}
