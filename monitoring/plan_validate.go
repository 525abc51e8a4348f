package monitoring

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/survey"
)

// intervalMethods are the names that a plan may use.
var intervalMethods = map[string]survey.Interval{
	"wilson": survey.Wilson, "logit": survey.Logit, "beta": survey.Beta, "likelihood": survey.Likelihood,
	"asin": survey.Asin, "xlogit": survey.XLogit, "normal": survey.Normal, "clopper-pearson": survey.ClopperPearson,
}

var lonelyChoices = map[string]survey.Lonely{
	"fail": survey.LonelyFail, "remove": survey.LonelyRemove, "certainty": survey.LonelyCertainty,
	"adjust": survey.LonelyAdjust, "average": survey.LonelyAverage,
}

var statistics = map[string]survey.Statistic{
	"mean": survey.Mean, "total": survey.Total, "proportion": survey.Proportion, "share": survey.Share, "ratio": survey.Ratio,
}

// Languages are the languages that a brief can be written in.
var Languages = []string{"en", "fr", "ar"}

// validation collects the faults of one plan against one instrument.
type validation struct {
	in     *instrument.Instrument
	where  *locator
	faults *fault.List
}

func (v *validation) add(path, field, remedy, format string, args ...any) {
	v.faults.Add(fault.New(fault.Invalid, v.where.at(path, field), fmt.Sprintf(format, args...), remedy))
}

// validate checks every name in the plan against the instrument.
func (p *Plan) validate(in *instrument.Instrument, where *locator) error {
	v := &validation{in: in, where: where, faults: fault.NewList(planFaults)}
	if p.Version != 1 {
		v.add("$.version", "", "write version: 1", "this program reads plans of version 1, not %d", p.Version)
	}
	for i, lang := range p.Languages {
		if !slices.Contains(Languages, lang) {
			v.add(fmt.Sprintf("$.languages[%d]", i), lang, "the languages are "+strings.Join(Languages, ", "), "there is no brief in this language")
		}
	}
	if p.Confidence <= 0 || p.Confidence >= 1 {
		v.add("$.confidence", "", "write a number such as 0.95", "the confidence must lie between 0 and 1")
	}
	if p.MinimumBase < 2 {
		v.add("$.minimum_base", "", "write 30, or at the least 2", "a percentage of fewer than two people says who they are")
	}
	if p.MaskBelow < 1 {
		v.add("$.mask_below", "", "write 10, or 1 to show every count", "the bound for masked counts must be 1 or more")
	}
	v.choice("$.interval", p.Interval, sortedKeys(intervalMethods))
	v.design(&p.Design)
	for i, id := range p.Exclusions.Skip {
		if !slices.ContainsFunc(in.Exclusions, func(e instrument.Exclusion) bool { return e.ID == id }) {
			v.add(fmt.Sprintf("$.exclusions.skip[%d]", i), id, "the rules are "+joinIDs(in.Exclusions, func(e instrument.Exclusion) string { return e.ID }), "no such rule in instrument %s", in.ID)
		}
	}
	v.indicators("$.indicators", p.Indicators)
	v.crosses("$.groups", p.Groups)
	v.indicators("$.places.indicators", p.Places.Indicators)
	v.crosses("$.places.by", p.Places.By)
	for i, q := range p.Profile.Questions {
		v.variable(fmt.Sprintf("$.profile.questions[%d]", i), q)
	}
	v.crosses("$.profile.by", p.Profile.By)
	for i, m := range p.Measures {
		v.measure(fmt.Sprintf("$.measures[%d]", i), m)
	}
	for i, c := range p.Compare {
		path := fmt.Sprintf("$.compare[%d]", i)
		if v.variable(path+".group", c.Group) {
			v.level(path+".of", c.Group, c.Of)
			v.level(path+".against", c.Group, c.Against)
		}
		v.indicators(path+".indicators", c.Indicators)
	}
	for i, t := range p.Trends {
		path := fmt.Sprintf("$.trends[%d]", i)
		if v.variable(path+".group", t.Group) && !ordered(in, t.Group) {
			v.add(path+".group", t.Group, "mark it as ordered in the instrument, or use tests", "the levels of this group have no order")
		}
		if t.Within != "" {
			v.variable(path+".within", t.Within)
		}
		v.indicators(path+".indicators", t.Indicators)
	}
	for i, t := range p.Tests {
		path := fmt.Sprintf("$.tests[%d]", i)
		v.variable(path+".group", t.Group)
		if t.Within != "" {
			v.variable(path+".within", t.Within)
		}
		v.indicators(path+".indicators", t.Indicators)
	}
	v.multiple(&p.Multiple)
	if p.Weighting != nil {
		v.weighting(p.Weighting)
		if p.Design.Replicates != nil {
			v.add("$.weighting", "", "leave one of them out; weighting belongs before replicates are made", "a design with replicate weights is not weighted to totals here")
		}
	}
	return v.faults.Err()
}

func (v *validation) design(d *DesignPlan) {
	v.choice("$.design.lonely_psu", d.LonelyPSU, sortedKeys(lonelyChoices))
	v.column("$.design.weights", d.Weights)
	v.column("$.design.strata", d.Strata)
	for i, stage := range d.Clusters {
		for _, name := range strings.Split(stage, "+") {
			v.column(fmt.Sprintf("$.design.clusters[%d]", i), strings.TrimSpace(name))
		}
	}
	for i, name := range d.FPC {
		v.column(fmt.Sprintf("$.design.fpc[%d]", i), name)
	}
	if n := max(1, len(d.Clusters)); len(d.FPC) > n {
		v.add("$.design.fpc", "", "give one column a stage, outermost first", "there are %d columns of population sizes for %d stages", len(d.FPC), n)
	}
	v.replicates(d)
}

func (v *validation) multiple(m *MultiplePlan) {
	v.choice("$.multiple.method", m.Method, sortedKeys(adjustments))
	v.choice("$.multiple.family", m.Family, sortedKeys(families))
	if !(m.Level > 0 && m.Level < 1) {
		v.add("$.multiple.level", "", "write a number such as 0.05", "the level must lie between 0 and 1")
	}
}

func (v *validation) weighting(w *WeightingPlan) {
	if w.Totals == "" {
		v.add("$.weighting", "totals", "name a file of counts (CSV, XLSX, Parquet, Stata or SPSS)", "the weighting has no file of totals")
	}
	if w.Count == "" {
		v.add("$.weighting", "count", "name the column that holds the counts", "the weighting does not say which column holds the counts")
	}
	if len(w.Margins) == 0 {
		v.add("$.weighting", "margins", "name at least one group, such as nationality", "the weighting has no margins")
	}
	v.weightingMethod(w)
	if w.Within != "" {
		v.variable("$.weighting.within", w.Within)
	}
	for i, m := range w.Margins {
		v.variable(fmt.Sprintf("$.weighting.margins[%d]", i), m)
	}
	v.crosses("$.weighting.groups", w.Groups)
}

func (v *validation) measure(path string, m MeasurePlan) {
	if !v.choice(path+".statistic", m.Statistic, sortedKeys(statistics)) {
		return
	}
	v.column(path+".variable", m.Variable)
	switch m.Statistic {
	case "ratio":
		if m.Denominator == "" {
			v.add(path, "denominator", "name the column of the denominator", "a ratio needs a denominator")
		}
		v.column(path+".denominator", m.Denominator)
	case "proportion":
		if m.Level == "" {
			v.add(path, "level", "name the level, such as level: \"yes\"", "a proportion needs the level that it counts")
		}
	}
	if m.Interval != "" {
		v.choice(path+".interval", m.Interval, sortedKeys(intervalMethods))
	}
	v.crosses(path+".by", m.By)
}

func (v *validation) crosses(path string, crosses [][]string) {
	for i, cross := range crosses {
		for j, name := range cross {
			at := fmt.Sprintf("%s[%d][%d]", path, i, j)
			v.variable(at, name)
			if slices.Contains(cross[:j], name) {
				v.add(at, name, "name each variable once", "this variable is crossed with itself")
			}
		}
	}
}

func (v *validation) indicators(path string, ids []string) {
	for i, id := range ids {
		if v.in.Indicator(id) == nil {
			v.add(fmt.Sprintf("%s[%d]", path, i), id, "the indicators are "+joinIDs(v.in.Indicators, func(x instrument.Indicator) string { return x.ID })+suggestion(id, v.names()), "no such indicator in instrument %s", v.in.ID)
		}
	}
}

// column accepts "" and "none".
func (v *validation) column(path, name string) {
	if name != "" && name != "none" {
		v.variable(path, name)
	}
}

// variable reports a name that is neither a question nor a group.
func (v *validation) variable(path, name string) bool {
	if v.in.Question(name) != nil || v.in.Group(name) != nil {
		return true
	}
	v.add(path, name, "`waymark instrument show "+v.in.ID+"` lists its questions and groups"+suggestion(name, v.names()), "instrument %s has no question or group of this name", v.in.ID)
	return false
}

func (v *validation) level(path, variable, code string) {
	levels := levelCodes(v.in, variable)
	if len(levels) > 0 && !slices.Contains(levels, code) {
		v.add(path, code, "the levels are "+strings.Join(levels, ", "), "%s has no such level", variable)
	}
}

func (v *validation) choice(path, value string, keys []string) bool {
	if slices.Contains(keys, value) {
		return true
	}
	v.add(path, value, "one of "+strings.Join(keys, ", "), "not a value that is known here")
	return false
}

func (v *validation) names() []string {
	var names []string
	for _, q := range v.in.Questions {
		names = append(names, q.Name)
	}
	for _, g := range v.in.Groups {
		names = append(names, g.ID)
	}
	for _, i := range v.in.Indicators {
		names = append(names, i.ID)
	}
	return names
}

func joinIDs[T any](items []T, id func(T) string) string {
	var ids []string
	for _, x := range items {
		ids = append(ids, id(x))
	}
	return strings.Join(ids, ", ")
}

// levelCodes are the codes of a question's choices or a group's levels, in
// order; missing reasons are not levels.
func levelCodes(in *instrument.Instrument, name string) []string {
	var codes []string
	if g := in.Group(name); g != nil {
		for _, b := range g.Bands {
			codes = append(codes, b.Code)
		}
		for _, m := range g.Merge {
			codes = append(codes, m.Code)
		}
		if len(codes) > 0 || g.From == "" {
			return codes
		}
		name = g.From
	}
	if q := in.Question(name); q != nil {
		for _, c := range in.Lists[q.List] {
			if c.Missing == 0 {
				codes = append(codes, c.Name)
			}
		}
	}
	return codes
}

// ordered says whether a group's or question's levels have an order.
func ordered(in *instrument.Instrument, name string) bool {
	if g := in.Group(name); g != nil {
		return g.Ordered || len(g.Bands) > 0
	}
	q := in.Question(name)
	return q != nil && q.Ordered
}

// suggestion renders the nearest name as a hint, or "".
func suggestion(name string, names []string) string {
	if s := fault.Nearest(name, names); s != "" {
		return "; did you mean " + s + "?"
	}
	return ""
}
