package main

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

func instrumentShowCommand() *cobra.Command {
	var format, lang string
	cmd := &cobra.Command{
		Use:   "show INSTRUMENT",
		Short: "Show questions, codes, labels, indicators and rules",
		Long: `Show prints an instrument: its questions in order with type and label, the
choice lists, the roles that questions play, the groups, the indicators with
definition and citation, and the rules for who is left out.

--format md prints the questionnaire as Markdown; json prints everything, in
all languages.`,
		Example: `  waymark instrument show fms-2016
  waymark instrument show fms-2016 --lang ar --format md > questionnaire.md
  waymark instrument show my-instrument --format json`,
		Args: exactly(1, "give an instrument, such as "+strings.Join(instrument.Builtin(), " or ")),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "table", "md", "json"); err != nil {
				return err
			}
			in, err := instrument.Load(args[0])
			if err != nil {
				return err
			}
			if lang == "" && len(in.Languages) > 0 {
				lang = in.Languages[0]
			}
			w := cmd.OutOrStdout()
			switch format {
			case "json":
				return writeJSON(w, viewInstrument(in))
			case "md":
				showMarkdown(w, in, lang)
			default:
				showTable(w, in, lang)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "what to print: table, md or json")
	cmd.Flags().StringVar(&lang, "lang", "", "language of the labels, such as en, fr or ar (default: the instrument's first)")
	return cmd
}

func showTable(w io.Writer, in *instrument.Instrument, lang string) {
	fmt.Fprintf(w, "%s: %s\n", in.ID, in.Title.In(lang))
	about := [][]string{{"version", in.Version}, {"since", in.Date}, {"languages", strings.Join(in.Languages, ", ")},
		{"source", cite(in.Citation)}, {"SHA-256", in.SHA256}}
	var known [][]string
	for _, row := range about {
		if row[1] != "" {
			known = append(known, row)
		}
	}
	aligned(w, nil, known)

	fmt.Fprintf(w, "\nQuestions (%d)\n", len(in.Questions))
	aligned(w, []string{"name", "type", "label"}, questionRows(in, lang))

	if names := listNames(in); len(names) > 0 {
		fmt.Fprintln(w, "\nCodes")
		var rows [][]string
		for _, name := range names {
			rows = append(rows, []string{name, strings.Join(codeWords(in.Lists[name], lang), "; ")})
		}
		aligned(w, []string{"list", "codes and labels; what stands for a missing answer is in brackets"}, rows)
	}
	if len(in.Roles) > 0 {
		fmt.Fprintln(w, "\nRoles")
		aligned(w, nil, roleRows(in))
	}
	if len(in.Groups) > 0 {
		fmt.Fprintf(w, "\nGroups (%d)\n", len(in.Groups))
		aligned(w, []string{"id", "from", "label and levels"}, groupRows(in, lang))
	}
	if len(in.Indicators) > 0 {
		fmt.Fprintf(w, "\nIndicators (%d)\n", len(in.Indicators))
		aligned(w, []string{"id", "experience", "people who ..., definition, source"}, indicatorRows(in, lang))
	}
	if len(in.Exclusions) > 0 {
		fmt.Fprintf(w, "\nLeft out, in this order (%d)\n", len(in.Exclusions))
		aligned(w, []string{"id", "rule, missing answers, source"}, exclusionRows(in, lang))
	}
}

func questionRows(in *instrument.Instrument, lang string) [][]string {
	var rows [][]string
	for _, q := range in.Questions {
		label := q.Label.In(lang)
		if q.Relevant != "" {
			label += " [if " + q.Relevant + "]"
		}
		if q.Identifying {
			label += " [may identify a person]"
		}
		rows = append(rows, []string{q.Name, strings.TrimSpace(q.Type + " " + q.List), strings.TrimSpace(label)})
	}
	return rows
}

func listNames(in *instrument.Instrument) []string {
	var names []string
	for name := range in.Lists {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func codeWords(list []instrument.Choice, lang string) []string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = c.Name
		if label := c.Label.In(lang); label != "" && label != c.Name {
			words[i] += " " + label
		}
		if c.Missing != table.Present {
			words[i] = "[" + words[i] + "]"
		}
	}
	return words
}

func roleRows(in *instrument.Instrument) [][]string {
	var rows [][]string
	for _, r := range instrument.Roles() {
		if name := in.Roles[r]; name != "" {
			rows = append(rows, []string{string(r), name})
		}
	}
	return rows
}

func groupRows(in *instrument.Instrument, lang string) [][]string {
	var rows [][]string
	for _, g := range in.Groups {
		text := g.Label.In(lang)
		var levels []string
		for _, b := range g.Bands {
			levels = append(levels, b.Label.In(lang))
		}
		for _, m := range g.Merge {
			levels = append(levels, m.Label.In(lang)+" ("+strings.Join(m.Of, ", ")+")")
		}
		if len(levels) > 0 {
			text += ": " + strings.Join(levels, "; ")
		}
		if g.Ordered {
			text += " [ordered]"
		}
		rows = append(rows, []string{g.ID, g.From, text})
	}
	return rows
}

func indicatorRows(in *instrument.Instrument, lang string) [][]string {
	var rows [][]string
	for _, i := range in.Indicators {
		rows = append(rows, []string{i.ID, string(i.Experience), i.Sentence.In(lang)},
			[]string{"", "", define(i) + "; " + cite(i.Citation)})
	}
	return rows
}

// define says how an indicator is made.
func define(i instrument.Indicator) string {
	var s string
	if i.Question != "" {
		s = i.Question + " = " + strings.Join(i.Yes, " or ")
	} else {
		s = fmt.Sprintf("at least %d of %s", i.AtLeast, strings.Join(i.Of, ", "))
	}
	if len(i.UnlessAny) > 0 {
		s += " and none of " + strings.Join(i.UnlessAny, ", ")
	}
	if i.Place != "" {
		s += "; where: " + i.Place
	}
	return s
}

func exclusionRows(in *instrument.Instrument, lang string) [][]string {
	var rows [][]string
	for _, e := range in.Exclusions {
		rule := e.Question + " = " + strings.Join(e.Levels, " or ")
		if e.Below != nil {
			rule = fmt.Sprintf("%s under %v", e.Question, *e.Below)
		}
		rows = append(rows, []string{e.ID, fmt.Sprintf("%s: %s", e.Label.In(lang), rule)},
			[]string{"", fmt.Sprintf("missing: %s. %s", e.Missing, e.Why.In(lang))}, []string{"", cite(e.Citation)})
	}
	return rows
}

func cite(c instrument.Citation) string {
	if c.Authority == "" {
		return ""
	}
	return c.Authority + ", " + c.Source + " (" + c.Date + ")"
}
