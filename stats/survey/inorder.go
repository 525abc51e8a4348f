package survey

// Under clusters, rows are counted unit by unit: the counters of one unit stay
// in the first cache, and classes, domains and weights are laid out in the order
// of units once, for all tables that need them.

// unitLimit bounds the cells of a unit's counters, to stay in the first cache.
const unitLimit = 1 << 12

// classesInOrder returns the class of each row in the order of units, made
// once; nil if classes do not fit in a byte.
func (v *variable) classesInOrder(d *Design) []uint8 {
	v.ordered.once.Do(func() {
		if v.cat == nil || v.classes() > 1<<8 {
			return
		}
		v.ordered.class = make([]uint8, d.rows)
		v.writeInOrder(v.ordered.class, d)
	})
	return v.ordered.class
}

func (v *variable) writeInOrder(out []uint8, d *Design) {
	switch c := v.cat; {
	case c.Codes8 != nil:
		inOrder(out, d, c.Codes8, v.classOf)
	case c.Codes16 != nil:
		inOrder(out, d, c.Codes16, v.classOf)
	default:
		inOrder(out, d, c.Codes32, v.classOf)
	}
}

func inOrder[C uint8 | uint16 | uint32](out []uint8, d *Design, codes []C, class []uint32) {
	small := make([]uint8, len(class), max(len(class), 256))
	for i, c := range class {
		small[i] = uint8(c)
	}
	small = small[:cap(small)] // so that no code of a byte is out of bounds
	place := d.places().place
	if place == nil {
		for i, c := range codes {
			out[i] = small[c]
		}
		return
	}
	place = place[:len(codes)]
	for i, c := range codes {
		out[place[i]] = small[c]
	}
}

// domainsInOrder returns the domain of each row in the order of units, made
// once; nil if every row is in domain 0.
func (g *grouping) domainsInOrder(d *Design) []uint16 {
	g.ordered.once.Do(func() {
		place := d.places().place
		if g.narrow == nil || place == nil {
			g.ordered.domain = g.narrow
			return
		}
		g.ordered.domain = make([]uint16, d.rows)
		for i, k := range g.narrow {
			g.ordered.domain[place[i]] = k
		}
	})
	return g.ordered.domain
}

// inUnits says whether the table can be counted unit by unit.
func (t *cellTable) inUnits() bool {
	return t.d.clustered && t.joint == 1 && t.ch == 1 && t.g.wide == nil && t.v.cat != nil &&
		t.v.classes() <= 1<<8 && t.per <= unitLimit && t.d.units*t.per <= densePerRow*t.d.rows
}

// countUnits lists the cells that occur, unit by unit. Two sets of counters
// take turns, so that a row need not wait for the one before.
func (t *cellTable) countUnits() {
	class, domain, weight := t.v.classesInOrder(t.d), t.g.domainsInOrder(t.d), t.d.weightsInOrder()
	k := uint32(t.v.classes())
	out := uint32(t.g.out()) * k
	even, odd := make([]uint32, t.per), make([]uint32, t.per)
	var sum []float64
	if weight != nil {
		sum = make([]float64, t.per)
	}
	start := t.d.places().start
	b := borrow()
	t.start = make([]int, 1, t.d.units+1)
	for u := range t.d.units {
		from, to := start[u], start[u+1]
		c := class[from:to]
		switch {
		case domain == nil && weight == nil:
			for _, x := range c {
				even[x]++
			}
		case weight == nil:
			g := domain[from:to]
			g = g[:len(c)]
			i := 0
			for ; i+1 < len(c); i += 2 {
				even[uint32(g[i])*k+uint32(c[i])]++
				odd[uint32(g[i+1])*k+uint32(c[i+1])]++
			}
			if i < len(c) {
				even[uint32(g[i])*k+uint32(c[i])]++
			}
		default:
			for i, x := range c {
				at := uint32(x)
				if domain != nil {
					at += uint32(domain[from+i]) * k
				}
				even[at]++
				sum[at] += weight[from+i]
			}
		}
		for at := range out {
			n := even[at] + odd[at]
			if n == 0 {
				continue
			}
			even[at], odd[at] = 0, 0
			x := float64(n)
			if sum != nil {
				x, sum[at] = sum[at], 0
			}
			b.cell = append(b.cell, at)
			b.val = append(b.val, x)
			t.count[at] += n
		}
		clear(even[out:])
		clear(odd[out:])
		if sum != nil {
			clear(sum[out:])
		}
		t.start = append(t.start, len(b.cell))
	}
	b.giveTo(t)
}
