package survey

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
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

var updateFactors = flag.Bool("update-factors", false, "write testdata/replicate-factors.csv anew; then run replicate.R")

// pairs are the halves of the sample's strata: two PSUs each.
func pairs(s *sample) *table.CategoryColumn {
	var codes []string
	text := make([]string, s.n)
	for i := range text {
		k, _ := strconv.Atoi(s.cat["local"].Text(i)[1:])
		text[i] = fmt.Sprintf("%s%d", s.cat["stratum"].Text(i), (k+1)/2)
		codes = append(codes, text[i])
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	var levels []table.Level
	for _, c := range codes {
		levels = append(levels, table.Level{Code: c})
	}
	code := make([]uint32, s.n)
	for i, c := range text {
		k, _ := slices.BinarySearch(codes, c)
		code[i] = uint32(table.FirstLevel + k)
	}
	return table.NewCategory("pair", levels, code)
}

// referenceReplicates are the designs of testdata/replicate.R, by name.
func referenceReplicates(t testing.TB, s *sample) map[string]*Replicates {
	specs := s.specs()
	fpc := specs["one"]
	fpc.FPC = []*table.NumberColumn{s.num["fpc1"]}
	half := specs["one"]
	half.Strata = pairs(s)
	plain := Spec{Weights: s.num["weight"]}
	out := map[string]*Replicates{}
	for name, c := range map[string]struct {
		spec Spec
		kind Replication
		opt  ReplicateOptions
	}{
		"jkn":        {specs["one"], JKn, ReplicateOptions{}},
		"jknmse":     {specs["one"], JKn, ReplicateOptions{MSE: true}},
		"jknfpc":     {fpc, JKn, ReplicateOptions{}},
		"jk1":        {plain, JK1, ReplicateOptions{}},
		"brr":        {half, BRR, ReplicateOptions{}},
		"fay":        {half, Fay, ReplicateOptions{Rho: 0.3}},
		"split":      {specs["one"], BRR, ReplicateOptions{Large: LargeSplit}},
		"merge":      {specs["one"], BRR, ReplicateOptions{Large: LargeMerge}},
		"raowu":      {specs["one"], RaoWu, ReplicateOptions{Count: 20, Seed: 7}},
		"canty":      {specs["one"], CantyDavison, ReplicateOptions{Count: 20, Seed: 7}},
		"cantyfpc":   {fpc, CantyDavison, ReplicateOptions{Count: 20, Seed: 7}},
		"preston":    {specs["two"], Preston, ReplicateOptions{Count: 20, Seed: 7}},
		"successive": {specs["one"], SuccessiveDifference, ReplicateOptions{Count: 20}},
		"raowurows":  {specs["rows"], RaoWu, ReplicateOptions{Count: 20, Seed: 7}},
	} {
		r, err := design(t, c.spec).Replicate(c.kind, c.opt)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = r
	}
	return out
}

// writeFactors writes the factors of the kinds that R cannot draw alike.
func writeFactors(t *testing.T, s *sample, made map[string]*Replicates) {
	var b bytes.Buffer
	b.WriteString("kind,unit")
	for k := range 20 {
		fmt.Fprintf(&b, ",f%d", k+1)
	}
	b.WriteByte('\n')
	for _, kind := range []string{"raowu", "canty", "cantyfpc", "preston", "successive", "raowurows"} {
		r := made[kind]
		weights := make([][]float64, r.Count())
		for k := range weights {
			weights[k] = make([]float64, s.n)
			r.Weights(k, weights[k])
		}
		var lines []string
		seen := map[string]bool{}
		for i := range s.n {
			unit := s.cat["psu"].Text(i)
			switch kind {
			case "preston":
				unit += " " + s.cat["ssu"].Text(i)
			case "raowurows":
				unit = fmt.Sprintf("r%d", i+1)
			}
			if seen[unit] {
				continue
			}
			seen[unit] = true
			line := kind + "," + unit
			for k := range weights {
				line += "," + strconv.FormatFloat(weights[k][i]/r.Weight(i), 'g', 17, 64)
			}
			lines = append(lines, line)
		}
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	if err := os.WriteFile(filepath.Join("testdata", "replicate-factors.csv"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestReplicatesAgainstR(t *testing.T) {
	s := readSample(t)
	made := referenceReplicates(t, s)
	if *updateFactors {
		writeFactors(t, s, made)
		return
	}
	ref, _ := readReplicateReference(t)
	ctx := context.Background()
	route, sex := []*table.CategoryColumn{s.cat["route"]}, []*table.CategoryColumn{s.cat["sex"]}
	for name, r := range made {
		ref.near(name+".degf", 0, map[string][]float64{"value": one(r.DF()), "count": one(float64(r.Count()))})
		ask := func(q Request) (values, errors []float64) {
			t.Helper()
			out, err := r.Estimate(ctx, []Request{q}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range out[0].Estimates {
				values, errors = append(values, e.Value), append(errors, e.SE)
			}
			return values, errors
		}
		near := func(what string, q Request) {
			t.Helper()
			v, se := ask(q)
			ref.near(name+"."+what, 1e-9, map[string][]float64{"estimate": v, "se": se})
		}
		near("mean", Request{Statistic: Mean, Variable: s.num["age"], By: route})
		near("total", Request{Statistic: Total, Variable: s.num["cost"]})
		moments, _, err := r.Moments(ctx, MomentRequest{Variables: []*table.NumberColumn{s.num["cost"]}}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ref.near(name+".variance", 1e-8, map[string][]float64{"estimate": one(moments[0].Value), "se": one(moments[0].SE)})
		near("ratio", Request{Statistic: Ratio, Variable: s.num["cost"], Denominator: s.num["age"]})
		near("share", Request{Statistic: Share, Variable: s.cat["transit"], By: sex})
		joint, err := r.Joint(ctx, []Request{{Statistic: Mean, Variable: s.num["age"], By: route}}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ref.near(name+".mean", 1e-9, map[string][]float64{"estimate": joint.Values, "cov": joint.Cov})
		for m, what := range map[Measure]string{RiskDifference: "difference", RiskRatio: "logratio"} {
			a, err := r.Run(ctx, Query{Comparisons: []ComparisonRequest{{Measure: m, Variable: s.cat["yes"], Level: "1", Over: route, Of: []string{"CMR"}, Against: []string{"EMR"}}}}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			c := a.Comparisons[0][0]
			v, se := c.Value, c.SE
			if m == RiskRatio {
				v, se = math.Log(c.Value), c.LogSE
			}
			ref.near(name+"."+what, 1e-8, map[string][]float64{"estimate": one(v), "se": one(se)})
		}
		for how, m := range map[string]Interval{"logit": Logit, "beta": Beta, "xlogit": XLogit, "mean": Normal} {
			out, err := r.Estimate(ctx, []Request{{Statistic: Proportion, Variable: s.cat["yes"], Level: "1", Interval: m, DF: r.DF(), Deff: WithoutReplacement}}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			e := out[0].Estimates[0]
			ref.near(name+".ciprop."+how, 1e-6, map[string][]float64{"estimate": one(e.Value), "ci": one(e.Lo, e.Hi)})
			ref.near(name+".deff", 1e-9, map[string][]float64{"value": one(e.Deff)})
		}
		a, err := r.Run(ctx, Query{Independences: []IndependenceRequest{{Rows: s.cat["yes"], Columns: s.cat["sex"]}}}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		x := a.Independences[0][0]
		ref.near(name+".chisq", 1e-8, map[string][]float64{"statistic": one(x.Statistic), "df": one(x.DF1, x.DF2), "p": one(x.P)})
		for how, what := range map[QuantileInterval]string{IntervalMean: ".quantile", IntervalReplicate: ".quantilerep"} {
			var got [4][]float64
			q, err := r.Quantiles(ctx, QuantileRequest{Variable: s.num["cost"], P: []float64{.25, .5, .8}, Interval: how}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range q {
				for k, x := range []float64{q.Value, q.Lo, q.Hi, q.SE} {
					got[k] = append(got[k], x)
				}
			}
			ref.near(name+what, 1e-9, map[string][]float64{"estimate": got[0], "lo": got[1], "hi": got[2], "se": got[3]})
		}
		formula, err := ParseFormula("one ~ transit + sex")
		if err != nil {
			t.Fatal(err)
		}
		yes := make([]float64, s.n)
		for i := range yes {
			if yes[i] = math.NaN(); s.cat["yes"].Level(i) >= 0 {
				yes[i] = float64(s.cat["yes"].Level(i))
			}
		}
		fit, err := r.Fit(ctx, ModelRequest{Family: Binomial, Formula: formula, Data: ColumnSet{"one": table.NewNumber("one", yes, nil), "transit": s.num["transit"], "sex": s.cat["sex"]}}, EngineOptions{})
		if err != nil || fit.NotEstimable != "" {
			t.Fatal(err, fit)
		}
		var beta, se []float64
		for _, c := range fit.Coefficients {
			beta, se = append(beta, c.Value), append(se, c.SE)
		}
		ref.near(name+".glm", 1e-6, map[string][]float64{"estimate": beta, "se": se, "df": one(fit.DF)})
		v, err := r.Statistic(ctx, func(w []float64) ([]float64, error) {
			var a, b, c float64
			for i, w := range w {
				x := s.num["cost"].Values[i]
				a, b = a+w*x, b+w*x*x
				if s.cat["sex"].Text(i) == "male" {
					c += w
				}
			}
			return []float64{a / b, c}, nil
		}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ref.near(name+".statistic", 1e-9, map[string][]float64{"estimate": v.Values, "se": one(v.SE(0), v.SE(1)), "cov": v.Cov})
	}
}

// readReplicateReference reads testdata/replicate.json.
func readReplicateReference(t *testing.T) (*reference, [][2]float64) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "replicate.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Values   map[string]map[string]json.RawMessage
		Hadamard [][2]float64
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return &reference{t, all.Values, map[string]bool{}}, all.Hadamard
}

// Orders, and matrices by a weighted sum of their entries, for 1 to 300 pairs.
// R stores its matrix of order 28, ours is Paley's second construction.
func TestHadamardIsThatOfR(t *testing.T) {
	_, want := readReplicateReference(t)
	if len(want) != 300 {
		t.Fatalf("%d matrices", len(want))
	}
	for k, w := range want {
		h := hadamardFor(k + 1)
		sum := 0
		for i := range h.n {
			for j := range h.n {
				if h.at(i, j) {
					sum += (i*7919 + j*104729) % 10007
				}
			}
		}
		stored := h.n == 28 || h.n == 56 || h.n == 112 || h.n == 224
		if h.n != int(w[0]) || !stored && sum != int(w[1]) {
			t.Errorf("for %d: order %d and sum %d, R has %v", k+1, h.n, sum, w)
		}
	}
}

func TestReplicatesOfLonelyStrataAgainstR(t *testing.T) {
	s := readSample(t)
	ref, _ := readReplicateReference(t)
	spec := s.specs()["one"]
	spec.Include = lonelyWest(s)
	for name, rule := range map[string]Lonely{"remove": LonelyRemove, "certainty": LonelyCertainty, "adjust": LonelyAdjust, "average": LonelyAverage} {
		spec.LonelyPSU = rule
		d := design(t, spec)
		r, err := d.Replicate(JKn, ReplicateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		out, err := r.Estimate(context.Background(), []Request{{Statistic: Total, Variable: s.num["cost"]}}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		e := out[0].Estimates[0]
		scale, _ := r.Scale()
		ref.near("lonely."+name, 1e-9, map[string][]float64{"estimate": one(e.Value), "se": one(e.SE), "count": one(float64(r.Count())), "scale": one(scale)})
		_, err = d.Replicate(RaoWu, ReplicateOptions{})
		if refused := rule == LonelyAdjust || rule == LonelyAverage; refused != (err != nil) {
			t.Errorf("%s: bootstrap of a lonely stratum: %v", name, err)
		}
	}
}

// lonelyWest keeps one PSU of the stratum west.
func lonelyWest(s *sample) []bool {
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
	return include
}

// In R degf of a subset is the rank of its rows of the replicate weights, less one.
func TestReplicatesFreedomInDomainsAgainstR(t *testing.T) {
	s := readSample(t)
	ref, _ := readReplicateReference(t)
	made := referenceReplicates(t, s)
	for _, name := range []string{"jkn", "fay", "raowu"} {
		r := made[name]
		df := func(in func(psu, stratum string) bool) []float64 {
			where := make([]bool, s.n)
			for i := range where {
				where[i] = in(s.cat["psu"].Text(i), s.cat["stratum"].Text(i))
			}
			out, err := r.Estimate(context.Background(), []Request{{Statistic: Total, Variable: s.num["cost"], Where: where}}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if again := r.freedomOf(func(row int) bool { return where[row] }); again != out[0].Estimates[0].DF {
				t.Errorf("%s: %v degrees of freedom by rows, %v by cells", name, again, out[0].Estimates[0].DF)
			}
			return one(out[0].Estimates[0].DF)
		}
		ref.near(name+".domaindf", 0, map[string][]float64{
			"some":    df(func(p, _ string) bool { return p == "p1" || p == "p2" || p == "p9" }),
			"stratum": df(func(_, h string) bool { return h == "north" }),
			"both":    df(func(p, h string) bool { return h == "north" || p == "p9" }),
		})
	}
}

// A domain whose answers lie in few PSUs is emptied by some replicate.
func TestReplicatesWithoutAValue(t *testing.T) {
	s := readSample(t)
	ref, _ := readReplicateReference(t)
	d := design(t, s.specs()["one"])
	where := make([]bool, s.n)
	lone := make([]bool, s.n)
	for i := range where {
		p := s.cat["psu"].Text(i)
		where[i], lone[i] = p == "p1" || p == "p9", p == "p1"
	}
	for _, discard := range []bool{false, true} {
		r, err := d.Replicate(JKn, ReplicateOptions{DiscardMissing: discard})
		if err != nil {
			t.Fatal(err)
		}
		ask := []Request{{Statistic: Mean, Variable: s.num["cost"], Where: where}, {Statistic: Mean, Variable: s.num["cost"], Where: lone}}
		out, err := r.Estimate(context.Background(), ask, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		two, one1 := out[0].Estimates[0], out[1].Estimates[0]
		ref.near("discard", 1e-9, map[string][]float64{"estimate": one(two.Value), "se": one(two.SE)})
		if discard {
			if one1.NotEstimable != "" {
				t.Errorf("R leaves the empty replicate out: %+v", one1)
			}
		} else if !strings.Contains(one1.NotEstimable, "1 of 18 replicates") || !math.IsNaN(one1.SE) {
			t.Errorf("a replicate without a value must be told: %+v", one1)
		}
		v, err := r.Joint(context.Background(), ask, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if (v.NotEstimable != nil && v.NotEstimable[1] != "") == discard || math.IsNaN(v.SE(0)) {
			t.Errorf("joint: %+v", v)
		}
	}
}

// Margins are fitted in every replicate.
func TestWeightingOfReplicatesAgainstR(t *testing.T) {
	s := readSample(t)
	ref, _ := readReplicateReference(t)
	made := referenceReplicates(t, s)
	sex := Margin{Columns: []*table.CategoryColumn{s.cat["sex"]}, Totals: []MarginTotal{{[]string{"female"}, 6000}, {[]string{"male"}, 11000}}}
	route := Margin{Columns: []*table.CategoryColumn{s.cat["route"]}, Totals: []MarginTotal{{[]string{"CMR"}, 7000}, {[]string{"EMR"}, 10000}}}
	for _, name := range []string{"jkn", "fay", "raowu", "preston", "jk1"} {
		for _, how := range []string{"post", "rake"} {
			d, _, err := made[name].PostStratify(sex)
			if how == "rake" {
				d, _, err = made[name].Rake([]Margin{sex, route}, RakeOptions{Tolerance: 1e-13})
			}
			if err != nil {
				t.Fatal(err)
			}
			out, err := d.Estimate(context.Background(), []Request{
				{Statistic: Total, Variable: s.num["cost"]}, {Statistic: Mean, Variable: s.num["age"], By: []*table.CategoryColumn{s.cat["route"]}},
			}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			total, a, b := out[0].Estimates[0], out[1].Estimates[0], out[1].Estimates[1]
			ref.near(name+"."+how, 1e-8, map[string][]float64{"total": one(total.Value, total.SE), "mean": one(a.Value, b.Value, a.SE, b.SE), "df": one(d.DF())})
			// Margins are met in every replicate.
			r, ok := d.Replicates()
			if !ok {
				t.Fatal("the weighted design has no replicates")
			}
			weight := make([]float64, s.n)
			for k := range r.Count() {
				r.Weights(k, weight)
				men := 0.0
				for i, w := range weight {
					if s.cat["sex"].Text(i) == "male" {
						men += w
					}
				}
				if math.Abs(men-11000) > 1e-6 {
					t.Fatalf("%s %s: replicate %d has %v men", name, how, k+1, men)
				}
			}
		}
	}
}
