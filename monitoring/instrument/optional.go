package instrument

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// optional reads the questions that a file may lack without a remark: those
// that guide the interview, and those that came after the first rounds.
// Nothing in the analysis may rely on them, since answers that are not there
// would then be silently missing.
func (d *definer) optional(n ast.Node) {
	for _, item := range d.list(n, "optional") {
		q := d.question(item, "optional")
		if q == nil {
			continue
		}
		q.Optional = true
		name := q.Name
		d.later = append(d.later, func() {
			if uses := d.in.Uses(name); len(uses) > 0 {
				d.fault(item, "leave it out of optional", "the question %q is optional, but it is used: %s", name, strings.Join(uses, ", "))
			}
		})
	}
}
