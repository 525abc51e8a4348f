package openrosa

import (
	"fmt"
	"testing"
	"time"
)

func TestGuessesAreCountedByNetwork(t *testing.T) {
	noon := time.Date(2016, 10, 6, 12, 0, 0, 0, time.UTC)
	var g guesses
	try := func(remote string, at time.Time) bool {
		beyond, _ := g.add(remote, at, 3)
		return beyond
	}
	for i := range 3 {
		if try("203.0.113.9:1000", noon) || try(fmt.Sprintf("[2001:db8:1:2::%d]:1000", i), noon) {
			t.Errorf("try %d is beyond the limit", i)
		}
	}
	for remote, want := range map[string]bool{
		"203.0.113.9:2000": true, "[::ffff:203.0.113.9]:1": true, "203.0.113.8:1000": false,
		"[2001:db8:1:2:ffff::1]:9": true, "[2001:db8:1:3::1]:9": false, "nonsense": false,
	} {
		if try(remote, noon) != want {
			t.Errorf("%s: beyond the limit is %v", remote, !want)
		}
	}
	if try("203.0.113.9:1000", noon.Add(time.Minute)) {
		t.Error("the next minute begins with what the last one counted")
	}
	// Many addresses do not take memory without bound, and are held up together.
	beyond, told := 0, 0
	for i := range guessersKept + 1000 {
		b, first := g.add(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255), noon.Add(2*time.Minute), 3)
		if b {
			beyond++
		}
		if first {
			told++
		}
	}
	if len(g.from) != guessersKept || beyond != 997 || told != 1 {
		t.Errorf("%d addresses are kept, %d tries are beyond the limit, the log was told %d times", len(g.from), beyond, told)
	}
}
