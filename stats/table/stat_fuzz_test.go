package table

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"waymark/internal/fault"
)

// statSeeds are the fixtures of a kind.
func statSeeds(t testing.TB, patterns ...string) map[string][]byte {
	t.Helper()
	seeds := map[string][]byte{}
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join("testdata", "stat", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no fixture is %s (%v)", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			seeds[filepath.Base(file)] = data
		}
	}
	return seeds
}

func FuzzReadDTA(f *testing.F) {
	for _, data := range statSeeds(f, "*.dta") {
		f.Add(data)
	}
	f.Fuzz(fuzzRead)
}

func FuzzReadSAV(f *testing.F) {
	for _, data := range statSeeds(f, "*.sav", "*.zsav") {
		f.Add(data)
	}
	f.Fuzz(fuzzRead)
}

// TestStatTruncated: a file cut anywhere is a fault that names the file, or, in
// what follows the rows and holds no value, a table.
func TestStatTruncated(t *testing.T) {
	for name, data := range statSeeds(t, "*.dta", "*.sav", "*.zsav") {
		step := 1 + len(data)/120
		for n := 200; n < len(data); n += step { // what is shorter is not known for what it is
			r, err := ReadFrom(context.Background(), bytes.NewReader(data[:n]), int64(n), name, Options{})
			if err == nil {
				if r.Table.Rows() != 6 || filepath.Ext(name) == ".zsav" && n < len(data)-1 {
					t.Errorf("%s, cut to %d of %d bytes, gives %d rows", name, n, len(data), r.Table.Rows())
				}
				continue
			}
			var f *fault.Fault
			if !errors.As(err, &f) || f.Kind == fault.Internal || f.Place.File != name {
				t.Errorf("%s, cut to %d bytes: %v", name, n, err)
			}
		}
	}
}

// TestStatLimits: the limits hold before anything is allocated.
func TestStatLimits(t *testing.T) {
	for name, data := range statSeeds(t, "haven118.dta", "haven_byte.sav", "pspp.zsav") {
		for _, limits := range []Limits{{Columns: 2}, {Rows: 5}, {CellBytes: 20}, {FileBytes: 100}} {
			_, err := ReadFrom(context.Background(), bytes.NewReader(data), int64(len(data)), name, Options{Limits: limits})
			if err == nil {
				t.Errorf("%s is read beyond the limits %+v", name, limits)
			}
		}
	}
}
