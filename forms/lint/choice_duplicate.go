package lint

import "waymark/forms/xlsform/definition"

var choiceDuplicate = Rule{
	ID: "choice-duplicate", Severity: Warning,
	Finds:  "two choices of one list with the same name",
	Why:    "the data cannot tell the two answers apart; allow_choice_duplicates only silences the compiler",
	Source: "XLSForm, setting allow_choice_duplicates",
	check: func(q *questionnaire, report report) {
		for _, l := range q.form.Lists {
			first := map[string]*definition.Choice{}
			for i := range l.Choices {
				c := &l.Choices[i]
				other := first[c.Name]
				switch {
				case c.Name == "":
				case other == nil:
					first[c.Name] = c
				case !differ(other, c):
					report(q.place("choices", c.Row, "name"), "give it a name of its own",
						"list %q has the name %q in row %d already", l.Name, c.Name, other.Row)
				}
			}
		}
	},
}

// differ tells whether a further column, such as the district that a choice
// filter looks at, sets two choices apart.
func differ(a, b *definition.Choice) bool {
	if len(a.Extra) != len(b.Extra) {
		return true
	}
	for i := range a.Extra {
		if a.Extra[i] != b.Extra[i] {
			return true
		}
	}
	return false
}
