package quality

import (
	"fmt"
	"slices"
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
	var counted, places, others []string
	for i := range r.inst.Questions {
		q := &r.inst.Questions[i]
		if !r.absent(q) {
			continue
		}
		uses := r.inst.Uses(q.Name)
		line := q.Name + ": " + strings.Join(uses, ", ")
		switch {
		case len(uses) == 0:
			others = append(others, q.Name)
		case r.decides(uses):
			counted = append(counted, line)
		default:
			places = append(places, line)
		}
	}
	if n := len(counted); n > 0 {
		o.add(Finding{Severity: Error, Details: counted, Total: n,
			Message: fmt.Sprintf("The file has no column for %s that an indicator, an exclusion or the design needs", count(n, "question", "questions")),
			Remedy:  "Export the questions, or name their columns as the instrument does."}, nil)
	}
	if n := len(places); n > 0 {
		o.add(Finding{Severity: Warning, Details: places, Total: n,
			Message: fmt.Sprintf("The file has no column for %s that a group, a place or a check needs", count(n, "question", "questions")),
			Remedy:  "Export the questions if this round asked them; the brief leaves out what needs them."}, nil)
	}
	if n := len(others); n > 0 {
		o.add(Finding{Severity: Note, Details: others, Total: n,
			Message: fmt.Sprintf("The file has no column for %s", count(n, "further question", "further questions")),
			Remedy:  "Nothing to do if this round did not ask them."}, nil)
	}
}

// decides says whether figures are wrong without a question with these uses:
// who is left out, what counts as a yes, and the sample's design.
func (r *round) decides(uses []string) bool {
	return slices.ContainsFunc(uses, func(use string) bool {
		what, role, _ := strings.Cut(use, " ")
		switch what {
		case "exclusion", "indicator":
			return true
		case "role":
			switch instrument.Role(role) {
			case instrument.RoleWeights, instrument.RoleStrata, instrument.RoleCluster, instrument.RoleFPC, instrument.RoleRoute:
				return true
			}
		}
		return false
	})
}

// absent says whether the file lacks a question that it should have.
func (r *round) absent(q *instrument.Question) bool {
	if b := r.in.Binding; b != nil {
		return slices.Contains(b.Missing, q.Name) || slices.Contains(b.Needed, q.Name)
	}
	return r.in.Table.Column(q.Name) == nil && !unanswered(q.Type)
}

func unknownColumns(r *round, o *outcome) {
	if r.in.Binding == nil || len(r.in.Binding.Unknown) == 0 {
		return
	}
	names := r.in.Binding.Unknown
	hints := map[string]string{}
	for _, f := range r.remarks().byHeader {
		hints[f.Place.Field] = f.Remedy
	}
	shown := make([]string, 0, len(names))
	for _, name := range names[:min(len(names), o.max)] {
		line := clip(name, 60)
		if hint := hints[name]; hint != "" {
			line += ": " + hint
		}
		shown = append(shown, line)
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
