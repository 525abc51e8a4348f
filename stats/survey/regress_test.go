package survey

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// made is a design of n rows in PSUs of four, with columns.
func made(t testing.TB, n int) (*Design, ColumnSet) {
	t.Helper()
	psu, group := make([]uint32, n), make([]uint32, n)
	x, z := make([]float64, n), make([]float64, n)
	for i := range n {
		psu[i] = table.FirstLevel + uint32(i/4)
		group[i] = table.FirstLevel + uint32(i*7%5)
		x[i], z[i] = float64(i*37%101), float64(i*53%97)/10
	}
	clusters := table.NewCategory("psu", levels((n+3)/4), psu)
	return design(t, Spec{Clusters: categories(clusters)}), ColumnSet{"psu": clusters, "g": table.NewCategory("g", levels(7), group),
		"x": table.NewNumber("x", x, nil), "z": table.NewNumber("z", z, nil)}
}

func outcome(columns ColumnSet, n int, yes func(i int) bool) {
	y := make([]float64, n)
	for i := range y {
		if yes(i) {
			y[i] = 1
		}
	}
	columns["y"] = table.NewNumber("y", y, nil)
}

func TestSeparationIsFoundAndNamed(t *testing.T) {
	const n = 400
	d, columns := made(t, n)
	x, z, g := columns["x"].(*table.NumberColumn).Values, columns["z"].(*table.NumberColumn).Values, columns["g"].(*table.CategoryColumn)
	noise := func(i int) bool { return i*i*31%11 < 5 }
	for name, c := range map[string]struct {
		yes  func(i int) bool
		text string
		want Separation
	}{
		"a level":               {func(i int) bool { return g.Level(i) != 2 && noise(i) }, "y ~ g + x", Separation{Term: "g", Level: "g2", Rows: 80}},
		"the reference":         {func(i int) bool { return g.Level(i) == 0 || noise(i) }, "y ~ g + x", Separation{Term: "g", Level: "g0", Always: true, Rows: 80}},
		"a number":              {func(i int) bool { return x[i] > 50 }, "y ~ x + z", Separation{Term: "x", Always: true, Rows: n, Complete: true}},
		"a number downwards":    {func(i int) bool { return x[i] < 50 }, "y ~ z + x", Separation{Term: "x", Rows: n, Complete: true}},
		"two numbers":           {func(i int) bool { return x[i]+10*z[i] > 100 }, "y ~ x + z", Separation{Term: "x"}},
		"a number, almost":      {func(i int) bool { return x[i] > 50 || x[i] == 50 && noise(i) }, "y ~ x", Separation{Term: "x", Always: true, Rows: n, Complete: true}},
		"a factor":              {func(i int) bool { return x[i] != 3 && noise(i) }, "y ~ z + factor(x)", Separation{Term: "factor(x)", Level: "factor(x)3", Rows: 4}},
		"levels without center": {func(i int) bool { return g.Level(i) == 4 || noise(i) }, "y ~ g - 1", Separation{Term: "g", Level: "g4", Always: true, Rows: 80}},
	} {
		outcome(columns, n, c.yes)
		f := fitted(t, d, Binomial, c.text, columns)
		if len(f.Separated) == 0 || f.NotEstimable == "" {
			t.Errorf("%s: not found: %+v", name, f.Coefficients)
			continue
		}
		if f.Separated[0] != c.want {
			t.Errorf("%s: got %+v, want %+v", name, f.Separated, c.want)
		}
		if !strings.Contains(f.NotEstimable, c.want.Term) || f.Coefficients[0].NotEstimable == "" || !math.IsNaN(f.Coefficients[0].Value) {
			t.Errorf("%s: %s, %+v", name, f.NotEstimable, f.Coefficients[0])
		}
	}
	// A strong effect is no separation.
	outcome(columns, n, func(i int) bool { return x[i] > 50 != (i%40 == 0) })
	if f := fitted(t, d, Binomial, "y ~ x + g", columns); f.NotEstimable != "" {
		t.Errorf("a strong effect: %s", f.NotEstimable)
	}
}

func TestWhatAModelCannotEstimateIsSaid(t *testing.T) {
	const n = 60
	d, columns := made(t, n)
	outcome(columns, n, func(i int) bool { return i%3 == 0 })
	columns["five"] = table.NewNumber("five", fives(n), nil)
	for text, want := range map[string]string{
		"y ~ x + I(2*x) + z":  "a combination of other terms (x)",
		"y ~ x + five":        "the same number in all rows used",
		"y ~ factor(z) + psu": "combination of other terms",
	} {
		f := fitted(t, d, Gaussian, text, columns)
		all := f.NotEstimable
		for _, c := range f.Coefficients {
			all += c.NotEstimable
			if (c.NotEstimable == "") == math.IsNaN(c.Value) {
				t.Errorf("%s: %+v", text, c)
			}
		}
		if !strings.Contains(all, want) && f.NotEstimable == "" {
			t.Errorf("%s: %q, want %q", text, all, want)
		}
	}
	f := fitted(t, d, Gaussian, "x ~ z + psu", columns)
	if !strings.Contains(f.NotEstimable, "too few primary sampling units") {
		t.Errorf("more terms than PSUs: %q", f.NotEstimable)
	}
	columns["y"] = table.NewNumber("y", fives(n), nil)
	if f := fitted(t, d, Gaussian, "y ~ x", columns); !strings.Contains(f.NotEstimable, "does not vary") {
		t.Errorf("a constant outcome: %q", f.NotEstimable)
	}
	if f := fitted(t, d, Gaussian, "x ~ g", columns); len(f.Unused) != 2 || f.Unused[0] != "g5" || f.Reference["g"] != "0" {
		t.Errorf("unused levels %v, reference %v", f.Unused, f.Reference)
	}
}

func fives(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 5
	}
	return out
}

// Missing rows are counted by variable, leave the model and stay in the design;
// rows of weight zero count nowhere.
func TestMissingRowsOfAModel(t *testing.T) {
	const n = 80
	_, columns := made(t, n)
	x, w := append([]float64(nil), columns["x"].(*table.NumberColumn).Values...), fives(n)
	x[3], x[10], w[20], w[21] = math.NaN(), math.NaN(), 0, 0
	x[20] = math.NaN() // has no weight, so does not count
	codes := make([]uint32, n)
	for i := range codes {
		codes[i] = columns["g"].(*table.CategoryColumn).Code(i)
	}
	codes[10], codes[30] = uint32(table.Refused), uint32(table.DontKnow)
	columns["x"], columns["g"] = table.NewNumber("x", x, nil), table.NewCategory("g", levels(7), codes)
	d := design(t, Spec{Weights: table.NewNumber("w", w, nil), Clusters: categories(columns["psu"].(*table.CategoryColumn))})
	f := fitted(t, d, Gaussian, "z ~ x + g", columns)
	if f.Rows != 78 || f.Base != 75 || len(f.Missing) != 2 || f.Missing[0] != (VariableMissing{"x", 2}) || f.Missing[1] != (VariableMissing{"g", 2}) {
		t.Errorf("rows %d, base %d, missing %v", f.Rows, f.Base, f.Missing)
	}
}

func TestFaultsOfAModel(t *testing.T) {
	d, columns := made(t, 40)
	columns["short"] = table.NewNumber("short", []float64{1}, nil)
	columns["big"] = table.NewNumber("big", append(fives(39), 1e200), nil)
	columns["day"] = table.NewDate("day", make([]int32, 40), nil)
	many := make([]uint32, 40)
	for i := range many {
		many[i] = table.FirstLevel + uint32(i)
	}
	columns["many"] = table.NewCategory("many", levels(1_000_000), many)
	for text, kind := range map[string]fault.Kind{
		"nothing ~ x": fault.NotFound, "x ~ nothing": fault.NotFound, "x ~ short": fault.Invalid, "x ~ big": fault.Invalid, "x ~ day": fault.Invalid,
		"g ~ x": fault.Invalid, "g=9 ~ x": fault.Invalid, "x ~ log(g)": fault.Invalid, "x ~ log(z - 100)": fault.Invalid, "x ~ 0": fault.Invalid, "~ x": fault.Invalid,
		"x ~ many:psu:g:factor(z)": fault.Invalid,
	} {
		formula, err := ParseFormula(text)
		if err != nil {
			t.Fatal(text, err)
		}
		_, err = d.Fit(context.Background(), ModelRequest{Family: Gaussian, Formula: formula, Data: columns}, EngineOptions{})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != kind {
			t.Errorf("%s: %v", text, err)
		}
	}
	formula, err := ParseFormula("x ~ z")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]ModelRequest{
		"no family": {Formula: formula, Data: columns}, "logistic of a number": {Family: Binomial, Formula: formula, Data: columns},
		"no data": {Family: Gaussian, Formula: formula}, "subset": {Family: Gaussian, Formula: formula, Data: columns, Where: []bool{true}},
		"reference": {Family: Gaussian, Formula: formula, Data: columns, Reference: map[string]string{"g": "1"}}, "confidence": {Family: Gaussian, Formula: formula, Data: columns, Confidence: 2},
		"variance": {Family: Gaussian, Formula: formula, Data: columns, Variance: 9},
	} {
		if _, err := d.Fit(context.Background(), r, EngineOptions{}); err == nil {
			t.Errorf("%s: no fault", name)
		}
	}
}

// Yes/no and text columns are categories, named as R names them; a yes/no or a
// two-level outcome needs no level.
func TestKindsOfColumnsInAModel(t *testing.T) {
	const n = 120
	d, columns := made(t, n)
	yes, texts, offsets := make([]bool, n), []byte{}, []uint64{0}
	codes := make([]uint32, n)
	for i := range yes {
		yes[i] = i*i*31%11 < 5
		texts = append(texts, "no"...)
		if i%3 == 0 {
			texts = append(texts, "ne"...)
		}
		offsets = append(offsets, uint64(len(texts)))
		if codes[i] = table.FirstLevel; yes[i] {
			codes[i]++
		}
	}
	columns["b"], columns["s"] = table.NewBool("b", yes, nil), table.NewText("s", texts, offsets, nil)
	columns["two"] = table.NewCategory("two", levels(2), codes)
	var first *Fit
	for _, text := range []string{"b ~ s + x", "b=true ~ s + x", "two ~ s + x", "two=1 ~ s + x"} {
		f := fitted(t, d, Binomial, text, columns)
		if f.NotEstimable != "" || f.Coefficients[1].Name != "snone" || f.Reference["s"] != "no" {
			t.Fatalf("%s: %s, %+v", text, f.NotEstimable, f.Coefficients)
		}
		if first == nil {
			first = f
		} else if f.Coefficients[2].Value != first.Coefficients[2].Value {
			t.Errorf("%s: another model than of %v", text, first.Formula)
		}
	}
	f := fitted(t, d, Gaussian, "x ~ b", columns)
	if f.Coefficients[1].Name != "bTRUE" {
		t.Errorf("a yes/no column is named %s", f.Coefficients[1].Name)
	}
	formula, err := ParseFormula("x ~ z + I(2*z)")
	if err != nil {
		t.Fatal(err)
	}
	alias, err := d.Fit(context.Background(), ModelRequest{Family: Gaussian, Formula: formula, Data: columns}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alias.AverageEffects(context.Background(), AverageRequest{Variable: "z"}, EngineOptions{}); err == nil {
		t.Error("effects were made of a model with a coefficient that is not estimable")
	}
}
