package workbook

import (
	"os"
	"testing"
)

// BenchmarkRead reads the questionnaire of a socio-economic survey, 35 kB.
// pyxform 4.5.0 with openpyxl takes 30 ms for the same on the machine where
// this takes 1 ms.
func BenchmarkRead(b *testing.B) {
	data, err := os.ReadFile(sharedFile(b, "xlsforms/socio-economic-survey-v20240515.xlsx"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadChoices reads 100,000 choices with five columns.
func BenchmarkReadChoices(b *testing.B) {
	data := choicesXLSX(b, 100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		w, err := Read(data)
		if err != nil {
			b.Fatal(err)
		}
		if n := len(w.Sheet("choices").Rows); n != 100_000 {
			b.Fatalf("%d rows", n)
		}
	}
}
