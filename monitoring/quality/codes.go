package quality

import (
	"fmt"
	"math"
	"strconv"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// codeRules compare single answers with what the instrument allows.
var codeRules = []Rule{
	{
		ID: "codes.unknown", Title: "Answers that the instrument does not know", Scope: EachInterview,
		Why:      "An answer that is no code of its question counts as missing, so it silently leaves every share.",
		Citation: instrument.Citation{Authority: "XLSForm", Source: "XLSForm specification, choices sheet: a select takes only the names of its list", Date: "2024"},
		check:    unknownCodes,
	},
	{
		ID: "values.range", Title: "Numbers out of range", Scope: EachInterview,
		Why:      "A number outside the question's range is a slip of the keys, or a range that is too narrow.",
		Citation: instrument.Citation{Authority: "XLSForm", Source: "XLSForm specification, survey sheet, column constraint", Date: "2024"},
		check:    valueRanges,
	},
}

func unknownCodes(r *round, o *outcome) {
	for _, c := range r.in.Table.Columns() {
		var rows []int32
		for row := range r.n {
			if c.Missing(row) == table.Unreadable {
				rows = append(rows, int32(row))
			}
		}
		if len(rows) == 0 {
			continue
		}
		f := Finding{Severity: Warning, Subject: c.Name()}
		for _, remark := range r.remarks().byQuestion[c.Name()] {
			f.Details = append(f.Details, sentence(remark.Message)+"; "+remark.Remedy)
		}
		switch c.Kind() {
		case table.Category, table.Set:
			f.Message = fmt.Sprintf("%s of %s %s no code of the question's list", count(len(rows), "answer", "answers"),
				c.Name(), verb(len(rows), "is", "are"))
			f.Remedy = "Correct the codes in the rows, or add the code to the instrument's choices if the form had it."
		default:
			f.Message = fmt.Sprintf("%s of %s cannot be read as %s", count(len(rows), "answer", "answers"), c.Name(), a(c.Kind().String()))
			f.Remedy = "Correct the cells; dates are safest as 2016-10-06."
		}
		o.add(f, rows)
	}
}

// a gives a noun its article.
func a(noun string) string {
	switch noun[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + noun
	}
	return "a " + noun
}

func valueRanges(r *round, o *outcome) {
	checked := false
	for i := range r.inst.Questions {
		q := &r.inst.Questions[i]
		c := r.in.Table.Number(q.Name)
		if c == nil || q.Min == nil && q.Max == nil {
			continue
		}
		checked = true
		lo, hi := math.Inf(-1), math.Inf(1)
		if q.Min != nil {
			lo = *q.Min
		}
		if q.Max != nil {
			hi = *q.Max
		}
		var rows []int32
		for row, v := range c.Values {
			if present(c, row) && !(v >= lo && v <= hi) {
				rows = append(rows, int32(row))
			}
		}
		if len(rows) > 0 {
			o.add(Finding{Severity: Warning, Subject: q.Name,
				Message: fmt.Sprintf("%s of %s %s outside %s", count(len(rows), "answer", "answers"), q.Name,
					verb(len(rows), "lies", "lie"), span(lo, hi)),
				Remedy: "Check the answer with the enumerator; set it to missing if it cannot be mended."}, rows)
		}
	}
	if !checked {
		o.skip("no question with a range is in the file as a number")
	}
}

// span writes a range with open ends.
func span(lo, hi float64) string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case math.IsInf(lo, -1):
		return "the range up to " + number(hi)
	case math.IsInf(hi, 1):
		return "the range from " + number(lo)
	}
	return "the range " + number(lo) + " to " + number(hi)
}
