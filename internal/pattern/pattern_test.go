package pattern

import "testing"

// A pattern is compiled once, and nothing is compiled before it is asked for.
func TestOf(t *testing.T) {
	digits := Of(`^\d+$`)
	first := digits()
	if !first.MatchString("42") || first.MatchString("x") || digits() != first {
		t.Error("the pattern does not match as written, or is compiled twice")
	}
	Of(`(`) // never used, so never compiled
}
