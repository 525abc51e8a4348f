package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// convertOptions are the flags of `waymark convert`.
type convertOptions struct {
	instrument string
	lang       string
	sheet      string
}

func convertCommand() *cobra.Command {
	var o convertOptions
	cmd := &cobra.Command{
		Use:   "convert FROM TO",
		Short: "Write a data file in another format: CSV, XLSX, Parquet, Stata or SPSS",
		Long: `Reads a data file and writes it again. What FROM is, its content says: CSV, XLSX,
Parquet, Stata (.dta) or SPSS (.sav, .zsav). The ending of TO says what is
written: .csv, .xlsx, .parquet, .dta, .sav or .zsav.

Stata and SPSS keep labels and why a value is missing: refused, don't know, not
applicable, not asked. With --instrument the columns have the types, labels and
missing codes of the questionnaire; without, those that the file has, and types
of text columns are guessed from all rows.`,
		Example: `  waymark convert interviews.csv interviews.dta --instrument fms-2016
  waymark convert survey.sav survey.csv
  waymark convert survey.dta survey.parquet`,
		Args: exactly(2, "give the file to read and the file to write"),
		RunE: func(cmd *cobra.Command, args []string) error { return runConvert(cmd, &o, args[0], args[1]) },
	}
	f := cmd.Flags()
	f.StringVar(&o.instrument, "instrument", "", "`id` of a built-in instrument, or the folder of one of yours (default: none)")
	f.StringVar(&o.lang, "lang", "", "language of the question labels, such as en, fr or ar (default: the instrument's first)")
	f.StringVar(&o.sheet, "sheet", "", "sheet of a workbook (default: the first with a header)")
	return cmd
}

func runConvert(cmd *cobra.Command, o *convertOptions, from, to string) error {
	write, err := table.WriterFor(to)
	if err != nil {
		return err
	}
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.clear()
	opt := table.Options{Sheet: o.sheet, Progress: bar.show}
	var in *instrument.Instrument
	if o.instrument != "" {
		if in, err = instrument.Load(o.instrument); err != nil {
			return err
		}
		if o.lang == "" && len(in.Languages) > 0 {
			o.lang = in.Languages[0]
		}
		if !slices.Contains(in.Languages, o.lang) {
			return usage(fmt.Sprintf("the instrument has no labels in the language %q", o.lang), "--lang takes "+strings.Join(in.Languages, ", "))
		}
		opt.Match = in.Match
	} else if o.lang != "" {
		return usage("without an instrument there is no language to choose", "add --instrument, or leave out --lang")
	}
	result, err := table.Read(cmd.Context(), from, opt)
	if err != nil {
		return err
	}
	bar.clear()
	labels := result.Labels
	if in != nil {
		labels = map[string]string{}
		for _, c := range result.Table.Columns() {
			if q := in.Question(c.Name()); q != nil {
				labels[c.Name()] = q.Label.In(o.lang)
			}
		}
	}
	var b bytes.Buffer
	if err := write(&b, result.Table, table.WriteOptions{Labels: labels}); err != nil {
		return unwritten(to, err)
	}
	if err := replaceFile(to, b.Bytes()); err != nil {
		return unwritten(to, err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "Written: %s (%s, %s)\n", to, counted(result.Table.Rows(), "row", "rows"), counted(len(result.Table.Columns()), "column", "columns"))
	printWarnings(cmd.ErrOrStderr(), result.Warnings)
	return nil
}
