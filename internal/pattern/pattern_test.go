package pattern

import "testing"

// A pattern is compiled once, and nothing is compiled before it is asked for.
func TestOf(t *testing.T) {
	digits := Of(`^\d+$`)
	if !digits().MatchString("42") || digits().MatchString("x") || digits() != digits() {
		t.Error("the pattern does not match as written, or is compiled twice")
	}
	Of(`(`) // never used, so never compiled
}
