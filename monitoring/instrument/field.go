package instrument

import (
	"maps"
	"strings"

	"waymark/stats/table"
)

// Field says how the answers of a question are read: its levels in the order
// of the list, what a file may hold in their place, and its bounds.
func (in *Instrument) Field(q *Question) table.Field {
	return in.field(q, map[string]*dictionary{})
}

// dictionary is what the answers of a choice list may be in a file.
type dictionary struct {
	levels  []table.Level
	aliases map[string]string
	missing map[string]table.Missing
}

// field is Field with the dictionaries that are made so far; fields on one
// list share one, which nobody changes.
func (in *Instrument) field(q *Question, made map[string]*dictionary) table.Field {
	f := table.Field{Name: q.Name, Kind: q.Kind, Ordered: q.Ordered, Open: q.Open, Min: q.Min, Max: q.Max, MissingCodes: in.MissingCodes}
	if q.Kind != table.Category && q.Kind != table.Set {
		return f
	}
	d := made[q.List]
	if d == nil {
		d = in.dictionary(q.List)
		made[q.List] = d
	}
	f.Levels, f.Aliases, f.MissingCodes = d.levels, d.aliases, d.missing
	return f
}

// dictionary makes the dictionary of a list. A code wins over a label; a label
// that two choices share stands for neither.
func (in *Instrument) dictionary(list string) *dictionary {
	choices := in.Lists[list]
	d := &dictionary{aliases: map[string]string{}, missing: maps.Clone(in.MissingCodes)}
	if d.missing == nil {
		d.missing = map[string]table.Missing{}
	}
	language := "en"
	if len(in.Languages) > 0 {
		language = in.Languages[0]
	}
	codes := make(map[string]bool, len(choices))
	written := make([][]string, len(choices))
	for i, c := range choices {
		codes[strings.ToLower(c.Name)] = true
		for _, label := range c.Label {
			written[i] = append(written[i], spellings(label)...)
		}
		if c.Missing == table.Present {
			d.levels = append(d.levels, table.Level{Code: c.Name, Label: c.Label.In(language)})
			delete(d.missing, c.Name)
		} else {
			d.missing[c.Name] = c.Missing
		}
	}
	owner := map[string]int{} // spelling in lower case: the choice that has it, -1 if several have
	for i := range choices {
		for _, s := range written[i] {
			key := strings.ToLower(s)
			if o, taken := owner[key]; taken && o != i {
				owner[key] = -1
			} else {
				owner[key] = i
			}
		}
	}
	for i, c := range choices {
		for _, s := range written[i] {
			key := strings.ToLower(s)
			switch {
			case codes[key] || owner[key] != i:
			case c.Missing != table.Present:
				d.missing[s] = c.Missing
			default:
				d.aliases[s] = c.Name
			}
		}
	}
	return d
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
