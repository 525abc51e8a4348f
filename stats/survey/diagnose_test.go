package survey

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDiagnosis(t *testing.T) {
	s := weighingBases(t)["clus2"]
	spread := s.d.Spread()
	weighingReference(t).near("clus2.spread", 1e-9, map[string][]float64{
		"spread": {spread.Min, spread.Q1, spread.Median, spread.Q3, spread.Max, spread.CV, spread.NEff}})
	raked, rake, err := s.d.Rake(s.margins(), RakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	trimmed, trim, err := raked.Trim(TrimOptions{Upper: 250, Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	d := Diagnose(s.d, trimmed, rake, nil, trim)
	if len(d.Steps) != 2 || d.Before != spread || d.After.Max != 250 || d.Steps[1].Trimmed == 0 || d.Steps[1].TrimmedShare <= 0 || len(d.Steps[0].Margins) != 5 {
		t.Errorf("%+v", d)
	}
	for _, text := range []string{d.Text(), d.Markdown()} {
		for _, want := range []string{"design effect (Kish)", "Step 1: raking", "sch.wide: Yes", "5122", "held at a bound"} {
			if !strings.Contains(text, want) {
				t.Errorf("there is no %q in\n%s", want, text)
			}
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > 101 {
				t.Errorf("the line is longer than 100 columns: %q", line)
			}
		}
	}
	data, err := json.Marshal(d)
	var back Diagnosis
	if err != nil || json.Unmarshal(data, &back) != nil || back.After != d.After || strings.Contains(string(data), "NaN") {
		t.Errorf("%s, %v", data, err)
	}
	if empty := Diagnose(&Design{}, &Design{}); empty.After != (Spread{}) || empty.Text() == "" {
		t.Errorf("%+v", empty)
	}
}
