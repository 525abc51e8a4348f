package brief

import (
	"slices"

	"waymark/monitoring"
)

// of returns the findings of a section of the analysis, in order.
func (c *composer) of(s monitoring.Section) []*monitoring.Finding {
	var found []*monitoring.Finding
	for i := range c.a.Findings {
		if f := &c.a.Findings[i]; f.Section == s {
			found = append(found, f)
		}
	}
	return found
}

// find returns the finding of an indicator or other id in a group, or nil.
func find(findings []*monitoring.Finding, id string, g monitoring.Group) *monitoring.Finding {
	for _, f := range findings {
		if f.ID == id && sameGroup(f.Group, g) {
			return f
		}
	}
	return nil
}

// ids returns the ids of findings in order of first appearance.
func ids(findings []*monitoring.Finding) []string {
	seen := map[string]bool{}
	var out []string
	for _, f := range findings {
		if !seen[f.ID] {
			seen[f.ID] = true
			out = append(out, f.ID)
		}
	}
	return out
}

// routeGroups are the groups that a main table has columns or rows for: each
// route with findings, then everyone.
func (c *composer) routeGroups(findings []*monitoring.Finding) []monitoring.Group {
	var codes []string
	all := false
	for _, f := range findings {
		switch {
		case len(f.Group) == 0:
			all = true
		case len(f.Group) == 1 && f.Group[0].Variable == c.route:
			if code := f.Group[0].Level; !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	if c.route != "" {
		c.arrange(c.route, codes)
	}
	var groups []monitoring.Group
	for _, code := range codes {
		groups = append(groups, monitoring.Group{{Variable: c.route, Level: code}})
	}
	if all {
		groups = append(groups, monitoring.Group{})
	}
	return groups
}

// anyShown says whether any of the findings may be printed.
func anyShown(findings []*monitoring.Finding) bool { return slices.ContainsFunc(findings, shown) }

// anyPlain says whether any of the findings may be printed as it is.
func anyPlain(findings []*monitoring.Finding) bool { return slices.ContainsFunc(findings, plain) }

// largestBase is the greatest number who answered among findings.
func largestBase(findings []*monitoring.Finding) *monitoring.Finding {
	var best *monitoring.Finding
	for _, f := range findings {
		if f != nil && (best == nil || f.Base > best.Base) {
			best = f
		}
	}
	return best
}
