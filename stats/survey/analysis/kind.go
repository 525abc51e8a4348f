package analysis

import "strings"

// kind is one sort of estimate: how it is written, planned and explained.
type kind struct {
	name  string
	parse func(a *Ask, text string) error
	// plan resolves columns and adds to the query; nil if a fault was told.
	plan    func(p *plan, a *Ask, by []string) gather
	title   func(a *Ask) string
	explain func(p *plan, a *Ask, r *Result)
	whole   bool // not repeated by --by
}

// kinds is the table of all of them, in the order of the help.
func kinds() []kind {
	return []kind{
		{"mean", parseVariables, planEstimate, titleOf("mean"), explainEstimate, false},
		{"total", parseVariables, planEstimate, titleOf("total"), explainEstimate, false},
		{"share", parseVariables, planEstimate, titleOf("share"), explainEstimate, false},
		{"proportion", parseProportion, planEstimate, titleOf("proportion"), explainEstimate, false},
		{"ratio", parseRatio, planEstimate, titleOf("ratio"), explainEstimate, false},
		{"quantile", parseQuantile, planQuantile, titleOf("quantile"), explainQuantile, false},
		{"compare", parseCompare, planCompare, titleCompare, explainCompare, false},
		{"trend", parseTrend, planTrend, titleTrend, explainTrend, false},
		{"independence", parsePair, planIndependence, titlePair, explainIndependence, false},
		{"variance", parseVariables, planMoment, titleOf("variance"), explainMoment, false},
		{"correlation", parseCorrelation, planMoment, titleOf("correlation"), explainMoment, false},
		{"ttest", parseTTest, planTTest, titleTTest, explainTTest, false},
		{"ranktest", parsePair, planRank, titleRank, explainRank, false},
		{"contrast", parseContrast, planContrast, titleContrast, explainContrast, true},
		{"logit", parseModel, planModel, titleModel, explainModel, true},
		{"linear", parseModel, planModel, titleModel, explainModel, true},
		{"wald", nil, planAfter, titleAfter, explainAfter, true},
		{"margins", nil, planAfter, titleAfter, explainAfter, true},
		{"effects", nil, planAfter, titleAfter, explainAfter, true},
	}
}

func kindOf(name string) *kind {
	for _, k := range kinds() {
		if k.name == name {
			return &k
		}
	}
	return nil
}

// Kinds are the names that Ask.Kind takes.
func Kinds() []string {
	var out []string
	for _, k := range kinds() {
		out = append(out, k.name)
	}
	return out
}

func titleOf(what string) func(a *Ask) string {
	return func(a *Ask) string {
		name := strings.Join(a.Variables, ", ")
		switch {
		case a.Denominator != "":
			name += " / " + a.Denominator
		case a.HasLevel:
			name += " = " + a.Level
		}
		return what + " of " + name
	}
}

func titlePair(a *Ask) string { return "independence of " + strings.Join(a.Variables, " and ") }
