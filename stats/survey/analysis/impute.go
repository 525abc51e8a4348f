package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/impute"
	"waymark/stats/table"
)

// Imputation fills missing answers several times over and combines what each
// completed file gives by Rubin's rules. Nothing is filled unless it is asked
// for, and the report's notes name every column, its model and how many values
// were made up.
type Imputation struct {
	Columns []string // Required: to be filled
	// From are complete columns that predict besides. Default: the weights, the
	// strata and the columns of By.
	From []string
	// Ordered are columns among Columns whose levels have an order.
	Ordered []string
	// Files and Iterations. Default 20 and 10.
	Files, Iterations int
	Seed              uint64
}

// runImputed answers everything from each completed file.
func (a *Analysis) runImputed(ctx context.Context) (*Report, error) {
	filled, err := a.fill(ctx)
	if err != nil {
		return nil, err
	}
	reports := make([]*Report, filled.M)
	for k := range reports {
		columns := make([]table.Column, len(a.Imputation.Columns))
		for i, name := range a.Imputation.Columns {
			if columns[i], err = filled.Column(name, k); err != nil {
				return nil, err
			}
		}
		t, err := a.Data.Table.With(columns...)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, fault.Place{File: a.Data.Name}, "a completed file could not be made", "", err)
		}
		one := *a
		one.Imputation, one.Data, one.Options.Adjust = nil, NewData(a.Data.Name, t), ""
		if reports[k], err = one.Run(ctx); err != nil {
			return nil, err
		}
	}
	report := a.pool(reports)
	report.Notes = append(report.Notes, strings.Split(strings.TrimSpace(filled.String()), "\n")...)
	p := &plan{opt: a.Options}
	return report, p.adjustAll(report)
}

// fill makes the completed files.
func (a *Analysis) fill(ctx context.Context) (*impute.Result, error) {
	im := a.Imputation
	faults := fault.NewList(maxFaults)
	var variables []impute.Variable
	add := func(name string, keep bool) {
		c, err := a.Data.typed(name)
		faults.Add(faultsOf(err)...)
		if err == nil {
			variables = append(variables, impute.Variable{Column: c, Keep: keep, Ordered: slices.Contains(im.Ordered, name)})
		}
	}
	for _, name := range im.Columns {
		add(name, false)
	}
	for _, name := range im.Ordered {
		if !slices.Contains(im.Columns, name) {
			faults.Addf(fault.Usage, fault.Place{Field: name}, "name it among the columns to fill too", "the order of a column that is not filled does not matter")
		}
	}
	from := im.From
	if from == nil {
		from = append(from, a.Sample.Weights, a.Sample.Strata)
		for _, by := range a.By {
			from = append(from, by...)
		}
	}
	for k, name := range from {
		if name != "" && !slices.Contains(im.Columns, name) && !slices.Contains(from[:k], name) {
			add(name, true)
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return impute.Fill(ctx, variables, impute.Options{M: im.Files, Iterations: im.Iterations, Seed: im.Seed, Workers: a.Options.Workers})
}

// typed is a column as a model takes it: texts as numbers if they all are, else
// as categories.
func (d *Data) typed(name string) (table.Column, error) {
	c, err := d.Column(name)
	if err != nil || c.Kind() != table.Text {
		return c, err
	}
	if number, err := d.IsNumber(name); err != nil || number {
		if err != nil {
			return nil, err
		}
		return d.Number(name)
	}
	return d.Category(name)
}

// pool combines reports that answer the same.
func (a *Analysis) pool(files []*Report) *Report {
	out := *files[0]
	out.Results = slices.Clone(out.Results)
	out.Notes = slices.Clone(out.Notes)
	for i := range out.Results {
		r := &out.Results[i]
		var order []string
		rows := map[string][]Row{}
		for _, f := range files {
			for _, row := range f.Results[i].Rows {
				key := fmt.Sprintf("%q %q %q %q %v", row.Domain, row.Variable, row.Level, row.Term, row.At)
				if rows[key] == nil {
					order = append(order, key)
				}
				rows[key] = append(rows[key], row)
			}
		}
		r.Rows = nil
		for _, key := range order {
			r.Rows = append(r.Rows, a.poolRow(r, rows[key], len(files), files[0].Design.DF))
		}
		if len(r.Explain) > 0 {
			r.Explain = append(r.Explain[:len(r.Explain):len(r.Explain)], fmt.Sprintf("Missing answers were filled in %d times. The estimate is the mean over the completed files; its variance is the mean variance plus (1 + 1/%d) times the variance between the files; the interval is by t with the degrees of freedom of Barnard and Rubin.", len(files), len(files)))
			r.Sources = append(r.Sources[:len(r.Sources):len(r.Sources)], "Rubin (1987), Multiple Imputation for Nonresponse in Surveys", "Barnard and Rubin (1999), Biometrika 86", "van Buuren (2018), Flexible Imputation of Missing Data")
			if r.R != "" {
				r.R = fmt.Sprintf("# for each of the %d files of mice::mice(), combined by mitools::MIcombine()\n", len(files)) + r.R
			}
		}
	}
	return &out
}

// poolRow combines one number. A ratio is combined by its logarithm.
func (a *Analysis) poolRow(r *Result, rows []Row, files int, design float64) Row {
	out := rows[0]
	blank := newRow()
	blank.Domain, blank.Variable, blank.Level, blank.Term, blank.At = out.Domain, out.Variable, out.Level, out.Term, out.At
	blank.Missing, blank.Counted = out.Missing, out.Counted
	base, n := 0.0, 0.0
	for _, row := range rows {
		base += float64(row.Base) / float64(len(rows))
		n += float64(row.N) / float64(len(rows))
	}
	blank.Base, blank.N = int(math.Round(base)), int(math.Round(n))
	blank.Method = fmt.Sprintf("Rubin's rules, %d files", files)
	fail := func(why string) Row {
		blank.NotEstimable = why
		return blank
	}
	if len(rows) < files {
		return fail("the group or level is not in every completed file")
	}
	logs := r.Ratio && !math.IsNaN(out.LogSE)
	values, variances := make([]float64, files), make([]float64, files)
	for k, row := range rows {
		if row.NotEstimable != "" {
			return fail(row.NotEstimable)
		}
		values[k], variances[k] = row.Value, row.SE*row.SE
		if logs {
			values[k], variances[k] = math.Log(row.Value), row.LogSE*row.LogSE
		}
	}
	if math.IsNaN(out.Value) || math.IsNaN(variances[0]) {
		return fail("tests without a standard error are not combined over completed files: ask for estimates, comparisons or models")
	}
	complete := a.Options.DF
	switch {
	case out.DF > 0 && !math.IsInf(out.DF, 1):
		complete = out.DF
	case complete == DesignDF:
		complete = design
	}
	p, err := impute.Pool(r.Title, values, variances, complete, a.confidence())
	if err != nil || p.NotEstimable != "" {
		return fail("the completed files cannot be combined: " + p.NotEstimable)
	}
	blank.Value, blank.SE, blank.Lo, blank.Hi, blank.DF = p.Value, p.SE, p.Lo, p.Hi, p.DF
	if logs {
		blank.Value, blank.LogSE, blank.Lo, blank.Hi = math.Exp(p.Value), p.SE, math.Exp(p.Lo), math.Exp(p.Hi)
		if blank.SE = blank.Value * p.SE; math.IsNaN(out.SE) {
			blank.SE = math.NaN()
		}
	}
	if r.Kind == "share" || r.Kind == "proportion" {
		blank.Lo, blank.Hi = max(0, blank.Lo), min(1, blank.Hi)
	}
	if !math.IsNaN(out.P) {
		blank.T, blank.P = p.T, p.P
	}
	if !math.IsNaN(out.OddsRatio) {
		blank.OddsRatio, blank.OddsLo, blank.OddsHi = math.Exp(p.Value), math.Exp(p.Lo), math.Exp(p.Hi)
	}
	blank.Method += fmt.Sprintf(", %.0f%% of the information lost to missing answers", 100*p.Lost)
	return blank
}

func (a *Analysis) confidence() float64 {
	if a.Options.Confidence == 0 {
		return 0.95
	}
	return a.Options.Confidence
}
