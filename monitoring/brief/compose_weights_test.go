package brief

import (
	"strings"
	"testing"
)

// TestWeightsAreExplained composes each way of weighting in every language.
func TestWeightsAreExplained(t *testing.T) {
	for _, lang := range Languages() {
		for _, method := range []string{"rake", "post-stratify", "linear", "logit"} {
			a := weightedAnalysis()
			a.Weighting.Method = method
			a.Design.Weights = "w"
			d, err := Compose(a, lang)
			if err != nil {
				t.Fatalf("%s in %s: %v", method, lang, err)
			}
			text := dump(d)
			if !strings.Contains(text, "table weighting-spread") || !strings.Contains(text, "#population+value+num+before") {
				t.Errorf("%s in %s: no table of the weights, or none of the margins before:\n%s", method, lang, text)
			}
		}
	}
	text := dump(mustCompose(t, "en"))
	for _, want := range []string{
		"calibration with bounds (logit)", "between 0.3 and 4 times what it was before", "settled after 12 rounds",
		"more than 3.5 times the average", "cut to a bound: 12", "does not agree with the totals to the last digit",
		"| Smallest | 1.00 | 0.30 |", "| Largest | 1.00 | 3.10 |", "| As many interviews without weights (n) | 2,999 | 2,112 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not said: %q", want)
		}
	}
}

func mustCompose(t *testing.T, lang string) *Document {
	t.Helper()
	d, err := Compose(weightedAnalysis(), lang)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A count under the mask is not told by the margins' shares.
func TestMarginsOfFewAreMasked(t *testing.T) {
	a := weightedAnalysis()
	a.Design.Weights = "w"
	a.Weighting.Margins[0].Levels[0].Rows = 3
	a.Weighting.Trimmed = 2
	d, err := Compose(a, "en")
	if err != nil {
		t.Fatal(err)
	}
	text := dump(d)
	for _, want := range []string{"| Female | 30.0% | – | – | 30.0% | fewer than 10 |", "cut to a bound: fewer than 10"} {
		if !strings.Contains(text, want) {
			t.Errorf("not masked: %q in\n%s", want, text)
		}
	}
}
