package quality

import (
	"fmt"

	"waymark/monitoring/instrument"
)

// exclusionRules look for interviews that should have stopped.
var exclusionRules = []Rule{
	{
		ID: "exclusion.continued", Title: "Interviews that went on after an exclusion", Scope: EachInterview,
		Why: "Someone who refused, is too young or took part before is left out of the analysis. " +
			"Answers taken without consent or from a child must not be kept.",
		Method:   "Counts interviews that an exclusion of the instrument leaves out, with an answer to a question that comes later in the form.",
		Citation: instrument.Citation{Authority: "IOM", Source: "flow monitoring survey, rules of participation: voluntary, with consent, from 14 years, once", Date: "2016-10"},
		check:    continued,
	},
	{
		ID: "exclusion.unknown", Title: "Interviews whose right to take part is not known", Scope: EachInterview,
		Why:      "Where the answer to an exclusion's question is missing, nobody can tell whether the person consented or was old enough.",
		Citation: instrument.Citation{Authority: "IOM", Source: "flow monitoring survey, rules of participation: voluntary, with consent, from 14 years, once", Date: "2016-10"},
		check:    unknownExclusion,
	},
}

// answeredAfter counts a row's answers to questions after a position; with
// module, only to questions of the indicators. What guides the interview, and is
// therefore optional in a file, does not count: a form ends with it for everyone.
func (r *round) answeredAfter(row, position int, module bool) int {
	n := 0
	for i := range r.answers {
		if a := &r.answers[i]; a.position > position && (a.module || !module) && !a.question.Optional && present(a.column, row) {
			n++
		}
	}
	return n
}

// position is a question's place in the instrument.
func (r *round) position(name string) int {
	for i := range r.inst.Questions {
		if r.inst.Questions[i].Name == name {
			return i
		}
	}
	return len(r.inst.Questions)
}

func continued(r *round, o *outcome) {
	checked := false
	for _, e := range r.inst.Exclusions {
		excluded, _ := r.exclusion(e)
		if excluded == nil {
			o.note(fmt.Sprintf("not checked for %s: no column %s in the file", e.ID, e.Question))
			continue
		}
		checked = true
		at := r.position(e.Question)
		var rows []int32
		for row := range r.n {
			if excluded(row) && r.answeredAfter(row, at, false) > 0 {
				rows = append(rows, int32(row))
			}
		}
		if len(rows) == 0 {
			continue
		}
		f := Finding{Severity: Error, Subject: e.Question, Remedy: "Delete the answers that follow, and speak with the enumerators. The form should stop here."}
		switch {
		case e.Below != nil:
			f.Message = fmt.Sprintf("%s under %g years answered questions that come after the age",
				count(len(rows), "person", "people"), *e.Below)
		case e.Question == r.inst.Roles[instrument.RoleConsent]:
			f.Message = fmt.Sprintf("%s without consent %s answers", count(len(rows), "interview", "interviews"), verb(len(rows), "holds", "hold"))
		default:
			f.Severity = Note
			f.Message = fmt.Sprintf("%s went on although the rule %q leaves %s out", count(len(rows), "interview", "interviews"),
				e.Label.In(r.lang), verb(len(rows), "it", "them"))
			f.Remedy = "Nothing to mend: the analysis leaves them out. Let the form stop here to save people's time."
		}
		o.add(f, rows)
	}
	if !checked {
		o.skip("no question of an exclusion is in the file")
	}
}

func unknownExclusion(r *round, o *outcome) {
	checked := false
	for _, e := range r.inst.Exclusions {
		excluded, missing := r.exclusion(e)
		if excluded == nil || e.Missing != "exclude" {
			continue
		}
		checked = true
		at := r.position(e.Question)
		var rows []int32
		for row := range r.n {
			// Only where the interview was held: who refused has no age.
			if missing(row) && r.answeredAfter(row, at, true) > 0 {
				rows = append(rows, int32(row))
			}
		}
		if len(rows) > 0 {
			severity := Warning
			if e.Question == r.inst.Roles[instrument.RoleConsent] {
				severity = Error
			}
			o.add(Finding{Severity: severity, Subject: e.Question,
				Message: fmt.Sprintf("%s %s answers to the module but no clear one to %s, so the analysis leaves %s out",
					count(len(rows), "interview", "interviews"), verb(len(rows), "has", "have"), e.Question, verb(len(rows), "it", "them")),
				Remedy: "Ask the enumerator; never fill in consent or age by guess."}, rows)
		}
	}
	if !checked {
		o.skip("no exclusion of the instrument leaves out missing answers")
	}
}
