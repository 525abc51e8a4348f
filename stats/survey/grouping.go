package survey

import (
	"context"
	"slices"
	"sync"

	"waymark/stats/table"
)

// grouping numbers the domains of one set of By columns and one Where: a code
// per row that is a domain, or "other" (of the sample, in no domain), or "out"
// (not of the sample, or of weight zero). Codes are held as narrow as they fit.
type grouping struct {
	by      []*table.CategoryColumn
	where   []bool
	domains [][]int // level indexes per domain, in order
	narrow  []uint16
	wide    []uint32 // one of the two, or neither: every row is in domain 0
	// place is unit, joint margin and domain of a row in one number, the domain
	// varying fastest; nil where that is 0 for every row.
	place []uint32
	// bits has one bitmap of rows per domain, and one of the rows of the sample
	// in none; nil where counting by bitmaps does not pay.
	bits [][]uint64
	rows []uint32 // per bitmap

	once sync.Once
	runs runs

	units   unitBits
	ordered struct { // see domainsInOrder
		once   sync.Once
		domain []uint16
	}
}

func (g *grouping) n() int     { return len(g.domains) }
func (g *grouping) other() int { return len(g.domains) }
func (g *grouping) out() int   { return len(g.domains) + 1 }

// absent marks a missing level while codes are added up.
const absent = 1 << 28

// newGrouping numbers the domains of By columns, and prepares what the scans of
// its variables share.
func newGrouping(ctx context.Context, d *Design, by []*table.CategoryColumn, where []bool, workers int) (*grouping, error) {
	g, err := numberDomains(ctx, d, by, where, workers)
	if err != nil {
		return nil, err
	}
	if d.weights == nil && d.units == 1 && d.cal == nil && g.n() <= bitLimit {
		if err := g.mapBits(ctx, d, workers); err != nil {
			return nil, err
		}
	}
	if g.bits != nil || d.clustered && d.cal == nil {
		return g, nil
	}
	return g, g.locate(ctx, d, workers)
}

// placed returns the rows' places, made now where bitmaps or counting unit by
// unit made them unlikely to be needed.
func (g *grouping) placed(d *Design) []uint32 {
	if g.bits != nil || d.clustered && d.cal == nil {
		g.once.Do(func() { _ = g.locate(context.Background(), d, 1) })
	}
	return g.place
}

// locate makes the rows' places, unless a table would be too large to be dense.
func (g *grouping) locate(ctx context.Context, d *Design, workers int) error {
	joint := 1
	if d.cal != nil {
		joint = d.cal.joint
	}
	domains := uint64(g.n() + 2)
	if d.unit == nil && joint == 1 && g.narrow == nil && g.wide == nil || uint64(d.units)*uint64(joint)*domains > denseLimit {
		return ctx.Err()
	}
	g.place = make([]uint32, d.rows)
	chunks := (d.rows + chunkRows - 1) / chunkRows
	return each(ctx, workers, chunks, func(k int) {
		for i := k * chunkRows; i < min((k+1)*chunkRows, d.rows); i++ {
			p := uint32(0)
			if d.unit != nil {
				p = d.unit[i]
			}
			if joint > 1 {
				p = p*uint32(joint) + d.cal.of[i]
			}
			p *= uint32(domains)
			if g.narrow != nil {
				p += uint32(g.narrow[i])
			} else if g.wide != nil {
				p += g.wide[i]
			}
			g.place[i] = p
		}
	})
}

// numberDomains numbers the occupied combinations of levels, in the order of
// the columns and their levels.
func numberDomains(ctx context.Context, d *Design, by []*table.CategoryColumn, where []bool, workers int) (*grouping, error) {
	g := &grouping{by: by, where: where}
	size := 1
	for _, c := range by {
		if size *= max(1, len(c.Levels)); size > 1<<22 {
			return g, g.number(ctx, d)
		}
	}
	if len(by) == 0 && where == nil && d.dead == nil {
		g.domains = [][]int{{}}
		return g, ctx.Err()
	}
	lut := make([][]uint32, len(by))
	stride := size
	for k, c := range by {
		stride /= max(1, len(c.Levels))
		lut[k] = slices.Repeat([]uint32{absent}, max(len(c.Levels)+table.FirstLevel, 256))
		for l := range c.Levels {
			lut[k][table.FirstLevel+l] = uint32(l * stride)
		}
	}
	if size+2 <= 1<<16 {
		g.narrow = make([]uint16, d.rows)
	} else {
		g.wide = make([]uint32, d.rows)
	}
	chunks := (d.rows + chunkRows - 1) / chunkRows
	seen := make([][]bool, chunks)
	err := each(ctx, workers, chunks, func(k int) {
		seen[k] = make([]bool, size+2)
		from, to := k*chunkRows, min((k+1)*chunkRows, d.rows)
		var sum, code [blockRows]uint32
		for ; from < to; from += blockRows {
			n := min(blockRows, to-from)
			g.combine(lut, size, from, sum[:n], code[:n])
			g.leaveOut(d, size, from, sum[:n])
			if g.narrow != nil {
				mark(g.narrow[from:from+n], sum[:n], seen[k])
			} else {
				mark(g.wide[from:from+n], sum[:n], seen[k])
			}
		}
	})
	if err != nil {
		return nil, err
	}
	rank := make([]uint32, size+2)
	for raw := range size {
		if !slices.ContainsFunc(seen, func(s []bool) bool { return s[raw] }) {
			continue
		}
		rank[raw] = uint32(len(g.domains))
		levels := make([]int, len(by))
		rest := raw
		for k := len(by) - 1; k >= 0; k-- {
			levels[k] = rest % len(by[k].Levels)
			rest /= len(by[k].Levels)
		}
		g.domains = append(g.domains, levels)
	}
	if len(g.domains) == size {
		return g, ctx.Err()
	}
	rank[size], rank[size+1] = uint32(g.other()), uint32(g.out())
	return g, each(ctx, workers, chunks, func(k int) {
		from, to := k*chunkRows, min((k+1)*chunkRows, d.rows)
		if g.narrow != nil {
			renumber(g.narrow[from:to], rank)
		} else {
			renumber(g.wide[from:to], rank)
		}
	})
}

// mark writes the numbers of rows and marks those that occur.
func mark[C uint16 | uint32](out []C, numbers []uint32, seen []bool) {
	out = out[:len(numbers)]
	for i, v := range numbers {
		seen[v] = true
		out[i] = C(v)
	}
}

func renumber[C uint16 | uint32](codes []C, rank []uint32) {
	for i, v := range codes {
		codes[i] = C(rank[v])
	}
}

// combine adds the columns' look-ups for one block of rows; a missing level
// makes size.
func (g *grouping) combine(lut [][]uint32, size, from int, sum, code []uint32) {
	clear(sum)
	for k, c := range g.by {
		l := lut[k]
		switch {
		case c.Codes8 != nil && k == 0:
			l := (*[256]uint32)(l)
			for i, v := range c.Codes8[from : from+len(sum)] {
				sum[i] = min(l[v], uint32(size))
			}
			continue
		case c.Codes8 != nil:
			l := (*[256]uint32)(l)
			for i, v := range c.Codes8[from : from+len(sum)] {
				sum[i] = min(sum[i]+l[v], uint32(size))
			}
			continue
		}
		c.DecodeInto(code, from)
		for i, v := range code {
			sum[i] = min(sum[i]+l[v], uint32(size))
		}
	}
}

// leaveOut gives size to rows that Where leaves out, and size+1 to those that
// are not of the sample.
func (g *grouping) leaveOut(d *Design, size, from int, sum []uint32) {
	if g.where != nil {
		for i, ok := range g.where[from : from+len(sum)] {
			v := sum[i]
			if !ok {
				v = uint32(size)
			}
			sum[i] = v
		}
	}
	if d.dead != nil {
		for i, dead := range d.dead[from : from+len(sum)] {
			if dead {
				sum[i] = uint32(size + 1)
			}
		}
	}
}

// number is the way for very many combinations: it sorts those that occur.
func (g *grouping) number(ctx context.Context, d *Design) error {
	g.wide = make([]uint32, d.rows)
	const other, out = ^uint32(0), ^uint32(0) - 1
	rank := map[string]uint32{}
	var keys []string
	key := make([]byte, 4*len(g.by))
	for i := range d.rows {
		if i%chunkRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if d.dead != nil && d.dead[i] {
			g.wide[i] = out
			continue
		}
		g.wide[i] = other
		if g.where != nil && !g.where[i] || !g.key(i, key) {
			continue
		}
		id, known := rank[string(key)]
		if !known {
			id = uint32(len(keys))
			rank[string(key)] = id
			keys = append(keys, string(key))
		}
		g.wide[i] = id
	}
	order := slices.Clone(keys)
	slices.Sort(order)
	place := make([]uint32, len(keys))
	for r, k := range order {
		place[rank[k]] = uint32(r)
		levels := make([]int, len(g.by))
		for c := range levels {
			levels[c] = int(k[4*c])<<24 | int(k[4*c+1])<<16 | int(k[4*c+2])<<8 | int(k[4*c+3])
		}
		g.domains = append(g.domains, levels)
	}
	for i, v := range g.wide {
		switch v {
		case other:
			g.wide[i] = uint32(g.other())
		case out:
			g.wide[i] = uint32(g.out())
		default:
			g.wide[i] = place[v]
		}
	}
	return ctx.Err()
}

// key writes the row's levels so that they sort in order; false if one is missing.
func (g *grouping) key(row int, key []byte) bool {
	for k, c := range g.by {
		l := c.Level(row)
		if l < 0 {
			return false
		}
		key[4*k], key[4*k+1], key[4*k+2], key[4*k+3] = byte(l>>24), byte(l>>16), byte(l>>8), byte(l)
	}
	return true
}
