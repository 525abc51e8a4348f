package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"waymark/forms/preview"
	"waymark/monitoring"
)

func formPreviewCommand() *cobra.Command {
	var out, lang string
	cmd := &cobra.Command{
		Use:   "preview FILE",
		Short: "Show a whole form on one page, its logic in words",
		Long: `Preview writes one HTML page with the whole form: every question as a person
would see it, groups and repeats, and the rules in words: who is asked, what an
answer must be, how a value is calculated. All languages are in the page, with
a switch. It works from disk without a network, and prints.

FILE is an XLSForm, an XForm (.xml), a built-in instrument such as fms-2016, or
- for standard input.`,
		Example: `  waymark form preview survey.xlsx
  waymark form preview fms-2016 --lang ar --out fms-2016.html
  waymark form preview - --out - < survey.xml > survey.html`,
		Args: exactly(1, "give one XLSForm or XForm, a built-in instrument such as fms-2016, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			form, warnings, err := readForm(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			var page bytes.Buffer
			if err := preview.Write(&page, form, preview.Options{Language: lang, Program: monitoring.Program}); err != nil {
				return err
			}
			if out == "" {
				out = stem(args[0]) + ".html"
			}
			if err := writeOutput(cmd, out, page.Bytes()); err != nil {
				return err
			}
			if out != "-" {
				fmt.Fprintf(cmd.OutOrStdout(), "Written: %s\n", out)
			}
			mentionFormWarnings(cmd.ErrOrStderr(), named(args[0]), warnings)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`file` to write, or - for standard output (default: FILE's name with the ending .html, in this folder)")
	cmd.Flags().StringVar(&lang, "lang", "", "`language` shown first, by name or code (default: the form's)")
	return cmd
}
