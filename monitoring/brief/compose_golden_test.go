package brief

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var updateGolden = flag.Bool("update-words", false, "write the golden texts of composed briefs")

func compose(t *testing.T, lang string) *Document {
	t.Helper()
	d, err := Compose(sampleAnalysis(), lang)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestComposeGolden(t *testing.T) {
	for _, lang := range Languages() {
		t.Run(lang, func(t *testing.T) {
			got := dump(compose(t, lang))
			path := filepath.Join("testdata", "compose", lang+".txt")
			if *updateGolden {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v: run the test with -update-words", err)
			}
			if got != string(want) {
				t.Errorf("the text differs from %s; if that is meant, run the test with -update-words", path)
			}
		})
	}
}

// BenchmarkCompose writes one language of a brief with 1,500 findings or so,
// pictures laid out but not drawn. No peer writes prose from findings to
// compare with.
func BenchmarkCompose(b *testing.B) {
	a := instrumentAnalysis(b, "fms-2016")
	b.ReportMetric(float64(len(a.Findings)), "findings")
	for b.Loop() {
		if _, err := Compose(a, "en"); err != nil {
			b.Fatal(err)
		}
	}
}
