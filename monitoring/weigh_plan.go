package monitoring

import (
	"fmt"
	"slices"
	"strings"

	"waymark/stats/survey"
)

// weightingMethods are the ways to weight that a plan may name, with the
// distance that each keeps between old and new weights.
var weightingMethods = map[string]survey.Distance{
	"rake": survey.RakingDistance, "post-stratify": survey.LinearDistance, "linear": survey.LinearDistance, "logit": survey.LogitDistance,
}

// TrimPlan cuts large and small weights and shares what was cut among the
// others, within each level of the weighting's Within.
type TrimPlan struct {
	// Lower and Upper bound a weight, times the average weight: Lower is below 1,
	// Upper above. Default: no bound. One is required.
	Lower float64 `yaml:"lower"`
	Upper float64 `yaml:"upper"`
	// InProportion shares by weight. Default: false, the same to each.
	InProportion bool `yaml:"in_proportion"`
	// Once trims a single time, as R does; what others are given may then carry
	// them over a bound. Default: false, until no weight is outside.
	Once bool `yaml:"once"`
	// KeepMargins weights and trims in turn until both hold. Default: false, the
	// margins are met less exactly than before.
	KeepMargins bool `yaml:"keep_margins"`
}

// bounded says whether the plan bounds the change of weights.
func (w *WeightingPlan) bounded() bool { return w.Lower != 0 || w.Upper != 0 }

func (v *validation) weightingMethod(w *WeightingPlan) {
	const at = "$.weighting"
	if !v.choice(at+".method", w.Method, sortedKeys(weightingMethods)) {
		return
	}
	switch {
	case w.bounded() && !(w.Lower >= 0 && w.Lower < 1 && w.Upper > 1):
		v.add(at+".lower", "", "write bounds such as lower: 0.3 and upper: 4", "the bounds of new over old weight must enclose 1, from 0 up")
	case w.Method == "logit" && !w.bounded():
		v.add(at, "lower", "write bounds such as lower: 0.3 and upper: 4", "the method logit needs bounds of new over old weight")
	case w.Method == "post-stratify" && w.bounded():
		v.add(at+".lower", "", "leave the bounds out, or write method: logit", "post-stratification has no bounds")
	}
	if w.Method == "post-stratify" && len(w.Margins) > 1 {
		v.add(at+".margins", "", "name one margin, or write method: rake", "post-stratification takes one margin (within the levels of within), not %d", len(w.Margins))
	}
	if t := w.Trim; t != nil {
		switch {
		case t.Lower == 0 && t.Upper == 0:
			v.add(at+".trim", "upper", "write a bound such as upper: 5", "trimming needs a bound")
		case !(t.Lower >= 0 && t.Lower < 1) || t.Upper != 0 && !(t.Upper > 1):
			v.add(at+".trim", "", "write bounds such as lower: 0.2 and upper: 5", "the bounds of trimming are times the average weight: lower from 0 to below 1, upper above 1")
		}
	}
}

// methodYAML prints how weights are made.
func (w *WeightingPlan) methodYAML(b *strings.Builder) {
	fmt.Fprintf(b, "  method: %s # %s\n", w.Method, strings.Join(sortedKeys(weightingMethods), ", "))
	if w.bounded() {
		fmt.Fprintf(b, "  lower: %v # bounds of new over old weight, 1 on average\n  upper: %v\n", w.Lower, w.Upper)
	}
	if t := w.Trim; t != nil {
		parts := []string{}
		if t.Lower != 0 {
			parts = append(parts, fmt.Sprintf("lower: %v", t.Lower))
		}
		if t.Upper != 0 {
			parts = append(parts, fmt.Sprintf("upper: %v", t.Upper))
		}
		for _, k := range []struct {
			key string
			on  bool
		}{{"in_proportion", t.InProportion}, {"once", t.Once}, {"keep_margins", t.KeepMargins}} {
			if k.on {
				parts = append(parts, k.key+": true")
			}
		}
		fmt.Fprintf(b, "  trim: {%s} # times the average weight\n", strings.Join(parts, ", "))
	}
}

// exampleMethodYAML is the same as commented lines of an example.
func exampleMethodYAML() string {
	methods := sortedKeys(weightingMethods)
	slices.Sort(methods)
	return `#   method: rake           # ` + strings.Join(methods, ", ") + `
#   lower: 0.3             # bounds of new over old weight, 1 on average (logit needs them)
#   upper: 4
#   trim: {upper: 5}       # times the average weight; keep_margins: true meets the totals too
`
}
