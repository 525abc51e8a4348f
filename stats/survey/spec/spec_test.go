package spec

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"waymark/internal/fault"
)

func TestNames(t *testing.T) {
	cases, several, err := Parse([]byte(`{"design": {"clusters": {}, "strata": null, "fpc": "N"}, "by": ["a", "b"], "of": null, "variables": "v"}`), "case.json")
	if err != nil || several || len(cases) != 1 {
		t.Fatal(cases, several, err)
	}
	c := cases[0]
	if c.Design.Clusters != nil || !reflect.DeepEqual(c.Design.FPC, Names{"N"}) || !reflect.DeepEqual(c.By, Names{"a", "b"}) || c.Of != nil || !reflect.DeepEqual(c.Variables, Names{"v"}) {
		t.Errorf("%+v", c)
	}
}

// What is wrong with a case is said with the field or the column; no file
// outside the folder is read.
func TestFaultyCases(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte("g,y,w\na,1,1\nb,x,1\na,2,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		`{"estimate": "mean"}`: {"data file", "variable"},
		`{"data": "../d.csv", "estimate": "mean", "variables": ["y"]}`:                                                                           {"outside the data folder"},
		`{"data": "no.csv", "estimate": "mean", "variables": ["y"]}`:                                                                             {"no.csv", "no such file"},
		`{"data": "d.csv", "estimate": "mode", "variables": ["y"]}`:                                                                              {`no estimate "mode"`},
		`{"data": "d.csv", "estimate": "mean", "variables": ["z"]}`:                                                                              {`"z"`, "no such column"},
		`{"data": "d.csv", "estimate": "mean", "variables": ["y"]}`:                                                                              {`row 3, "y"`, "not a number"},
		`{"data": "d.csv", "estimate": "proportion", "variables": ["g"]}`:                                                                        {"level"},
		`{"data": "d.csv", "estimate": "proportion", "variables": ["g"], "level": "q"}`:                                                          {`no level "q"`},
		`{"data": "d.csv", "estimate": "proportion", "variables": ["g"], "level": "a", "method": "wald"}`:                                        {`no interval method "wald"`},
		`{"data": "d.csv", "estimate": "share", "variables": ["g"], "lonely_psu": "drop"}`:                                                       {`no rule "drop"`},
		`{"data": "d.csv", "estimate": "share", "variables": ["g"], "variance": "BRR"}`:                                                          {"BRR"},
		`{"data": "d.csv", "estimate": "share", "variables": ["g"], "design": {"phases": 2}}`:                                                    {"two-phase"},
		`{"data": "d.csv", "estimate": "share", "variables": ["g"], "design": {"fpc": "w", "pps": "sampford"}}`:                                  {"sampford", "brewer"},
		`{"data": "d.csv", "estimate": "share", "variables": ["g"], "design": {"fpc": "w", "pps": "brewer", "pps_variance": "YG"}}`:              {"no other form"},
		`{"data": "d.csv", "estimate": "share", "variables": ["g"], "calibrate": {"kind": "trim"}}`:                                              {`no weighting "trim"`},
		`{"data": "d.csv", "estimate": "independence", "variables": ["g"]}`:                                                                      {"two variables"},
		`{"data": "d.csv", "estimate": "share", "variables": ["g"], "design": {"strata": "g"}}`:                                                  {`"b"`, "one PSU"},
		`{"data": "d.csv", "estimate": "total", "variables": ["w"], "calibrate": {"kind": "greg-linear", "totals": {"(Intercept)": 9, "q": 1}}}`: {`"q"`},
	} {
		cases, _, err := Parse([]byte(text), "case.json")
		if err != nil {
			t.Fatal(err)
		}
		_, err = Run(context.Background(), cases[0], NewLibrary(dir))
		if err == nil {
			t.Errorf("%s: no error", text)
			continue
		}
		if k := fault.KindOf(err); k != fault.Invalid && k != fault.NotFound {
			t.Errorf("%s: kind %v", text, k)
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", text, err, w)
			}
		}
	}
	if _, _, err := Parse([]byte(`{"by": 3}`), "case.json"); err == nil || !strings.Contains(err.Error(), "case.json") {
		t.Errorf("a list of the wrong type must be refused with the file's name, got %v", err)
	}
}

// Probabilities of inclusion through a case: testdata/pps.R of the package has
// the total of Brewer's variance, and Hartley and Rao's with Yates and Grundy's.
func TestUnequalProbabilities(t *testing.T) {
	files := NewLibrary(filepath.Join("..", "testdata"))
	for text, se := range map[string]float64{
		`{"data": "pps.csv", "estimate": "total", "variables": ["y"], "design": {"fpc": "p", "pps": "brewer"}}`:                                        973.715059604882,
		`{"data": "pps.csv", "estimate": "total", "variables": ["y"], "design": {"fpc": "p", "strata": "stratum", "pps": "HR", "pps_variance": "YG"}}`: 908.462340587027,
	} {
		cases, _, err := Parse([]byte(text), "case.json")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := Run(context.Background(), cases[0], files)
		if err != nil {
			t.Fatal(err)
		}
		if got := *rows[0].SE; math.Abs(got/se-1) > 1e-9 {
			t.Errorf("%s: standard error %v, want %v", text, got, se)
		}
	}
}
