package arrival

import (
	"strings"

	"waymark/forms/xform"
	"waymark/monitoring/collection"
)

// verdict is how grave a broken rule of the form is, and what to do.
type verdict struct {
	severity collection.Severity
	remedy   string
}

// verdicts by kind of problem. An error is an answer that the form would not
// have let pass; a warning may have a harmless cause, such as an older client.
var verdicts = map[xform.ProblemKind]verdict{
	xform.OtherForm:    {collection.SeverityError, "It was sent to the wrong form: move it, or reject it."},
	xform.OtherVersion: {collection.SeverityWarning, "Look which version it was filled with; let phones update their forms."},
	xform.Encrypted:    {collection.SeverityError, "Open it first."},
	xform.Unknown:      {collection.SeverityWarning, "Look which version it was filled with."},
	xform.Misplaced:    {collection.SeverityWarning, "Look which version it was filled with."},
	xform.Duplicate:    {collection.SeverityError, "Compare both answers, and keep one."},
	xform.WrongType:    {collection.SeverityError, "Correct the answer, or set it to blank."},
	xform.OutOfRange:   {collection.SeverityError, "Correct the answer, or set it to blank."},
	xform.NotOffered:   {collection.SeverityError, "Correct the code, or add it to the form's choices."},
	xform.Required:     {collection.SeverityError, "Ask the enumerator; never guess an answer."},
	xform.Constraint:   {collection.SeverityError, "Compare with the enumerator's notes, and correct the answer."},
	xform.Irrelevant:   {collection.SeverityWarning, "An earlier answer was changed later, or the skip does not work: ask which answer holds."},
	xform.Calculation:  {collection.SeverityWarning, "Answers were changed after the form calculated it, or by another program."},
	xform.RepeatCount:  {collection.SeverityWarning, "Look at the repeat: an instance was lost or added."},
	xform.ReadOnly:     {collection.SeverityWarning, "Find out by which program the form was filled in."},
	xform.Attachment:   {collection.SeverityWarning, "Let the phone send again; it sends what is missing."},
	xform.Rule:         {collection.SeverityNote, "The form's logic could not be worked out here: look at the rule."},
}

// problem turns a broken rule into a finding. Neither holds an answer.
func problem(p xform.Problem) collection.Finding {
	v, ok := verdicts[p.Kind]
	if !ok {
		v = verdict{collection.SeverityWarning, "Look at the answer."}
	}
	f := collection.Finding{Rule: "form." + string(p.Kind), Severity: v.severity, Question: question(p.Path), Message: sentence(p.Message), Remedy: v.remedy}
	if rule := strings.TrimSpace(p.Rule); rule != "" && len(rule) <= 300 {
		f.Remedy += " The rule is: " + rule
	}
	return f
}

// question is a path without its root: "trip[2]/place".
func question(path string) string {
	path = strings.TrimPrefix(path, "/")
	if _, rest, ok := strings.Cut(path, "/"); ok {
		return rest
	}
	return path
}

// sentence begins with a capital letter.
func sentence(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
