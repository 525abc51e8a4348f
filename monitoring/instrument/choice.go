package instrument

import (
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// missingReasons are the words for the reasons of a missing answer, in the
// missing column of the choices sheet and under missing in instrument.yaml.
var missingReasons = map[string]table.Missing{
	"blank": table.Blank, "not_asked": table.NotAsked, "refused": table.Refused,
	"dont_know": table.DontKnow, "not_applicable": table.NotApplicable,
}

// missingWords lists the words of missingReasons.
func missingWords() []string {
	words := make([]string, 0, len(missingReasons))
	for w := range missingReasons {
		words = append(words, w)
	}
	slices.Sort(words)
	return words
}

// readChoices reads the choices sheet into lists. A code that is twice in a
// list is a fault, unless the form allows it: then the first one counts.
func (in *Instrument) readChoices(s *sheet, defaultLanguage string, twiceAllowed bool, faults *fault.List) {
	in.Lists = map[string][]Choice{}
	if s == nil || len(s.header) == 0 {
		return
	}
	for _, need := range []string{"list_name", "name"} {
		if _, ok := s.index[need]; !ok {
			p := s.at
			p.Row = 1
			faults.Addf(fault.Invalid, p, "add it", "the choices have no column %q", need)
			return
		}
	}
	type key struct{ list, name string }
	first := map[key]int{}
	for _, row := range s.rows {
		list, name := s.cell(row, "list_name"), s.cell(row, "name")
		switch {
		case list == "" && name == "":
			continue
		case list == "":
			faults.Addf(fault.Invalid, s.place(row.number, "list_name"), "write the list that it belongs to", "the choice %q belongs to no list", name)
			continue
		case name == "":
			faults.Addf(fault.Invalid, s.place(row.number, "name"), "give it a code", "a choice of list %q has no code", list)
			continue
		}
		if at, twice := first[key{list, name}]; twice {
			if twiceAllowed {
				continue
			}
			faults.Addf(fault.Invalid, s.place(row.number, "name"), "give each choice of a list its own code", "list %q has the code %q already in row %d", list, name, at)
			continue
		}
		first[key{list, name}] = row.number
		choice := Choice{Name: name, Label: s.texts(row, "label", defaultLanguage)}
		if word := s.cell(row, "missing"); word != "" {
			reason, ok := missingReasons[strings.ToLower(word)]
			if !ok {
				faults.Addf(fault.Invalid, s.place(row.number, "missing"), "use one of: "+strings.Join(missingWords(), ", "), "%q is not a reason for a missing answer", word)
			}
			choice.Missing = reason
		}
		in.Lists[list] = append(in.Lists[list], choice)
	}
}
