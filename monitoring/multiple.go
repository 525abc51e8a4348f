package monitoring

import (
	"math"

	"waymark/stats/survey"
)

// MultiplePlan says how p-values allow for the number of comparisons made at
// once. A brief makes dozens; at a level of 0.05 one in twenty looks clear where
// there is nothing. Holm is the default since a brief is read result by result:
// each one marked must stand by itself.
type MultiplePlan struct {
	// Method: holm, bh (Benjamini-Hochberg), by (Benjamini-Yekutieli),
	// bonferroni or none. Default: holm.
	Method string `yaml:"method"`
	// Family says which p-values are adjusted together: table (those of one
	// table of the brief), kind (all comparisons; all trends; all tests) or all.
	// Default: kind.
	Family string `yaml:"family"`
	// Level up to which an adjusted p-value counts as clear, above 0 and below
	// 1. Default: 0.05.
	Level float64 `yaml:"level"`
}

// adjustments are the methods that a plan may name.
var adjustments = map[string]survey.Adjustment{
	"holm": survey.Holm, "bh": survey.BenjaminiHochberg, "by": survey.BenjaminiYekutieli,
	"bonferroni": survey.Bonferroni, "none": survey.NotAdjusted,
}

// families are the ways to put p-values together.
var families = map[string]bool{"table": true, "kind": true, "all": true}

// TestKind is what a p-value belongs to.
type TestKind string

// The kinds of p-values.
const (
	KindComparison TestKind = "comparison" // a ratio of two groups
	KindTrend      TestKind = "trend"
	KindTest       TestKind = "test" // of independence
)

// Multiplicity says how the p-values of an analysis were adjusted.
type Multiplicity struct {
	Method   string // as in the plan
	Family   string // as in the plan
	Level    float64
	Families []TestFamily
}

// TestFamily is the p-values that were adjusted together.
type TestFamily struct {
	// Kind is empty if the family has all kinds, Table if it has all tables.
	Kind  TestKind
	Table string
	// Compared counts the p-values by kind; those not shown are LeftOut.
	Compared map[TestKind]int
	LeftOut  int
	// Stay counts those whose adjusted p-value is at most the level.
	Stay int
}

// Size is how many p-values were adjusted together.
func (f *TestFamily) Size() int {
	n := 0
	for _, k := range f.Compared {
		n += k
	}
	return n
}

// Adjusts says whether the plan asks for an adjustment at all.
func (m *Multiplicity) Adjusts() bool { return m != nil && m.Method != "none" }

// Of returns the family of a table, or nil.
func (m *Multiplicity) Of(kind TestKind, table string) *TestFamily {
	if m == nil {
		return nil
	}
	kind, table = m.place(kind, table)
	for i := range m.Families {
		if f := &m.Families[i]; f.Kind == kind && f.Table == table {
			return f
		}
	}
	return nil
}

// place is where the p-values of a table belong.
func (m *Multiplicity) place(kind TestKind, table string) (TestKind, string) {
	switch m.Family {
	case "all":
		return "", ""
	case "kind":
		return kind, ""
	}
	return kind, table
}

// ComparisonTable names the table of the brief that a comparison stands in.
func ComparisonTable(of, against Group) string { return of.String() + " / " + against.String() }

// member is one p-value of an analysis and where its adjusted value goes.
type member struct {
	kind  TestKind
	table string
	p     float64
	shown bool
	out   *float64
}

// members are all p-values of the analysis in the order of the brief.
func (a *Analysis) members() []member {
	var list []member
	for i := range a.Findings {
		if f := &a.Findings[i]; f.Section == SectionCompare {
			list = append(list, member{KindComparison, ComparisonTable(f.Of, f.Against), f.P, f.hidden() == "", &f.Adjusted})
		}
	}
	for i := range a.Trends {
		t := &a.Trends[i]
		list = append(list, member{KindTrend, t.Variable, t.P, t.NotShown == "", &t.Adjusted})
	}
	for i := range a.Tests {
		t := &a.Tests[i]
		list = append(list, member{KindTest, t.Variable, t.P, t.NotShown == "", &t.Adjusted})
	}
	return list
}

// Adjust gives every p-value its adjusted value. One that is not shown takes no
// part: a number that nobody may see must not move those that are.
func (a *Analysis) Adjust(p MultiplePlan) error {
	m := &Multiplicity{Method: p.Method, Family: p.Family, Level: p.Level}
	a.Multiple = m
	list := a.members()
	in := map[[2]string][]int{}
	var order [][2]string
	for i := range list {
		kind, table := m.place(list[i].kind, list[i].table)
		key := [2]string{string(kind), table}
		if in[key] == nil {
			order = append(order, key)
		}
		in[key] = append(in[key], i)
	}
	for _, key := range order {
		family := TestFamily{Kind: TestKind(key[0]), Table: key[1], Compared: map[TestKind]int{}}
		values := make([]float64, len(in[key]))
		for j, i := range in[key] {
			values[j] = math.NaN()
			if list[i].shown {
				values[j] = list[i].p
			}
			if math.IsNaN(values[j]) {
				family.LeftOut++
			} else {
				family.Compared[list[i].kind]++
			}
		}
		adjusted, err := survey.Adjust(values, adjustments[p.Method])
		if err != nil {
			return err
		}
		for j, i := range in[key] {
			*list[i].out = adjusted.P[j]
			if adjusted.P[j] <= p.Level {
				family.Stay++
			}
		}
		m.Families = append(m.Families, family)
	}
	return nil
}
