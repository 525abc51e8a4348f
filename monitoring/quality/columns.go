package quality

import (
	"fmt"
	"strings"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// columnRules compare the file's columns with the instrument's questions.
var columnRules = []Rule{
	{
		ID: "columns.missing", Title: "Questions without a column",
		Why:      "An indicator, exclusion or group whose question is not in the file cannot be reported, or is reported wrongly.",
		Citation: project("house rule: every question of the instrument is in the file"),
		check:    missingColumns,
	},
	{
		ID: "columns.unknown", Title: "Columns that are no question",
		Why:      "An unknown column is often a renamed or mistyped question, or data that nobody should have collected.",
		Citation: project("house rule: every column of the file is known"),
		check:    unknownColumns,
	},
	{
		ID: "columns.empty", Title: "Columns without any answer",
		Why:      "A question that nobody answered was not on the form in use, or was lost in the export.",
		Citation: project("house rule: every question has an answer somewhere"),
		check:    emptyColumns,
	},
	{
		ID: "reading.warning", Title: "Remarks of the reading",
		Why:      "What the reader had to guess or to pad can change answers.",
		Citation: project("house rule: nothing that was guessed stays unsaid"),
		check:    readingWarnings,
	},
}

// unanswered are question types that leave no column or none worth asking for.
func unanswered(kind string) bool {
	switch kind {
	case "note", "calculate", "hidden", "start", "end", "today", "deviceid", "phonenumber", "username", "email", "audit":
		return true
	}
	return strings.HasPrefix(kind, "begin") || strings.HasPrefix(kind, "end_")
}

func missingColumns(r *round, o *outcome) {
	uses := map[string]string{}
	use := func(name, why string) {
		if name != "" && uses[name] == "" {
			uses[name] = why
		}
	}
	for _, e := range r.inst.Exclusions {
		use(e.Question, "the exclusion "+e.ID)
	}
	for _, ind := range r.inst.Indicators {
		use(ind.Question, "the indicator "+ind.ID)
	}
	for _, ind := range r.inst.Indicators {
		use(ind.Place, "where "+ind.ID+" happened")
	}
	for _, role := range []instrument.Role{instrument.RoleWeights, instrument.RoleStrata, instrument.RoleCluster,
		instrument.RoleFPC, instrument.RoleRoute, instrument.RoleDate} {
		use(r.inst.Roles[role], "the role "+string(role))
	}
	var others []string
	for _, q := range r.inst.Questions {
		if r.in.Table.Column(q.Name) != nil || unanswered(q.Type) {
			continue
		}
		why := uses[q.Name]
		if why == "" {
			others = append(others, q.Name)
			continue
		}
		severity := Error
		if strings.HasPrefix(why, "where ") {
			severity = Warning
		}
		o.add(Finding{Severity: severity, Subject: q.Name,
			Message: fmt.Sprintf("The file has no column for %s, which %s needs", q.Name, why),
			Remedy:  "Export the question, or name its column as the instrument does."}, nil)
	}
	if len(others) > 0 {
		o.add(Finding{Severity: Note, Details: others,
			Message: fmt.Sprintf("The file has no column for %s", count(len(others), "other question", "other questions")),
			Remedy:  "Nothing to do if this round did not ask them."}, nil)
	}
}

func unknownColumns(r *round, o *outcome) {
	names := r.in.UnknownColumns
	if len(names) == 0 {
		return
	}
	shown := make([]string, 0, len(names))
	for _, name := range names {
		shown = append(shown, clip(name, 60))
	}
	o.add(Finding{Severity: Note, Details: shown,
		Message: fmt.Sprintf("%s of the file %s to no question and %s not read", count(len(names), "column", "columns"),
			verb(len(names), "belongs", "belong"), verb(len(names), "was", "were")),
		Remedy: "Rename mistyped columns. Remove columns with personal data from the file."}, nil)
}

func emptyColumns(r *round, o *outcome) {
	for _, c := range r.in.Table.Columns() {
		q := r.inst.Question(c.Name())
		if q == nil || unanswered(q.Type) {
			continue
		}
		empty := true
		for row := range r.n {
			if m := c.Missing(row); m == table.Present || m == table.Refused || m == table.DontKnow || m == table.Unreadable {
				empty = false
				break
			}
		}
		if empty && r.n > 1 {
			severity := Note
			if q.Required {
				severity = Warning
			}
			o.add(Finding{Severity: severity, Subject: q.Name,
				Message: fmt.Sprintf("Nobody has an answer to %s", q.Name),
				Remedy:  "Check that the form in the field asks it and that the export holds it."}, nil)
		}
	}
}

// readingWarnings passes on what the reader said, without what it said about
// fields that may hold personal data.
func readingWarnings(r *round, o *outcome) {
	if r.in.Warnings == nil {
		return
	}
	withheld := 0
	for _, f := range r.in.Warnings.Faults {
		if q := r.inst.Question(f.Place.Field); q != nil && (q.Identifying || q.Kind == table.Text) {
			withheld++
			continue
		}
		finding := Finding{Severity: Note, Subject: f.Place.Field, Message: sentence(f.Message), Remedy: sentence(f.Remedy)}
		if f.Place.Row > 0 {
			finding.Rows, finding.Total = []int{f.Place.Row}, 1
		}
		o.add(finding, nil)
	}
	if more := r.in.Warnings.Dropped + withheld; more > 0 {
		o.add(Finding{Severity: Note,
			Message: fmt.Sprintf("The reader has %s that %s not shown here", count(more, "more remark", "more remarks"), verb(more, "is", "are")),
			Remedy:  "Mend the first ones, then check again."}, nil)
	}
}
