package storetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Sync is the benchmark beside those of the store: it appends 4 kB to a file, in the
// folder that tests use, and waits until the disk has it. It reports how often a second.
func Sync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "sync"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for b.Loop() {
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := fdatasync(f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "syncs/s")
}
