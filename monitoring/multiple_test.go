package monitoring_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"waymark/monitoring"
)

// analyseWith runs a plan, given as text, on the example round.
func analyseWith(t *testing.T, text string) *monitoring.Analysis {
	t.Helper()
	in, tab := exampleRound(t)
	plan, err := monitoring.ReadPlan("plan.yaml", []byte(text), in)
	if err != nil {
		t.Fatal(err)
	}
	a, err := monitoring.Analyse(context.Background(), &monitoring.Round{Table: tab, Instrument: in}, plan, monitoring.Options{PlanText: text})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const multiplePlan = `
design: {strata: route, clusters: [point+interview_date], nest: true}
indicators: [held, unpaid_work, marriage_offer]
groups: [[], [route]]
compare: [{group: route, of: CMR, against: EMR}]
trends: [{group: transit_time, within: route}]
tests: [{group: sex}, {group: age_group, within: route}]
`

// holm is Holm's adjustment written out a second time, from its definition.
func holm(p []float64) []float64 {
	sorted := slices.Clone(p)
	slices.Sort(sorted)
	out := make([]float64, len(p))
	for i, v := range p {
		for j, s := range sorted {
			if s <= v {
				out[i] = max(out[i], min(1, float64(len(p)-j)*s))
			}
		}
	}
	return out
}

func TestPlanAdjustsEachFamilyByItself(t *testing.T) {
	a := analyseWith(t, multiplePlan)
	var p, adjusted []float64
	for _, x := range a.Trends {
		p, adjusted = append(p, x.P), append(adjusted, x.Adjusted)
	}
	if len(p) != 6 {
		t.Fatalf("%d trends", len(p))
	}
	for i, want := range holm(p) {
		if math.Abs(adjusted[i]-want) > 1e-15 {
			t.Errorf("trend %d: %v becomes %v, want %v", i, p[i], adjusted[i], want)
		}
	}
	sizes := map[monitoring.TestKind]int{}
	for i := range a.Multiple.Families {
		sizes[a.Multiple.Families[i].Kind] = a.Multiple.Families[i].Size()
	}
	if sizes[monitoring.KindComparison] != 3 || sizes[monitoring.KindTrend] != 6 || sizes[monitoring.KindTest] != 9 {
		t.Errorf("families: %v", sizes)
	}
	for i := range a.Findings {
		f := &a.Findings[i]
		if f.Section == monitoring.SectionCompare && !(f.P >= 0 && f.Adjusted >= f.P && f.Adjusted <= 1) {
			t.Errorf("%s: p %v, adjusted %v", f.Key, f.P, f.Adjusted)
		}
	}
}

func TestFamilyAndMethodOfThePlan(t *testing.T) {
	all := analyseWith(t, multiplePlan+"multiple: {family: all, method: bh, level: 0.01}\n")
	if m := all.Multiple; len(m.Families) != 1 || m.Families[0].Size() != 18 || m.Level != 0.01 || m.Method != "bh" {
		t.Errorf("all: %+v", m)
	}
	table := analyseWith(t, multiplePlan+"multiple: {family: table}\n")
	if f := table.Multiple.Of(monitoring.KindTest, "sex"); f == nil || f.Size() != 3 {
		t.Errorf("the tests by sex are not a family: %+v", table.Multiple)
	}
	if f := table.Multiple.Of(monitoring.KindTest, "age_group"); f == nil || f.Size() != 6 {
		t.Errorf("the tests by age are not a family: %+v", table.Multiple)
	}
	none := analyseWith(t, multiplePlan+"multiple: {method: none}\n")
	for _, x := range none.Trends {
		if x.P != x.Adjusted {
			t.Errorf("%s is adjusted without a method", x.Key)
		}
	}
	for _, x := range monitoring.Report(none, nil).Trends {
		if x.Adjusted != nil {
			t.Errorf("%s has an adjusted p-value without a method", x.Key)
		}
	}
}

// A result that is not shown does not move the others.
func TestWhatIsNotShownIsInNoFamily(t *testing.T) {
	a := analyseWith(t, strings.Replace(multiplePlan, "indicators:", "minimum_base: 3000\nindicators:", 1))
	f := a.Multiple.Of(monitoring.KindTrend, "transit_time")
	if f == nil || f.LeftOut != 3 || f.Size() != 3 {
		t.Fatalf("left out: %+v", f)
	}
	for _, x := range a.Trends {
		if (x.NotShown != "") != math.IsNaN(x.Adjusted) {
			t.Errorf("%s: not shown %q, adjusted %v", x.Key, x.NotShown, x.Adjusted)
		}
	}
	report := monitoring.Report(a, nil)
	for _, x := range report.Trends {
		if x.NotShown != "" && (x.P != nil || x.Adjusted != nil) {
			t.Errorf("%s is not shown and has a p-value", x.Key)
		}
	}
	if report.Multiple == nil || report.Multiple.Method != "holm" {
		t.Errorf("the report does not say how: %+v", report.Multiple)
	}
}

func TestReceiptsSayHowThePValueWasAdjusted(t *testing.T) {
	a := analyseWith(t, multiplePlan)
	r := monitoring.MakeReceipts(a, multiplePlan)
	for _, key := range []string{"ratio.held.route-CMR.vs.route-EMR", "trend.held.transit_time.route-CMR", "test.held.sex"} {
		rec := r.Find(key)
		if rec == nil || rec.P == nil || rec.Adjusted == nil || !strings.HasPrefix(rec.Estimator.Adjustment, "holm, ") {
			t.Errorf("%s: %+v", key, rec)
		}
	}
}
