package figure

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares each sample's stand-alone SVG with testdata/<name>.svg.
func TestGolden(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			got := s.make().SVG(SVGOptions{ID: s.name})
			path := filepath.Join("testdata", s.name+".svg")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v (make it with: go test ./monitoring/brief/figure -update)", err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the SVG differs from %s; look at it, then run with -update", path)
			}
			wellFormed(t, got)
		})
	}
}

// TestGoldenHasASample fails if a golden file is left without its sample.
func TestGoldenHasASample(t *testing.T) {
	files, err := filepath.Glob("testdata/*.svg")
	if err != nil || len(files) != len(samples) {
		t.Errorf("%d golden files for %d samples (%v)", len(files), len(samples), err)
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	if err := parseXML(svg); err != nil {
		t.Fatalf("not well-formed: %v", err)
	}
}

// parseXML reads a document to its end.
func parseXML(svg []byte) error {
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		_, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	for _, s := range samples {
		if !bytes.Equal(s.make().SVG(SVGOptions{}), s.make().SVG(SVGOptions{})) {
			t.Errorf("%s: two runs differ", s.name)
		}
	}
}
