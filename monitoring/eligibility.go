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
		if rule.Below != nil && column.Kind() != table.Number {
			faults.Addf(fault.Invalid, fault.Place{Field: rule.Question}, "make the question a number in the instrument",
				"the rule %q needs numbers, and the column holds %s", rule.ID, column.Kind())
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
	for row, s := range e.Status {
		if s != 0 {
			continue
		}
		switch verdict(row) {
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
	case *table.CategoryColumn:
		verdicts := make([]int, table.FirstLevel+len(c.Levels)) // by code
		for code := range verdicts {
			switch {
			case code < table.FirstLevel:
				verdicts[code] = ruleUnknown
			case slices.Contains(rule.Levels, c.Levels[code-table.FirstLevel].Code):
				verdicts[code] = ruleHolds
			}
		}
		return func(row int) int { return verdicts[c.Code(row)] }
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
