package demo

import (
	"bytes"
	"testing"

	"waymark/forms/xform"
	"waymark/forms/xlsform"
	"waymark/monitoring/instrument"
)

func form(t testing.TB) *xform.Form {
	t.Helper()
	book, err := instrument.XLSForm(Instrument)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := xlsform.Compile(book, xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := xform.Parse(compiled.XForm)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Every document keeps the form's rules, but for what was left in on purpose.
func TestInterviewsKeepTheRulesOfTheForm(t *testing.T) {
	f := form(t)
	n, before := 0, 0
	err := Interviews(500, 1, false, func(i *Interview) error {
		n++
		report, err := f.Check(i.XML, xform.CheckOptions{Attachments: []string{}})
		if err != nil {
			return err
		}
		for _, p := range report.Problems {
			if p.Kind == xform.Irrelevant && p.Path == "/data/intro/previous" {
				before++
				continue
			}
			t.Errorf("%s: %s %s: %s\n%s", i.InstanceID, p.Kind, p.Path, p.Message, i.XML)
		}
		if i.Planted != "" || i.Sent.Before(i.End) || i.Point == "" || i.Enumerator == "" || i.Day != i.Start.Format("2006-01-02") {
			t.Errorf("interview %+v", i)
		}
		if !bytes.Contains(i.XML, []byte("synthetic")) {
			t.Errorf("the record does not say that it is synthetic: %s", i.XML)
		}
		return nil
	})
	if err != nil || n < 500 || before > n/20 {
		t.Errorf("%d interviews, %d with an answer that was not to be asked, %v", n, before, err)
	}
}

func TestPlantedFaultsAreFewAndFound(t *testing.T) {
	f := form(t)
	kinds, n := map[string]int{}, 0
	err := Interviews(1500, 1, true, func(i *Interview) error {
		n++
		if i.Planted == "" {
			return nil
		}
		kinds[i.Planted]++
		if _, err := f.Check(i.XML, xform.CheckOptions{}); err != nil {
			t.Errorf("%s: %v", i.Planted, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plants {
		if kinds[p.name] == 0 || kinds[p.name] > n/100 {
			t.Errorf("%s: %d of %d", p.name, kinds[p.name], n)
		}
	}
}

func TestTheSameSeedMakesTheSameInterviews(t *testing.T) {
	var first [][]byte
	for round := range 2 {
		k := 0
		if err := Interviews(200, 7, true, func(i *Interview) error {
			if round == 0 {
				first = append(first, i.XML)
			} else if !bytes.Equal(first[k], i.XML) {
				t.Fatalf("interview %d differs", k)
			}
			k++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if k < 200 || k > 260 {
			t.Errorf("%d interviews, 200 eligible were asked for", k)
		}
	}
}

func BenchmarkInterviews(b *testing.B) {
	n := 0
	for b.Loop() {
		if err := Interviews(1000, 1, true, func(*Interview) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/interview")
}
