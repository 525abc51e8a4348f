package instrument

import (
	"strings"

	"waymark/stats/table"
)

// Field says how the answers of a question are read: its levels in the order
// of the list, what a file may hold in their place, and its bounds.
func (in *Instrument) Field(q *Question) table.Field {
	f := table.Field{Name: q.Name, Kind: q.Kind, Ordered: q.Ordered, Open: q.Open, Min: q.Min, Max: q.Max}
	f.MissingCodes = make(map[string]table.Missing, len(in.MissingCodes))
	for code, reason := range in.MissingCodes {
		f.MissingCodes[code] = reason
	}
	if q.Kind != table.Category && q.Kind != table.Set {
		return f
	}
	choices := in.Lists[q.List]
	language := ""
	if len(in.Languages) > 0 {
		language = in.Languages[0]
	}
	codes := make(map[string]bool, len(choices))
	for _, c := range choices {
		codes[strings.ToLower(c.Name)] = true
		if c.Missing == table.Present {
			f.Levels = append(f.Levels, table.Level{Code: c.Name, Label: c.Label.In(language)})
			delete(f.MissingCodes, c.Name)
		} else {
			f.MissingCodes[c.Name] = c.Missing
		}
	}
	f.Aliases = map[string]string{}
	owner := map[string]string{} // label in lower case: the code that has it, "" if several have
	for _, c := range choices {
		for _, label := range c.Label {
			for _, v := range spellings(label) {
				if key := strings.ToLower(v); !codes[key] {
					if o, taken := owner[key]; taken && o != c.Name {
						owner[key] = ""
					} else {
						owner[key] = c.Name
					}
				}
			}
		}
	}
	for _, c := range choices {
		for _, label := range c.Label {
			for _, v := range spellings(label) {
				switch {
				case owner[strings.ToLower(v)] != c.Name:
				case c.Missing != table.Present:
					f.MissingCodes[v] = c.Missing
				default:
					f.Aliases[v] = c.Name
				}
			}
		}
	}
	return f
}

// spellings are the ways in which an export may write a label.
func spellings(label string) []string {
	plain := plainLabel(label)
	all := []string{label}
	if plain != label && plain != "" {
		all = append(all, plain)
	}
	if curly := strings.ReplaceAll(plain, "'", "’"); curly != plain && curly != label {
		all = append(all, curly)
	}
	return all
}
