package example

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// detectionsText is made by derive from Frontex's detections; see there.
//
//go:embed detections.csv
var detectionsText string

//go:generate go run ./derive -from ../../../shared/data/frontex/detections.csv

// detection is one row of detections.csv.
type detection struct {
	route, month, nationality string // "EMR", "2016-03", ISO 3166-1 alpha-3 or OTH
	n                         int
}

func readDetections() ([]detection, error) {
	r := csv.NewReader(strings.NewReader(detectionsText))
	r.FieldsPerRecord = 4
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{File: "detections.csv"}, err.Error(), "", err)
	}
	ds := make([]detection, 0, len(rows))
	for i, row := range rows[1:] {
		n, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fault.Wrap(fault.Internal, fault.Place{File: "detections.csv", Row: i + 2, Column: 4}, "not a whole number", "", err)
		}
		ds = append(ds, detection{row[0], row[1], row[2], n})
	}
	return ds, nil
}

// nationalities lists the codes in the order of first appearance.
func nationalities(ds []detection) []string {
	var codes []string
	for _, d := range ds {
		if !slices.Contains(codes, d.nationality) {
			codes = append(codes, d.nationality)
		}
	}
	return codes
}

// slot is a place in the round: a nationality in a span of days.
type slot struct {
	span int // index in margins.Spans
	nat  int // nationality number
}

// slots gives the people of one route a nationality and a span: in each span,
// nationalities in proportion to the month's detections, and the nationalities
// with more exposure to people with more experiences, by and large.
func (m *maker) slots(route string, ps []person) {
	var spans, weights []int
	for i, s := range m.margins.Spans {
		if s.Route == route {
			spans, weights = append(spans, i), append(weights, s.Weight)
		}
	}
	slots, leans := make([]slot, 0, len(ps)), make([]int, 0, len(ps))
	for i, n := range split(len(ps), weights) {
		counts := make([]int, len(m.nats))
		for _, d := range m.detections {
			if d.route == route && d.month == m.margins.Spans[spans[i]].From[:7] {
				counts[slices.Index(m.nats, d.nationality)] += d.n
			}
		}
		for nat, k := range split(n, counts) {
			lean, ok := m.margins.Exposure.Weights[m.nats[nat]]
			if !ok {
				lean = 50
			}
			for range k {
				slots = append(slots, slot{spans[i], nat})
				leans = append(leans, lean+m.dice.below(120))
			}
		}
	}
	ranks := make([]int, len(ps))
	for i := range ps {
		ranks[i] = m.dice.below(150)
		if ps[i].state == some {
			ranks[i] += 60
		}
	}
	at := order(ranks)
	for i, k := range order(leans) {
		ps[at[i]].slot = slots[k]
	}
}
