package survey

import (
	"context"
	"math"
	"testing"

	"waymark/stats/table"
)

// dummy is 1 at a level, for model matrices.
func dummy(c *table.CategoryColumn, level string) []float64 {
	out := make([]float64, c.Len())
	for i := range out {
		switch {
		case c.Level(i) < 0:
			out[i] = math.NaN()
		case c.Text(i) == level:
			out[i] = 1
		}
	}
	return out
}

func ones1(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

func TestQuantilesAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	for _, name := range []string{"one", "two", "rows"} {
		d := design(t, s.specs()[name])
		q, err := d.Quantiles(context.Background(), QuantileRequest{Variable: s.num["age"], P: []float64{.1, .5, .9}, By: categories(s.cat["route"])}, EngineOptions{})
		if err != nil || len(q) != 6 {
			t.Fatal(len(q), err)
		}
		for k, code := range []string{"CMR", "EMR"} {
			got := map[string][]float64{}
			for i := k; i < 6; i += 2 {
				for field, v := range map[string]float64{"estimate": q[i].Value, "lo": q[i].Lo, "hi": q[i].Hi, "se": q[i].SE} {
					got[field] = append(got[field], v)
				}
			}
			r.near(name+".quantile."+code, 1e-8, got)
		}
	}
}

func TestModelsAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	columns := columnSetOf(s.num, s.cat)
	for _, name := range []string{"one", "two", "rows"} {
		d := design(t, s.specs()[name])
		for what, family := range map[string]Family{"linear": Gaussian, "logit": Binomial} {
			text, tolerance := "age ~ cost + route", 1e-8
			if family == Binomial {
				text, tolerance = "yes=1 ~ age + sex", 1e-6
			}
			m := fitted(t, d, family, text, columns)
			got := map[string][]float64{"df": one(m.DF)}
			for _, k := range m.Coefficients {
				got["estimate"] = append(got["estimate"], k.Value)
				got["se"] = append(got["se"], k.SE)
				got["p"] = append(got["p"], k.P)
			}
			r.near(name+"."+what, tolerance, got)
		}
	}
}

// columnSetOf is columns by name: numbers where there are numbers.
func columnSetOf(num map[string]*table.NumberColumn, cat map[string]*table.CategoryColumn) ColumnSet {
	out := ColumnSet{}
	for name, c := range cat {
		out[name] = c
	}
	for name, c := range num {
		out[name] = c
	}
	return out
}

// fitted fits a model by its formula.
func fitted(t testing.TB, d *Design, family Family, text string, columns Columns) *Fit {
	t.Helper()
	formula, err := ParseFormula(text)
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.Fit(context.Background(), ModelRequest{Family: family, Formula: formula, Data: columns}, EngineOptions{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return f
}

func TestJackknifeAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	d := design(t, s.specs()["one"])
	by := categories(s.cat["route"])
	share, err := d.Jackknife(context.Background(), Request{Statistic: Proportion, Variable: s.cat["yes"], Level: "1", By: by}, JKn, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ratio, err := d.Jackknife(context.Background(), Request{Statistic: Ratio, Variable: s.num["cost"], Denominator: s.num["age"], By: by}, JKn, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for k, code := range []string{"CMR", "EMR"} {
		r.near("jkn."+code, 1e-9, map[string][]float64{"mean": one(share[k].SE), "ratio": one(ratio[k].SE)})
	}
	if _, err := d.Jackknife(context.Background(), Request{Statistic: Mean, Variable: s.num["age"]}, JK1, EngineOptions{}); err == nil {
		t.Error("JK1 must refuse strata")
	}
}

func TestCalibrationAgainstR(t *testing.T) {
	s := readSample(t)
	r, _ := readReference(t)
	base := design(t, s.specs()["one"])
	x := []Auxiliary{{"constant", ones1(s.n), 17000}, {"male", dummy(s.cat["sex"], "male"), 11500}, {"cost", s.num["cost"].Values, 1.4e7}}
	for name, opt := range map[string]CalibrateOptions{
		"linear": {Distance: LinearDistance}, "raking": {Distance: RakingDistance}, "logit": {Distance: LogitDistance, Lower: .4, Upper: 3},
	} {
		d, w, err := base.Calibrate(x, opt)
		if err != nil {
			t.Fatal(err)
		}
		out, err := d.Estimate(context.Background(), []Request{
			{Statistic: Proportion, Variable: s.cat["yes"], Level: "1", By: categories(s.cat["route"])},
			{Statistic: Total, Variable: s.num["age"]},
		}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m, total := out[0].Estimates[0], out[1].Estimates[0]
		r.near("greg."+name, 1e-7, map[string][]float64{"mean": one(m.Value), "mse": one(m.SE), "total": one(total.Value), "tse": one(total.SE), "range": one(w.MinFactor, w.MaxFactor)})
	}
	if _, _, err := base.Calibrate(append(x, Auxiliary{"twice", ones1(s.n), 17000}), CalibrateOptions{Distance: LinearDistance}); err == nil {
		t.Error("auxiliaries that depend on each other must be refused")
	}
	if _, w, err := base.Calibrate(x[:1], CalibrateOptions{Distance: LogitDistance, Lower: .9, Upper: 1.1}); err == nil || w.Converged {
		t.Error("totals out of reach must be refused")
	}
}
