package example

// A cell is one combination of time in transit, a year abroad, and whether
// anything happened. Published figures fix the totals over cells; the cells
// are filled by quota, so that the figures hold by construction.

// bands is the number of levels of transit_time; one more group is for people
// who gave none.
const bands = 5

// shape is how many people of one route fall in each group of transit time.
type shape struct {
	all     []int // people
	unclear []int // of these, without a clear answer on the five
	clear   []int // the rest: the base of at_least_one
	some    []int // of clear, with at least one yes
	abroad  []int // of clear, one year or more abroad
	both    []int // of clear, some and abroad
	rate    []int // relative share with at least one yes, per mille
	weight  []int // share abroad, per mille
}

// shapeOf fills the groups of one route with n people; both is left to abroadOf.
func (m *maker) shapeOf(route string, n int) (*shape, error) {
	f := m.figures
	s := &shape{}
	unknown := portion(f.of("missing.transit_time", route), n)
	over := portion(f.of("transit.over_6_months", route), n-unknown)
	s.all = append(split(n-unknown-over, m.wheels.route("transit_time.up_to_6_months", route).weights),
		split(over, m.wheels.route("transit_time.over_6_months", route).weights)...)
	s.all = append(s.all, unknown)
	s.rate = withMean(m.wheels.route("at_least_one.by_transit_time", route).weights, s.all)
	s.weight = withMean(m.wheels.route("abroad_one_year.by_transit_time", route).weights, s.all)

	s.unclear = split(portion(f.of("missing.at_least_one", route), n), s.all)
	base, clear, lean := 0, make([]int, bands+1), make([]int, bands+1)
	for g := range s.all {
		clear[g] = s.all[g] - s.unclear[g]
		lean[g] = clear[g] * s.rate[g]
		s.abroad = append(s.abroad, (clear[g]*s.weight[g]+500)/1000)
		base += clear[g]
	}
	s.clear = clear
	var err error
	s.some, err = splitWithin(portion(f.of("at_least_one", route), base), lean, make([]int, bands+1), clear)
	return s, err
}

// withMean appends the mean of the bands' values, for people without a band.
func withMean(values, people []int) []int {
	sum, n := 0, 0
	for g, v := range values {
		sum += v * people[g]
		n += people[g]
	}
	return append(append([]int(nil), values...), sum/max(1, n))
}

// abroadOf spreads total people with an experience and a year abroad.
func (s *shape) abroadOf(total int) (err error) {
	lean, lo, hi := make([]int, bands+1), make([]int, bands+1), make([]int, bands+1)
	for g := range lean {
		lean[g] = s.abroad[g] * s.rate[g]
		lo[g] = max(0, s.some[g]-(s.clear[g]-s.abroad[g]))
		hi[g] = min(s.abroad[g], s.some[g])
	}
	s.both, err = splitWithin(total, lean, lo, hi)
	return err
}

// shapes fills all cells of all routes. The share with an experience among
// people one year or more abroad is published for the routes together: the
// last route takes what the others leave.
func (m *maker) shapes(sizes []int) ([]*shape, error) {
	var all []*shape
	abroad := 0
	for i, route := range m.routes {
		s, err := m.shapeOf(route, sizes[i])
		if err != nil {
			return nil, err
		}
		all = append(all, s)
		abroad += sum(s.abroad)
	}
	left := portion(m.figures.of("at_least_one.abroad_one_year", ""), abroad)
	for i, s := range all {
		part := left
		if i < len(all)-1 {
			part = portion(m.figures.of("at_least_one.abroad_one_year", m.routes[i]), sum(s.abroad))
		}
		if err := s.abroadOf(part); err != nil {
			return nil, err
		}
		left -= part
	}
	return all, m.figures.faults.Err()
}

// people makes the people of a route's cells, in random order.
func (s *shape) people(route int, d dice) []person {
	ps := make([]person, 0, sum(s.all)+sum(s.all)/8)
	add := func(n, g int, st state, abroad bool) {
		band := g
		if g == bands {
			band = noBand
		}
		for range n {
			ps = append(ps, person{route: route, band: band, state: st, abroad: abroad})
		}
	}
	for g := range s.all {
		add(s.both[g], g, some, true)
		add(s.some[g]-s.both[g], g, some, false)
		add(s.abroad[g]-s.both[g], g, none, true)
		add(s.clear[g]-s.some[g]-s.abroad[g]+s.both[g], g, none, false)
		away := (s.unclear[g]*s.weight[g] + 500) / 1000
		add(away, g, unclear, true)
		add(s.unclear[g]-away, g, unclear, false)
	}
	shuffle(d, ps)
	return ps
}

func sum(ns []int) int {
	t := 0
	for _, n := range ns {
		t += n
	}
	return t
}
