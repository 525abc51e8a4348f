package quality

import (
	"fmt"
	"math"

	"waymark/monitoring/instrument"
)

// straightRules look for answers that do not vary.
var straightRules = []Rule{
	{
		ID: "straight.empty", Title: "No answer in the whole module", Scope: EachInterview,
		Why:      "An interview in which every question of the module is refused, not known or left out adds nothing to any indicator. Many of them point to a module that is skipped.",
		Method:   "Interviews that no exclusion leaves out, and the questions that the first “at least one” indicator counts.",
		Citation: project("house rule: an interview is held for its module"),
		Thresholds: []Threshold{{Name: "share", Default: 0.01, Unit: "share",
			Meaning: "from this share of the eligible interviews on it is a warning, below it a note (inclusive)"}},
		check: emptyModule,
	},
	{
		ID: "straight.module", Title: "One set of answers again and again",
		Why:      "An enumerator whose interviews have the same answers to the whole module, far more often than the others', may fill it in without asking.",
		Method:   "For each enumerator the most frequent set of answers to the module, against how often that same set occurs among the others on the same routes. The exact binomial tails are corrected for ordinary differences between enumerators and adjusted by Holm's method.",
		Citation: spiegelhalter,
		Thresholds: []Threshold{
			{Name: "level", Default: 0.05, Unit: "adjusted p", Meaning: "a p value under this is a finding"},
			{Name: "difference", Default: 0.15, Unit: "share", Meaning: "smaller differences from what was expected are no finding"},
			{Name: "interviews", Default: 20, Unit: "interviews", Meaning: "enumerators with fewer are not tested"},
		},
		Needs: []instrument.Role{instrument.RoleEnumerator},
		check: sameModule,
	},
	{
		ID: "straight.run", Title: "Runs of the same answers",
		Why:      "Many interviews in a row with one set of answers to the module, longer than chance makes, may have been filled in at one sitting.",
		Method:   "Interviews of one enumerator in order of their start. With a share q of the set among the round's interviews on the route, n interviews have about n(1-q)q^L runs of length L or more; a run is a finding if that number, times the number of enumerators, is under the level.",
		Citation: instrument.Citation{Authority: "Feller", Source: "An Introduction to Probability Theory and Its Applications, volume 1, 3rd edition, XIII.7, on success runs", Date: "1968"},
		Thresholds: []Threshold{
			{Name: "level", Default: 0.05, Unit: "expected runs", Meaning: "fewer expected runs than this, over all enumerators, make a finding"},
			{Name: "interviews", Default: 8, Unit: "interviews", Meaning: "shorter runs are no finding"},
		},
		Needs: []instrument.Role{instrument.RoleEnumerator, instrument.RoleStart},
		check: longRuns,
	},
}

// modulePatterns is the pattern of every eligible interview whose module is
// complete; -1 for the others.
func (r *round) modulePatterns() []int32 {
	out := make([]int32, r.n)
	for row := range out {
		out[row] = -1
		if !r.eligible[row] {
			continue
		}
		if p, answered := r.headline.pattern(row); answered {
			out[row] = int32(p)
		}
	}
	return out
}

// noModule says why the module's patterns cannot be used, or "".
func (r *round) noModule() string {
	switch {
	case r.headline == nil:
		return "no indicator of the instrument counts at least one own experience"
	case len(r.headline.items) < 3 || len(r.headline.items) > 18:
		return fmt.Sprintf("the module has %s in the file; 3 to 18 are needed", count(len(r.headline.items), "question", "questions"))
	case !r.enumerator.codes():
		return r.enumerator.noCodes()
	}
	return ""
}

func emptyModule(r *round, o *outcome) {
	if r.headline == nil {
		o.skip("no indicator of the instrument counts at least one own experience")
		return
	}
	var rows []int32
	eligible := 0
	for row := range r.n {
		if !r.eligible[row] {
			continue
		}
		eligible++
		answered := false
		for _, item := range r.headline.items {
			answered = answered || item(row) >= 0
		}
		if !answered {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		severity := Note
		// One interview says nothing of how many there are.
		if r.in.Options.Scope != EachInterview && float64(len(rows)) >= r.limit("straight.empty.share")*float64(eligible) {
			severity = Warning
		}
		o.add(Finding{Severity: severity, Subject: r.headline.indicator.ID,
			Message: fmt.Sprintf("%s no answer to any question of the module", count(len(rows), "interview has", "interviews have")),
			Remedy:  "Ask the enumerators whether people broke off, and whether the module is read out to everyone."}, rows)
	}
}

func sameModule(r *round, o *outcome) {
	if reason := r.noModule(); reason != "" {
		o.skip(reason)
		return
	}
	patterns := r.modulePatterns()
	strata, width := r.strata()
	groups := len(r.enumerator.names)
	type key struct {
		group   int32
		pattern int32
	}
	own := map[key]int{}
	for row, g := range r.enumerator.code {
		if g >= 0 && patterns[row] >= 0 {
			own[key{g, patterns[row]}]++
		}
	}
	modal := make([]int32, groups)
	for g := range modal {
		modal[g] = -1
	}
	for k, n := range own {
		best := modal[k.group]
		if m := own[key{k.group, best}]; best < 0 || n > m || n == m && k.pattern < best {
			modal[k.group] = k.pattern
		}
	}
	// Counts by group and stratum, and by pattern and stratum over everyone.
	n, k := make([]int, groups*width), make([]int, groups*width)
	all := make([]int, width)
	byPattern := map[key]int{}
	for row, g := range r.enumerator.code {
		s := strata(row)
		if g < 0 || s < 0 || patterns[row] < 0 {
			continue
		}
		n[int(g)*width+int(s)]++
		if patterns[row] == modal[g] {
			k[int(g)*width+int(s)]++
		}
		all[s]++
		byPattern[key{s, patterns[row]}]++
	}
	cells := make([]cell, groups)
	for g := range cells {
		yes := make([]int, width)
		for s := range yes {
			yes[s] = byPattern[key{int32(s), modal[g]}]
		}
		if c := expect(tally{k, n}, tally{yes, all}, g, width, false); c.n >= int(r.limit("straight.module.interviews")) {
			cells[g] = c
		}
	}
	verdicts := compare(cells)
	tested := false
	for _, g := range r.enumerator.byName() {
		c, v := cells[g], verdicts[g]
		tested = tested || c.n > 0
		if c.n == 0 || v.z <= 0 || v.p >= r.limit("straight.module.level") ||
			float64(c.k)/float64(c.n)-c.expected < r.limit("straight.module.difference") {
			continue
		}
		var rows []int32
		for row, code := range r.enumerator.code {
			if int(code) == g && patterns[row] == modal[g] {
				rows = append(rows, int32(row))
			}
		}
		name := r.enumerator.names[g]
		o.add(Finding{Severity: Warning, Subject: name,
			Message: fmt.Sprintf("Enumerator %s: %s of %s interviews have one and the same set of answers to the module; among the others it is %s (adjusted %s)",
				name, percent(float64(c.k)/float64(c.n)), thousands(c.n), percent(c.expected), probability(v.p)),
			Remedy: "Listen in on the module, and call back some of the people where that is possible."}, rows)
	}
	if !tested {
		o.skip("no enumerator has enough complete interviews beside others on the same route")
	}
}

func longRuns(r *round, o *outcome) {
	if reason := r.noModule(); reason != "" {
		o.skip(reason)
		return
	}
	patterns := r.modulePatterns()
	strata, width := r.strata()
	type key struct{ stratum, pattern int32 }
	shares, totals := map[key]float64{}, make([]float64, width)
	perEnumerator := make([]int, len(r.enumerator.names))
	for row, p := range patterns {
		s := strata(row)
		if p < 0 || s < 0 {
			continue
		}
		shares[key{s, p}]++
		totals[s]++
		if e := r.enumerator.code[row]; e >= 0 {
			perEnumerator[e]++
		}
	}
	level := r.limit("straight.run.level") / float64(max(len(perEnumerator), 1))
	least := int(r.limit("straight.run.interviews"))
	var run []int32
	flush := func() {
		if len(run) < max(least, 2) {
			return
		}
		e, s := r.enumerator.code[run[0]], strata(int(run[0]))
		q := shares[key{s, patterns[run[0]]}] / totals[s]
		expected := float64(perEnumerator[e]) * (1 - q) * math.Pow(q, float64(len(run)))
		if q >= 1 || expected >= level {
			return
		}
		name := r.enumerator.names[e]
		rows := append([]int32(nil), run...)
		o.add(Finding{Severity: Warning, Subject: name,
			Message: fmt.Sprintf("Enumerator %s: %d interviews in a row have the same answers to the module, a set that %s of the interviews on the route have",
				name, len(rows), percent(q)),
			Remedy: "Look at the times between these interviews, and call back some of the people where that is possible."}, sorted(rows))
	}
	for _, row := range r.chronological() {
		if patterns[row] < 0 || strata(int(row)) < 0 {
			continue
		}
		if len(run) > 0 {
			last := run[len(run)-1]
			if r.enumerator.code[last] != r.enumerator.code[row] || patterns[last] != patterns[row] || strata(int(last)) != strata(int(row)) {
				flush()
				run = run[:0]
			}
		}
		run = append(run, row)
	}
	flush()
}
