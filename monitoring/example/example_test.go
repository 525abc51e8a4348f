package example

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
)

// pinned is the SHA-256 of the round as CSV. It changes only with margins.yaml,
// detections.csv or the code of this package, and then on purpose.
const pinned = "98bebb94feb0a68037028867472bdbf8230d6e8683f820c4280f878ce6825e2c"

func TestSameRoundEverywhere(t *testing.T) {
	var one, two bytes.Buffer
	if err := WriteCSV(&one); err != nil {
		t.Fatal(err)
	}
	if err := WriteCSV(&two); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Fatal("two runs differ")
	}
	sum := sha256.Sum256(one.Bytes())
	if got := hex.EncodeToString(sum[:]); got != pinned {
		t.Errorf("the round is %s, pinned %s", got, pinned)
	}
}

func TestEveryRowSaysThatItIsSynthetic(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i, l := range lines[1:] {
		if !strings.Contains(l, ",synthetic example record,") {
			t.Fatalf("row %d does not: %s", i+2, l)
		}
	}
	if !strings.Contains(Name, "synthetic") {
		t.Error("the file's name does not")
	}
}

// Any size keeps the quotas: the margins fit together, and the shares of the
// five experiences are within one person of what they should be.
func TestAnySize(t *testing.T) {
	m, err := newMaker()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(Smallest, 2*Size).Draw(t, "n")
		ps, err := m.part(n, rapid.Uint64().Draw(t, "seed"), 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, route := range m.routes {
			base, yes, eligible := [5]int{}, [5]int{}, 0
			for _, p := range ps {
				if p.route != i || p.ended != complete || p.repeat {
					continue
				}
				eligible++
				for k, q := range own {
					switch p.code[q] {
					case m.yes:
						yes[k]++
						base[k]++
					case m.no:
						base[k]++
					}
				}
			}
			for k, q := range own {
				if want := portion(m.figures.of(coded[q].name, route), base[k]); yes[k] != want {
					t.Fatalf("%s on %s: %d of %d, want %d", coded[q].name, route, yes[k], base[k], want)
				}
			}
			if want := split(n, []int{5695, 2780})[i]; eligible != want {
				t.Fatalf("%d eligible on %s, want %d", eligible, route, want)
			}
		}
	})
}

func TestPartsAddUp(t *testing.T) {
	tb, err := Generate(3*Size, 7)
	if err != nil {
		t.Fatal(err)
	}
	if want := 3 * 9105; tb.Rows() != want {
		t.Errorf("%d rows, want %d", tb.Rows(), want)
	}
	var b bytes.Buffer
	if err := Stream(&b, 3*Size, 7); err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(b.Bytes(), []byte("\n")); got != tb.Rows()+1 {
		t.Errorf("%d lines for %d rows", got, tb.Rows())
	}
	ids := map[string]bool{}
	for r := range tb.Rows() {
		ids[tb.Column("_uuid").Text(r)] = true
	}
	if len(ids) != tb.Rows() {
		t.Errorf("%d identifiers for %d rows", len(ids), tb.Rows())
	}
}

func TestTooSmall(t *testing.T) {
	if _, err := Generate(Smallest-1, 1); fault.KindOf(err) != fault.Usage {
		t.Errorf("got %v", err)
	}
}

// On two cores of a virtual server of 2026: about 40 ms.
func BenchmarkTable(b *testing.B) {
	for b.Loop() {
		if _, err := Table(); err != nil {
			b.Fatal(err)
		}
	}
}
