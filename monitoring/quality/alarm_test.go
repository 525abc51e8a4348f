package quality

import "testing"

// TestCleanRoundsRaiseFewAlarms checks sixty synthetic rounds without a fault.
// Rules that test many enumerators at once are made to raise a false alarm in
// about 5% of such rounds; each may here in at most six (10%). The seeds are
// fixed, so the test does not depend on luck. Rules without chance in them may
// raise none.
func TestCleanRoundsRaiseFewAlarms(t *testing.T) {
	if testing.Short() {
		t.Skip("sixty rounds are left out with -short")
	}
	rounds := map[string]int{}
	for seed := range uint64(60) {
		seen := map[string]bool{}
		for _, f := range newSampleSeed(20, 10, 8, 1000+seed).check(t).Findings {
			if !seen[f.Rule] {
				rounds[f.Rule]++
			}
			seen[f.Rule] = true
		}
	}
	for rule, n := range rounds {
		most := 0
		switch rule {
		case "pattern.enumerator", "pattern.point", "straight.module", "straight.run":
			most = 6
		}
		if n > most {
			t.Errorf("%s raises a false alarm in %d of 60 rounds", rule, n)
		}
	}
}
