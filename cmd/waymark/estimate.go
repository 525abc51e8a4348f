package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/stats/survey/spec"
)

// estimateOptions are the flags of `waymark estimate`.
type estimateOptions struct {
	spec   string
	dir    string
	format string
}

func estimateCommand() *cobra.Command {
	var o estimateOptions
	cmd := &cobra.Command{
		Use:   "estimate --spec CASE.json",
		Short: "Estimate from any survey, with the variance that its design gives",
		Long: `Runs one case, or every case of {"cases": [...]}, on data files of a folder. A
case names the data file, the sample design by its columns, and what to
estimate:

  {"data": "schools.csv",
   "design": {"clusters": ["district"], "strata": "type", "weights": "pw", "fpc": ["n"]},
   "estimate": "proportion", "variables": ["open"], "level": "yes",
   "by": ["type"], "method": "beta"}

estimate    ` + strings.Join(spec.Kinds, ", ") + `
method      of a proportion: logit, likelihood, asin, beta, mean, xlogit, wilson;
            of independence: F (second order) or Chisq (first order)
lonely_psu  fail, remove, certainty, adjust or average
variance    Taylor, or JK1 and JKn for means, totals, ratios and proportions
formula     of ttest, ranktest, contrast, compare, trend, linear and logit: what the
            flag of waymark analyse takes, such as "api00 ~ ell*stype"
wald, margins, effects    asked of that model, in place of its coefficients;
            small_sample (bell-mccaffrey, cr2), uncertainty (coefficients, parts, sample)
quantile_rule, quantile_interval    by R's names
replicates  {"type": "JKn" and so on, "columns": "rep*" or made, "rho", "scale",
            "rscales", "factors", "mse", "count", "seed", "df"}
trim        {"lower", "upper", "strict"}
calibrate   {"kind": "poststratify" or "rake", "margins": [{"variable", "counts"}]}
            {"kind": "greg-linear", "greg-raking" or "greg-logit", "totals", "bounds"}

One case prints its result; several print an outcome each, and one that fails
says why in its place while the others go on.`,
		Example: `  waymark estimate --spec case.json --data-dir data
  waymark estimate --spec cases.json --data-dir data --format json > results.json
  waymark estimate --spec - --data-dir data < case.json`,
		Args: atMost(0, "give the case with --spec"),
		RunE: func(cmd *cobra.Command, _ []string) error { return runEstimate(cmd, &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.spec, "spec", "", "`file` with the case in JSON; - is standard input (required)")
	f.StringVar(&o.dir, "data-dir", "", "`folder` with the data files (default: the folder of the case)")
	f.StringVar(&o.format, "format", "table", "what to print: table or json")
	return cmd
}

func runEstimate(cmd *cobra.Command, o *estimateOptions) error {
	if o.format != "table" && o.format != "json" {
		return usage(fmt.Sprintf("there is no format %q", o.format), "--format table or --format json")
	}
	if o.spec == "" {
		return usage("there is no case to run", "give its file with --spec")
	}
	var data []byte
	var err error
	if o.spec == "-" {
		data, err = io.ReadAll(cmd.InOrStdin())
	} else {
		data, err = os.ReadFile(o.spec)
	}
	if err != nil {
		return fault.Wrap(fault.NotFound, fault.Place{File: o.spec}, "the case could not be read", "check the name and the folder", err)
	}
	dir := o.dir
	if dir == "" {
		dir = filepath.Dir(o.spec)
	}
	cases, several, err := spec.Parse(data, filepath.Base(o.spec))
	if err != nil {
		return err
	}
	files := spec.NewLibrary(dir)
	if several {
		outcomes := spec.RunAll(cmd.Context(), cases, files)
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		if o.format == "json" {
			return writeJSON(cmd.OutOrStdout(), map[string]any{"cases": outcomes})
		}
		return printOutcomes(cmd.OutOrStdout(), outcomes)
	}
	rows, err := spec.Run(cmd.Context(), cases[0], files)
	if err != nil {
		return err
	}
	if o.format == "json" {
		return writeJSON(cmd.OutOrStdout(), rows)
	}
	return printOutcomes(cmd.OutOrStdout(), []spec.Outcome{{ID: cases[0].ID, Result: rows}})
}

// printOutcomes writes results as aligned tables.
func printOutcomes(w io.Writer, outcomes []spec.Outcome) error {
	for i, o := range outcomes {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if o.ID != "" {
			fmt.Fprintln(w, o.ID)
		}
		if o.Error != "" {
			fmt.Fprintf(w, "  not run: %s\n", o.Error)
			continue
		}
		tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for k, r := range o.Result {
			if k == 0 {
				fmt.Fprintln(tw, strings.Join(rowHeads(r), "\t"))
			}
			fmt.Fprintln(tw, strings.Join(rowCells(r), "\t"))
		}
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func rowHeads(r spec.Row) []string {
	if r.Statistic != nil {
		return []string{"what", "statistic", "df", "p"}
	}
	if r.Term != "" {
		return []string{"what", "estimate", "standard error", "t", "p"}
	}
	return []string{"what", "estimate", "standard error", "interval", "design effect", "base"}
}

// rowCells renders a row to six digits; JSON has them all.
func rowCells(r spec.Row) []string {
	what := []string{}
	for _, s := range []string{r.Variable, r.Level, r.Term} {
		if s != "" {
			what = append(what, s)
		}
	}
	switch d := r.Domain.(type) {
	case string:
		what = append(what, d)
	case []string:
		what = append(what, d...)
	}
	if len(what) == 0 {
		what = append(what, "all")
	}
	cells := []string{strings.Join(what, ", ")}
	if r.NotEstimable != "" {
		return append(cells, "not estimable: "+r.NotEstimable)
	}
	if r.Statistic != nil {
		return append(cells, six(r.Statistic), strings.Trim(fmt.Sprint(r.DF), "[]"), six(r.P))
	}
	if r.Term != "" {
		return append(cells, six(r.Estimate), six(r.SE), six(r.T), six(r.P))
	}
	if r.P != nil {
		cells[0] += ", p = " + six(r.P)
	}
	interval := ""
	if len(r.CI) == 2 {
		interval = six(r.CI[0]) + " to " + six(r.CI[1])
	}
	base := ""
	if r.Base != nil {
		base = strconv.Itoa(*r.Base)
	}
	return append(cells, six(r.Estimate), six(r.SE), interval, six(r.Deff), base)
}

func six(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'g', 6, 64)
}
