package quality

import (
	"waymark/monitoring/instrument"
)

// Rule is one check. Rules are values in explicit tables, one file for each
// family; Rules returns them all.
type Rule struct {
	ID    string // "family.name", as in findings
	Title string // a short name for people
	Why   string // one or two sentences: what a finding may mean
	// Method says how it is done, with its limits, where that is not plain.
	Method string
	// Citation says who asks for the check or who published the method.
	Citation instrument.Citation
	// Thresholds that a user may set.
	Thresholds []Threshold
	// Needs are roles without which the rule cannot run.
	Needs []instrument.Role
	// Scope says what the rule must see. Default: WholeRound.
	Scope Scope
	check func(*round, *outcome)
}

// Scope is what a rule must see to judge.
type Scope string

// The scopes.
const (
	// WholeRound rules compare interviews with each other, or look at the file.
	WholeRound Scope = ""
	// EachInterview rules judge an interview by itself, so that they can run as
	// interviews arrive. What they find in one does not depend on the others,
	// but for two things: limits that come from the round's own lengths, in
	// length.short and length.long, and the severity of straight.empty.
	EachInterview Scope = "interview"
)

// Threshold is a number that decides whether something is a finding.
type Threshold struct {
	Name    string // after the rule's id and a dot
	Default float64
	Unit    string // "minutes", "km/h", "share", ...
	Meaning string // "an interview under this is too short (exclusive)"
}

// Rules returns every rule in the order of the report.
func Rules() []Rule {
	var all []Rule
	for _, family := range [][]Rule{
		columnRules, readingRules, codeRules, exclusionRules, contradictionRules, dateRules,
		duplicateRules, lengthRules, clockRules, placeRules, patternRules,
		straightRules, digitRules,
	} {
		all = append(all, family...)
	}
	return all
}

// project is the citation of a rule whose threshold is the project's own
// choice, to be replaced by what the team's pilot shows.
func project(source string) instrument.Citation {
	return instrument.Citation{Authority: "Waymark project", Source: source, Date: "2026-11"}
}
