package survey

import (
	"fmt"
	"regexp"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// MatchReplicates returns the number columns whose whole name a regular
// expression matches, such as `rep[0-9]+`, in the order of the table: the
// replicate weights of ReplicateColumns. (R's pattern may match a part of the
// name.) It fails if the pattern cannot be read, matches nothing, or matches a
// column that has no numbers.
func MatchReplicates(t *table.Table, pattern string) ([]*table.NumberColumn, error) {
	refuse := func(format string, args ...any) error {
		return fault.New(fault.Invalid, fault.Place{Field: pattern}, fmt.Sprintf(format, args...), "write a pattern such as rep[0-9]+")
	}
	if len(pattern) > 1000 {
		return nil, refuse("the pattern is longer than 1,000 characters")
	}
	re, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return nil, refuse("the pattern of the replicate weights cannot be read")
	}
	var out []*table.NumberColumn
	for _, c := range t.Columns() {
		if !re.MatchString(c.Name()) {
			continue
		}
		n, ok := c.(*table.NumberColumn)
		if !ok {
			return nil, fault.New(fault.Invalid, fault.Place{Field: c.Name()}, fmt.Sprintf("the replicate weights are a %s column", c.Kind()), "use number columns")
		}
		out = append(out, n)
	}
	if out == nil {
		return nil, refuse("no column has a name that the pattern matches")
	}
	return out, nil
}
