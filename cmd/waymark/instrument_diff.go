package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"waymark/monitoring/instrument"
)

func instrumentDiffCommand() *cobra.Command {
	var format, lang string
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two instruments, and say what is comparable",
		Long: `Diff says which questions and codes were added, removed or changed, which
indicators mean the same in both, and over which items rounds of the two may
be pooled. Counts over different items are never one measure.`,
		Example: `  waymark instrument diff fms-2016 fms-2017
  waymark instrument diff fms-2016 my-instrument --format json`,
		Args: exactly(2, "give two instruments, such as "+strings.Join(instrument.Builtin(), " ")),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "table", "json"); err != nil {
				return err
			}
			a, err := instrument.Load(args[0])
			if err != nil {
				return err
			}
			b, err := instrument.Load(args[1])
			if err != nil {
				return err
			}
			d := instrument.Diff(a, b)
			if format == "json" {
				return writeJSON(cmd.OutOrStdout(), viewDifference(d, lang))
			}
			printDifference(cmd, d, lang)
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "what to print: table or json")
	cmd.Flags().StringVar(&lang, "lang", "en", "language of the sentence on pooling: en, fr or ar")
	return cmd
}

func printDifference(cmd *cobra.Command, d *instrument.Difference, lang string) {
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%s and %s\n\n", d.A, d.B)
	for _, line := range wrap(d.Pooling.Sentence(lang), terminalWidth) {
		fmt.Fprintln(w, line)
	}
	if len(d.Indicators) > 0 {
		fmt.Fprintf(w, "\nIndicators\n")
		var rows [][]string
		for _, c := range d.Indicators {
			rows = append(rows, []string{c.ID, whose(c.Verdict, d), c.Why})
		}
		aligned(w, []string{"id", "verdict", "why"}, rows)
	}
	fmt.Fprintf(w, "\nQuestions\n")
	var rows [][]string
	for _, q := range d.Questions {
		rows = append(rows, []string{q.Name, whose(q.Kind, d), strings.Join(q.What, "; ")})
	}
	if rows == nil {
		rows = [][]string{{"the same in both"}}
	}
	aligned(w, nil, rows)
	fmt.Fprintf(w, "\nCodes\n")
	rows = nil
	for _, c := range d.Codes {
		rows = append(rows, []string{c.List, c.Code, whose(c.Kind, d), c.What})
	}
	if rows == nil {
		rows = [][]string{{"the same in both"}}
	}
	aligned(w, nil, rows)
}

// whose names the instrument where a verdict says first or second.
func whose(verdict string, d *instrument.Difference) string {
	switch verdict {
	case instrument.OnlyFirst:
		return "only " + d.A
	case instrument.OnlySecond:
		return "only " + d.B
	}
	return verdict
}

func viewDifference(d *instrument.Difference, lang string) any {
	type item struct {
		ID      string   `json:"id"`
		Code    string   `json:"code,omitempty"`
		Verdict string   `json:"verdict"`
		What    []string `json:"what,omitempty"`
		Why     string   `json:"why,omitempty"`
	}
	questions, codes, indicators := []item{}, []item{}, []item{}
	for _, q := range d.Questions {
		questions = append(questions, item{ID: q.Name, Verdict: q.Kind, What: q.What})
	}
	for _, c := range d.Codes {
		i := item{ID: c.List, Code: c.Code, Verdict: c.Kind}
		if c.What != "" {
			i.What = []string{c.What}
		}
		codes = append(codes, i)
	}
	for _, c := range d.Indicators {
		indicators = append(indicators, item{ID: c.ID, Verdict: c.Verdict, Why: c.Why})
	}
	list := func(s []string) []string { return append([]string{}, s...) }
	return map[string]any{"a": d.A, "b": d.B, "questions": questions, "codes": codes, "indicators": indicators,
		"pooling": map[string]any{"items": list(d.Pooling.Items), "only_a": list(d.Pooling.OnlyA), "only_b": list(d.Pooling.OnlyB), "sentence": d.Pooling.Sentence(lang)}}
}
