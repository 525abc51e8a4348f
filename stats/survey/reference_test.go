package survey

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waymark/stats/table"
)

// sample reads testdata/sample.csv, which is synthetic (see testdata/make.R).
type sample struct {
	cat map[string]*table.CategoryColumn
	num map[string]*table.NumberColumn
	n   int
}

func readSample(t testing.TB) *sample {
	t.Helper()
	return readSampleAt(t, filepath.Join("testdata", "sample.csv"))
}

func readSampleAt(t testing.TB, path string) *sample {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := &sample{map[string]*table.CategoryColumn{}, map[string]*table.NumberColumn{}, len(rows) - 1}
	for k, name := range rows[0] {
		var texts []string
		for _, r := range rows[1:] {
			if r[k] != "" {
				texts = append(texts, r[k])
			}
		}
		slices.Sort(texts)
		texts = slices.Compact(texts)
		var levels []table.Level
		for _, c := range texts {
			levels = append(levels, table.Level{Code: c})
		}
		codes := make([]uint32, s.n)
		values := make([]float64, s.n)
		missing := make([]table.Missing, s.n)
		number := true
		for i, r := range rows[1:] {
			at, ok := slices.BinarySearch(texts, r[k])
			codes[i] = uint32(at + table.FirstLevel)
			if !ok {
				codes[i], missing[i] = uint32(table.Blank), table.Blank
				continue
			}
			if values[i], err = strconv.ParseFloat(r[k], 64); err != nil {
				number = false
			}
		}
		s.cat[name] = table.NewCategory(name, levels, codes)
		if number {
			s.num[name] = table.NewNumber(name, values, missing)
		}
	}
	return s
}

func (s *sample) specs() map[string]Spec {
	c, n := s.cat, s.num
	psu := []*table.CategoryColumn{c["psu"]}
	return map[string]Spec{
		"one":   {Weights: n["weight"], Strata: c["stratum"], Clusters: psu},
		"zero":  {Weights: n["zero"], Strata: c["stratum"], Clusters: psu},
		"two":   {Weights: n["weight"], Strata: c["stratum"], Clusters: []*table.CategoryColumn{c["psu"], c["ssu"]}, FPC: []*table.NumberColumn{n["fpc1"], n["fpc2"]}},
		"nest":  {Weights: n["weight"], Strata: c["stratum"], Clusters: []*table.CategoryColumn{c["local"]}, Nest: true},
		"rows":  {Weights: n["weight"], Strata: c["stratum"]},
		"plain": {Rows: s.n},
	}
}

// reference is testdata/reference.json: R 4.2.2, survey 4.1.1, calls in make.R.
type reference struct {
	t      *testing.T
	values map[string]map[string]json.RawMessage
	used   map[string]bool
}

func readReference(t *testing.T) (*reference, map[string][]float64) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "reference.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Quantiles map[string][]float64
		Values    map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return &reference{t, all.Values, map[string]bool{}}, all.Quantiles
}

// near compares numbers with those of a case, field by field.
func (r *reference) near(name string, tolerance float64, got map[string][]float64) {
	r.t.Helper()
	want, ok := r.values[name]
	if !ok {
		r.t.Errorf("there is no reference value %q", name)
		return
	}
	r.used[name] = true
	for field, g := range got {
		var w []float64
		if json.Unmarshal(want[field], &w) != nil {
			var one float64
			if err := json.Unmarshal(want[field], &one); err != nil {
				r.t.Errorf("%s has no %s", name, field)
				continue
			}
			w = []float64{one}
		}
		if len(g) != len(w) {
			r.t.Errorf("%s %s: got %v, want %v", name, field, g, w)
			continue
		}
		for k := range w {
			if !(math.Abs(g[k]-w[k]) <= tolerance*math.Abs(w[k])+1e-15) {
				r.t.Errorf("%s %s: got %v, want %v", name, field, g, w)
				break
			}
		}
	}
}

func one(v ...float64) []float64 { return v }

func design(t testing.TB, s Spec) *Design {
	t.Helper()
	d, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDomainsAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	route := []*table.CategoryColumn{s.cat["route"]}
	methods := map[string]Interval{"logit": Logit, "beta": Beta, "likelihood": Likelihood, "asin": Asin, "xlogit": XLogit, "mean": Normal, "wilson": Wilson}
	for name, spec := range s.specs() {
		d := design(t, spec)
		ask := func(q Request) []Estimate {
			q.By = route
			out, err := d.Estimate(context.Background(), []Request{q}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return out[0].Estimates
		}
		for k, code := range []string{"CMR", "EMR"} {
			key := func(parts ...string) string { return name + "." + strings.Join(parts, ".") }
			for m, method := range methods {
				if name == "zero" && (m == "beta" || m == "likelihood") {
					continue // R counts rows of weight zero there
				}
				e := ask(Request{Statistic: Proportion, Variable: s.cat["yes"], Level: "1", Interval: method})[k]
				tolerance := 1e-8
				if m == "logit" || m == "likelihood" {
					tolerance = 1e-6
				}
				r.near(key("proportion", code, m), tolerance, map[string][]float64{"estimate": one(e.Value), "ci": one(e.Lo, e.Hi), "df": one(e.DF)})
			}
			yes := Request{Statistic: Proportion, Variable: s.cat["yes"], Level: "1", Deff: WithReplacement}
			e := ask(yes)[k]
			r.near(key("deff", code), 1e-9, map[string][]float64{"se": one(e.SE), "with": one(e.Deff)})
			if name != "plain" {
				yes.Deff = WithoutReplacement
				r.near(key("deff", code), 1e-9, map[string][]float64{"without": one(ask(yes)[k].Deff)})
			}
			e = ask(Request{Statistic: Mean, Variable: s.num["age"], Deff: WithReplacement})[k]
			r.near(key("mean", code), 1e-9, map[string][]float64{"estimate": one(e.Value), "se": one(e.SE), "deff": one(e.Deff)})
			e = ask(Request{Statistic: Total, Variable: s.num["cost"], Deff: WithReplacement})[k]
			r.near(key("total", code), 1e-9, map[string][]float64{"estimate": one(e.Value), "se": one(e.SE), "deff": one(e.Deff)})
			e = ask(Request{Statistic: Ratio, Variable: s.num["cost"], Denominator: s.num["age"]})[k]
			r.near(key("ratio", code), 1e-9, map[string][]float64{"estimate": one(e.Value), "se": one(e.SE)})
		}
	}
}

func TestComparisonsAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	over := []*table.CategoryColumn{s.cat["route"]}
	for name, spec := range s.specs() {
		d := design(t, spec)
		var q Query
		for _, m := range []Measure{RiskRatio, RiskDifference, OddsRatio} {
			q.Comparisons = append(q.Comparisons, ComparisonRequest{Measure: m, Variable: s.cat["yes"], Level: "1", Over: over, Of: []string{"CMR"}, Against: []string{"EMR"}})
		}
		trend := TrendRequest{Variable: s.cat["yes"], Level: "1", Over: s.cat["transit"]}
		q.Trends = append(q.Trends, trend)
		trend.By = over
		q.Trends = append(q.Trends, trend)
		for _, m := range []RaoScott{SecondOrder, FirstOrder} {
			q.Independences = append(q.Independences, IndependenceRequest{Rows: s.cat["yes"], Columns: s.cat["sex"], By: over, Method: m})
		}
		a, err := d.Run(context.Background(), q, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		rr, rd, or := a.Comparisons[0][0], a.Comparisons[1][0], a.Comparisons[2][0]
		r.near(name+".riskratio", 1e-9, map[string][]float64{"estimate": one(rr.Value), "logse": one(rr.LogSE), "ci": one(rr.Lo, rr.Hi)})
		r.near(name+".riskdifference", 1e-9, map[string][]float64{"estimate": one(rd.Value), "se": one(rd.SE), "ci": one(rd.Lo, rd.Hi)})
		r.near(name+".oddsratio", 1e-7, map[string][]float64{"estimate": one(or.Value), "logse": one(or.LogSE)})
		for where, x := range map[string]Trend{"all": a.Trends[0][0], "CMR": a.Trends[1][0]} {
			r.near(name+".trend."+where, 1e-7, map[string][]float64{"oddsratio": one(x.OddsRatio), "logse": one(x.LogSE), "ci": one(x.Lo, x.Hi)})
			if name != "plain" {
				r.near(name+".trend."+where, 1e-8, map[string][]float64{"statistic": one(x.Statistic), "df": one(x.DF2), "p": one(x.P)})
			} else if where == "all" {
				r.near("plain.armitage", 1e-10, map[string][]float64{"statistic": one(x.Statistic), "p": one(x.P)})
			}
		}
		for k, code := range []string{"CMR", "EMR"} {
			f, chi := a.Independences[0][k], a.Independences[1][k]
			r.near(fmt.Sprintf("%s.independence.%s.F", name, code), 1e-8, map[string][]float64{"statistic": one(f.Statistic), "df": one(f.DF1, f.DF2), "p": one(f.P)})
			r.near(fmt.Sprintf("%s.independence.%s.Chisq", name, code), 1e-8, map[string][]float64{"df": one(chi.DF1), "p": one(chi.P)})
		}
	}
}

func TestWeightingAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	late := make([]uint32, s.n)
	for i := range late {
		late[i] = table.FirstLevel
		if s.num["transit"].Values[i] > 1 {
			late[i]++
		}
	}
	lateness := table.NewCategory("late", []table.Level{{Code: "early"}, {Code: "late"}}, late)
	sex := Margin{Columns: []*table.CategoryColumn{s.cat["sex"]}, Totals: []MarginTotal{{[]string{"female"}, 6000}, {[]string{"male"}, 11000}}}
	cross := Margin{Columns: []*table.CategoryColumn{s.cat["route"], lateness}, Totals: []MarginTotal{
		{[]string{"CMR", "early"}, 1500}, {[]string{"EMR", "early"}, 6000}, {[]string{"CMR", "late"}, 5000}, {[]string{"EMR", "late"}, 4500}}}
	base := design(t, s.specs()["one"])
	raked, w1, err := base.Rake([]Margin{sex, cross}, RakeOptions{Tolerance: 1e-13})
	if err != nil {
		t.Fatal(err)
	}
	post, w2, err := base.PostStratify(cross)
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*Design{"rake": raked, "post": post} {
		route := []*table.CategoryColumn{s.cat["route"]}
		out, err := d.Estimate(context.Background(), []Request{
			{Statistic: Proportion, Variable: s.cat["yes"], Level: "1", By: route},
			{Statistic: Mean, Variable: s.num["age"], By: route},
			{Statistic: Total, Variable: s.num["cost"], By: route},
		}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for q, what := range []string{"yes", "age", "cost"} {
			for k, code := range []string{"CMR", "EMR"} {
				e := out[q].Estimates[k]
				r.near(strings.Join([]string{name, what, code}, "."), 1e-7, map[string][]float64{"estimate": one(e.Value), "se": one(e.SE)})
			}
		}
		w := w1
		if name == "post" {
			w = w2
		}
		mean := d.SumWeights() / float64(d.Base())
		r.near(name+".weights", 1e-9, map[string][]float64{"sum": one(d.SumWeights()), "min": one(w.MinRatio * mean), "max": one(w.MaxRatio * mean), "deff": one(w.Deff)})
	}
	rows := design(t, s.specs()["rows"])
	byLate := Margin{Columns: []*table.CategoryColumn{lateness}, Totals: []MarginTotal{{[]string{"early"}, 7500}, {[]string{"late"}, 9500}}}
	if rows, _, err = rows.Rake([]Margin{sex, byLate}, RakeOptions{Tolerance: 1e-13}); err != nil {
		t.Fatal(err)
	}
	out, err := rows.Estimate(context.Background(), []Request{{Statistic: Proportion, Variable: s.cat["yes"], Level: "1"}}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e := out[0].Estimates[0]
	r.near("rake.rows", 1e-7, map[string][]float64{"estimate": one(e.Value), "se": one(e.SE)})
}

func TestLonelyAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	include := make([]bool, s.n)
	first := ""
	for i := range include {
		if code := s.cat["psu"].Text(i); s.cat["stratum"].Text(i) == "west" && (first == "" || code < first) {
			first = code
		}
	}
	for i := range include {
		include[i] = s.cat["stratum"].Text(i) != "west" || s.cat["psu"].Text(i) == first
	}
	spec := s.specs()["one"]
	spec.Include = include
	if _, err := New(spec); err == nil || !strings.Contains(err.Error(), `"west"`) {
		t.Errorf("a stratum with one PSU must be named, got %v", err)
	}
	for name, rule := range map[string]Lonely{"remove": LonelyRemove, "certainty": LonelyCertainty, "adjust": LonelyAdjust, "average": LonelyAverage} {
		spec.LonelyPSU = rule
		d := design(t, spec)
		out, err := d.Estimate(context.Background(), []Request{{Statistic: Total, Variable: s.num["cost"]}, {Statistic: Mean, Variable: s.num["cost"], By: []*table.CategoryColumn{s.cat["sex"]}}}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		r.near("lonely."+name, 1e-9, map[string][]float64{"total": one(out[0].Estimates[0].SE), "mean": one(out[1].Estimates[1].SE)})
	}
}

func TestCountsAndQuantilesAgainstR(t *testing.T) {
	r, q := readReference(t)
	for _, k := range [][2]int{{0, 10}, {3, 17}, {50, 8475}, {40, 40}, {29, 58}} {
		name := fmt.Sprintf("count.%d.%d", k[0], k[1])
		pair := func(f func(x, n int, c float64) (float64, float64)) []float64 {
			lo, hi := f(k[0], k[1], 0.95)
			return one(lo, hi)
		}
		r.near(name, 1e-10, map[string][]float64{"wilson": pair(WilsonInterval), "exact": pair(ClopperPearsonInterval), "jeffreys": pair(JeffreysInterval)})
	}
	got := map[string][]float64{
		"t":    {tQuantile(.975, 1), tQuantile(.975, 2), tQuantile(.9, 3.5), tQuantile(.975, 17), tQuantile(.995, 182), tQuantile(.975, 8473), tQuantile(.6, 4)},
		"beta": {betaQuantile(.025, 3.2, 18.1), betaQuantile(.975, .5, 2), betaQuantile(.025, 4000.5, 3.25)},
		"f":    {fUpper(13.482196151464, 2, 398), fUpper(3.3, 1.7, 21.4), fUpper(200, 1, 15)},
		"chi":  {chiUpper(26.2, 2), chiUpper(.3, 1)},
	}
	for name, g := range got {
		for i, w := range q[name] {
			if math.Abs(g[i]-w) > 1e-12*w {
				t.Errorf("%s %d: got %v, want %v", name, i, g[i], w)
			}
		}
	}
}
