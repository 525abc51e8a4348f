package table

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// shared finds a file of the data that lie beside the project.
func shared(t *testing.T, elements ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared"}, elements...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the shared data are missing: %v", err)
		}
		t.Skipf("the shared data are not beside the project: %v", err)
	}
	return path
}

// TestReadRealFiles reads files that were not made here. The expected sums are
// those of Python's csv.DictReader and sum over the same columns, the checksums
// those of its hashlib.sha256 (Python 3.11.7).
func TestReadRealFiles(t *testing.T) {
	for _, c := range []struct {
		path   []string
		rows   int
		sha256 string
		number string
		sum    float64
		kinds  map[string]Kind
	}{
		{[]string{"oracles", "survey", "apistrat.csv"}, 200, "470411fde449e60b5f24e84f2ae39dab5c01756a1942a1a14c35d785ff994405", "api00", 130564,
			map[string]Kind{"cds": Text, "stype": Category, "sname": Text, "awards": Category, "pw": Number, "fpc": Number, "target": Number}},
		{[]string{"data", "frontex", "detections.csv"}, 34_273, "c4cb179ce3aedb43fa6b394b2d269809de0086208129c3928f58eb2bc6ee8354", "n", 4966869,
			map[string]Kind{"route": Category, "nat": Category, "month": Category, "n": Number}},
	} {
		r, err := Read(context.Background(), shared(t, c.path...), Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if r.Table.Rows() != c.rows || r.Source.SHA256 != c.sha256 {
			t.Errorf("%s has %d rows and the checksum %s", r.Source.Name, r.Table.Rows(), r.Source.SHA256)
		}
		sum := 0.0
		for _, v := range r.Table.Number(c.number).Values {
			sum += v
		}
		if sum != c.sum {
			t.Errorf("%s: the sum of %s is %v, expected %v", r.Source.Name, c.number, sum, c.sum)
		}
		for name, kind := range c.kinds {
			if got := r.Table.Column(name); got == nil || got.Kind() != kind {
				t.Errorf("%s: %s is %v, expected %s", r.Source.Name, name, got, kind)
			}
		}
		if r.Warnings.Len() > 0 {
			t.Errorf("unexpected warnings: %s", warnings(r))
		}
	}
}
