// Package pattern holds regular expressions that are compiled when they are
// first needed, so that a command does not wait for those of another.
package pattern

import (
	"regexp"
	"sync"
)

// Of returns a function that compiles a pattern once. The pattern is part of
// the program: one that cannot be compiled panics at its first use, which a test
// of each user meets.
func Of(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
