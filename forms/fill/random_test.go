package fill

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waymark/forms/xform"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// published reads the XForm that IOM published from its own XLSForm.
func published(t testing.TB) *xform.Form {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "htcds", "htcds_xlsform.xml")
	data, err := os.ReadFile(path)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("needs the shared data")
	}
	form, err := xform.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func TestRandomDocumentsAreValid(t *testing.T) {
	form := published(t)
	for i := range 30 {
		s, err := NewRandom(form, RandomOptions{Seed: 7, Start: start}).Document(i)
		if err != nil {
			t.Fatalf("document %d: %v", i, err)
		}
		report, err := form.Check(s.XML(), xform.CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range report.Problems {
			if p.Kind != xform.Attachment {
				t.Errorf("document %d: %+v", i, p)
			}
		}
	}
}

// The number decides a document, not the order in which they are made.
func TestRandomDocumentsRepeat(t *testing.T) {
	form := published(t)
	one, two := NewRandom(form, RandomOptions{Seed: 7, Start: start}), NewRandom(form, RandomOptions{Seed: 7, Start: start})
	var forwards [5][]byte
	for i := range forwards {
		s, err := one.Document(i)
		if err != nil {
			t.Fatal(err)
		}
		forwards[i] = s.XML()
	}
	for i := len(forwards) - 1; i >= 0; i-- {
		s, err := two.Document(i)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(s.XML(), forwards[i]) {
			t.Errorf("document %d differs the second time", i)
		}
	}
	if bytes.Equal(forwards[0], forwards[1]) {
		t.Error("two documents are the same")
	}
}
