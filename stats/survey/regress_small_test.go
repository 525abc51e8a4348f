package survey

import (
	"math"
	"testing"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Bell-McCaffrey against survey 4.5's own code on 4.1.1's fits, and CR2 with
// Satterthwaite degrees of freedom against clubSandwich.
func TestSmallSampleVarianceAgainstR(t *testing.T) {
	r := regressionReference(t)
	designs := modelledDesigns(t)
	compare := func(name, design string, family Family, text string, variance ModelVariance, tolerance float64) {
		t.Helper()
		f := designs[design].fit(t, family, text, func(q *ModelRequest) { q.Variance = variance })
		v := f.Vector()
		r.nearMatrix(name, "cov", tolerance, v.Cov)
		var df []float64
		for _, c := range f.Coefficients {
			df = append(df, c.DF)
		}
		r.near(name, tolerance, map[string][]float64{"df": df})
	}
	for _, n := range []string{"strat", "clus1", "clus2", "plain", "post2"} {
		compare("bell."+n+".linear", n, Gaussian, "api00 ~ ell + meals + stype", BellMcCaffrey, 1e-8)
		compare("bell."+n+".logistic", n, Binomial, "awards=Yes ~ ell + meals", BellMcCaffrey, 1e-6)
	}
	compare("cr2.plain.linear", "plain", Gaussian, "api00 ~ ell + meals + stype", ReducedBias, 1e-8)
	compare("cr2.srs.linear", "srs", Gaussian, "api00 ~ ell + meals + stype", ReducedBias, 1e-8)
	// Working weights differ within a PSU: clubSandwich takes another square root
	// of the same matrix (docs/divergences.md), so the two are close, not equal.
	compare("cr2.plain.logistic", "plain", Binomial, "awards=Yes ~ ell + meals", ReducedBias, 5e-3)
}

// The correction makes residuals of the fit have the covariance of errors again:
// C (I - X M X') C = I, whatever the weights.
func TestSmallSampleCorrectionIsARoot(t *testing.T) {
	m := modelledDesigns(t)["plain"]
	f := m.fit(t, Binomial, "awards=Yes ~ ell + meals + stype", func(q *ModelRequest) { q.Variance = ReducedBias })
	rows, n := f.rows, len(f.at)
	w, err := rows.workingWeights(t.Context(), Binomial, &solution{before: f.beta}, 1)
	if err != nil {
		t.Fatal(err)
	}
	c := &smallSample{f: f, weight: w}
	all, err := c.products(t.Context(), rows.gramPlan(), 0, rows.n, 1)
	if err != nil {
		t.Fatal(err)
	}
	c.inverse = factorise(all, n, nil, nil).inverse()
	c.root = symmetricRoot(c.inverse, n)
	psus := rows.clusters()
	for k := range psus[1:] {
		size := psus[k+1] - psus[k]
		x := make([][]float64, size)
		for i := range x {
			x[i] = make([]float64, n)
			rows.addRow(x[i], psus[k]+i, math.Sqrt(w[psus[k]+i]))
		}
		gram, err := c.products(t.Context(), rows.gramPlan(), psus[k], psus[k+1], 1)
		if err != nil {
			t.Fatal(err)
		}
		part := func(middle []float64, sign float64) []float64 { // I ± X middle X'
			out := make([]float64, size*size)
			for i := range size {
				out[i*size+i] = 1
				for j := range size {
					for a := range n {
						for b := range n {
							out[i*size+j] += sign * x[i][a] * middle[a*n+b] * x[j][b]
						}
					}
				}
			}
			return out
		}
		root := part(c.correction(gram, n), 1)
		for at, v := range product(root, product(part(c.inverse, -1), root, size), size) {
			want := 0.0
			if at%(size+1) == 0 {
				want = 1
			}
			if math.Abs(v-want) > 1e-9 {
				t.Fatalf("PSU %d: place %d is %v, want %v", k, at, v, want)
			}
		}
	}
}

// A correction for few PSUs is not made for very many.
func TestSmallSampleCorrectionHasALimit(t *testing.T) {
	const n, groups = 20_000, 60
	codes, y := make([]uint32, n), make([]float64, n)
	for i := range codes {
		codes[i], y[i] = table.FirstLevel+uint32(i%groups), float64(i*7919%1009)
	}
	d := design(t, Spec{Rows: n})
	formula, err := ParseFormula("y ~ g")
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Fit(t.Context(), ModelRequest{Family: Gaussian, Formula: formula, Variance: ReducedBias,
		Data: ColumnSet{"g": table.NewCategory("g", levels(groups), codes), "y": table.NewNumber("y", y, nil)}}, EngineOptions{})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
}
