package quality

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// TestCheckTakesAnyTable gives roles to columns of every kind, with odd values
// and many missing ones: whatever a file holds, a check ends with a report.
func TestCheckTakesAnyTable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "rows")
		in := testInstrument()
		var columns []table.Column
		names := []string{"_uuid", instrument.ColumnSubmitted}
		for _, q := range in.Questions {
			if !slices.Contains(names, q.Name) {
				names = append(names, q.Name)
			}
		}
		for _, name := range names {
			if rapid.IntRange(0, 9).Draw(rt, "there") > 0 {
				columns = append(columns, anyColumn(rt, name, n))
			}
		}
		if len(columns) == 0 {
			columns = append(columns, anyColumn(rt, "age", n))
		}
		tab, err := table.New(columns...)
		if err != nil {
			rt.Fatal(err)
		}
		rep, err := Check(t.Context(), &Input{Table: tab, Instrument: in, Source: table.Source{FirstRow: 2}})
		if err != nil {
			rt.Fatal(err)
		}
		outputs(t, rep)
		for _, f := range rep.Findings {
			for _, row := range f.Rows {
				if row < 2 || row > n+1 {
					rt.Fatalf("%s names row %d of %d", f.Rule, row, n)
				}
			}
		}
	})
}

func anyColumn(rt *rapid.T, name string, n int) table.Column {
	missing := make([]table.Missing, n)
	for row := range missing {
		if rapid.IntRange(0, 3).Draw(rt, "missing") == 0 {
			missing[row] = table.Missing(rapid.IntRange(1, 6).Draw(rt, "reason"))
		}
	}
	texts := rapid.SliceOfN(rapid.SampledFrom([]string{"", "yes", "no", "a", "E01", "36.1 14.2 0 5", "0 0", "91 0", "under_2_weeks", "é\x00"}), n, n).Draw(rt, "texts")
	numbers := rapid.SliceOfN(rapid.SampledFrom([]float64{-1, 0, 12, 13.5, 20, 25, 200, 1e300}), n, n).Draw(rt, "numbers")
	switch kind := rapid.SampledFrom([]table.Kind{table.Category, table.Number, table.Date, table.Time, table.Bool, table.Set, table.Text}).Draw(rt, "kind"); kind {
	case table.Number:
		return table.NewNumber(name, numbers, missing)
	case table.Date:
		return table.NewDate(name, rapid.SliceOfN(rapid.Int32Range(-800_000, 800_000), n, n).Draw(rt, "days"), missing)
	case table.Time:
		offsets := make([]int16, n)
		return table.NewTime(name, rapid.SliceOfN(rapid.Int64Range(-1e11, 1e11), n, n).Draw(rt, "seconds"), offsets, missing)
	case table.Bool:
		return table.NewBool(name, rapid.SliceOfN(rapid.Bool(), n, n).Draw(rt, "truth"), missing)
	case table.Set:
		return table.NewSet(name, []table.Level{{Code: "yes"}, {Code: "no"}}, rapid.SliceOfN(rapid.Uint64Range(0, 3), n, n).Draw(rt, "bits"), missing)
	case table.Text:
		return textColumn(name, texts)
	default:
		return categoryColumn(name, texts)
	}
}
