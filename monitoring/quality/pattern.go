package quality

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"waymark/monitoring/instrument"
)

const patternMethod = "Each share is compared with the other interviews on the same routes. The exact binomial tail is turned into a z value; " +
	"where there are at least ten enumerators or points, the z values are divided by their own spread (winsorised at 20%), so that ordinary differences between them raise no alarm; " +
	"p values are adjusted by Holm's method over all of them. The one that stands out most is set aside and the comparison repeated, so that it does not make others stand out. Small ones are shown in the table but not tested."

var spiegelhalter = instrument.Citation{Authority: "Spiegelhalter; Holm",
	Source: "Funnel plots for comparing institutional performance, Statistics in Medicine 24, 1185-1202; A simple sequentially rejective multiple test procedure (1979), Scandinavian Journal of Statistics 6, 65-70", Date: "2005"}

// patternRules compare enumerators and points with each other.
var patternRules = []Rule{
	{
		ID: "pattern.enumerator", Title: "Enumerators who differ from the others",
		Why:      "Refusals, yes answers, missing answers, lengths and round ages should not depend on who asks.",
		Method:   patternMethod,
		Citation: spiegelhalter,
		Thresholds: []Threshold{
			{Name: "level", Default: 0.01, Unit: "adjusted p", Meaning: "a p value under this is a finding; with five shares, 5% in all"},
			{Name: "difference", Default: 0.10, Unit: "share", Meaning: "smaller differences from what was expected are no finding"},
			{Name: "interviews", Default: 20, Unit: "interviews", Meaning: "enumerators with fewer are not tested"},
		},
		Needs: []instrument.Role{instrument.RoleEnumerator},
		check: func(r *round, o *outcome) {
			r.patterns(o, r.enumerator, r.enumerators(), "Enumerator", Warning)
		},
	},
	{
		ID: "pattern.point", Title: "Points that differ from the others",
		Why:      "Points see different people, so differences are to be expected. Large ones deserve an explanation before they are published.",
		Method:   patternMethod,
		Citation: spiegelhalter,
		Thresholds: []Threshold{
			{Name: "level", Default: 0.01, Unit: "adjusted p", Meaning: "a p value under this is a finding; with five shares, 5% in all"},
			{Name: "difference", Default: 0.10, Unit: "share", Meaning: "smaller differences from what was expected are no finding"},
			{Name: "interviews", Default: 20, Unit: "interviews", Meaning: "points with fewer are not tested"},
		},
		Needs: []instrument.Role{instrument.RolePoint},
		check: func(r *round, o *outcome) {
			r.patterns(o, r.point, r.points(), "Point", Note)
		},
	},
}

// tally counts yes (k) and counted rows (n) by group and stratum.
type tally struct{ k, n []int }

// measureAll makes one measure for every group and compares it. A group that
// stands out is set aside, so that it does not make honest ones stand out
// against it; then all are compared again, until none is added or a quarter of
// the groups is aside.
func (r *round) measureAll(keys *keys, m measure) []Measure {
	strata, width := r.strata()
	groups := len(keys.names)
	t := tally{make([]int, groups*width), make([]int, groups*width)}
	all := tally{make([]int, width), make([]int, width)}
	out := make([]Measure, groups)
	for row, g := range keys.code {
		state := m.state(row)
		if g < 0 || state < 0 {
			continue
		}
		out[g].N++
		out[g].K += int(state)
		if s := strata(row); s >= 0 {
			t.n[int(g)*width+int(s)]++
			t.k[int(g)*width+int(s)] += int(state)
			all.n[s]++
			all.k[s] += int(state)
		}
	}
	rule := "pattern.enumerator."
	if keys == r.point {
		rule = "pattern.point."
	}
	level, difference := r.limit(rule+"level"), r.limit(rule+"difference")
	least := int(r.limit(rule + "interviews"))
	flagged := func(c cell, v verdict) bool {
		return c.n > 0 && v.p < level && math.Abs(float64(c.k)/float64(c.n)-c.expected) >= difference
	}
	cells, verdicts := make([]cell, groups), []verdict(nil)
	aside := make([]bool, groups)
	for round := 0; ; round++ {
		for g := range cells {
			cells[g] = cell{}
			if c := expect(t, all, g, width, aside[g]); c.n >= least {
				cells[g] = c
			}
		}
		verdicts = compare(cells)
		worst := -1
		for g, v := range verdicts {
			if !aside[g] && flagged(cells[g], v) && (worst < 0 || math.Abs(v.z) > math.Abs(verdicts[worst].z)) {
				worst = g
			}
		}
		if worst < 0 || round >= max(1, groups/4) {
			break
		}
		aside[worst] = true
		for s := range width {
			all.k[s] -= t.k[worst*width+s]
			all.n[s] -= t.n[worst*width+s]
		}
	}
	for g, v := range verdicts {
		o := &out[g]
		if o.N > 0 {
			o.Share = float64(o.K) / float64(o.N)
			o.Lo, o.Hi = clopperPearson(o.K, o.N, 0.95)
		}
		o.P = v.p
		if c := cells[g]; c.n > 0 {
			o.Compared, o.Expected, o.Flagged = true, c.expected, flagged(c, v)
		}
	}
	return out
}

// expect sets a group's count against the share among the others of the same
// strata, weighted by the group's own numbers. Strata where fewer than 30
// others were counted are left out. A sum of binomial counts with different
// probabilities varies less than one with their mean, so the test errs on the
// side of silence (Hoeffding 1956). Half a yes and half a no are added to the
// others, so that the expected share is never exactly 0 or 1. apart says that
// all does not hold the group itself.
func expect(t, all tally, group, width int, apart bool) cell {
	var c cell
	for s := range width {
		k, n := t.k[group*width+s], t.n[group*width+s]
		others, yes := all.n[s], all.k[s]
		if !apart {
			others, yes = others-n, yes-k
		}
		if n == 0 || others < 30 {
			continue
		}
		c.k += k
		c.n += n
		c.expected += float64(n) * (float64(yes) + 0.5) / float64(others+1)
	}
	if c.n > 0 {
		c.expected /= float64(c.n)
	}
	return c
}

// noCodes says why the column does not divide interviews.
func (k *keys) noCodes() string {
	return fmt.Sprintf("column %s has %s for the interviews: too few or too many to be codes", k.column, count(len(k.names), "value", "different values"))
}

// patterns turns flagged measures into findings.
func (r *round) patterns(o *outcome, keys *keys, profiles []Profile, who string, severity Severity) {
	if profiles == nil {
		o.skip(keys.noCodes())
		return
	}
	compared := false
	type deviation struct {
		profile, measure int
	}
	var found []deviation
	for p := range profiles {
		for m, v := range profiles[p].Measures {
			compared = compared || v.Compared
			if v.Flagged {
				found = append(found, deviation{p, m})
			}
		}
	}
	// The least likely first.
	slices.SortStableFunc(found, func(a, b deviation) int {
		return cmp.Compare(profiles[a.profile].Measures[a.measure].P, profiles[b.profile].Measures[b.measure].P)
	})
	measures := r.measures()
	for _, d := range found {
		p, m, title := profiles[d.profile], profiles[d.profile].Measures[d.measure], measures[d.measure].Title
		o.add(Finding{Severity: severity, Subject: p.Name, Total: m.N,
			Message: fmt.Sprintf("%s %s has %s on “%s” (of %s), the others on the same routes %s (adjusted %s)",
				who, p.Name, percent(m.Share), title, thousands(m.N), percent(m.Expected), probability(m.P)),
			Remedy: measures[d.measure].remedy}, nil)
	}
	if !compared {
		o.skip("no two groups on one route have enough interviews to be compared")
	}
}
