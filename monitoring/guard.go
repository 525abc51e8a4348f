package monitoring

import (
	"slices"
	"strings"

	"waymark/monitoring/instrument"
)

// Reasons why a finding is not shown.
const (
	NotShownBase         = "base"          // fewer people answered than the plan's minimum base
	NotShownMask         = "masked"        // it would tell a masked count
	NotShownNotEstimable = "not estimable" // the data do not support it
)

// Guarded returns the analysis with those findings withheld that would tell a
// masked count: everyone's share where a route's count is masked, for the
// difference would give it back; and the ratio of two shares of which one is
// masked. It looks at what stands side by side and is not the disclosure
// control of a whole publication.
func Guarded(a *Analysis) *Analysis {
	out := *a
	out.Findings = slices.Clone(a.Findings)
	out.guardTotals()
	out.guardRatios()
	return &out
}

func (a *Analysis) guardTotals() {
	route := a.Instrument.Roles[instrument.RoleRoute]
	if route == "" {
		return
	}
	isRoute := func(p Part) bool {
		g := a.Instrument.Group(p.Variable)
		return p.Variable == route || g != nil && g.From == route
	}
	total := func(f *Finding, g Group) string {
		return string(f.Section) + "|" + f.ID + "|" + f.Level + "|" + g.String()
	}
	masked := map[string]bool{}
	for i := range a.Findings {
		f := &a.Findings[i]
		if !f.MaskN {
			continue
		}
		if rest := slices.DeleteFunc(slices.Clone(f.Group), isRoute); len(rest) < len(f.Group) {
			masked[total(f, rest)] = true
		}
	}
	for i := range a.Findings {
		f := &a.Findings[i]
		if f.NotShown == "" && !f.MaskN && masked[total(f, f.Group)] {
			f.NotShown = NotShownMask
		}
	}
}

func (a *Analysis) guardRatios() {
	masked := map[string]bool{}
	for i := range a.Findings {
		if f := &a.Findings[i]; f.Section == SectionIndicator && f.MaskN {
			masked[f.ID+"|"+f.Group.String()] = true
		}
	}
	for i := range a.Findings {
		f := &a.Findings[i]
		if f.Section != SectionCompare || f.NotShown != "" {
			continue
		}
		id := strings.TrimPrefix(f.ID, "ratio.") + "|"
		if masked[id+f.Of.String()] || masked[id+f.Against.String()] {
			f.NotShown = NotShownMask
		}
	}
}
