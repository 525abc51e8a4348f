package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// The committed files are what the rules make of Frontex's data.
func TestFilesAreWhatTheRulesMake(t *testing.T) {
	from := filepath.Join("..", "..", "..", "..", "shared", "data", "frontex", "detections.csv")
	if _, err := os.Stat(from); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("the detections are not beside the project: ", err)
	}
	monthly, totals, err := derive(from, filepath.Join("..", "margins.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string][][]string{"detections.csv": monthly, "totals.csv": totals} {
		var want bytes.Buffer
		if err := csv.NewWriter(&want).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what the rules make; run go generate in the folder above", name)
		}
	}
}
