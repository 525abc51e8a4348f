package survey

import (
	"math"
	"slices"

	"waymark/internal/fault"
)

// Adjustment is a way to allow for many comparisons made at once.
type Adjustment uint8

// The adjustments. Holm and Bonferroni keep the chance of any false finding in
// the family at the level, whatever the dependence between tests. The other two
// keep the expected share of false findings among the findings: BH where the
// tests are independent or positively dependent, BY always.
const (
	NotAdjusted        Adjustment = iota
	Holm                          // Holm (1979), Scand. J. Statist. 6, 65-70
	BenjaminiHochberg             // Benjamini & Hochberg (1995), J. R. Statist. Soc. B 57, 289-300
	BenjaminiYekutieli            // Benjamini & Yekutieli (2001), Ann. Statist. 29, 1165-1188
	Bonferroni
)

// AdjustedFamily is a family of p-values after adjustment.
type AdjustedFamily struct {
	// P has one adjusted value per p-value given, in the same order; NaN where
	// the p-value given was NaN.
	P []float64
	// Size is how many took part: all that are not NaN.
	Size int
	// LeftOut are the positions of those that were NaN, in order.
	LeftOut []int
}

// Adjust adjusts the p-values of one family. With p(1) <= ... <= p(m):
//
//	Holm        max over j <= i of min(1, (m-j+1) p(j))
//	BH          min over j >= i of min(1, m/j p(j))
//	BY          min over j >= i of min(1, m/j (1 + 1/2 + ... + 1/m) p(j))
//	Bonferroni  min(1, m p(i))
//
// A finding stays at level a if its adjusted value is at most a. NaN stands for
// a p-value that could not be estimated: it takes no part, m does not count it,
// and LeftOut names it. Equal p-values get equal adjusted values. It fails with
// every p-value outside 0 to 1 at once. As R's p.adjust with methods "holm",
// "BH", "BY" and "bonferroni". Sources: as at the constants.
func Adjust(p []float64, how Adjustment) (AdjustedFamily, error) {
	faults := fault.NewList(maxFaults)
	out := AdjustedFamily{P: slices.Clone(p)}
	order := make([]int, 0, len(p))
	for i, v := range p {
		switch {
		case math.IsNaN(v):
			out.LeftOut = append(out.LeftOut, i)
		case v < 0 || v > 1:
			faults.Addf(fault.Invalid, fault.Place{Row: i + 1}, "give p-values, and NaN where there is none", "%v is not a p-value: it lies outside 0 to 1", v)
		default:
			order = append(order, i)
		}
	}
	if how > Bonferroni {
		faults.Addf(fault.Invalid, fault.Place{}, "use one of the package's constants", "no adjustment has the number %d", how)
	}
	if err := faults.Err(); err != nil {
		return AdjustedFamily{}, err
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	m := len(order)
	out.Size = m
	harmonic := 1.0
	if how == BenjaminiYekutieli {
		harmonic = 0
		for i := 1; i <= m; i++ {
			harmonic += 1 / float64(i)
		}
	}
	switch how {
	case Bonferroni:
		for _, i := range order {
			out.P[i] = min(1, float64(m)*p[i])
		}
	case Holm:
		most := 0.0
		for j, i := range order {
			most = max(most, float64(m-j)*p[i])
			out.P[i] = min(1, most)
		}
	case BenjaminiHochberg, BenjaminiYekutieli:
		least := math.Inf(1)
		for j := m - 1; j >= 0; j-- {
			i := order[j]
			least = min(least, harmonic*(float64(m)/float64(j+1))*p[i])
			out.P[i] = min(1, least)
		}
	}
	return out, nil
}
