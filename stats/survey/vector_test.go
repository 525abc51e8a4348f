package survey

import (
	"context"
	"strings"
	"testing"

	"waymark/stats/table"
)

func TestJointAndContrasts(t *testing.T) {
	r := readInference(t)
	for _, a := range apiDesigns(t) {
		stype := []*table.CategoryColumn{a.cat["stype"]}
		mean := func(name string, by []*table.CategoryColumn) Request {
			return Request{Statistic: Mean, Variable: a.num[name], By: by}
		}
		v := joint(t, a.d, mean("api00", stype), mean("api99", stype))
		if got, want := strings.Join(v.Names, " "), "api00[stype=E] api00[stype=H] api00[stype=M] api99[stype=E] api99[stype=H] api99[stype=M]"; got != want {
			t.Errorf("names %s, want %s", got, want)
		}
		r.vector(a.name+".joint.by", v)
		c, err := v.Linear("x", map[string]float64{"api00[stype=E]": 1, "api00[stype=H]": -1, "api99[stype=M]": .5}, 0)
		if err != nil {
			t.Fatal(err)
		}
		r.near(a.name+".contrast.linear", 1e-8, map[string][]float64{"value": {c.Value}, "se": {c.SE}})
		for name, e := range map[string]string{
			"ratio": "log(api00[stype=E] / `api00[stype=M]`) - 2*sqrt(api99[stype=H])",
			"power": "(api00[stype=E]/600)^(api99[stype=M]/500) * exp(-api00[stype=H]/1e3)",
			"sign":  "-(api00[stype=E] - 3)^2 / (1 + api99[stype=E])",
		} {
			c, err := v.Expression(name, e, 0.9)
			if err != nil {
				t.Fatal(err)
			}
			r.near(a.name+".contrast."+name, 1e-8, map[string][]float64{"value": {c.Value}, "se": {c.SE}})
			if q := tQuantile(.95, v.DF) * c.SE; c.Name != name || !close(c.Lo, c.Value-q) || !close(c.Hi, c.Value+q) || !close(c.P, tTwoSided(c.Value/c.SE, v.DF)) {
				t.Errorf("%s %s: the interval or p does not follow: %+v", a.name, name, c)
			}
		}
		total := func(name string) Request { return Request{Statistic: Total, Variable: a.num[name]} }
		ratio := func(name, over string) Request {
			return Request{Statistic: Ratio, Variable: a.num[name], Denominator: a.num[over]}
		}
		counts := func(name, code string) Request { // how many have the level
			ones := make([]float64, a.n)
			for i := range ones {
				if a.cat[name].Text(i) == code {
					ones[i] = 1
				}
			}
			return Request{Statistic: Total, Variable: table.NewNumber(name+code, ones, nil)}
		}
		share := func(name string) Request { return Request{Statistic: Share, Variable: a.cat[name]} }
		v = joint(t, a.d, mean("api00", nil), share("sch.wide"), share("stype"))
		r.vector(a.name+".joint.mean", v)
		r.vector(a.name+".joint.total", joint(t, a.d, total("api00"), total("api99"), counts("sch.wide", "No"), counts("sch.wide", "Yes")))
		r.vector(a.name+".joint.ratio", joint(t, a.d, ratio("api00", "pcttest"), ratio("api99", "pcttest")))
	}
	r.all("joint.by")
	r.all("joint.mean")
	r.all("joint.total")
	r.all("joint.ratio")
	r.all("contrast")
}

// Contrasts of a model's coefficients are those of any vector.
func TestContrastsOfCoefficientsAgainstR(t *testing.T) {
	r := readInference(t)
	formula, err := ParseFormula("api00 ~ ell + meals")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range apiDesigns(t) {
		f, err := a.d.Fit(context.Background(), ModelRequest{Family: Gaussian, Formula: formula, Data: ColumnSet{"api00": a.num["api00"], "ell": a.num["ell"], "meals": a.num["meals"]}}, EngineOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		v := f.Vector()
		linear, err := v.Linear("difference", map[string]float64{"ell": 1, "meals": -1}, 0)
		if err != nil {
			t.Fatal(err)
		}
		other, err := v.Expression("other", "ell/meals + log(`(Intercept)`)", 0)
		if err != nil {
			t.Fatal(err)
		}
		// A ratio of slopes takes the covariance's digits twice.
		r.near(a.name+".glm", 1e-7, map[string][]float64{"value": {linear.Value, other.Value}, "se": {linear.SE, other.SE}})
	}
	r.all("glm")
}
