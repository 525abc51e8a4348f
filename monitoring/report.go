package monitoring

import (
	"bytes"
	"encoding/json"
)

// ReportJSON is what `waymark brief --format json` prints. Outside checks rely
// on its form: docs/architecture.md, "Commands whose form outside checks rely on".
type ReportJSON struct {
	Synthetic bool           `json:"synthetic"`
	Counts    orderedCounts  `json:"counts"`
	Findings  []FindingJSON  `json:"findings"`
	Trends    []TrendJSON    `json:"trends"`
	Tests     []TestJSON     `json:"tests"`
	Multiple  *MultipleJSON  `json:"multiple,omitempty"`
	Weighting *WeightingJSON `json:"weighting,omitempty"`
	Files     []string       `json:"files,omitempty"`
}

// FindingJSON is one finding; numbers are null where they are not shown.
type FindingJSON struct {
	Key       string      `json:"key"`
	ID        string      `json:"id"`
	Section   Section     `json:"section"`
	Statistic string      `json:"statistic"`
	Variable  string      `json:"variable,omitempty"`
	Level     string      `json:"level,omitempty"`
	Group     groupJSON   `json:"group"`
	Estimate  *float64    `json:"estimate"`
	SE        *float64    `json:"se"`
	CI        *[2]float64 `json:"ci"`
	Deff      *float64    `json:"deff,omitempty"`
	N         *int        `json:"n"`
	Base      *int        `json:"base"`
	Method    string      `json:"method,omitempty"`
	// P and Adjusted are of comparisons only.
	P        *float64 `json:"p,omitempty"`
	Adjusted *float64 `json:"p_adjusted,omitempty"`
	NotShown string   `json:"not_shown,omitempty"`
}

// TrendJSON is one trend test.
type TrendJSON struct {
	Key       string      `json:"key"`
	ID        string      `json:"id"`
	Variable  string      `json:"variable"`
	Group     groupJSON   `json:"group"`
	OddsRatio *float64    `json:"odds_ratio_per_step"`
	CI        *[2]float64 `json:"ci"`
	P         *float64    `json:"p"`
	Adjusted  *float64    `json:"p_adjusted,omitempty"`
	Method    string      `json:"method"`
	NotShown  string      `json:"not_shown,omitempty"`
}

// TestJSON is one test of independence.
type TestJSON struct {
	Key       string    `json:"key"`
	ID        string    `json:"id"`
	Variable  string    `json:"variable"`
	Group     groupJSON `json:"group"`
	Statistic *float64  `json:"statistic"`
	P         *float64  `json:"p"`
	Adjusted  *float64  `json:"p_adjusted,omitempty"`
	Method    string    `json:"method"`
	NotShown  string    `json:"not_shown,omitempty"`
}

// MultipleJSON says how p-values were adjusted for many comparisons.
type MultipleJSON struct {
	Method   string       `json:"method"`
	Family   string       `json:"family"`
	Level    float64      `json:"level"`
	Families []FamilyJSON `json:"families"`
}

// FamilyJSON is the p-values that were adjusted together.
type FamilyJSON struct {
	Kind     TestKind `json:"kind,omitempty"`
	Table    string   `json:"table,omitempty"`
	Compared int      `json:"compared"`
	LeftOut  int      `json:"left_out"`
	Stay     int      `json:"stay"`
}

// groupJSON is {"route":"CMR"}, or {"numerator":{...},"denominator":{...}}.
type groupJSON struct {
	group, of, against Group
}

// MarshalJSON keeps the order of the parts.
func (g groupJSON) MarshalJSON() ([]byte, error) {
	if g.of != nil {
		return object([]string{"numerator", "denominator"}, []any{groupJSON{group: g.of}, groupJSON{group: g.against}})
	}
	var names []string
	var levels []any
	for _, p := range g.group {
		names, levels = append(names, p.Variable), append(levels, p.Level)
	}
	return object(names, levels)
}

// orderedCounts has received, excluded_RULE in the order of the rules,
// eligible and eligible_by_route.
type orderedCounts Counts

// MarshalJSON keeps the order of the rules and routes.
func (c orderedCounts) MarshalJSON() ([]byte, error) {
	names, values := []string{"received"}, []any{c.Received}
	for _, e := range c.Excluded {
		names, values = append(names, "excluded_"+e.Rule), append(values, e.Count)
	}
	var routes []string
	var counts []any
	for _, l := range c.EligibleByRoute {
		routes, counts = append(routes, l.Code), append(counts, l.Count)
	}
	byRoute, err := object(routes, counts)
	if err != nil {
		return nil, err
	}
	return object(append(names, "eligible", "eligible_by_route"), append(values, c.Eligible, json.RawMessage(byRoute)))
}

// object writes a JSON object with its keys in the given order.
func object(names []string, values []any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(values[i])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Report puts an analysis into the form of the JSON output. Numbers that the
// brief does not show are null, and counts that it masks too.
func Report(a *Analysis, files []string) *ReportJSON {
	r := &ReportJSON{Synthetic: a.Synthetic, Counts: orderedCounts(a.Counts), Files: files,
		Findings: make([]FindingJSON, 0, len(a.Findings)), Trends: []TrendJSON{}, Tests: []TestJSON{}}
	for i := range a.Findings {
		r.Findings = append(r.Findings, a.findingJSON(&a.Findings[i]))
	}
	for _, t := range a.Trends {
		out := TrendJSON{Key: t.Key, ID: t.ID, Variable: t.Variable, Group: groupJSON{group: t.Within}, Method: t.Method, NotShown: t.NotShown}
		if t.NotShown == "" {
			out.OddsRatio, out.CI, out.P, out.Adjusted = number(t.OddsRatio), interval(t.Lo, t.Hi), number(t.P), a.adjusted(t.Adjusted)
		}
		r.Trends = append(r.Trends, out)
	}
	for _, t := range a.Tests {
		out := TestJSON{Key: t.Key, ID: t.ID, Variable: t.Variable, Group: groupJSON{group: t.Within}, Method: t.Method, NotShown: t.NotShown}
		if t.NotShown == "" {
			out.Statistic, out.P, out.Adjusted = number(t.Statistic), number(t.P), a.adjusted(t.Adjusted)
		}
		r.Tests = append(r.Tests, out)
	}
	if m := a.Multiple; m != nil && len(m.Families) > 0 {
		r.Multiple = &MultipleJSON{Method: m.Method, Family: m.Family, Level: m.Level}
		for i := range m.Families {
			f := &m.Families[i]
			r.Multiple.Families = append(r.Multiple.Families, FamilyJSON{f.Kind, f.Table, f.Size(), f.LeftOut, f.Stay})
		}
	}
	if a.Weighting != nil {
		r.Weighting = a.weightingJSON()
	}
	return r
}

func (a *Analysis) findingJSON(f *Finding) FindingJSON {
	out := FindingJSON{Key: f.Key, ID: f.ID, Section: f.Section, Statistic: f.Statistic, Variable: f.Variable, Level: f.Level,
		Group: groupJSON{f.Group, f.Of, f.Against}, Method: f.Method}
	if f.Section == SectionWeighted {
		out.ID = "weighted." + f.ID // so that one id and group is one finding
	}
	if f.Base == 0 || f.Base >= a.Plan.MaskBelow {
		out.Base = whole(f.Base)
	}
	if out.NotShown = f.hidden(); out.NotShown != "" {
		return out
	}
	out.Estimate, out.SE, out.CI, out.Deff = number(f.Estimate), number(f.SE), interval(f.Lo, f.Hi), number(f.Deff)
	out.N = whole(f.N)
	if f.Section == SectionCompare {
		out.P, out.Adjusted = number(f.P), a.adjusted(f.Adjusted)
	}
	return out
}

// adjusted is nil where the plan adjusts nothing.
func (a *Analysis) adjusted(p float64) *float64 {
	if !a.Multiple.Adjusts() {
		return nil
	}
	return number(p)
}
