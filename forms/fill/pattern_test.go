package fill

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

// Every pattern is one that a questionnaire uses in regex(., '...').
func TestMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, pattern := range []string{
		`^E[0-9]{2,4}$`, `^\d*$`, `^[A-Z]{2}-\d{6}$`, `^(yes|no)$`, `^[^@ ]+@[^@ ]+\.[a-z]{2,}$`,
		`^\+?\d{7,15}$`, `^[\p{L} '-]+$`, `[0-9]+`, `^$`, `^(\d{3}){2}$`, `^.{5,10}$`, `^\w+\s\w+$`,
	} {
		want := regexp.MustCompile(pattern)
		for range 50 {
			got, ok := readPattern(pattern).text(r, most)
			if !ok || !want.MatchString(got) {
				t.Fatalf("%s: %q (%v)", pattern, got, ok)
			}
		}
	}
	for _, pattern := range []string{`(`, `[z-a]`, `a\bb`} {
		if got, ok := readPattern(pattern).text(r, most); ok {
			t.Errorf("%s: %q, but nothing matches it", pattern, got)
		}
	}
}
