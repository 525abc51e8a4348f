package survey

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// abc is a vector to compute with: its covariance is that of L L'.
func abc() *Vector {
	return &Vector{Names: []string{"a", "b", "total(c)", "d[x=1,y=don't know]"}, Values: []float64{2, 3, 5, 0}, DF: 7,
		Cov: []float64{4, 2, 0, 0, 2, 10, 3, 0, 0, 3, 2, 0, 0, 0, 0, 1}}
}

func TestExpressionValues(t *testing.T) {
	for text, want := range map[string]float64{
		"1 + 2*3 - 4/2":           5,
		"-2^2":                    -4,
		"2^3^2":                   512,
		"2^-1":                    .5,
		"-2^-2":                   -.25,
		"8/2/2":                   2,
		"10-3-2":                  5,
		"--3":                     3,
		"1.5e2 + .5":              150.5,
		"2*(a + b)":               10,
		"a^b":                     8,
		"exp(log(`total(c)`))":    5,
		"sqrt(a*a) + exp(0)":      3,
		"d[x=1,y=don't know] + a": 2,
		"\t a\n-\u00a0b ":         -1,
		"1e3":                     1000,
	} {
		c, err := abc().Expression("x", text, 0)
		if err != nil || c.NotEstimable != "" || !close(c.Value, want) {
			t.Errorf("%s is %v (%q), want %v: %v", text, c.Value, c.NotEstimable, want, err)
		}
	}
}

func TestExpressionErrorsNameThePosition(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "column 1: the expression is empty",
		"a +":                     "column 4: the expression ends",
		"a b":                     "column 3: 'b' is not expected",
		"(a + b":                  "column 1: the parenthesis is not closed",
		"a + b)":                  "column 6: ')' is not expected",
		"é + nobody":              `there is no estimate named "é" (position 1)`,
		"a + nobody":              `there is no estimate named "nobody" (position 5)`,
		"sin(a)":                  `column 1: there is no function "sin"`,
		"total(c)":                `column 1: there is no function "total"`,
		"`exp`(a)":                `column 1: there is no function "exp"`,
		"a + `b":                  "column 5: the name in backquotes",
		"a * d[x=1":               "column 6: the bracket",
		"a $ b":                   "column 3: '$' is not expected",
		"1e999":                   "column 1: the number 1e999",
		"(a + b c)":               "column 8: 'c' is not expected",
		strings.Repeat("(", 70):   "column 65: the expression nests",
		strings.Repeat("-", 70):   "column 65: the expression nests",
		strings.Repeat("a+", 3e3): "the expression has 6000 bytes",
		"a\xff":                   "not UTF-8",
	} {
		_, err := abc().Expression("x", text, 0)
		var f *fault.Fault
		if err == nil || !errors.As(err, &f) || f.Kind != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
	if _, err := abc().Expression("x", "a", 1.5); err == nil {
		t.Error("a confidence of 1.5 is taken")
	}
	if _, err := abc().Linear("x", map[string]float64{"a": math.Inf(1), "zz": 1}, -1); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three faults of a linear contrast: %v", err)
	}
	if _, err := abc().Derive([]string{"x", "x"}, []string{"a", "b"}); err == nil {
		t.Error("a name that occurs twice is taken")
	}
}

func TestContrastsNotEstimable(t *testing.T) {
	for text, want := range map[string]string{
		"a/d[x=1,y=don't know]":    "a division by zero (position 2)",
		"log(a - 5)":               "the logarithm of a number that is not above zero (position 1)",
		"1 + sqrt(a - 5)":          "the square root of a number below zero (position 5)",
		"sqrt(a - 2)":              "there is no finite derivative (position 1)",
		"(a - 5)^b":                "a power of a number that is not above zero (position 8)",
		"(a - 5)^0.5":              "there is no finite value (position 8)",
		"exp(1000*a)":              "there is no finite value (position 1)",
		"`d[x=1,y=don't know]`^.5": "there is no finite derivative (position 22)",
	} {
		c, err := abc().Expression("x", text, 0)
		if err != nil || c.NotEstimable != want || c.Value == c.Value || c.SE == c.SE || c.P == c.P {
			t.Errorf("%s: %+v, %v, want %s", text, c, err, want)
		}
	}
	v := abc()
	v.NotEstimable = []string{"", emptyGroup, "", ""}
	v.Values[1] = math.NaN()
	for _, c := range []func() (Contrast, error){
		func() (Contrast, error) { return v.Expression("x", "a/b", 0) },
		func() (Contrast, error) { return v.Linear("x", map[string]float64{"a": 1, "b": 1}, 0) },
	} {
		if c, err := c(); err != nil || c.NotEstimable != "b: "+emptyGroup || c.Value == c.Value {
			t.Errorf("a contrast of what is not estimable: %+v, %v", c, err)
		}
	}
	if c, err := v.Linear("x", map[string]float64{"a": 1, "b": 0}, 0); err != nil || c.Value != 2 || c.SE != 2 {
		t.Errorf("a coefficient of zero: %+v, %v", c, err)
	}
	v.DF = 0
	if c, err := v.Expression("x", "a", 0); err != nil || !strings.Contains(c.NotEstimable, "too few") {
		t.Errorf("without degrees of freedom: %+v, %v", c, err)
	}
	if c, err := abc().Expression("x", "a - a", 0); err != nil || c.SE != 0 || c.P != 1 {
		t.Errorf("nothing: %+v, %v", c, err)
	}
	if c, err := abc().Linear("x", nil, 0); err != nil || c.Value != 0 || c.SE != 0 || c.P != 1 {
		t.Errorf("no coefficients: %+v, %v", c, err)
	}
}

// The derivatives are exact: those of the difference quotient but for its error.
func TestGradientAgainstDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawExpression(t, 4)
		e, err := ParseExpression(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		at := make([]float64, len(e.Names()))
		for i := range at {
			at[i] = rapid.Float64Range(.5, 2).Draw(t, "at")
		}
		value, gradient, why := e.Gradient(at)
		if why != "" || math.Abs(value) > 1e6 {
			return
		}
		for i := range at {
			const h = 1e-5
			moved := append([]float64(nil), at...)
			moved[i] += h
			up, g1, why1 := e.Gradient(moved)
			moved[i] -= 2 * h
			down, g2, why2 := e.Gradient(moved)
			if why1 != "" || why2 != "" || math.Abs(g1[i]-g2[i]) > 1e-2*(1+math.Abs(gradient[i])) {
				continue // next to a bend
			}
			if d := (up - down) / (2 * h); math.Abs(d-gradient[i]) > 1e-4*(1+math.Abs(d)+math.Abs(value)) {
				t.Fatalf("%s at %v by %s: %v, difference quotient %v", text, at, e.Names()[i], gradient[i], d)
			}
		}
	})
}

func drawExpression(t *rapid.T, depth int) string {
	if depth == 0 {
		return rapid.SampledFrom([]string{"a", "b", "`c d`", "2", "0.5", "x.y[g=1]"}).Draw(t, "atom")
	}
	left := drawExpression(t, depth-1)
	switch op := rapid.SampledFrom([]string{"+", "-", "*", "/", "^", "exp", "log", "sqrt", "neg", "up"}).Draw(t, "op"); op {
	case "exp", "log", "sqrt":
		return op + "(" + left + ")"
	case "neg":
		return "-(" + left + ")"
	case "up":
		return left
	default:
		return "(" + left + ") " + op + " (" + drawExpression(t, depth-1) + ")"
	}
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{"a/b", "log(a/`total(c)`)", "-2^-a*(b - 1e-3)", "d[x=1]#2 + sqrt(a)", "exp(", "``", "1..2", "((((", "é=ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseExpression(text)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		v := &Vector{DF: 3}
		for i, n := range e.Names() {
			v.Names, v.Values = append(v.Names, n), append(v.Values, 1+float64(i))
		}
		v.Cov = make([]float64, len(v.Names)*len(v.Names))
		for i := range v.Names {
			v.Cov[i*len(v.Names)+i] = 1
		}
		c, err := v.Expression("x", text, 0.9)
		if err != nil {
			t.Fatalf("%q is read but has no value: %v", text, err)
		}
		if c.NotEstimable == "" && (c.Value-c.Value != 0 || c.SE-c.SE != 0 || c.Lo-c.Lo != 0 || c.Hi-c.Hi != 0 || c.P-c.P != 0) {
			t.Fatalf("%q has no finite number and no reason: %+v", text, c)
		}
	})
}

func TestJointNames(t *testing.T) {
	n := number("n", 1, 2, 3, 4, 5, 6)
	c := category("c", "x", "y", "x", "y", "x", "y")
	g := category("g", "1", "1", "1", "2", "2", "2")
	b := table.NewBool("flag", []bool{true, false, true, true, false, false}, nil)
	d := design(t, Spec{Rows: 6})
	v := joint(t, d, Request{Statistic: Mean, Variable: n}, Request{Statistic: Total, Variable: n, By: []*table.CategoryColumn{g}},
		Request{Statistic: Proportion, Variable: b, By: []*table.CategoryColumn{c, g}}, Request{Statistic: Share, Variable: c}, Request{Statistic: Ratio, Variable: n, Denominator: n.Rename("m").(*table.NumberColumn)},
		Request{Statistic: Mean, Variable: n, Where: []bool{true, true, true, false, false, false}}, Request{Statistic: Mean, Variable: n, Where: []bool{false, true, true, false, false, false}},
		Request{Statistic: Mean, Variable: n, Where: make([]bool, 6)})
	want := "n total(n)[g=1] total(n)[g=2] flag=true[c=x,g=1] flag=true[c=x,g=2] flag=true[c=y,g=1] flag=true[c=y,g=2] c=x c=y n/m n#2 n#3"
	if got := strings.Join(v.Names, " "); got != want {
		t.Errorf("names %s, want %s", got, want)
	}
	if v.Base != 6 || v.DF != 5 {
		t.Errorf("base %d and %v degrees of freedom", v.Base, v.DF)
	}
}
