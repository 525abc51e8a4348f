package lint

import (
	"slices"
	"strings"
)

// reserved are names that something behind the form has for its own, in lower
// case, with what they are there.
var reserved = []struct {
	names []string
	what  string
}{
	{[]string{"key", "parent_key", "submissiondate", "instanceid", "instancename", "meta", "submitterid", "submittername",
		"attachmentspresent", "attachmentsexpected", "status", "reviewstate", "edits", "formversion", "deviceid"},
		"a column that exports of ODK Central add"},
	{[]string{"_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "_tags",
		"_index", "_parent_index", "_parent_table_name", "__version__", "_version_"},
		"a column that exports of KoboToolbox add"},
	{[]string{"_all", "_b", "_coef", "_cons", "_n", "_pi", "_pred", "_rc", "_skip", "byte", "double", "float", "if", "in",
		"int", "long", "strl", "using", "with"},
		"a word that Stata keeps for itself"},
	{[]string{"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"},
		"a word that SPSS keeps for itself"},
}

var nameReserved = Rule{
	ID: "name-reserved", Severity: Warning,
	Finds:  "a name that exports add of themselves (KEY, SubmissionDate, instanceID) or that a statistics program keeps",
	Why:    "the column is renamed, or overwritten by the other one",
	Source: "ODK Central documentation, Submissions, CSV; KoboToolbox help, Exporting; Stata User's Guide 11.3; IBM SPSS Statistics, Variable Names",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			if !r.input() && r.Type != "calculate" && r.Type != "hidden" {
				continue // metadata questions are named so on purpose
			}
			for _, group := range reserved {
				if slices.Contains(group.names, strings.ToLower(r.Name)) {
					report(q.at(r, "name"), "write another name, such as "+strings.Trim(r.Name, "_")+"_answer",
						"the name %q is %s", r.Name, group.what)
					break
				}
			}
		}
	},
}
