package survey

import (
	"context"
	"slices"
	"testing"
)

func TestWaldTestsAgainstR(t *testing.T) {
	r := regressionReference(t)
	designs := modelledDesigns(t)
	for _, n := range []string{"strat", "clus1", "clus2", "cal1"} {
		for name, c := range map[string]struct {
			family Family
			text   string
			terms  []string
		}{
			"linear.stype":   {Gaussian, "api00 ~ stype + awards + ell", []string{"stype"}},
			"linear.cross":   {Gaussian, "api00 ~ stype * awards + ell", []string{"awards:stype"}},
			"linear.ell":     {Gaussian, "api00 ~ stype * awards + ell", []string{"ell"}},
			"logistic.stype": {Binomial, "awards=Yes ~ stype + ell + meals", []string{"stype"}},
			"logistic.two":   {Binomial, "awards=Yes ~ stype + ell + meals", []string{"ell", "meals"}},
		} {
			f := designs[n].fit(t, c.family, c.text, nil)
			w, err := f.TestTerms(c.terms...)
			if err != nil || w.NotEstimable != "" {
				t.Fatal(name, err, w.NotEstimable)
			}
			k, err := f.WorkingWald(c.terms...)
			if err != nil || k.NotEstimable != "" {
				t.Fatal(name, err, k.NotEstimable)
			}
			l, err := f.LikelihoodRatio(context.Background(), EngineOptions{}, c.terms...)
			if err != nil || l.NotEstimable != "" {
				t.Fatal(name, err, l.NotEstimable)
			}
			tolerance := 1e-7 // p of R's own matrix inversions
			if c.family == Binomial {
				tolerance = 2e-6
			}
			r.near("wald."+n+"."+name, tolerance, map[string][]float64{"f": one(w.F), "df": one(w.DF1), "ddf": one(w.DF2), "p": one(w.P),
				"chisq": one(w.Chisq), "cp": one(w.ChisqP), "working": one(k.Statistic), "wp": one(k.P), "lambda": k.Lambda, "lrt": one(l.Statistic), "lp": one(l.P)})
		}
	}
	f := designs["strat"].fit(t, Gaussian, "api00 ~ stype + ell", nil)
	if _, err := f.TestTerms("meals"); err == nil {
		t.Error("a term that the model does not have was tested")
	}
}

func TestPredictedMarginsAgainstR(t *testing.T) {
	r := regressionReference(t)
	designs := modelledDesigns(t)
	ctx := context.Background()
	for _, n := range []string{"strat", "clus1", "clus2", "cal1", "post2"} {
		for kind, family := range map[string]Family{"linear": Gaussian, "logistic": Binomial} {
			left, tolerance := "api00", 1e-6 // R's derivatives are numerical
			if family == Binomial {
				left, tolerance = "awards=Yes", 2e-6
			}
			ask := func(name string, f *Fit, u Uncertainty, variables ...string) *Vector {
				var all []*Vector
				for _, x := range variables {
					v, err := map[bool]func(context.Context, AverageRequest, EngineOptions) (*Vector, error){true: f.AverageEffects, false: f.PredictedMargins}[name == "effects"](ctx, AverageRequest{Variable: x, Uncertainty: u}, EngineOptions{})
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, v)
				}
				if len(all) == 1 {
					return all[0]
				}
				out := &Vector{}
				for _, v := range all { // variances only
					out.Values = append(out.Values, v.Values...)
					for i := range v.Values {
						out.Cov = append(out.Cov, v.Covariance(i, i))
					}
				}
				return out
			}
			f := designs[n].fit(t, family, left+" ~ ell + meals + stype", nil)
			v := ask("margins", f, OfParts, "stype")
			r.near(n+"."+kind+".predmeans", tolerance, map[string][]float64{"value": v.Values, "cov": v.Cov})
			f = designs[n].fit(t, family, left+" ~ stype + ell * meals", nil)
			fixed, whole := ask("margins", f, OfCoefficients, "stype"), ask("margins", f, OfSample, "stype")
			name := n + "." + kind + ".margins"
			r.near(name, tolerance, map[string][]float64{"value": fixed.Values})
			r.nearMatrix(name, "fixed", tolerance, fixed.Cov)
			r.nearMatrix(name, "sampled", tolerance, whole.Cov)
			if !slices.Equal(fixed.Names, []string{"stypeE", "stypeH", "stypeM"}) {
				t.Errorf("names %v", fixed.Names)
			}
			name = n + "." + kind + ".effects"
			fixed, whole = ask("effects", f, OfCoefficients, "stype", "ell", "meals"), ask("effects", f, OfSample, "stype", "ell", "meals")
			r.near(name, tolerance, map[string][]float64{"value": fixed.Values})
			r.nearDiagonal(name, "fixed", tolerance, fixed.Cov)
			r.nearDiagonal(name, "sampled", tolerance, whole.Cov)
		}
	}
}
