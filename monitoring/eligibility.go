package monitoring

import (
	"slices"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// Eligibility says for every interview whether it is analysed.
type Eligibility struct {
	// Status has one entry an interview: 0 is eligible, k is left out under
	// Rules[k-1].
	Status []uint8
	Rules  []instrument.Exclusion
	Counts []Excluded
	// Eligible counts the interviews with status 0.
	Eligible int
}

// Include returns one bool an interview: true where it is eligible.
func (e *Eligibility) Include() []bool {
	include := make([]bool, len(e.Status))
	for i, s := range e.Status {
		include[i] = s == 0
	}
	return include
}

// Exclude applies the instrument's rules in their order; an interview counts
// under the first rule that holds. A rule whose question the file lacks is a
// fault, unless skip names it: leaving a rule out must be somebody's decision.
func Exclude(t *table.Table, in *instrument.Instrument, skip []string) (*Eligibility, error) {
	e := &Eligibility{Status: make([]uint8, t.Rows())}
	faults := fault.NewList(planFaults)
	for _, rule := range in.Exclusions {
		if slices.Contains(skip, rule.ID) {
			continue
		}
		column := t.Column(rule.Question)
		if column == nil {
			faults.Addf(fault.Invalid, fault.Place{Field: rule.Question},
				"add the column, or list the rule under exclusions: skip: in the plan",
				"the file has no column for the rule %q, which leaves interviews out", rule.ID)
			continue
		}
		e.Rules = append(e.Rules, rule)
		e.apply(column, rule)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	for _, s := range e.Status {
		if s == 0 {
			e.Eligible++
		}
	}
	return e, nil
}

// What a rule makes of an answer.
const (
	ruleLeaves = iota // it does not hold
	ruleHolds
	ruleUnknown // there is no answer
)

// apply marks the interviews that one rule leaves out.
func (e *Eligibility) apply(column table.Column, rule instrument.Exclusion) {
	mark := uint8(len(e.Rules))
	count := Excluded{Rule: rule.ID}
	verdict := ruleTest(column, rule)
	var known [256]int // verdicts by code
	category, _ := column.(*table.CategoryColumn)
	byCode := category != nil && category.Codes8 != nil
	if byCode {
		known = codeVerdicts(category, rule)
	}
	for row, s := range e.Status {
		if s != 0 {
			continue
		}
		says := 0
		if byCode {
			says = known[category.Codes8[row]]
		} else {
			says = verdict(row)
		}
		switch says {
		case ruleLeaves:
			continue
		case ruleUnknown:
			if rule.Missing != "exclude" {
				count.Kept++
				continue
			}
			count.Missing++
		}
		e.Status[row] = mark
		count.Count++
	}
	e.Counts = append(e.Counts, count)
}

// codeVerdicts is what the rule makes of each code of a small dictionary.
func codeVerdicts(c *table.CategoryColumn, rule instrument.Exclusion) (known [256]int) {
	for m := range table.FirstLevel {
		known[m] = ruleUnknown
	}
	for i, l := range c.Levels {
		if slices.Contains(rule.Levels, l.Code) {
			known[table.FirstLevel+i] = ruleHolds
		}
	}
	return known
}

// ruleTest returns what the rule makes of a row.
func ruleTest(column table.Column, rule instrument.Exclusion) func(row int) int {
	switch c := column.(type) {
	case *table.NumberColumn:
		if rule.Below == nil {
			break
		}
		below := *rule.Below
		return func(row int) int {
			switch v := c.Values[row]; {
			case v != v: // missing values are NaN
				return ruleUnknown
			case v < below:
				return ruleHolds
			}
			return ruleLeaves
		}
	}
	return func(row int) int {
		switch {
		case column.Missing(row) != table.Present:
			return ruleUnknown
		case slices.Contains(rule.Levels, column.Text(row)):
			return ruleHolds
		}
		return ruleLeaves
	}
}
