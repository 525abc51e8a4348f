package monitoring

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// breakdowns are the groups that flow monitoring briefs divide indicators by,
// where the instrument has them. Source: the layout of published briefs.
var breakdowns = []string{"sex", "age_group", "nationality", "education", "transit_time", "abroad_one_year"}

// Bounds of what a default plan asks of an instrument without those groups.
const (
	defaultGroups   = 6  // groups to divide by
	defaultLevels   = 12 // levels of such a group
	defaultMeasures = 24 // columns to measure
)

// DefaultPlan makes the plan that a brief follows where the user gives none:
// every indicator, by route and the usual groups, with profile, comparisons,
// trends and places, as far as the instrument has them. An instrument without
// indicators gets means of its numbers and shares of its categories.
func DefaultPlan(in *instrument.Instrument) *Plan {
	p := &Plan{Version: 1, Languages: []string{"en"}, Design: defaultDesign(in)}
	p.fillDefaults()
	for _, i := range in.Indicators {
		p.Indicators = append(p.Indicators, i.ID)
	}
	route := in.Roles[instrument.RoleRoute]
	divide := dividers(in, route)
	whole := [][]string{{}}
	if route != "" {
		whole = append(whole, []string{route})
	}
	p.Groups = slices.Clone(whole)
	for _, g := range divide {
		if route != "" {
			p.Groups = append(p.Groups, []string{route, g})
		} else {
			p.Groups = append(p.Groups, []string{g})
		}
	}
	if route != "" && slices.Contains(divide, "abroad_one_year") {
		p.Groups = append(p.Groups, []string{"abroad_one_year"})
	}
	if slices.ContainsFunc(in.Indicators, func(i instrument.Indicator) bool { return i.Place != "" }) {
		p.Places.By = whole
	}
	p.Profile.Questions, p.Profile.By = profileQuestions(in, route), whole
	p.Measures = defaultMeasurePlans(in, whole, divide)
	p.Compare = routeComparisons(in, route)
	if transit := in.Roles[instrument.RoleTransit]; transit != "" && len(in.Indicators) > 0 {
		over := trendIndicators(in, transit)
		p.Trends = append(p.Trends, TrendPlan{Group: transit, Indicators: over})
		if route != "" {
			p.Trends = append(p.Trends, TrendPlan{Group: transit, Within: route, Indicators: over})
		}
	}
	if in.Indicator("at_least_one") != nil {
		for _, g := range divide {
			if !ordered(in, g) || g == "age_group" {
				p.Tests = append(p.Tests, TestPlan{Group: g, Within: route, Indicators: []string{"at_least_one"}})
			}
		}
	}
	return p
}

// defaultDesign follows the roles. Interviews at one point on one day share a
// boat and an enumerator, so they are one cluster where both are known.
func defaultDesign(in *instrument.Instrument) DesignPlan {
	role := func(r instrument.Role) string { return in.Roles[r] }
	d := DesignPlan{Weights: role(instrument.RoleWeights), Strata: role(instrument.RoleStrata), LonelyPSU: "fail"}
	if d.Strata == "" {
		d.Strata = role(instrument.RoleRoute)
	}
	switch cluster := role(instrument.RoleCluster); {
	case cluster != "":
		d.Clusters = strings.Fields(cluster)
	case role(instrument.RolePoint) != "" && role(instrument.RoleDate) != "":
		d.Clusters = []string{role(instrument.RolePoint) + "+" + role(instrument.RoleDate)}
		d.Nest = true
	}
	if fpc := role(instrument.RoleFPC); fpc != "" {
		d.FPC = strings.Fields(fpc)
	}
	return d
}

// designColumns are the columns that roles take for the design and the
// conduct of the interview, which are not measured.
func designColumns(in *instrument.Instrument) map[string]bool {
	taken := map[string]bool{}
	for r, names := range in.Roles {
		switch r {
		case instrument.RoleAge, instrument.RoleSex, instrument.RoleNationality, instrument.RoleTransit, instrument.RoleDeparture, instrument.RoleStrata, instrument.RoleRoute:
			continue
		}
		for _, n := range strings.Fields(names) {
			taken[n] = true
		}
	}
	return taken
}

// dividers are the groups to divide by: the usual ones, else the instrument's
// first groups and questions with few levels.
func dividers(in *instrument.Instrument, route string) []string {
	var found []string
	for _, name := range breakdowns {
		if in.Group(name) != nil || in.Question(name) != nil && in.Question(name).Kind == table.Category {
			found = append(found, name)
		}
	}
	if len(found) > 0 {
		return found
	}
	taken := designColumns(in)
	for _, i := range in.Indicators {
		taken[i.Question] = true
	}
	add := func(name string) {
		n := len(levelCodes(in, name))
		if n >= 2 && n <= defaultLevels && !taken[name] && name != route && !slices.Contains(found, name) && len(found) < defaultGroups {
			found = append(found, name)
		}
	}
	if s := in.Roles[instrument.RoleStrata]; s != "" {
		add(s)
	}
	for _, g := range in.Groups {
		add(g.ID)
	}
	for _, q := range in.Questions {
		if q.Kind == table.Category {
			add(q.Name)
		}
	}
	return found
}

func profileQuestions(in *instrument.Instrument, route string) []string {
	var names []string
	if len(in.Indicators) == 0 || route == "" {
		return names
	}
	for _, g := range in.Groups {
		if g.ID != route {
			names = append(names, g.ID)
		}
	}
	for _, q := range in.Questions {
		if q.Kind == table.Set && !q.Identifying {
			names = append(names, q.Name)
		}
	}
	return names
}

func defaultMeasurePlans(in *instrument.Instrument, whole [][]string, divide []string) []MeasurePlan {
	if age := in.Roles[instrument.RoleAge]; in.Roles[instrument.RoleRoute] != "" {
		if age == "" {
			return nil
		}
		return []MeasurePlan{{Statistic: "mean", Variable: age, By: whole}}
	}
	by := [][]string{{}}
	if len(divide) > 0 {
		by = append(by, divide[:1])
	}
	taken := designColumns(in)
	for _, i := range in.Indicators {
		taken[i.Question] = true // its share is an indicator already
	}
	var plans []MeasurePlan
	for _, q := range in.Questions {
		if taken[q.Name] || q.Identifying || len(plans) == defaultMeasures {
			continue
		}
		switch q.Kind {
		case table.Number:
			plans = append(plans, MeasurePlan{Statistic: "mean", Variable: q.Name, By: by})
		case table.Category:
			if n := len(levelCodes(in, q.Name)); n >= 2 && n <= defaultLevels {
				plans = append(plans, MeasurePlan{Statistic: "share", Variable: q.Name, By: [][]string{{}}})
			}
		}
	}
	return plans
}

// routeComparisons compares the Central with the Eastern Mediterranean route,
// as the founding release does, where the instrument has both.
func routeComparisons(in *instrument.Instrument, route string) []ComparisonPlan {
	levels := levelCodes(in, route)
	if route == "" || !slices.Contains(levels, "CMR") || !slices.Contains(levels, "EMR") {
		return nil
	}
	var ids []string
	for _, i := range in.Indicators {
		ids = append(ids, i.ID)
	}
	return []ComparisonPlan{{Group: route, Of: "CMR", Against: "EMR", Indicators: ids}}
}

// trendIndicators leaves out indicators that are made of the trend's own question.
func trendIndicators(in *instrument.Instrument, question string) []string {
	var ids []string
	for _, i := range in.Indicators {
		if i.Question != question {
			ids = append(ids, i.ID)
		}
	}
	return ids
}

// YAML prints the plan with a comment on every key, for a user to edit.
func (p *Plan) YAML(in *instrument.Instrument) string {
	var b strings.Builder
	w := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	w("# Plan of a brief on instrument %s. Edit, then:", in.ID)
	w("#   waymark brief interviews.csv --instrument %s --plan plan.yaml --out DIR", in.ID)
	w("# Lists name questions, groups and indicators: waymark instrument show %s", in.ID)
	w("version: 1 # of this format\n")
	w("# Title of the brief by language; the instrument's title if left out.")
	writeText(&b, "title", p.Title)
	w("# Languages of the brief: %s. The first is the main one.", strings.Join(Languages, ", "))
	w("languages: %s", flow(p.Languages))
	w("# true labels every page, picture and file as made-up data.")
	w("synthetic: %t\n", p.Synthetic)
	w("# Rules of the instrument that do not apply to this file. Its rules: %s.", cmp.Or(joinIDs(in.Exclusions, func(e instrument.Exclusion) string { return e.ID }), "none"))
	w("exclusions:\n  skip: %s\n", flow(p.Exclusions.Skip))
	w("# How the sample was drawn. It decides every interval.")
	w("design:")
	w("  weights: %s # a column, or none", none(p.Design.Weights))
	w("  strata: %s # a column or group, or none", none(p.Design.Strata))
	w("  clusters: %s # outermost first; a+b joins columns; [] = every interview by itself", flow(p.Design.Clusters))
	w("  fpc: %s # columns of population sizes (or fractions up to 1), one a stage", flow(p.Design.FPC))
	w("  nest: %t # true if cluster names repeat across strata", p.Design.Nest)
	w("  lonely_psu: %s # a stratum with one cluster: fail, remove, certainty, adjust, average", p.Design.LonelyPSU)
	p.Design.Replicates.yaml(&b)
	w("")
	w("confidence: %v # of the intervals", p.Confidence)
	w("interval: %s # for shares: %s", p.Interval, strings.Join(sortedKeys(intervalMethods), ", "))
	w("minimum_base: %d # fewer people who answered: no percentage is shown", p.MinimumBase)
	w("mask_below: %d # counts from 1 to one less than this are masked\n", p.MaskBelow)
	w("indicators: %s\n", flow(p.Indicators))
	w("# Indicators are estimated in each of these groups; [] is everyone, [a, b] crosses a and b.")
	writeCrosses(&b, "", "groups", p.Groups)
	w("\n# Where it happened: the share of each country among those who said yes.")
	w("places:\n  indicators: %s # [] = all that ask for a place\n  top: %d # most countries to estimate", flow(p.Places.Indicators), p.Places.Top)
	writeCrosses(&b, "  ", "by", p.Places.By)
	w("\n# Who was asked.")
	w("profile:\n  questions: %s\n  top: %d # most answers of a select-multiple question", flow(p.Profile.Questions), p.Profile.Top)
	writeCrosses(&b, "  ", "by", p.Profile.By)
	w("\n# Any other number: statistic mean, total, ratio (with denominator), share, or proportion (with level).")
	writeMeasures(&b, p.Measures)
	w("\n# Ratios of two levels of a group.")
	if len(p.Compare) == 0 {
		w("compare: []")
	} else {
		w("compare:")
	}
	for _, c := range p.Compare {
		w("  - {group: %s, of: %s, against: %s, indicators: %s}", scalar(c.Group), scalar(c.Of), scalar(c.Against), flow(c.Indicators))
	}
	w("\n# Does an indicator rise or fall across an ordered group?")
	writeTests(&b, "trends", len(p.Trends), func(i int) (string, string, []string) {
		return p.Trends[i].Group, p.Trends[i].Within, p.Trends[i].Indicators
	})
	w("\n# Does an indicator differ between the levels of a group? (Rao-Scott)")
	writeTests(&b, "tests", len(p.Tests), func(i int) (string, string, []string) {
		return p.Tests[i].Group, p.Tests[i].Within, p.Tests[i].Indicators
	})
	w("\n# Many comparisons at once: some look clear by chance alone, so p-values are adjusted.")
	w("multiple:")
	w("  method: %s # holm, bh (Benjamini-Hochberg), by (Benjamini-Yekutieli), bonferroni, none", p.Multiple.Method)
	w("  family: %s # adjusted together: table, kind (all comparisons, all trends, all tests), all", p.Multiple.Family)
	w("  level: %v # an adjusted p-value up to this stays marked", p.Multiple.Level)
	b.WriteString(weightingYAML(p.Weighting))
	return b.String()
}
