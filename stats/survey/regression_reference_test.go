package survey

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/stats/table"
)

// regressionReference is testdata/regression.json: R 4.2.2, survey 4.1.1 and
// clubSandwich 0.5.8, calls in regression.R.
func regressionReference(t *testing.T) *reference {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "regression.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Values map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return &reference{t, all.Values, map[string]bool{}}
}

// nearMatrix compares a covariance matrix on the scale of its diagonal.
func (r *reference) nearMatrix(name, field string, tolerance float64, got []float64) {
	r.t.Helper()
	var want []float64
	if json.Unmarshal(r.values[name][field], &want) != nil {
		want = []float64{0}
		if err := json.Unmarshal(r.values[name][field], &want[0]); err != nil {
			r.t.Fatalf("%s has no %s", name, field)
		}
	}
	n := int(math.Sqrt(float64(len(want))))
	if len(got) != len(want) {
		r.t.Fatalf("%s %s: %d numbers, want %d", name, field, len(got), len(want))
	}
	for i := range n {
		for j := range n {
			if g, w := got[i*n+j], want[i*n+j]; !(math.Abs(g-w) <= tolerance*math.Sqrt(want[i*n+i]*want[j*n+j])) {
				r.t.Errorf("%s %s %d,%d: got %v, want %v", name, field, i+1, j+1, g, w)
			}
		}
	}
}

// modelled is a design of regression.R with its columns.
type modelled struct {
	*sample
	d       *Design
	where   []bool
	columns ColumnSet
}

func (m *modelled) fit(t testing.TB, family Family, text string, change func(*ModelRequest)) *Fit {
	t.Helper()
	formula, err := ParseFormula(text)
	if err != nil {
		t.Fatal(err)
	}
	r := ModelRequest{Family: family, Formula: formula, Data: m.columns, Where: m.where}
	if change != nil {
		change(&r)
	}
	f, err := m.d.Fit(context.Background(), r, EngineOptions{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if f.NotEstimable != "" {
		t.Fatalf("%s: %s", text, f.NotEstimable)
	}
	return f
}

func modelledDesigns(t testing.TB) map[string]*modelled {
	c1, c2, st, srs := weighingData(t, "apiclus1.csv"), weighingData(t, "apiclus2.csv"), weighingData(t, "apistrat.csv"), weighingData(t, "apisrs.csv")
	out := map[string]*modelled{
		"clus1": {sample: c1, d: design(t, Spec{Weights: c1.num["pw"], Clusters: categories(c1.cat["dnum"]), FPC: []*table.NumberColumn{c1.num["fpc"]}})},
		"clus2": {sample: c2, d: design(t, Spec{Weights: c2.num["pw"], Clusters: categories(c2.cat["dnum"], c2.cat["snum"]), FPC: []*table.NumberColumn{c2.num["fpc1"], c2.num["fpc2"]}})},
		"plain": {sample: c2, d: design(t, Spec{Weights: c2.num["pw"], Clusters: categories(c2.cat["dnum"])})},
		"strat": {sample: st, d: design(t, Spec{Weights: st.num["pw"], Strata: st.cat["stype"], FPC: []*table.NumberColumn{st.num["fpc"]}})},
		"srs":   {sample: srs, d: design(t, Spec{Weights: srs.num["pw"]})},
	}
	for name, from := range map[string]string{"sub1": "clus1", "subs": "strat"} {
		s := out[from]
		out[name] = &modelled{sample: s.sample, d: s.d, where: dummyTrue(s.cat["comp.imp"], "Yes")}
	}
	cal, _, err := out["clus1"].d.Calibrate((&sampled{sample: c1}).auxiliaries(), CalibrateOptions{Distance: LinearDistance})
	if err != nil {
		t.Fatal(err)
	}
	post, _, err := out["clus2"].d.PostStratify((&sampled{sample: c2}).margins()[0])
	if err != nil {
		t.Fatal(err)
	}
	out["cal1"], out["post2"] = &modelled{sample: c1, d: cal}, &modelled{sample: c2, d: post}
	for _, m := range out {
		m.columns = columnSetOf(m.num, m.cat)
		part, band := make([]float64, m.n), make([]float64, m.n)
		for i := range part {
			if part[i] = m.num["api99"].Values[i]; math.Mod(part[i], 2) == 1 {
				part[i] = math.NaN()
			}
			band[i] = math.Floor(m.num["meals"].Values[i] / 25)
		}
		m.columns["part"], m.columns["band"] = table.NewNumber("part", part, nil), table.NewNumber("band", band, nil)
	}
	return out
}

func dummyTrue(c *table.CategoryColumn, level string) []bool {
	out := make([]bool, c.Len())
	for i := range out {
		out[i] = c.Text(i) == level
	}
	return out
}

var linearModels = map[string]string{
	"main": "api00 ~ ell + meals + mobility", "cross": "api00 ~ ell * meals + stype", "levels": "api00 ~ stype * awards + ell",
	"slopes": "api00 ~ ell:stype + stype - 1", "part": "api00 ~ stype:awards + meals", "arithmetic": "api00 ~ I(ell^2) + log(meals + 1) + I((mobility - 10)/3 * ell)",
	"alias": "api00 ~ ell + I(2 * ell) + meals + I(ell + meals)", "one": "api00 ~ 1",
	"missing": "api00 ~ part + ell", "factor": "api00 ~ factor(band) + ell", "reference": "api00 ~ stype + ell",
}

var logisticModels = map[string]string{
	"main": "sch.wide=Yes ~ ell + meals + mobility", "levels": "sch.wide=Yes ~ stype * meals", "cross": "awards=Yes ~ stype + ell * meals",
	"pair": "awards=Yes ~ ell + meals", "square": "comp.imp=Yes ~ (ell + meals + stype)^2",
}

func TestRegressionAgainstR(t *testing.T) {
	r := regressionReference(t)
	designs := modelledDesigns(t)
	done := 0
	for name := range r.values {
		part := strings.Split(name, ".")
		m := designs[part[0]]
		if len(part) != 3 || m == nil || part[2] == "predmeans" || part[2] == "margins" || part[2] == "effects" {
			continue
		}
		done++
		t.Run(name, func(t *testing.T) {
			r := &reference{t, r.values, r.used}
			family, text, tolerance := Gaussian, linearModels[part[2]], 1e-8
			if part[1] == "logistic" {
				family, text, tolerance = Binomial, logisticModels[part[2]], 1e-6
			}
			f := m.fit(t, family, text, func(q *ModelRequest) {
				if part[2] == "reference" {
					q.Reference = map[string]string{"stype": "H"}
				}
			})
			var names []string
			if err := json.Unmarshal(r.values[name]["names"], &names); err != nil {
				names = []string{"(Intercept)"}
			}
			got := map[string][]float64{"df": one(f.DF), "deviance": one(f.Deviance), "null": one(f.NullDeviance), "dispersion": one(f.Dispersion), "base": one(float64(f.Base))}
			add := func(field string, v float64) { got[field] = append(got[field], v) }
			var rows []int
			for i, c := range f.Coefficients {
				if part[2] != "reference" && c.Name != names[i] {
					t.Errorf("coefficient %d is %s, want %s", i+1, c.Name, names[i])
				}
				if c.NotEstimable != "" {
					add("estimable", 0)
					continue
				}
				rows = append(rows, i)
				add("estimable", 1)
				for field, v := range map[string]float64{"value": c.Value, "se": c.SE, "t": c.T, "p": c.P, "half": (c.Hi - c.Lo) / 2} {
					add(field, v)
				}
			}
			if part[2] == "missing" { // R scales weights by two different means there
				delete(got, "dispersion")
			}
			v := f.Vector()
			var cov []float64
			for _, i := range rows {
				for _, j := range rows {
					cov = append(cov, v.Covariance(i, j))
				}
			}
			r.nearMatrix(name, "cov", tolerance, cov)
			r.near(name, tolerance, got)
		})
	}
	if done < 80 {
		t.Errorf("only %d models were compared", done)
	}
}

// nearDiagonal compares variances with the diagonal of a matrix.
func (r *reference) nearDiagonal(name, field string, tolerance float64, got []float64) {
	r.t.Helper()
	var want []float64
	if err := json.Unmarshal(r.values[name][field], &want); err != nil || len(want) != len(got)*len(got) {
		r.t.Fatalf("%s %s: %d numbers, error %v", name, field, len(want), err)
	}
	for i, g := range got {
		if w := want[i*len(got)+i]; !(math.Abs(g-w) <= tolerance*w) {
			r.t.Errorf("%s %s %d: got %v, want %v", name, field, i+1, g, w)
		}
	}
}
