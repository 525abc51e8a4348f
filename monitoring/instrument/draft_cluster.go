package instrument

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/stats/table"
)

// rowsAreDrawn says whether rows themselves were drawn in each stratum: the
// weight of a row is the population size over the rows of its stratum.
func (g *designGuess) rowsAreDrawn(fpc *draftQuestion) bool {
	if g.weights == nil || fpc == nil {
		return false
	}
	parts := g.strataOr()
	for row, n := range positive(fpc) {
		if want := n / float64(parts.counts[parts.of[row]]); math.Abs(g.weightValues[row]-want) > 1e-6*want {
			return false
		}
	}
	return true
}

// stage is one stage of sampling that was found.
type stage struct {
	q     *draftQuestion
	parts *partition
}

// findClusters takes the columns that are named like sampling units and divide
// the rows inside the strata, unless weights and population sizes show that
// rows were drawn one by one; then it settles the population sizes.
func (g *designGuess) findClusters() {
	first := g.firstFPC()
	drawn := g.rowsAreDrawn(first)
	var units []stage
	for _, q := range g.questions {
		if !named(q, clusterWords) || q.kind == "decimal" || q.kind == "select_multiple" || q == g.strata {
			continue
		}
		parts, ok := divide(q.column, g.rows)
		switch {
		case !ok || len(parts.counts) < 2:
		case drawn:
			g.remarks = append(g.remarks, fmt.Sprintf("%s is named like a cluster, but %s equals %s over the rows of each stratum, so rows were drawn one by one.", q.name, g.weights.name, first.name))
		case !parts.within(g.strataOr()):
			g.remarks = append(g.remarks, fmt.Sprintf("%s is named like a cluster, but some of its values are in several strata.", q.name))
		default:
			units = append(units, stage{q, parts})
		}
	}
	slices.SortStableFunc(units, func(a, b stage) int { return len(a.parts.counts) - len(b.parts.counts) })
	if len(units) > 0 && len(units[0].parts.counts) == g.rows {
		units = nil // a unit for each row is no cluster
	}
	if len(units) == 0 {
		g.settleFPC(first, g.strataOr().counts, "rows", drawn)
		return
	}
	if g.settleFPC(first, unitsPer(units[0].parts, g.strataOr()), "clusters", drawn) {
		if g.laterStage(first, units) {
			return
		}
	}
	g.role(RoleCluster, units[0].q.name, fmt.Sprintf("its name says so, and its %d values divide the rows inside the strata", len(units[0].parts.counts)))
}

// firstFPC is the first population size that is constant within each stratum.
func (g *designGuess) firstFPC() *draftQuestion {
	for _, q := range g.fpc {
		if within, _ := g.strataOr().constant(positive(q)); within {
			return q
		}
	}
	return nil
}

// settleFPC takes a population size that is not below the units drawn in any
// stratum. A number up to 1 is a sampling fraction.
func (g *designGuess) settleFPC(fpc *draftQuestion, units []int, what string, drawn bool) bool {
	if fpc == nil {
		return false
	}
	if row, ok := g.enough(fpc, g.strataOr(), units); !ok {
		g.remarks = append(g.remarks, fmt.Sprintf("%s is named like a population size, but is %v where the sample has %d %s.", fpc.name, positive(fpc)[row], units[g.strataOr().of[row]], what))
		return false
	}
	why := fmt.Sprintf("its name says so, it is constant within each stratum and not below its number of %s", what)
	if drawn {
		why += fmt.Sprintf("; %s equals it over the rows of the stratum", g.weights.name)
	}
	return g.role(RoleFPC, fpc.name, why)
}

// enough says whether population sizes reach the number of units of each part;
// if not, it gives the first row where they do not.
func (g *designGuess) enough(fpc *draftQuestion, parts *partition, units []int) (int, bool) {
	for row, v := range positive(fpc) {
		if v > 1 && v < float64(units[parts.of[row]]) {
			return row, false
		}
	}
	return 0, true
}

// laterStage looks for a second stage: units inside the clusters, with a
// population size that is constant within each cluster and not below the units
// drawn there. Without its population size a second stage adds nothing to the
// variance, and is left out.
func (g *designGuess) laterStage(first *draftQuestion, units []stage) bool {
	outer := units[0]
	for _, fpc := range g.fpc {
		if fpc == first {
			continue
		}
		if within, _ := outer.parts.constant(positive(fpc)); !within {
			continue
		}
		for _, inner := range units[1:] {
			if len(inner.parts.counts) == len(outer.parts.counts) || !inner.parts.within(outer.parts) {
				continue
			}
			if _, ok := g.enough(fpc, outer.parts, unitsPer(inner.parts, outer.parts)); !ok {
				continue
			}
			g.role(RoleCluster, outer.q.name+" "+inner.q.name, fmt.Sprintf("their names say so, and the %d values of %s divide the %d of %s", len(inner.parts.counts), inner.q.name, len(outer.parts.counts), outer.q.name))
			for i := range g.roles {
				if g.roles[i].role == RoleFPC {
					g.roles[i].name = first.name + " " + fpc.name
					g.roles[i].why += fmt.Sprintf("; %s is constant within each %s", fpc.name, outer.q.name)
				}
			}
			g.guess("role fpc: also %s for the second stage, because it is constant within each %s", fpc.name, outer.q.name)
			return true
		}
	}
	return false
}

// unitsPer counts the parts of fine in each part of coarse.
func unitsPer(fine, coarse *partition) []int {
	counts := make([]int, len(coarse.counts))
	seen := make([]bool, len(fine.counts))
	for row, part := range fine.of {
		if !seen[part] {
			seen[part] = true
			counts[coarse.of[row]]++
		}
	}
	return counts
}

// identifyingWords are words in the names of columns that may point to a person.
var identifyingWords = map[string]bool{
	"name": true, "names": true, "surname": true, "firstname": true, "lastname": true, "sname": true, "nom": true, "prenom": true, "prénom": true,
	"phone": true, "telephone": true, "tel": true, "mobile": true, "email": true, "mail": true, "address": true, "adresse": true,
	"passport": true, "passeport": true, "gps": true, "latitude": true, "longitude": true, "geopoint": true, "birthdate": true, "dob": true,
	"اسم": true, "الاسم": true, "هاتف": true, "note": true, "notes": true, "comment": true, "comments": true, "remarks": true, "remarques": true,
}

// identify marks the answers that may point to a person: by name, or free
// texts that differ in most rows. A text without spaces that differs in every
// row is the id of the interview, if nothing else is.
func (d *draft) identify(rows int) {
	taken := map[string]bool{}
	for _, r := range d.roles {
		for _, name := range strings.Fields(r.name) {
			taken[name] = true
		}
	}
	for _, q := range d.questions {
		if taken[q.name] && q.kind != "geopoint" {
			continue
		}
		for _, w := range splitWords(q.name) {
			if identifyingWords[w] && q.yes == "" {
				q.identifying = "its name says so"
			}
		}
		if q.kind == "geopoint" {
			q.identifying = "a position may point to a person"
		}
		if q.kind != "text" || q.column == nil {
			continue
		}
		distinct, spaces, filled := differing(q.column)
		if distinct == rows && spaces == 0 && rows > 1 && q.identifying == "" && d.role(RoleID, q.name, "it is a word that differs in every row") {
			continue
		}
		if q.identifying == "" && filled > 0 && 2*distinct > filled {
			q.identifying = fmt.Sprintf("it is text with %d different values in %d rows", distinct, filled)
		}
	}
}

// differing counts the different values of a column, the rows with a space in
// their value, and the rows with a value.
func differing(c table.Column) (distinct, spaces, filled int) {
	seen := map[string]struct{}{}
	for row := range c.Len() {
		if c.Missing(row) != table.Present {
			continue
		}
		filled++
		value := c.Text(row)
		if strings.ContainsAny(value, " \t\n") {
			spaces++
		}
		seen[value] = struct{}{}
	}
	return len(seen), spaces, filled
}
