package main

import (
	"fmt"
	"io"
	"strings"

	"waymark/monitoring/instrument"
)

// showMarkdown prints an instrument as a Markdown document.
func showMarkdown(w io.Writer, in *instrument.Instrument, lang string) {
	fmt.Fprintf(w, "# %s\n\n", markdownText(in.Title.In(lang)))
	fmt.Fprintf(w, "`%s`, version %s.", in.ID, markdownText(in.Version))
	if c := cite(in.Citation); c != "" {
		fmt.Fprintf(w, " Source: %s.", markdownText(c))
	}
	fmt.Fprint(w, "\n\n## Questions\n\n")
	markdownTable(w, []string{"name", "type", "label"}, questionRows(in, lang))
	if names := listNames(in); len(names) > 0 {
		fmt.Fprint(w, "\n## Codes\n")
		for _, name := range names {
			fmt.Fprintf(w, "\n### %s\n\n", markdownText(name))
			var rows [][]string
			for _, c := range in.Lists[name] {
				reason := ""
				if c.Missing != 0 {
					reason = c.Missing.String()
				}
				rows = append(rows, []string{c.Name, c.Label.In(lang), reason})
			}
			markdownTable(w, []string{"code", "label", "missing answer"}, rows)
		}
	}
	if len(in.Roles) > 0 {
		fmt.Fprint(w, "\n## Roles\n\n")
		markdownTable(w, []string{"role", "question"}, roleRows(in))
	}
	if len(in.Groups) > 0 {
		fmt.Fprint(w, "\n## Groups\n\n")
		markdownTable(w, []string{"id", "from", "label and levels"}, groupRows(in, lang))
	}
	if len(in.Indicators) > 0 {
		fmt.Fprint(w, "\n## Indicators\n\n")
		var rows [][]string
		for _, i := range in.Indicators {
			rows = append(rows, []string{i.ID, string(i.Experience), i.Sentence.In(lang), define(i), cite(i.Citation)})
		}
		markdownTable(w, []string{"id", "experience", "people who ...", "definition", "source"}, rows)
	}
	if len(in.Exclusions) > 0 {
		fmt.Fprint(w, "\n## Left out, in this order\n\n")
		for _, e := range in.Exclusions {
			rule := strings.Join(e.Levels, " or ")
			if e.Below != nil {
				rule = fmt.Sprintf("under %v", *e.Below)
			}
			fmt.Fprintf(w, "1. **%s** (`%s`: %s). Missing answers: %s. %s Source: %s.\n", markdownText(e.Label.In(lang)), e.Question, rule,
				e.Missing, markdownText(e.Why.In(lang)), markdownText(cite(e.Citation)))
		}
	}
}

func markdownTable(w io.Writer, header []string, rows [][]string) {
	fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(header, " | "), strings.Repeat(" --- |", len(header)))
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = markdownText(c)
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
}

// markdownText escapes what Markdown and HTML would take as markup.
func markdownText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "]", `\]`).Replace(s)
}
