package instrument

import (
	"fmt"
	"slices"
	"strings"
)

// Uses says in words what relies on a question: roles, groups, indicators and
// exclusions, each as "role age". Empty: nothing does.
func (in *Instrument) Uses(question string) []string {
	var uses []string
	for _, r := range roleKinds {
		if name := in.Roles[r.role]; name == question || stages(r.role) && slices.Contains(strings.Fields(name), question) {
			uses = append(uses, fmt.Sprintf("role %s", r.role))
		}
	}
	for _, e := range in.Exclusions {
		if e.Question == question {
			uses = append(uses, fmt.Sprintf("exclusion %s", e.ID))
		}
	}
	for _, i := range in.Indicators {
		if i.Question == question {
			uses = append(uses, fmt.Sprintf("indicator %s", i.ID))
		}
		if i.Place == question {
			uses = append(uses, fmt.Sprintf("place of %s", i.ID))
		}
	}
	for _, g := range in.Groups {
		if g.From == question {
			uses = append(uses, fmt.Sprintf("group %s", g.ID))
		}
	}
	return uses
}
