package table

import (
	"bytes"
	"context"
	"io"
	"testing"
)

// BenchmarkRead reads the first 10,000 rows of BenchmarkReadCSV's table from each
// format with a schema; bytes are those of the file in that format. GOMAXPROCS=1
// on an Intel Xeon, Go 1.26, other work on the machine.
//
//	csv      14 ms
//	xlsx     540 ms (encoding/xml makes a token of every tag)
//	parquet  24 ms
func BenchmarkRead(b *testing.B) {
	data := benchFile()
	match := fixed(benchFields()...)
	whole, err := ReadFrom(context.Background(), bytes.NewReader(data), int64(len(data)), "bench.csv", Options{Match: match})
	if err != nil {
		b.Fatal(err)
	}
	table := whole.Table.Head(10_000)
	for _, format := range []struct {
		name  string
		write func(io.Writer, *Table, WriteOptions) error
	}{{"csv", WriteCSV}, {"xlsx", WriteXLSX}, {"parquet", WriteParquet}} {
		var file bytes.Buffer
		if err := format.write(&file, table, WriteOptions{}); err != nil {
			b.Fatal(err)
		}
		b.Run(format.name, func(b *testing.B) {
			b.SetBytes(int64(file.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ReadFrom(context.Background(), bytes.NewReader(file.Bytes()), int64(file.Len()), "bench", Options{Match: match}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
