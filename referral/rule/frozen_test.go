package rule

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFrozenBundlesStillRead: a case keeps the bundle of the rules that applied
// to it, so what was once read must always be read, as the same version. Each
// release adds its bundles to testdata/frozen and never changes one. A check of
// the loader that would refuse one of them comes too late.
func TestFrozenBundlesStillRead(t *testing.T) {
	names, err := filepath.Glob("testdata/frozen/*.txt")
	if err != nil || len(names) < 2 {
		t.Fatalf("%d frozen bundles, %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := p.ID + "-" + p.Version + ".txt"; filepath.Base(name) != want {
			t.Errorf("%s reads as %s", name, want)
		}
	}
}
