package table

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// benchRows is how many rows the files of the benchmarks have.
const benchRows = 1_000_000

// benchTable is a survey of 11 columns: an identifier, five questions with
// labels, two numbers, a weight, a day and an instant.
func benchTable(rows int) (*Table, error) {
	r := rand.New(rand.NewPCG(3, 4))
	id := &TextColumn{reasons: reasons{name: "id"}, Offsets: make([]uint64, 1, rows+1)}
	age, length, weight := make([]float64, rows), make([]float64, rows), make([]float64, rows)
	ages := make([]Missing, rows)
	days, seconds := make([]int32, rows), make([]int64, rows)
	questions := make([][]uint32, 5)
	for q := range questions {
		questions[q] = make([]uint32, rows)
	}
	levels := []Level{{"1", "Yes"}, {"2", "No"}, {"3", "Sometimes"}, {"4", "Rarely"}, {"5", "Never"}}
	for i := range rows {
		id.Data = fmt.Appendf(id.Data, "INT-%08d", i)
		id.Offsets = append(id.Offsets, uint64(len(id.Data)))
		age[i], length[i], weight[i] = float64(14+r.IntN(60)), float64(r.IntN(100_000)), 0.5+r.Float64()
		if r.IntN(20) == 0 {
			ages[i] = Missing(1 + r.IntN(5))
		}
		days[i] = int32(16_800 + r.IntN(700))
		seconds[i] = int64(days[i])*daySeconds + int64(r.IntN(daySeconds))
		for q := range questions {
			questions[q][i] = uint32(FirstLevel + r.IntN(len(levels)))
			if r.IntN(10) == 0 {
				questions[q][i] = uint32(1 + r.IntN(5))
			}
		}
	}
	columns := []Column{id, NewNumber("age", age, ages), NewNumber("length", length, nil), NewNumber("weight", weight, nil),
		NewDate("day", days, nil), NewTime("begun", seconds, make([]int16, rows), nil)}
	for q, codes := range questions {
		columns = append(columns, NewCategory(fmt.Sprintf("q%d", q+1), levels, codes))
	}
	return New(columns...)
}

// BenchmarkReadStat reads 1,000,000 rows of 11 columns. With STATFILES set to a
// folder the files are left there, for testdata/stat/time.R to time R's haven on.
func BenchmarkReadStat(b *testing.B) {
	table, err := benchTable(benchRows)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"big.dta", "big.sav", "big.zsav"} {
		write, err := WriterFor(name)
		if err != nil {
			b.Fatal(err)
		}
		var data bytes.Buffer
		if err := write(&data, table, WriteOptions{}); err != nil {
			b.Fatal(err)
		}
		if dir := os.Getenv("STATFILES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name), data.Bytes(), 0o600); err != nil {
				b.Fatal(err)
			}
		}
		for how, opt := range map[string]Options{"own types": {}, "by a schema": {Match: schemaOf(table)}} {
			b.Run(name+"/"+how, func(b *testing.B) {
				b.SetBytes(int64(data.Len()))
				b.ReportAllocs()
				for b.Loop() {
					r, err := ReadFrom(context.Background(), bytes.NewReader(data.Bytes()), int64(data.Len()), name, opt)
					if err != nil || r.Table.Rows() != benchRows {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(name+"/write", func(b *testing.B) {
			b.SetBytes(int64(data.Len()))
			for b.Loop() {
				data.Reset()
				if err := write(&data, table, WriteOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
