package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"waymark/internal/fault"
	"waymark/monitoring"
	"waymark/monitoring/example"
	"waymark/monitoring/instrument"
	"waymark/monitoring/quality"
	"waymark/stats/table"
)

// checkOptions are the flags of `waymark check`.
type checkOptions struct {
	example    bool
	rules      bool
	instrument string
	out        string
	format     string
	lang       string
	sheet      string
	failOn     string
	set        []string
	rows       int
	workers    int
}

func checkCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check [DATA]",
		Short: "Check a file of interviews for faults before it is analysed",
		Long: `Reads interviews (CSV, XLSX, Parquet, Stata or SPSS) as brief does and looks for unknown and missing columns and
codes, contradictions, duplicates, interviews that are too short or at impossible
times and places, enumerators and points that differ from the others, and
rounded ages. Each finding names rows and what to do.

The findings are printed, and written as check.html and check.csv. A finding is
a reason to look, not proof of a fault; the exit code is 0 whatever is found,
unless --fail-on asks otherwise. No output holds an answer that could identify a
person. The report's sentences are in English; --lang chooses the language of
question labels.`,
		Example: `  waymark check interviews.csv --instrument fms-2016
  waymark check interviews.xlsx --instrument my-instrument --out quality --fail-on error
  waymark check interviews.csv --set length.short.minutes=8 --format json
  waymark check --rules`,
		Args: atMost(1, "give one file of interviews"),
		RunE: func(cmd *cobra.Command, args []string) error { return runCheck(cmd, &o, args) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.example, "example", false, "check the built-in example round of synthetic interviews")
	f.BoolVar(&o.rules, "rules", false, "list the checks with their thresholds, units and sources")
	f.StringVar(&o.instrument, "instrument", "fms-2016", "`id` of a built-in instrument, or the folder of one of yours")
	f.StringVar(&o.out, "out", "out", "`folder` to write check.html and check.csv to; it is made if need be")
	f.StringVar(&o.format, "format", "table", "what to print: table or json")
	f.StringVar(&o.lang, "lang", "en", "language of question labels: en, fr, ar")
	f.StringVar(&o.sheet, "sheet", "", "sheet of a workbook (default: the first with a header)")
	f.StringVar(&o.failOn, "fail-on", "", "exit with 1 if there are findings of this `severity` or a graver one: error, warning, note")
	f.StringArrayVar(&o.set, "set", nil, "change a threshold, as `name=number`; may be given again")
	f.IntVar(&o.rows, "rows", 20, "most row numbers that a finding lists in the files and in JSON")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "most processors to use; the report does not depend on it")
	return cmd
}

func runCheck(cmd *cobra.Command, o *checkOptions, args []string) error {
	if err := oneOf("format", o.format, "table", "json"); err != nil {
		return err
	}
	if o.failOn != "" && !slices.Contains(quality.Severities, quality.Severity(o.failOn)) {
		return usage(fmt.Sprintf("there is no severity %q", o.failOn), "--fail-on takes error, warning or note")
	}
	if o.rows < 1 {
		return usage("a finding lists at least one row", "give --rows 1 or more")
	}
	thresholds, err := readThresholds(o.set)
	if err != nil {
		return err
	}
	if o.rules {
		return printRules(cmd.OutOrStdout(), o.format)
	}
	if !o.example && len(args) == 0 {
		return usage("there are no interviews to read", "waymark check DATA --instrument ID, or waymark check --example")
	}
	if o.example && len(args) > 0 {
		return usage("--example brings its own interviews", "leave out the file or --example")
	}
	rep, err := checkFile(cmd, o, args, thresholds)
	if err != nil {
		return err
	}
	names, err := writeCheck(o.out, rep)
	if err != nil {
		return err
	}
	if err := printCheck(cmd, o, rep, names); err != nil {
		return err
	}
	return failOn(o.failOn, rep)
}

// checkFile reads the interviews and checks them.
func checkFile(cmd *cobra.Command, o *checkOptions, args []string, thresholds map[string]float64) (*quality.Report, error) {
	in, err := instrument.Load(o.instrument)
	if err != nil {
		return nil, err
	}
	if cmd.Flags().Changed("lang") && !slices.Contains(in.Languages, o.lang) {
		return nil, usage(fmt.Sprintf("the instrument has no labels in the language %q", o.lang), "--lang takes "+strings.Join(in.Languages, ", "))
	}
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.clear()
	var binding *instrument.Binding
	opt := table.Options{Sheet: o.sheet, Progress: bar.show, Match: func(h table.Header) (*table.Schema, error) {
		b, err := in.Bind(h)
		if err != nil {
			return nil, err
		}
		binding = b
		return b.Schema, nil
	}}
	result, err := readInterviews(cmd.Context(), o, args, opt)
	if err != nil {
		return nil, err
	}
	bar.clear()
	return quality.Check(cmd.Context(), &quality.Input{
		Table: result.Table, Instrument: in, Source: result.Source, Warnings: result.Warnings, Binding: binding,
		Synthetic: o.example || monitoring.LooksSynthetic(result),
		Options: quality.Options{Thresholds: thresholds, MaxRows: o.rows, Workers: o.workers, Lang: o.lang,
			Progress: func(done, total int) { showRules(bar, done, total) }},
	})
}

// showRules says how many checks are done, on a terminal and in long work only.
func showRules(bar *progress, done, total int) {
	if bar.on && time.Since(bar.begun) > 500*time.Millisecond {
		bar.visible = true
		fmt.Fprintf(bar.w, "\r\033[Kchecking: %d of %d checks done", done, total)
	}
}

// readInterviews reads the user's file, or the example round as if it were one.
func readInterviews(ctx context.Context, o *checkOptions, args []string, opt table.Options) (*table.Result, error) {
	if !o.example {
		return table.Read(ctx, args[0], opt)
	}
	data, err := exampleCSV()
	if err != nil {
		return nil, err
	}
	return table.ReadFrom(ctx, bytes.NewReader(data), int64(len(data)), example.Name, opt)
}

// readThresholds reads name=number pairs; whether a name is known is for the
// check to say.
func readThresholds(set []string) (map[string]float64, error) {
	thresholds := map[string]float64{}
	faults := fault.NewList(20)
	for _, s := range set {
		name, text, ok := strings.Cut(s, "=")
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if !ok || err != nil {
			faults.Addf(fault.Usage, fault.Place{Field: s}, "write it as length.short.minutes=8", "this is not a name with a number")
			continue
		}
		thresholds[strings.TrimSpace(name)] = v
	}
	return thresholds, faults.Err()
}

// writeCheck writes the report's files, each under a temporary name first, so
// that none is ever half written. It returns their paths.
func writeCheck(dir string, rep *quality.Report) ([]string, error) {
	page, err := rep.HTML()
	if err != nil {
		return nil, err
	}
	rows, err := rep.CSV()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: dir}, "the folder could not be made", "choose another with --out", err)
	}
	var paths []string
	for _, f := range []struct {
		name string
		data []byte
	}{{"check.html", page}, {"check.csv", rows}} {
		path := filepath.Join(dir, f.name)
		if err := replaceFile(path, f.data); err != nil {
			return nil, unwritten(path, err)
		}
		paths = append(paths, filepath.ToSlash(path))
	}
	return paths, nil
}

// printCheck prints the result, then the files.
func printCheck(cmd *cobra.Command, o *checkOptions, rep *quality.Report, files []string) error {
	out := cmd.OutOrStdout()
	if o.format == "json" {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		return enc.Encode(struct {
			*quality.Report
			Files []string `json:"files"`
		}{rep, files})
	}
	if err := rep.WriteText(out, quality.TextOptions{Color: colorful(out)}); err != nil {
		return err
	}
	fmt.Fprintf(out, "Written: %s\n", strings.Join(files, ", "))
	return nil
}

// colorful says whether an output is a terminal on which colour is wanted.
func colorful(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// failOn turns findings into a failure where --fail-on asks for it.
func failOn(severity string, rep *quality.Report) error {
	if severity == "" {
		return nil
	}
	n := 0
	for _, s := range quality.Severities {
		n += rep.Counts[s]
		if s == quality.Severity(severity) {
			break
		}
	}
	if n == 0 {
		return nil
	}
	return fault.New(fault.Invalid, fault.Place{File: rep.File}, fmt.Sprintf("the check found %s that --fail-on %s asks to fail on",
		counted(n, "thing", "things"), severity), "the report says what to do about each")
}

// printRules lists the checks with what decides them.
func printRules(w io.Writer, format string) error {
	if format == "json" {
		return json.NewEncoder(w).Encode(quality.Describe())
	}
	return quality.WriteRules(w)
}
