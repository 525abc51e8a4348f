package monitoring

import (
	"reflect"
	"strings"
	"testing"

	"waymark/monitoring/instrument"
)

func builtin(t *testing.T, id string) *instrument.Instrument {
	t.Helper()
	in, err := instrument.Load(id)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestDefaultPlanReadsBackAsItself(t *testing.T) {
	for _, id := range instrument.Builtin() {
		in := builtin(t, id)
		for _, weighted := range []bool{false, true} {
			want := DefaultPlan(in)
			if weighted {
				want.Weighting = ExampleWeighting()
				want.Synthetic = true
				want.Title = instrument.Text{"en": "A title: with a colon", "fr": "Un titre"}
			}
			got, err := ReadPlan("plan.yaml", []byte(want.YAML(in)), in)
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			if a, b := got.YAML(in), want.YAML(in); a != b {
				t.Errorf("%s: printed, read and printed again differs:\n%s\n---\n%s", id, a, b)
			}
			if !reflect.DeepEqual(got.Groups, want.Groups) || !reflect.DeepEqual(got.Design.Clusters, want.Design.Clusters) || !reflect.DeepEqual(got.Indicators, want.Indicators) || !reflect.DeepEqual(got.Compare, want.Compare) {
				t.Errorf("%s: the plan changed on its way through YAML", id)
			}
		}
	}
}

func TestPlanFaultsComeAllAtOnceWithLineAndColumn(t *testing.T) {
	text := `version: 1
langauges: [en]
languages: [en, tlh]
confidence: 95
interval: wilsen
indicators: [at_least_one, heldd]
groups:
  - []
  - [route, sexx]
  - [route, route]
design:
  strata: rout
  lonely_psu: ignore
`
	in := builtin(t, "fms-2016")
	_, err := ReadPlan("plan.yaml", []byte(text), in)
	if err == nil || !strings.Contains(err.Error(), `plan.yaml, row 2, column 1, "langauges": unknown key`) {
		t.Fatalf("the unknown key is not reported with its place: %v", err)
	}
	_, err = ReadPlan("plan.yaml", []byte(strings.Replace(text, "langauges: [en]\n", "\n", 1)), in)
	if err == nil {
		t.Fatal("a plan full of faults was read")
	}
	for _, want := range []string{
		`row 3, column 17, "tlh"`, `row 4`, `row 5, column 11, "wilsen"`, `row 6, column 28, "heldd"`, "did you mean held?",
		`row 9, column 13, "sexx"`, "did you mean sex?", "crossed with itself", `row 12, column 11, "rout"`, `"ignore"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not said: %s\nin:\n%v", want, err)
		}
	}
}

func TestPlanOfTheWrongType(t *testing.T) {
	in := builtin(t, "fms-2016")
	for text, want := range map[string]string{
		"minimum_base: many\n":                   "row 1",
		"groups: {a: b}\n":                       "row 1",
		"design:\n  strata: route\n  weigths: w": "row 3",
		"a: [b":                                  "row 1",
		"":                                       "no keys",
		"- 1\n- 2\n":                             "no keys",
		strings.Repeat("#", planLimit+1):         "larger than 1 MiB",
		"version: 2\n":                           "version 1",
	} {
		_, err := ReadPlan("p.yaml", []byte(text), in)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
}

func FuzzReadPlan(f *testing.F) {
	in, err := instrument.Load("fms-2016")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(DefaultPlan(in).YAML(in)))
	f.Add([]byte("groups: [[route], [[]]]\nweighting: {totals: x}\n"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPlan("plan.yaml", data, in)
		if err == nil && p == nil {
			t.Fatal("neither a plan nor a fault")
		}
	})
}
