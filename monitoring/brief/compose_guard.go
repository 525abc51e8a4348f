package brief

import (
	"slices"

	"waymark/monitoring"
	"waymark/monitoring/instrument"
)

// withTotalsGuarded returns the analysis with those totals withheld that would
// tell a masked count: where a route's count is masked, everyone's count less
// the other routes' would give it back. Only what stands side by side in one
// table is looked at; disclosure control of the whole brief is not done here.
func withTotalsGuarded(a *monitoring.Analysis) *monitoring.Analysis {
	route := a.Instrument.Roles[instrument.RoleRoute]
	if route == "" {
		return a
	}
	isRoute := func(name string) bool {
		g := a.Instrument.Group(name)
		return name == route || g != nil && g.From == route
	}
	masked := map[string]bool{} // by what the total's own key would be
	name := func(f *monitoring.Finding, g monitoring.Group) string {
		return string(f.Section) + "|" + f.ID + "|" + f.Level + "|" + groupID(g)
	}
	for i := range a.Findings {
		f := &a.Findings[i]
		if !f.MaskN {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(f.Group), func(p monitoring.Part) bool { return isRoute(p.Variable) })
		if len(rest) < len(f.Group) {
			masked[name(f, rest)] = true
		}
	}
	if len(masked) == 0 {
		return a
	}
	guarded := *a
	guarded.Findings = slices.Clone(a.Findings)
	for i := range guarded.Findings {
		f := &guarded.Findings[i]
		if f.NotShown == "" && !f.MaskN && masked[name(f, f.Group)] {
			f.NotShown = notShownMask
		}
	}
	return &guarded
}
