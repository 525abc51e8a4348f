package listing

import (
	"io"
	"math"
	"slices"

	"waymark/stats/survey/analysis"
	"waymark/stats/table"
)

// CSV writes all results as one table, a row an estimate, with all digits. Its
// columns stay as they are; those of groups are called by.COLUMN. Texts that a
// spreadsheet would take for a formula are written so that it does not.
func CSV(w io.Writer, report *analysis.Report) error {
	var rows []*analysis.Row
	var results []*analysis.Result
	var by []string
	for i := range report.Results {
		r := &report.Results[i]
		for k := range r.Rows {
			rows, results = append(rows, &r.Rows[k]), append(results, r)
		}
		for _, name := range r.By {
			if !slices.Contains(by, name) {
				by = append(by, name)
			}
		}
	}
	text := func(name string, of func(i int) string) table.Column {
		var data []byte
		offsets := make([]uint64, 1, len(rows)+1)
		missing := make([]table.Missing, len(rows))
		for i := range rows {
			s := of(i)
			if s == "" {
				missing[i] = table.Blank
			}
			data = append(data, s...)
			offsets = append(offsets, uint64(len(data)))
		}
		return table.NewText(name, data, offsets, missing)
	}
	number := func(name string, of func(r *analysis.Row) float64) table.Column {
		values := make([]float64, len(rows))
		missing := make([]table.Missing, len(rows))
		for i, r := range rows {
			if values[i] = of(r); math.IsNaN(values[i]) || math.IsInf(values[i], 0) {
				missing[i] = table.Blank
			}
		}
		return table.NewNumber(name, values, missing)
	}
	columns := []table.Column{text("kind", func(i int) string { return results[i].Kind })}
	for _, name := range by {
		columns = append(columns, text("by."+name, func(i int) string {
			for _, g := range rows[i].Domain {
				if g.Column == name {
					return g.Level
				}
			}
			return ""
		}))
	}
	columns = append(columns,
		text("variable", func(i int) string { return rows[i].Variable }),
		text("level", func(i int) string { return rows[i].Level }),
		text("term", func(i int) string { return rows[i].Term }),
		number("quantile", func(r *analysis.Row) float64 { return r.At }),
		number("estimate", func(r *analysis.Row) float64 { return r.Value }),
		number("se", func(r *analysis.Row) float64 { return r.SE }),
		number("ci_low", func(r *analysis.Row) float64 { return r.Lo }),
		number("ci_high", func(r *analysis.Row) float64 { return r.Hi }),
		number("log_se", func(r *analysis.Row) float64 { return r.LogSE }),
		number("odds_ratio", func(r *analysis.Row) float64 { return r.OddsRatio }),
		number("odds_low", func(r *analysis.Row) float64 { return r.OddsLo }),
		number("odds_high", func(r *analysis.Row) float64 { return r.OddsHi }),
		number("deff", func(r *analysis.Row) float64 { return r.Deff }),
		number("t", func(r *analysis.Row) float64 { return r.T }),
		number("statistic", func(r *analysis.Row) float64 { return r.Statistic }),
		number("df", func(r *analysis.Row) float64 { return r.DF }),
		number("df2", func(r *analysis.Row) float64 { return r.DF2 }),
		number("p", func(r *analysis.Row) float64 { return r.P }),
		number("p_adjusted", func(r *analysis.Row) float64 { return r.PAdjusted }),
		number("n", func(r *analysis.Row) float64 {
			if !r.Counted {
				return math.NaN()
			}
			return float64(r.N)
		}),
		number("base", func(r *analysis.Row) float64 { return float64(r.Base) }),
		number("missing", func(r *analysis.Row) float64 { return float64(r.MissingRows()) }),
		text("method", func(i int) string { return rows[i].Method }),
		text("not_estimable", func(i int) string { return rows[i].NotEstimable }),
		text("asked", func(i int) string { return results[i].Ask }),
	)
	t, err := table.New(columns...)
	if err != nil {
		return err
	}
	return table.WriteCSV(w, t, table.WriteOptions{})
}
