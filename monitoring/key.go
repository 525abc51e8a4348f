package monitoring

import (
	"fmt"
	"strings"
)

// keys hands out receipt keys: safe in file names, URLs and HTML ids, and
// unique within one analysis.
type keys map[string]int

// of joins an id and the parts of a group: "held.route-CMR.sex-female".
func (k keys) of(id string, groups ...Group) string {
	var b strings.Builder
	b.WriteString(safe(id))
	for i, g := range groups {
		if i > 0 {
			b.WriteString(".vs")
		}
		for _, part := range g {
			fmt.Fprintf(&b, ".%s-%s", safe(part.Variable), safe(part.Level))
		}
	}
	key := b.String()
	k[key]++
	if n := k[key]; n > 1 {
		return fmt.Sprintf("%s_%d", key, n)
	}
	return key
}

// safe keeps letters, digits, dots, hyphens and underscores of ASCII; any
// other character becomes an underscore.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '_'
	}, s)
}
