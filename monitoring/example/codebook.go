package example

import (
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// countries is a set of levels of the list "country", as a set column holds it.
type countries [2]uint64

// mostCountries is how many countries fit in a set.
const mostCountries = 64 * len(countries{})

// add puts the country with this stored code into the set.
func (s *countries) add(code uint8) {
	level := code - table.FirstLevel
	s[level/64] |= 1 << (level % 64)
}

// codebook turns the codes of a list into stored codes (see table.FirstLevel).
type codebook struct {
	levels  map[string][]table.Level
	codes   map[string]map[string]uint8
	ordered map[string]bool
}

func newCodebook(in *instrument.Instrument) *codebook {
	b := &codebook{map[string][]table.Level{}, map[string]map[string]uint8{}, map[string]bool{}}
	for list, choices := range in.Lists {
		codes := map[string]uint8{}
		var levels []table.Level
		for _, c := range choices {
			if c.Missing != table.Present {
				codes[c.Name] = uint8(c.Missing)
				continue
			}
			codes[c.Name] = uint8(table.FirstLevel + len(levels))
			levels = append(levels, table.Level{Code: c.Name, Label: c.Label.In("en")})
		}
		b.levels[list], b.codes[list] = levels, codes
	}
	for _, q := range in.Questions {
		b.ordered[q.List] = b.ordered[q.List] || q.Ordered
	}
	return b
}
