package quality_test

import (
	"context"
	"fmt"

	"waymark/monitoring/instrument"
	"waymark/monitoring/quality"
	"waymark/stats/table"
)

// A check needs no file: any table will do.
func ExampleCheck() {
	in, err := instrument.Load("fms-2016")
	if err != nil {
		panic(err)
	}
	interviews, err := table.New(table.NewNumber("age", []float64{24, 31, 200}, nil))
	if err != nil {
		panic(err)
	}
	report, err := quality.Check(context.Background(), &quality.Input{Table: interviews, Instrument: in})
	if err != nil {
		panic(err)
	}
	for _, f := range report.Findings {
		if f.Rule == "values.range" {
			fmt.Println(f.Severity, f.Message, f.Rows)
		}
	}
	// Output: warning 1 answer of age lies outside the range 0 to 110 [3]
}
