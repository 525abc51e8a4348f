package example

import (
	"fmt"
	"slices"

	"waymark/internal/fault"
)

// mostADay is the most interviews that one enumerator does in a day.
const mostADay = 8

// usualADay is how many an enumerator does on a working day, by and large.
const usualADay = 5

// mostCodes is how many enumerators' codes the form allows, E01 to E9999; a
// round of more than two million begins again.
const mostCodes = 9999

// schedule gives every interview of a route its day, hour, enumerator, point
// and position. n is the number of eligible interviews among them. No
// enumerator does two interviews at once.
func (m *maker) schedule(route string, ps []person, n int) error {
	var points []string
	for _, r := range m.margins.Regions {
		if r.Route == route {
			points = append(points, r.Points...)
		}
	}
	per := max(1, int(m.figures.of("interviews.per_enumerator", "")))
	crew := max(len(points), (n+per-1)/per)
	share := make([]int, crew)
	for e := range share {
		share[e] = m.dice.between(60, 140)
	}
	for si, s := range m.margins.Spans {
		if s.Route != route {
			continue
		}
		first, err := day(s.From)
		if err != nil {
			return err
		}
		last, err := day(s.To)
		if err != nil {
			return err
		}
		var in []*person
		for i := range ps {
			if ps[i].slot.span == si {
				in = append(in, &ps[i])
			}
		}
		shuffle(m.dice, in)
		for e, k := range split(len(in), share) {
			if err := m.days(in[:k], first, last, s.From); err != nil {
				return err
			}
			for _, p := range in[:k] {
				p.enumerator = (m.crew+e)%mostCodes + 1
				m.place(p, points[e%len(points)])
			}
			m.hours(in[:k])
			in = in[k:]
		}
	}
	m.crew += crew
	return nil
}

// days spreads one enumerator's interviews over working days from first to
// last, both inclusive.
func (m *maker) days(ps []*person, first, last int, span string) error {
	if most := mostADay * (last - first + 1); len(ps) > most {
		return fault.New(fault.Internal, fault.Place{File: marginsFile, Field: span},
			fmt.Sprintf("%d interviews for one enumerator, who can do %d", len(ps), most), "lower interviews.per_enumerator")
	}
	days := make([]int, 0, last-first+1)
	for d := first; d <= last; d++ {
		days = append(days, d)
	}
	shuffle(m.dice, days)
	done := make([]int, len(days))
	open := min(len(days), (len(ps)+usualADay-1)/usualADay+1)
	// People who land together often came together: about half keep to the
	// days of those with a like journey, the others take anyone's.
	ranks := make([]int, len(ps))
	for i, p := range ps {
		if m.dice.below(2) == 0 {
			p = ps[m.dice.below(len(ps))]
		}
		ranks[i] = (int(p.state)*8+p.band+1)<<20 | p.slot.nat<<10 | m.dice.below(1<<10)
	}
	for i, at := range order(ranks) {
		k := (i*open + m.dice.below(len(ps))) / len(ps) % open
		for done[k] == mostADay {
			k = (k + 1) % len(days)
		}
		done[k]++
		ps[at].day = days[k]
	}
	return nil
}

// hours sets one enumerator's interviews one after another, from the morning
// of each day. Instants are in seconds since 1970-01-01T00:00:00Z.
func (m *maker) hours(ps []*person) {
	days, load := make([]int, len(ps)), map[int]int{}
	for i, p := range ps {
		days[i] = p.day
		load[p.day]++
	}
	today, free := -1, int64(0)
	for _, k := range order(days) {
		p := ps[k]
		if p.day != today {
			today = p.day
			// The fewer there are, the later the day may begin.
			window := 3000 * (1 + mostADay - load[p.day])
			free = int64(p.day)*86400 + int64(8*3600+30*60+m.dice.below(window)) - 60*int64(p.offset)
		}
		length := "minutes"
		if p.ended != complete {
			length = "minutes.stopped"
		}
		p.start = free
		p.seconds = 60*fit(m.wheels[length], p).within(m.dice) + m.dice.below(60)
		free += int64(p.seconds) + 60*int64(fit(m.wheels["minutes.between"], p).within(m.dice))
		p.sent = p.start + int64(p.seconds) + int64(m.dice.below(6*3600))
	}
}

// place puts an interview near its point. Each point stands a little apart
// from its region's centre; positions are rounded to hundredths of a degree,
// about a kilometre.
func (m *maker) place(p *person, name string) {
	p.code[qPoint] = m.book.codes["point"][name]
	for _, r := range m.margins.Regions {
		i := slices.Index(r.Points, name)
		if i < 0 {
			continue
		}
		p.offset = int16(r.Minutes)
		if p.day >= summer {
			p.offset = int16(r.Summer)
		}
		p.north = portion(r.Latitude, 100) + 18*(i%2) + m.dice.between(-2, 2)
		p.east = portion(r.Longitude, 100) + 24*(i/2) + m.dice.between(-2, 2)
	}
}
