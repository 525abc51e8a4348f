package main

import (
	"github.com/spf13/cobra"
)

func formCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "form",
		Short: "Questionnaires: from an XLSForm to a form that phones can fill",
		Long: `A questionnaire is written as an XLSForm: a workbook with a survey sheet, and
sheets for choices and settings. The commands read it from .xlsx, .xls, .csv or
markdown tables, whatever the file's name says, and name sheet, row and column
of whatever is wrong in it.`,
		Example: `  waymark form compile survey.xlsx
  waymark form compile survey.xlsx --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		formCompileCommand(),
		formCheckCommand(),
		formFillCommand(),
		formPreviewCommand(),
		formCodebookCommand(),
		formDiffCommand(),
	)
	return cmd
}
