package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/monitoring/instrument"
)

func instrumentCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "instrument",
		Short: "Versioned questionnaires and their indicators",
		Long: `An instrument is one version of a questionnaire: its questions, codes and
labels, the indicators defined on them with authority and date, and the rules
for who is left out. It is a folder of four files: survey.csv, choices.csv and
settings.csv (the sheets of an XLSForm) and instrument.yaml.

Where a command takes an instrument, give the id of a built-in one, a folder,
a .txtar archive of a folder, or an XLSForm (.xlsx).`,
		Example: `  waymark instrument list
  waymark instrument show fms-2016 --lang fr
  waymark instrument form fms-2016 --out fms-2016.xlsx
  waymark instrument translations fms-2016
  waymark instrument diff fms-2016 fms-2017
  waymark instrument init data.csv --out my-instrument`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(instrumentListCommand(), instrumentShowCommand(), instrumentDiffCommand(), instrumentInitCommand(),
		instrumentFormCommand(), instrumentTranslationsCommand())
	return cmd
}

func instrumentListCommand() *cobra.Command {
	var format, lang string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the built-in instruments",
		Example: `  waymark instrument list
  waymark instrument list --format json`,
		Args: atMost(0, "it takes no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "table", "json"); err != nil {
				return err
			}
			var views []any
			var rows [][]string
			for _, id := range instrument.Builtin() {
				in, err := instrument.Load(id)
				if err != nil {
					return err
				}
				texts, _, err := instrument.Translations(id)
				if err != nil {
					return err
				}
				views = append(views, map[string]any{"id": in.ID, "title": in.Title, "version": in.Version, "date": in.Date, "languages": in.Languages,
					"unreviewed": unreviewed(texts), "questions": len(in.Questions), "indicators": len(in.Indicators), "sha256": in.SHA256})
				rows = append(rows, []string{in.ID, in.Version, in.Date, marked(in.Languages, unreviewed(texts)), fmt.Sprint(len(in.Questions)), fmt.Sprint(len(in.Indicators)), in.Title.In(lang)})
			}
			if format == "json" {
				return writeJSON(cmd.OutOrStdout(), views)
			}
			aligned(cmd.OutOrStdout(), []string{"id", "version", "since", "languages", "questions", "indicators", "title"}, rows)
			fmt.Fprintln(cmd.OutOrStdout(), "* holds texts that no speaker has read yet: waymark instrument translations ID")
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "what to print: table or json")
	cmd.Flags().StringVar(&lang, "lang", "en", "language of the titles: en, fr or ar")
	return cmd
}

// marked joins language codes, with a star on some.
func marked(codes, some []string) string {
	list := slices.Clone(codes)
	for i, code := range list {
		if slices.Contains(some, code) {
			list[i] += "*"
		}
	}
	return strings.Join(list, " ")
}

// oneOf checks the value of a flag.
func oneOf(flag, value string, known ...string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	return usage(fmt.Sprintf("there is no %s %q", flag, value), "--"+flag+" takes "+strings.Join(known, ", "))
}

// exactly is an argument check with an error that says what to write.
func exactly(n int, remedy string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage(fmt.Sprintf("%s takes %s, not %d", cmd.CommandPath(), counted(n, "argument", "arguments"), len(args)), remedy)
		}
		return nil
	}
}

// writeJSON prints a value with two spaces of indentation.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
