package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waymark/monitoring/instrument"
)

func instrumentInitCommand() *cobra.Command {
	var out string
	var opt instrument.DraftOptions
	cmd := &cobra.Command{
		Use:   "init FILE",
		Short: "Draft an instrument from a data file or an XLSForm, to edit",
		Long: `Init reads a file of data (CSV, XLSX, Parquet, Stata, SPSS) or an XLSForm and
drafts an instrument from it: types, codes, likely weights, strata, clusters and
population sizes, groups, and an indicator for each yes/no question. Every
guess says why, in a comment of instrument.yaml. Nobody is left out by a draft:
rules for that are yours to write.

With --out it writes a folder, which must be new or empty. Without, it prints
the folder as one .txtar text, which every command takes as an instrument too.`,
		Example: `  waymark instrument init data.csv --out my-instrument
  waymark instrument init data.csv > my-instrument.txtar
  waymark instrument init form.xlsx --out my-instrument
  waymark brief data.csv --instrument my-instrument`,
		Args: exactly(1, "give a data file or an XLSForm"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opt.Date = time.Now().Format(time.DateOnly)
			d, err := instrument.Draft(cmd.Context(), args[0], opt)
			if err != nil {
				return err
			}
			if out == "" {
				_, err := cmd.OutOrStdout().Write(d.Archive())
				return err
			}
			if err := d.WriteFolder(out); err != nil {
				return err
			}
			w := cmd.ErrOrStderr()
			fmt.Fprintf(w, "Drafted the instrument %s in %s:\n", d.ID, out)
			for _, f := range d.Files {
				fmt.Fprintf(w, "  %s\n", f.Name)
			}
			for _, g := range d.Guesses {
				for i, line := range wrap(g, terminalWidth-4) {
					if i == 0 {
						fmt.Fprintf(w, "- %s\n", line)
					} else {
						fmt.Fprintf(w, "  %s\n", line)
					}
				}
			}
			fmt.Fprintf(w, "Check the guesses in %s/instrument.yaml, then: waymark brief %s --instrument %s\n", out, args[0], out)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`folder` to write; without it, the folder is printed as .txtar")
	cmd.Flags().StringVar(&opt.ID, "id", "", "id of the new instrument (default: from the name of the file)")
	cmd.Flags().StringVar(&opt.Sheet, "sheet", "", "sheet of a workbook of data (default: the first with a header)")
	return cmd
}
