package example

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// wheel is a table of relative weights made ready to draw from. What a sector
// holds goes by the table's kind: a stored code, a way, or a range of numbers.
type wheel struct {
	draw    *draw
	nats    []bool // by nationality number; nil: all
	sex     uint8  // stored code; 0: all
	route   int    // index in maker.routes; -1: all
	names   []string
	weights []int
	total   int
	code    []uint8
	way     [][]uint8 // countries in the order of the journey
	lo, hi  []int
}

// wheels holds the tables by id, in the file's order.
type wheels map[string][]*wheel

// ownCountry stands in a sector of country_departure for the person's own.
const ownCountry = 0

// lists names the choice list of each table whose sectors are codes.
var lists = map[string]string{
	"sex": "sex", "education": "education", "employment_before": "employment", "marital_status": "marital",
	"travelling": "travelling", "country_departure": "country", "cost": "cost", "reason": "reason",
	"destination": "country", "where": "country", "referral_given": "yes_no",
}

// ranges are the tables whose sectors are numbers, single or "from-to".
var ranges = map[string]bool{"age": true, "days": true, "minutes": true}

func newWheels(m *margins, book *codebook, nats, routes []string, faults *fault.List) wheels {
	ws := wheels{}
	for i := range m.Draws {
		d := &m.Draws[i]
		at := fault.Place{File: marginsFile, Field: d.ID}
		w := &wheel{draw: d, route: slices.Index(routes, d.Route)}
		if d.Nationality != nil {
			w.nats = make([]bool, len(nats))
			for _, n := range d.Nationality {
				for k := range nats {
					w.nats[k] = w.nats[k] || nats[k] == n
				}
			}
		}
		if d.Sex != "" {
			w.sex = book.codes["sex"][d.Sex]
		}
		stem, _, _ := strings.Cut(d.ID, ".")
		for _, item := range d.Weights {
			name := fmt.Sprint(item.Key)
			weight, err := strconv.Atoi(fmt.Sprint(item.Value))
			if err != nil || weight < 0 {
				faults.Addf(fault.Internal, at, "give a whole number from 0", "the weight of %q is %v", name, item.Value)
			}
			w.names, w.weights, w.total = append(w.names, name), append(w.weights, weight), w.total+weight
			w.sector(stem, name, book, at, faults)
		}
		if w.total == 0 {
			faults.Addf(fault.Internal, at, "", "all weights are 0")
		}
		ws[d.ID] = append(ws[d.ID], w)
	}
	return ws
}

// sector reads what one name stands for.
func (w *wheel) sector(stem, name string, book *codebook, at fault.Place, faults *fault.List) {
	list, coded := lists[stem]
	switch {
	case coded && name == "own":
		w.code = append(w.code, ownCountry)
	case coded:
		code, ok := book.codes[list][name]
		if !ok {
			faults.Addf(fault.Internal, at, "", "the list %q has no code %q", list, name)
		}
		w.code = append(w.code, code)
	case stem == "transit_countries":
		var way []uint8
		for _, c := range strings.Fields(name) {
			code, ok := book.codes["country"][c]
			if !ok || code < table.FirstLevel {
				faults.Addf(fault.Internal, at, "", "no country %q", c)
				continue
			}
			way = append(way, code)
		}
		w.way = append(w.way, way)
	case ranges[stem]:
		from, to, two := strings.Cut(name, "-")
		if !two {
			to = from
		}
		lo, err1 := strconv.Atoi(from)
		hi, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || lo > hi {
			faults.Addf(fault.Internal, at, `write it as "14-17"`, "%q is no range", name)
		}
		w.lo, w.hi = append(w.lo, lo), append(w.hi, hi)
	}
}

// spin returns a sector, each in proportion to its weight.
func (w *wheel) spin(d dice) int {
	x := d.below(w.total)
	for i, weight := range w.weights {
		if x -= weight; x < 0 {
			return i
		}
	}
	return len(w.weights) - 1
}

// within returns a number of a sector's range.
func (w *wheel) within(d dice) int {
	i := w.spin(d)
	return d.between(w.lo[i], w.hi[i])
}

// fit returns the last table that fits the person, or the first.
func fit(all []*wheel, p *person) *wheel {
	for i := len(all) - 1; i > 0; i-- {
		if all[i].fits(p) {
			return all[i]
		}
	}
	return all[0]
}

// route returns the table of an id for a route.
func (ws wheels) route(id, route string) *wheel {
	for _, w := range ws[id] {
		if w.draw.Route == route {
			return w
		}
	}
	return &wheel{}
}

func (w *wheel) fits(p *person) bool {
	switch d := w.draw; {
	case w.route >= 0 && w.route != p.route,
		w.nats != nil && !w.nats[p.slot.nat],
		w.sex != 0 && w.sex != p.code[qSex],
		d.Any != nil && *d.Any != (p.state == some),
		d.Abroad != nil && *d.Abroad != p.abroad,
		d.Family != nil && *d.Family != p.family:
		return false
	}
	return true
}
