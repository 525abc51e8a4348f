package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
)

func instrumentFormCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "form INSTRUMENT",
		Short: "Write an instrument as an XLSForm workbook, to edit and deploy",
		Long: `Form writes the questionnaire as an XLSForm: the sheets survey, choices and
settings in one workbook, in all its languages. A form server for ODK takes it
as it is; "waymark form compile" makes the XForm for phones of it.`,
		Example: `  waymark instrument form fms-2016 --out fms-2016.xlsx
  waymark form compile fms-2016.xlsx
  waymark form preview fms-2016.xlsx`,
		Args: exactly(1, "give an instrument, such as "+strings.Join(instrument.Builtin(), " or ")),
		RunE: func(cmd *cobra.Command, args []string) error {
			var book bytes.Buffer
			if err := instrument.WriteXLSX(&book, args[0]); err != nil {
				return err
			}
			if out == "" {
				out = stem(args[0]) + ".xlsx"
			}
			if err := writeOutput(cmd, out, book.Bytes()); err != nil {
				return err
			}
			if out != "-" {
				fmt.Fprintf(cmd.OutOrStdout(), "Written: %s\n", out)
			}
			list, _, err := instrument.Translations(args[0])
			if err != nil {
				return err
			}
			if unread := unreviewed(list); len(unread) > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "Not read by a speaker yet: %s. \"waymark instrument translations %s\" lists the texts.\n", strings.Join(unread, ", "), args[0])
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`file` to write, or - for standard output (default: the instrument's name with the ending .xlsx, in this folder)")
	return cmd
}

// unreviewed lists the languages that hold a text which no speaker has read.
func unreviewed(list []instrument.Translation) []string {
	var codes []string
	for _, c := range instrument.Coverages(list) {
		if c.NeedsReview > 0 || c.Missing > 0 {
			codes = append(codes, c.Language)
		}
	}
	return codes
}

func instrumentTranslationsCommand() *cobra.Command {
	var format, lang string
	var record bool
	cmd := &cobra.Command{
		Use:   "translations INSTRUMENT",
		Short: "Which texts a speaker of each language has read",
		Long: `Translations counts the texts of an instrument by language and status: source
(the language that it was written in), needs review (translated, not yet read by
a speaker), reviewed, missing. Do not ask people in a language that needs review.

--format csv lists every text with its status. --record brings translations.csv
of an instrument's folder up to date: a text that changed since it was reviewed
needs review again. A reviewer then writes "reviewed", a role and the day.`,
		Example: `  waymark instrument translations fms-2016
  waymark instrument translations fms-2016 --lang prs --format csv > dari.csv
  waymark instrument translations my-instrument --record`,
		Args: exactly(1, "give an instrument, such as "+strings.Join(instrument.Builtin(), " or ")),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "table", "csv", "json"); err != nil {
				return err
			}
			list, stale, err := instrument.Translations(args[0])
			if err != nil {
				return err
			}
			if record {
				return recordTranslations(cmd, args[0], list)
			}
			if lang != "" {
				list = inLanguage(list, lang)
				if len(list) == 0 {
					return usage(fmt.Sprintf("%s has no texts in %q", args[0], lang), "waymark instrument list shows its languages")
				}
			}
			for _, f := range stale {
				fmt.Fprintln(cmd.ErrOrStderr(), "waymark:", f)
			}
			return printTranslations(cmd, list, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "what to print: table, csv or json")
	cmd.Flags().StringVar(&lang, "lang", "", "only this `language`, such as prs")
	cmd.Flags().BoolVar(&record, "record", false, "bring translations.csv in the instrument's folder up to date")
	return cmd
}

func inLanguage(list []instrument.Translation, lang string) []instrument.Translation {
	var some []instrument.Translation
	for _, t := range list {
		if t.Language == lang {
			some = append(some, t)
		}
	}
	return some
}

func printTranslations(cmd *cobra.Command, list []instrument.Translation, format string) error {
	w := cmd.OutOrStdout()
	switch format {
	case "json":
		return writeJSON(w, instrument.Coverages(list))
	case "csv":
		return instrument.WriteTranslationTexts(w, list)
	}
	var rows [][]string
	for _, c := range instrument.Coverages(list) {
		rows = append(rows, []string{c.Language, c.Word(), fmt.Sprint(c.Texts), fmt.Sprint(c.Source), fmt.Sprint(c.Reviewed), fmt.Sprint(c.NeedsReview), fmt.Sprint(c.Missing)})
	}
	aligned(w, []string{"language", "status", "texts", "source", "reviewed", "needs review", "missing"}, rows)
	return nil
}

// recordTranslations writes translations.csv of a folder anew.
func recordTranslations(cmd *cobra.Command, folder string, list []instrument.Translation) error {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fault.New(fault.Invalid, fault.Place{File: folder}, "only an instrument in a folder has a record to write", "write its folder first: waymark instrument init, or keep the built-in record")
	}
	var record bytes.Buffer
	if err := instrument.WriteTranslations(&record, list); err != nil {
		return err
	}
	path := folder + "/translations.csv"
	if err := writeOutput(cmd, path, record.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "Written: %s\n", path)
	return nil
}
