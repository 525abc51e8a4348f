package main

import (
	"fmt"
	"math/rand/v2"

	"waymark/stats/table"
)

// The made-up design: strata by route, with the same number of PSUs in each.
const (
	eastern    = 13 // strata on the Eastern route; the rest are on the others
	strata     = 20
	psusInEach = 20
)

// withDesign adds stratum, psu and weight. Weights are in thousandths, around a
// base that differs from stratum to stratum, from 0.40 to 2.30.
func withDesign(t *table.Table, dice *rand.Rand) (*table.Table, error) {
	names := func(prefix string, n, places int) []table.Level {
		levels := make([]table.Level, n)
		for i := range levels {
			levels[i].Code = fmt.Sprintf("%s%0*d", prefix, places, i+1)
		}
		return levels
	}
	stratum, psu, weight := make([]uint8, t.Rows()), make([]uint32, t.Rows()), make([]float64, t.Rows())
	route := t.Category("route")
	for r := range t.Rows() {
		s := dice.IntN(eastern)
		if route.Text(r) != "EMR" {
			s = eastern + dice.IntN(strata-eastern)
		}
		stratum[r] = uint8(table.FirstLevel + s)
		psu[r] = uint32(table.FirstLevel + s*psusInEach + dice.IntN(psusInEach))
		base := 400 + 100*s
		weight[r] = float64(base*(800+dice.IntN(401))/1000) / 1000
	}
	return t.With(
		table.NewCategory8("stratum", names("S", strata, 2), stratum),
		table.NewCategory("psu", names("P", strata*psusInEach, 3), psu),
		table.NewNumber("weight", weight, nil),
	)
}
