package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/demo"
	"waymark/monitoring/collection/export"
	"waymark/monitoring/example"
	"waymark/monitoring/instrument"
	"waymark/trust/audit"
)

// collected holds submissions of one form for an export.
type collected struct {
	xform     []byte
	documents []*demo.Interview
}

func (c *collected) Form(context.Context, ids.ID) (*collection.Form, error) {
	return &collection.Form{ID: 2, Round: 1, FormID: demo.Instrument}, nil
}

func (c *collected) Version(context.Context, ids.ID) (*collection.Version, error) {
	return &collection.Version{ID: 3, Form: 2, Version: "1", XForm: c.xform, Published: c.documents[0].Start}, nil
}

func (c *collected) ListVersions(ctx context.Context, _ ids.ID) ([]*collection.Version, error) {
	v, err := c.Version(ctx, 3)
	return []*collection.Version{v}, err
}

func (c *collected) ListEnumerators(context.Context, ids.ID) ([]*collection.FieldEnumerator, error) {
	return nil, nil
}

func (c *collected) EachAnswers(_ context.Context, _ audit.Actor, _ string, _ collection.Filter, use func(*collection.Submission, *collection.Revision) error) error {
	for i, d := range c.documents {
		s := &collection.Submission{ID: ids.ID(i + 10), Version: 3, Received: d.Sent}
		if err := use(s, &collection.Revision{Version: 3, XML: d.XML}); err != nil {
			return err
		}
	}
	return nil
}

// figure is what is compared of a finding.
type figure struct {
	Key      string
	Estimate *float64
	CI       []float64
	N, Base  *int
}

// same compares figures: counts exactly, estimates to 12 digits, since the form
// asks more than the file has, and sums are then made in another order.
func (f figure) same(g figure) bool {
	close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Max(1, math.Abs(b)) }
	if (f.Estimate == nil) != (g.Estimate == nil) || f.Estimate != nil && !close(*f.Estimate, *g.Estimate) || len(f.CI) != len(g.CI) {
		return false
	}
	for i := range f.CI {
		if !close(f.CI[i], g.CI[i]) {
			return false
		}
	}
	count := func(n *int) int {
		if n == nil {
			return -1
		}
		return *n
	}
	return count(f.N) == count(g.N) && count(f.Base) == count(g.Base)
}

// TestCollectedRoundGivesTheSameFigures sends the example round through the
// form and the export, and expects the published figures of the file itself:
// from CSV, from XLSX, and from the pseudonymous export.
func TestCollectedRoundGivesTheSameFigures(t *testing.T) {
	dir := t.TempDir()
	const n, seed = 1500, 5
	plain := filepath.Join(dir, "round.csv")
	file, err := os.Create(plain)
	if err != nil {
		t.Fatal(err)
	}
	if err := example.Stream(file, n, seed); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	c := &collected{}
	if c.xform, err = demo.XForm(); err != nil {
		t.Fatal(err)
	}
	if err := demo.Interviews(n, seed, false, func(i *demo.Interview) error {
		c.documents = append(c.documents, i)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Load(demo.Instrument)
	if err != nil {
		t.Fatal(err)
	}
	figures := func(path string) (counts string, findings map[string]figure) {
		out := mustRun(t, "brief", path, "--instrument", demo.Instrument, "--out", path+".out", "--format", "json")
		var report struct {
			Counts   json.RawMessage
			Findings []figure
		}
		if err := json.Unmarshal(out, &report); err != nil {
			t.Fatal(err)
		}
		findings = map[string]figure{}
		for _, f := range report.Findings {
			findings[f.Key] = f
		}
		return string(report.Counts), findings
	}
	wantCounts, want := figures(plain)
	key := func(ids.ID, []byte) ([]byte, error) { return []byte("12345678"), nil }
	for name, opt := range map[string]export.Options{
		"export.csv":    {Format: export.CSV},
		"split.csv":     {Format: export.CSV, Split: true, Groups: true},
		"labels.csv":    {Format: export.CSV, Labels: "French (fr)"},
		"export.xlsx":   {Format: export.XLSX},
		"pseudonym.csv": {Format: export.CSV, Pseudonymous: true, Token: key, Instrument: in},
	} {
		e, err := export.Prepare(t.Context(), c, audit.Actor{}, collection.Filter{Round: 1, Form: 2}, opt)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := e.Write(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		if e.Zipped() {
			data = firstOf(t, data)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		counts, findings := figures(path)
		if counts != wantCounts {
			t.Errorf("%s: counts %s, expected %s", name, counts, wantCounts)
		}
		for key, finding := range want {
			if got, ok := findings[key]; !ok || !got.same(finding) {
				t.Errorf("%s: %s is %+v, expected %+v", name, key, got, finding)
			}
		}
	}
	if len(want) < 500 {
		t.Errorf("only %d findings are compared", len(want))
	}
}

// firstOf is the content of a zip's first file.
func firstOf(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) == 0 {
		t.Fatalf("no file in the zip: %v", err)
	}
	r, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
