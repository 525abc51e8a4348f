package vault

import (
	"testing"
)

// Sealing allocates what it returns and nothing besides.
func TestSealAllocatesLittle(t *testing.T) {
	v := fresh(t, "round-a")
	plain := make([]byte, 2048)
	if n := testing.AllocsPerRun(100, func() { v.Seal("round-a", plain, "submission:0c5m:xml") }); n > 3 {
		t.Errorf("%v allocations a call", n)
	}
}

func BenchmarkSeal2kB(b *testing.B) {
	v := fresh(b, "round-a")
	plain := make([]byte, 2048)
	b.SetBytes(2048)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Seal("round-a", plain, "submission:0c5m:xml"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen2kB(b *testing.B) {
	v := fresh(b, "round-a")
	sealed, err := v.Seal("round-a", make([]byte, 2048), "submission:0c5m:xml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(2048)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Open("round-a", sealed, "submission:0c5m:xml"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTombstone is what looking at the disk at every call would add.
func BenchmarkTombstone(b *testing.B) {
	v := fresh(b, "round-a")
	b.ReportAllocs()
	for b.Loop() {
		if v.tombstoned("round-a") {
			b.Fatal("destroyed")
		}
	}
}
