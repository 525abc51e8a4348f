package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waymark/monitoring"
	"waymark/monitoring/brief"
	"waymark/monitoring/example"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// briefOptions are the flags of `waymark brief`.
type briefOptions struct {
	example    bool
	instrument []string
	plan       string
	out        string
	format     string
	languages  []string
	sheet      string
	workers    int
}

func briefCommand() *cobra.Command {
	var o briefOptions
	cmd := &cobra.Command{
		Use:   "brief [DATA...]",
		Short: "Turn a file of interviews into a brief",
		Long: `Reads interviews (CSV, XLSX, Parquet, Stata or SPSS, as KoboToolbox or ODK
Central export them), leaves out whom the instrument's rules leave out, estimates what the plan
asks, and writes a brief as HTML, DOCX, XLSX and CSV with a receipt for every
number. The headline figures are printed as a table.

Without --plan the default plan of the instrument is used; --plan default
prints it, with comments, to edit. A plan also says, among others:

  design:     {weights: w, strata: s, clusters: [psu], fpc: [n], nest: true, lonely_psu: adjust}
  design:     {weights: w, replicates: {type: fay, rho: 0.5, columns: [repw*]}}
  multiple:   {method: holm, family: kind, level: 0.05}
  weighting:  {totals: arrivals.csv, count: n, margins: [sex], method: logit,
               lower: 0.3, upper: 4, trim: {upper: 5}}

The totals may be CSV, XLSX, Parquet, Stata or SPSS, as the interviews.

Several files are pooled. Files of different instruments, named in the same
order, are pooled only over the items common to all, and the brief says so.`,
		Example: `  waymark brief --example
  waymark brief interviews.csv --instrument fms-2016 --out brief
  waymark brief --plan default > plan.yaml
  waymark brief interviews.xlsx --instrument my-instrument --plan plan.yaml --lang en,fr,ar
  waymark brief 2016.csv 2017.csv --instrument fms-2016,fms-2017`,
		Args: atMost(maxPooled, "pool the files before"),
		RunE: func(cmd *cobra.Command, args []string) error { return runBrief(cmd, &o, args) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.example, "example", false, "use the built-in example round of synthetic interviews")
	f.StringSliceVar(&o.instrument, "instrument", []string{"fms-2016"}, "`id` of a built-in instrument, or the folder of one of yours; for pooled files one for all, or one each")
	f.StringVar(&o.plan, "plan", "", "plan `file`; without DATA, \"default\" prints the default plan")
	f.StringVar(&o.out, "out", "out", "`folder` to write to; it is made if need be")
	f.StringVar(&o.format, "format", "table", "what to print: table or json")
	f.StringSliceVar(&o.languages, "lang", nil, "languages of the brief, the main one first: en, fr, ar (default: the plan's)")
	f.StringVar(&o.sheet, "sheet", "", "sheet of a workbook (default: the first with a header)")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "most processors to use; the figures do not depend on it")
	return cmd
}

func runBrief(cmd *cobra.Command, o *briefOptions, args []string) error {
	if err := oneOf("format", o.format, "table", "json"); err != nil {
		return err
	}
	each, in, err := loadInstruments(o.instrument, len(args))
	if err != nil {
		return err
	}
	if !o.example && len(args) == 0 {
		if o.plan == "default" {
			_, err := io.WriteString(cmd.OutOrStdout(), monitoring.DefaultPlan(in).YAML(in))
			return err
		}
		return usage("there are no interviews to read", "waymark brief DATA --instrument ID, or waymark brief --example")
	}
	if o.example && len(args) > 0 {
		return usage("--example brings its own interviews", "leave out the file or --example")
	}
	plan, planText, err := loadPlan(o, in)
	if err != nil {
		return err
	}
	job := &briefJob{o: o, each: each, in: in, plan: plan, planText: planText, extra: map[string][]byte{}}
	return job.run(cmd, args)
}

// briefJob is one run from interviews to files.
type briefJob struct {
	o        *briefOptions
	each     []*instrument.Instrument // of each file
	in       *instrument.Instrument
	plan     *monitoring.Plan
	planText string
	extra    map[string][]byte // further files to write
}

func (j *briefJob) run(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.clear()
	round, err := j.read(ctx, args, bar)
	if err != nil {
		return err
	}
	bar.clear()
	totals, err := loadTotals(ctx, j.plan, j.o.plan, j.in)
	if err != nil {
		return err
	}
	analysis, err := monitoring.Analyse(ctx, round, j.plan, monitoring.Options{Workers: j.o.workers, PlanText: j.planText, Totals: totals})
	if err != nil {
		return err
	}
	files, err := j.render(analysis)
	if err != nil {
		return err
	}
	if err := brief.Write(j.o.out, files); err != nil {
		return err
	}
	return j.report(cmd, args, analysis, files)
}

// read reads the user's file or makes the example round, which goes the same
// way as a file would.
func (j *briefJob) read(ctx context.Context, args []string, bar *progress) (*monitoring.Round, error) {
	opt := table.Options{Sheet: j.o.sheet, Progress: bar.show}
	if !j.o.example {
		rounds := make([]*monitoring.Round, len(args))
		for i, path := range args {
			var err error
			if rounds[i], err = monitoring.ReadRound(ctx, path, j.each[i], opt); err != nil {
				return nil, err
			}
		}
		return monitoring.Pool(rounds)
	}
	data, err := exampleCSV()
	if err != nil {
		return nil, err
	}
	j.extra[example.Name] = data // written beside its brief, to look at and to check
	return monitoring.ReadRoundFrom(ctx, bytes.NewReader(data), int64(len(data)), example.Name, j.in, opt)
}

// render composes and renders the brief in every language of the plan, with
// the receipts and the findings beside it.
func (j *briefJob) render(a *monitoring.Analysis) (map[string][]byte, error) {
	docs := make([]*brief.Document, len(j.plan.Languages))
	for i, lang := range j.plan.Languages {
		doc, err := brief.Compose(a, lang)
		if err != nil {
			return nil, err
		}
		doc.Receipts = "receipts.html"
		docs[i] = doc
	}
	receipts := monitoring.MakeReceipts(a, j.planText)
	entries, shared, err := brief.ReceiptEntries(receipts, a, j.plan.Languages[0])
	if err != nil {
		return nil, err
	}
	files, err := brief.Render(docs, brief.RenderOptions{Now: buildTime(a), Receipts: entries, SharedReceipt: shared})
	if err != nil {
		return nil, err
	}
	if files["receipts.json"], err = receipts.JSON(); err != nil {
		return nil, err
	}
	if files["findings.json"], err = json.MarshalIndent(monitoring.Report(a, nil), "", " "); err != nil {
		return nil, err
	}
	files["plan.yaml"] = []byte(j.planText)
	for name, data := range j.extra {
		files[name] = data
	}
	return files, nil
}

// buildTime is the time that documents give as their making: the last day of
// the interviews, so that the same interviews make the same bytes.
func buildTime(a *monitoring.Analysis) time.Time {
	if t, err := time.Parse(time.DateOnly, a.Last); err == nil {
		return t
	}
	return time.Date(2016, 10, 11, 0, 0, 0, 0, time.UTC)
}

// report prints the result, then the files, then hints.
func (j *briefJob) report(cmd *cobra.Command, args []string, a *monitoring.Analysis, files map[string][]byte) error {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, filepath.ToSlash(filepath.Join(j.o.out, name)))
	}
	sort.Strings(names)
	printWarnings(cmd.ErrOrStderr(), a.Warnings)
	if j.o.format == "json" {
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetEscapeHTML(false)
		return enc.Encode(monitoring.Report(a, names))
	}
	out := cmd.OutOrStdout()
	fmt.Fprintln(out, strings.TrimRight(brief.Headline(a, j.plan.Languages[0]), "\n"))
	fmt.Fprintf(out, "\nWritten to %s%c\n", j.o.out, filepath.Separator)
	printFiles(out, names, j.o.out)
	fmt.Fprintf(out, "\nWhere a number came from:  %s\n", j.receiptHint(args, a))
	if j.o.example {
		fmt.Fprintf(out, "Your own interviews:       waymark brief interviews.csv --instrument %s --out brief\n", j.in.ID)
	}
	return nil
}

// receiptHint is the command that computes the first number again, with what
// it cannot find by itself.
func (j *briefJob) receiptHint(args []string, a *monitoring.Analysis) string {
	hint := "waymark receipt " + exampleKey(a) + " --receipts " + filepath.ToSlash(filepath.Join(j.o.out, "receipts.json"))
	if len(args) > 0 {
		hint += " --data " + filepath.ToSlash(strings.Join(args, ","))
	}
	if slices.ContainsFunc(j.o.instrument, func(name string) bool { return !slices.Contains(instrument.Builtin(), name) }) {
		hint += " --instrument " + filepath.ToSlash(strings.Join(j.o.instrument, ","))
	}
	return hint
}

// exampleKey is the first finding shown, for the hint.
func exampleKey(a *monitoring.Analysis) string {
	for _, f := range a.Findings {
		if f.NotShown == "" {
			return f.Key
		}
	}
	return "KEY"
}

// printFiles names the files, with folders of many files counted.
func printFiles(w io.Writer, names []string, dir string) {
	folders := map[string]int{}
	for _, n := range names {
		rel := strings.TrimPrefix(strings.TrimPrefix(n, filepath.ToSlash(filepath.Clean(dir))), "/")
		if folder, _, nested := strings.Cut(rel, "/"); nested {
			folders[folder]++
			continue
		}
		fmt.Fprintf(w, "  %s\n", rel)
	}
	for _, folder := range []string{"figures", "tables"} {
		if n := folders[folder]; n > 0 {
			fmt.Fprintf(w, "  %s/ (%s)\n", folder, counted(n, "file", "files"))
		}
	}
}
