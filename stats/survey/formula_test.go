package survey

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// What R 4.2.2 has for attr(terms(f), "term.labels").
func TestFormulaTermsAreThoseOfR(t *testing.T) {
	for text, want := range map[string]string{
		"y~a+b:a":                            "a, a:b",
		"y~b:a+a":                            "a, b:a",
		"y~a:b+c+(a+b)^2":                    "c, a, b, a:b",
		"y~a*b-a":                            "b, a:b",
		"y~0+a+a":                            "a",
		"y~(a+b)*c":                          "a, b, c, a:c, b:c",
		"y~c:a+b:a+a":                        "a, c:a, a:b",
		"y~a*b*c":                            "a, b, c, a:b, a:c, b:c, a:b:c",
		"y ~ a + I(b^2) + factor(c) * `d e`": "a, I(b^2), factor(c), `d e`, factor(c):`d e`",
		"y ~ log(b+1) + I((a-2)/3*b)":        "log(b + 1), I((a - 2)/3 * b)",
	} {
		f, err := ParseFormula(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var labels []string
		for _, x := range f.Terms {
			labels = append(labels, x.Label())
		}
		if got := strings.Join(labels, ", "); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestFormulaOutcomeAndConstant(t *testing.T) {
	for text, want := range map[string]Formula{
		"sch.wide=Yes ~ ell - 1":  {Outcome: "sch.wide", Level: "Yes", HasLevel: true},
		"sch.wide ~ 0 + ell":      {Outcome: "sch.wide"},
		"~ stype + awards":        {Intercept: true},
		`a="x \"y\"" ~ 1`:         {Outcome: "a", Level: `x "y"`, HasLevel: true, Intercept: true},
		"`is it`=18-24 ~ 1+0+b+1": {Outcome: "is it", Level: "18-24", HasLevel: true, Intercept: true},
	} {
		f, err := ParseFormula(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if f.Outcome != want.Outcome || f.Level != want.Level || f.HasLevel != want.HasLevel || f.Intercept != want.Intercept {
			t.Errorf("%s: got %+v", text, f)
		}
	}
	f, err := ParseFormula("y ~ a*b + I(c/d) + factor(e)")
	if err != nil || !slices.Equal(f.Columns(), []string{"a", "b", "c", "d", "e"}) {
		t.Errorf("columns %v, error %v", f.Columns(), err)
	}
}

func TestFormulaErrorsSayWhere(t *testing.T) {
	for text, column := range map[string]int{
		"y ~ a +":           8,
		"y ~ a ++ b":        8,
		"y a":               3,
		"y ~ (a + b":        11,
		"y ~ a + 2":         9,
		"é ~ a ! b":         7,
		"y ~ foo(a)":        5,
		"y ~ a/b":           6,
		"y ~ .":             5,
		"y ~ a^9":           7,
		"y= ~ a":            4,
		"y ~ `a":            5,
		"y ~ I(a + )":       11,
		"y ~ y":             1,
		"":                  1,
		"y ~ (a + b - 1)^2": 14,
	} {
		_, err := ParseFormula(text)
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Errorf("%q was read", text)
			continue
		}
		if f.Place.Column != column || f.Kind != fault.Invalid {
			t.Errorf("%q: at %d (%v), want %d", text, f.Place.Column, f, column)
		}
	}
	for _, text := range []string{strings.Repeat("a", formulaBytes+1), "y ~ " + strings.Repeat("(", 50), "y ~ I(" + strings.Repeat("-", 100) + "a)", "y ~ \xff",
		"y ~ (a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p)^8"} {
		if _, err := ParseFormula(text); err == nil {
			t.Errorf("%.20q was read", text)
		}
	}
}

// What is read is written so that it is read as the same.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{"y ~ a*b - 1", "a=b~(c+d)^2-c:d", "~ I(a^2*-b/(c+1e-3)) + factor(`x y`)", "y=\"a\\\\b\" ~ log(x):z", "y ~ 0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := ParseFormula(text)
		if err != nil {
			return
		}
		again, err := ParseFormula(first.String())
		if err != nil {
			t.Fatalf("%q was written as %q: %v", text, first, err)
		}
		// An interaction's factors stand in the order in which the whole formula names them.
		third, err := ParseFormula(again.String())
		if err != nil || third.String() != again.String() || again.Intercept != first.Intercept || again.Level != first.Level || len(again.Terms) != len(first.Terms) {
			t.Fatalf("%q became %q, then %q", text, first, again)
		}
	})
}
