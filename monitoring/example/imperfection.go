package example

// imperfect plants the few faults that a good round still has, each counted in
// margins.yaml: short interviews, pairs of near-duplicates, an interview at
// night. None of them touches an answer that a published figure rests on.
func (m *maker) imperfect(all []person) {
	var whole []*person
	for i := range all {
		if p := &all[i]; p.ended == complete && !p.repeat {
			whole = append(whole, p)
		}
	}
	if len(whole) < 100 {
		return
	}
	whole = byEnumerator(whole)
	shape := func(id string) int { return int(m.figures.of("imperfection."+id, "")) }
	for range shape("short") {
		p := whole[m.dice.below(len(whole))]
		p.seconds = 60*fit(m.wheels["minutes.short"], p).within(m.dice) + m.dice.below(60)
	}
	m.duplicates(whole, shape("near_duplicate"))

	// Of the first interviews of a day, a few begin long before dawn.
	for left := shape("night"); left > 0; {
		i := 1 + m.dice.below(len(whole)-1)
		p, before := whole[i], whole[i-1]
		if before.enumerator == p.enumerator && before.day == p.day {
			continue
		}
		p.start = int64(p.day)*86400 + int64(3600+m.dice.below(5400)) - 60*int64(p.offset)
		p.sent = p.start + int64(p.seconds) + int64(m.dice.below(3600))
		left--
	}
}

// byEnumerator sorts interviews by enumerator, and by start within one.
func byEnumerator(ps []*person) []*person {
	first, crew := ps[0].start, ps[0].enumerator
	for _, p := range ps {
		first, crew = min(first, p.start), min(crew, p.enumerator)
	}
	ranks := make([]int, len(ps))
	for i, p := range ps {
		ranks[i] = int(p.start - first)
	}
	early := order(ranks)
	for i, k := range early {
		ranks[i] = ps[k].enumerator - crew
	}
	sorted := make([]*person, len(ps))
	for i, k := range order(ranks) {
		sorted[i] = ps[early[k]]
	}
	return sorted
}

// duplicates makes n pairs of interviews by one enumerator, one after the
// other, that differ in the age by a year and in nothing else.
func (m *maker) duplicates(whole []*person, n int) {
	core := func(a, b *person) bool {
		return a.route == b.route && a.slot == b.slot && a.state == none && b.state == none && a.band == b.band &&
			a.abroad == b.abroad && a.organs == b.organs && a.family == b.family && a.familyOut == b.familyOut &&
			a.abroadOut == b.abroadOut && a.code[qPrevious] == b.code[qPrevious]
	}
	for tries := 0; n > 0 && tries < 100*len(whole); tries++ {
		i := m.dice.below(len(whole) - 1)
		p, next := whole[i], whole[i+1]
		if next.enumerator != p.enumerator || next.day != p.day || next.slot.span != p.slot.span {
			continue
		}
		twin := whole[m.dice.below(len(whole))]
		if twin == p || !core(p, twin) {
			continue
		}
		// The twin takes the next interview's place in the day, and the other way round.
		swapPlaces(twin, next)
		place := twin.code[qPoint]
		twin.code, twin.code[qPoint] = p.code, place
		twin.set, twin.setOut, twin.gone = p.set, p.setOut, p.gone
		twin.age = p.age + 1
		n--
	}
}

func swapPlaces(a, b *person) {
	a.enumerator, b.enumerator = b.enumerator, a.enumerator
	a.day, b.day = b.day, a.day
	a.start, b.start = b.start, a.start
	a.seconds, b.seconds = b.seconds, a.seconds
	a.offset, b.offset = b.offset, a.offset
	a.north, b.north = b.north, a.north
	a.east, b.east = b.east, a.east
	a.sent, b.sent = b.sent, a.sent
	a.code[qPoint], b.code[qPoint] = b.code[qPoint], a.code[qPoint]
}

// sign puts the interviews in the order in which they began and gives each its
// identifier, in the form of a random UUID.
func (m *maker) sign(all []person) []person {
	first := all[0].start
	for i := range all {
		first = min(first, all[i].start)
	}
	ranks := make([]int, len(all))
	for i := range all {
		ranks[i] = int(all[i].start - first)
	}
	sorted := make([]person, len(all))
	for i, k := range order(ranks) {
		p := all[k]
		hi, lo := m.dice.src.Uint64(), m.dice.src.Uint64()
		p.uuid = [2]uint64{hi&^0xf000 | 0x4000, lo&^(3<<62) | 1<<63}
		sorted[i] = p
	}
	return sorted
}
