package definition

import "waymark/internal/fault"

// PlaceOf is the place of one of the cells that define an element: the row's
// place with the column and header of a part, which is an attribute's name as in
// Bind and Control ("relevant", "calculate", "jr:count", "appearance"), a kind
// of text ("label", "hint", "jr:constraintMsg"), or another column ("name",
// "default", "choice_filter", "parameters", "trigger"). The names of XLSForm will
// do as well ("calculation", "constraint_message"). Where the sheet has no such
// column, the part itself stands in the place of the header.
func (f *Form) PlaceOf(el *Element, part string) fault.Place {
	if f.survey == nil || el.Place.Sheet != "survey" || el.Place.Row == 0 {
		return el.Place
	}
	if to := surveyWords.aliases[part]; to != nil {
		if at := f.survey.find(el.Place.Row, to[len(to)-1]); at.Column > 0 {
			return at
		}
	}
	return f.survey.find(el.Place.Row, part)
}

// PlaceOfChoice is the place of a cell of a choice, by the name of its column.
func (f *Form) PlaceOfChoice(c *Choice, part string) fault.Place {
	if f.choices == nil || c.Row == 0 {
		return fault.Place{Sheet: "choices", Row: c.Row}
	}
	return f.choices.find(c.Row, part)
}
