package example

import (
	"testing"
)

func TestTableHasTheRoundsSize(t *testing.T) {
	tb, err := Table()
	if err != nil {
		t.Fatal(err)
	}
	if want := Size + 330 + 190 + 110; tb.Rows() != want {
		t.Errorf("%d interviews received, want %d", tb.Rows(), want)
	}
}

func BenchmarkTable(b *testing.B) {
	for b.Loop() {
		if _, err := Table(); err != nil {
			b.Fatal(err)
		}
	}
}
