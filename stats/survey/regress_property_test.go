package survey

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"waymark/stats/table"
)

// No figure of a model depends on the number of workers, to the last bit.
func TestModelsDoNotDependOnWorkers(t *testing.T) {
	spec, columns := modelBench(20_000)
	simple := spec
	simple.Clusters = nil
	for name, s := range map[string]Spec{"clusters": spec, "rows": simple} {
		d := design(t, s)
		for _, text := range []string{"held ~ route * x1 + sex + age + region + x2", "held ~ route * sex + age"} {
			formula, err := ParseFormula(text)
			if err != nil {
				t.Fatal(err)
			}
			for _, variance := range []ModelVariance{Linearised, BellMcCaffrey, ReducedBias} {
				if variance != Linearised && name == "rows" {
					continue
				}
				var first *Fit
				var margins *Vector
				for _, workers := range []int{1, 2, 5} {
					opt := EngineOptions{Workers: workers}
					f, err := d.Fit(context.Background(), ModelRequest{Family: Binomial, Formula: formula, Data: columns, Variance: variance}, opt)
					if err != nil || f.NotEstimable != "" {
						t.Fatal(err, f.NotEstimable)
					}
					v, err := f.PredictedMargins(context.Background(), AverageRequest{Variable: "route", Uncertainty: OfSample}, opt)
					if err != nil {
						t.Fatal(err)
					}
					if first == nil {
						first, margins = f, v
						continue
					}
					if !slices.Equal(f.Coefficients, first.Coefficients) || f.Deviance != first.Deviance || f.Dispersion != first.Dispersion ||
						!slices.Equal(f.cov, first.cov) || !slices.Equal(v.Cov, margins.Cov) || !slices.Equal(v.Values, margins.Values) {
						t.Errorf("%s, %s, variance %d: %d workers give other figures than one", name, text, variance, workers)
					}
				}
			}
		}
	}
}

// The same model by patterns of levels and by codes of each row.
func TestPatternsAndCodesAgree(t *testing.T) {
	spec, columns := modelBench(5000)
	d := design(t, spec)
	for _, text := range []string{"held ~ route * x1 + sex:age + region:x2:x3 + x4", "held ~ route * sex + age - 1", "held ~ x1 * x2 + age:x1"} {
		for _, family := range []Family{Gaussian, Binomial} {
			formula, err := ParseFormula(text)
			if err != nil {
				t.Fatal(err)
			}
			r := ModelRequest{Family: family, Formula: formula, Data: columns, Confidence: 0.95}
			m, err := d.modelRows(context.Background(), r, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if m.pattern == nil {
				t.Fatalf("%s has no patterns", text)
			}
			direct := *m
			direct.pattern, direct.ranks, direct.codes = nil, nil, slices.Clone(m.codes)
			for k, cats := range m.layout.codes {
				direct.codes[k] = m.crossing(cats, nil)
			}
			var found [2]*solution
			var meat [2][]float64
			for k, rows := range []*modelRows{m, &direct} {
				if found[k], err = rows.fit(context.Background(), family, m.weights, nil, 2); err != nil {
					t.Fatal(err)
				}
				resp, _, err := rows.response(context.Background(), family, found[k], 2)
				if err != nil {
					t.Fatal(err)
				}
				if meat[k], err = rows.meat(context.Background(), resp, 2); err != nil {
					t.Fatal(err)
				}
			}
			alike := func(what string, a, b []float64) {
				t.Helper()
				size := 0.0
				for _, x := range a {
					size = max(size, math.Abs(x))
				}
				for i := range a {
					if math.Abs(a[i]-b[i]) > 1e-10*size {
						t.Fatalf("%s, family %d, %s %d: %v by patterns, %v by codes", text, family, what, i, a[i], b[i])
					}
				}
			}
			alike("coefficient", found[0].beta, found[1].beta)
			alike("inverse", found[0].inv, found[1].inv)
			alike("variance", meat[0], meat[1])
		}
	}
}

// More patterns than are told apart: the model is fitted by codes, and as R's
// recoding of the same cells would have it.
func TestModelOfManyPatterns(t *testing.T) {
	const n, side = 12_000, 70
	rng := rand.New(rand.NewPCG(3, 4))
	a, b := make([]uint32, n), make([]uint32, n)
	y := make([]float64, n)
	effect := func(k uint32) float64 { return math.Sin(float64(k)) }
	for i := range n {
		a[i], b[i] = table.FirstLevel+uint32(rng.IntN(side)), table.FirstLevel+uint32(rng.IntN(side))
		y[i] = 3*effect(a[i]) - 2*effect(b[i])
	}
	columns := ColumnSet{"a": table.NewCategory("a", levels(side), a), "b": table.NewCategory("b", levels(side), b), "y": table.NewNumber("y", y, nil)}
	d := design(t, Spec{Rows: n})
	f := fitted(t, d, Gaussian, "y ~ a + b", columns)
	if f.rows.pattern != nil {
		t.Fatal("the rows were told by patterns")
	}
	for _, c := range f.Coefficients[1:] {
		var k uint32
		if _, err := fmt.Sscan(c.Name[1:], &k); err != nil {
			t.Fatal(err)
		}
		want := 3 * (effect(k+table.FirstLevel) - effect(table.FirstLevel))
		if c.Term == "b" {
			want *= -2.0 / 3
		}
		if math.Abs(c.Value-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", c.Name, c.Value, want)
		}
	}
}

// Effects follow arithmetic: the derivative of b1 x² + b2 log(x+1) is 2 b1 x + b2/(x+1).
func TestEffectsFollowArithmetic(t *testing.T) {
	const n = 300
	d, columns := made(t, n)
	x := columns["x"].(*table.NumberColumn).Values
	f := fitted(t, d, Gaussian, "z ~ I(x^2/10) + log(x + 1) + g", columns)
	v, err := f.AverageEffects(context.Background(), AverageRequest{Variable: "x"}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want, b := 0.0, f.Coefficients
	for _, x := range x {
		want += (b[1].Value*2*x/10 + b[2].Value/(x+1)) / n
	}
	if math.Abs(v.Values[0]-want) > 1e-12 {
		t.Errorf("effect %v, want %v", v.Values[0], want)
	}
	for _, bad := range []AverageRequest{{Variable: "nothing"}, {Variable: "x", Uncertainty: 7}} {
		if _, err := f.AverageEffects(context.Background(), bad, EngineOptions{}); err == nil {
			t.Errorf("%+v: no fault", bad)
		}
	}
	if _, err := f.PredictedMargins(context.Background(), AverageRequest{Variable: "x"}, EngineOptions{}); err == nil {
		t.Error("margins of a number were made")
	}
	twice := fitted(t, d, Gaussian, "z ~ x + factor(five)", func() ColumnSet {
		columns["five"] = table.NewNumber("five", slices.Repeat([]float64{1, 2, 3}, n/3), nil)
		return columns
	}())
	if _, err := twice.AverageEffects(context.Background(), AverageRequest{Variable: "five"}, EngineOptions{}); err != nil {
		t.Errorf("the effect of factor(five): %v", err)
	}
}

// Values far from 0 lose nothing: the same model with x and with x + 1e7.
func TestModelsOfLargeValues(t *testing.T) {
	const n = 200
	d, columns := made(t, n)
	far := make([]float64, n)
	for i, x := range columns["x"].(*table.NumberColumn).Values {
		far[i] = x + 1e7
	}
	columns["far"] = table.NewNumber("far", far, nil)
	near, moved := fitted(t, d, Gaussian, "z ~ x * g", columns), fitted(t, d, Gaussian, "z ~ far * g", columns)
	for i, c := range near.Coefficients {
		if m := moved.Coefficients[i]; c.Term != "g" && i > 0 && (math.Abs(c.Value-m.Value) > 1e-7*c.SE || math.Abs(c.SE-m.SE) > 1e-7*c.SE) {
			t.Errorf("%s: %v (%v), far away %v (%v)", c.Name, c.Value, c.SE, m.Value, m.SE)
		}
	}
}
