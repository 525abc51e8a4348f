package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waymark/forms/codebook"
	"waymark/monitoring"
)

func formCodebookCommand() *cobra.Command {
	var out, lang, format string
	cmd := &cobra.Command{
		Use:   "codebook FILE",
		Short: "The dictionary of a form's data, for those who analyse them",
		Long: `Codebook lists every variable of a form: its column in an export, what was
asked, the values and their labels with the codes of missing answers marked, who
is asked, what an answer must be, how a value is calculated. It is written as a
workbook (.xlsx, with all values and all languages), a page (.html) or a table
of the variables (.csv), by the ending of --out.

FILE is an XLSForm, an XForm (.xml), a built-in instrument such as fms-2016, or
- for standard input.`,
		Example: `  waymark form codebook survey.xlsx
  waymark form codebook fms-2016 --lang fr --out codebook.html
  waymark form codebook survey.xml --format csv --out -`,
		Args: exactly(1, "give one XLSForm or XForm, a built-in instrument such as fms-2016, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format == "" {
				format = strings.TrimPrefix(strings.ToLower(filepath.Ext(out)), ".")
				if out == "" || out == "-" {
					format = "xlsx"
				}
			}
			if err := oneOf("format", format, "xlsx", "html", "csv"); err != nil {
				return err
			}
			form, warnings, err := readForm(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			book, err := codebook.Of(form, lang)
			if err != nil {
				return err
			}
			var data bytes.Buffer
			switch format {
			case "html":
				err = book.HTML(&data, monitoring.Program)
			case "csv":
				err = book.CSV(&data)
			default:
				err = book.XLSX(&data)
			}
			if err != nil {
				return err
			}
			if out == "" {
				out = stem(args[0]) + "-codebook." + format
			}
			if err := writeOutput(cmd, out, data.Bytes()); err != nil {
				return err
			}
			if out != "-" {
				fmt.Fprintf(cmd.OutOrStdout(), "%s, %s\nWritten: %s\n", counted(len(book.Variables), "variable", "variables"), counted(len(book.Lists), "list of values", "lists of values"), out)
			}
			mentionFormWarnings(cmd.ErrOrStderr(), named(args[0]), warnings)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", "", "`file` to write, or - for standard output (default: FILE's name with -codebook and the ending, in this folder)")
	f.StringVar(&format, "format", "", "what to write: xlsx, html or csv (default: by the ending of --out, else xlsx)")
	f.StringVar(&lang, "lang", "", "`language` of the labels, by name or code (default: the form's)")
	return cmd
}
