package xform

import "waymark/forms/xpath"

// ProblemKind says which rule of the form a submission breaks.
type ProblemKind string

// The kinds of problem.
const (
	OtherForm    ProblemKind = "form"       // it answers another form
	OtherVersion ProblemKind = "version"    // it answers another version of the form
	Encrypted    ProblemKind = "encrypted"  // it must be decrypted before it is judged
	Unknown      ProblemKind = "unknown"    // a node that the form does not have
	Misplaced    ProblemKind = "misplaced"  // a node that belongs elsewhere
	Duplicate    ProblemKind = "duplicate"  // a node that may be there once, and is there again
	WrongType    ProblemKind = "type"       // no int, date, place, ...
	OutOfRange   ProblemKind = "range"      // outside what a range offers
	NotOffered   ProblemKind = "choice"     // not among the choices offered
	Required     ProblemKind = "required"   // required, and blank
	Constraint   ProblemKind = "constraint" // breaks the constraint
	Irrelevant   ProblemKind = "irrelevant" // answered, though it was not to be asked
	Calculation  ProblemKind = "calculation"
	RepeatCount  ProblemKind = "count" // more or fewer instances than the form counts
	ReadOnly     ProblemKind = "readonly"
	Attachment   ProblemKind = "attachment" // a file is named and not there
	Rule         ProblemKind = "rule"       // an expression could not be evaluated
)

// Problem is one thing that is wrong with a document. No field holds an answer.
type Problem struct {
	// Path is where, with positions in repeats.
	Path string      `json:"path"`
	Kind ProblemKind `json:"kind"`
	// Message is the form's own message in the language asked for, or ours.
	Message string `json:"message"`
	// Question is the label of the question, if it has one.
	Question string `json:"question,omitempty"`
	// Rule is the expression that is broken, if one is.
	Rule string `json:"rule,omitempty"`
}

// Valid checks one node as a client does when the person moves on: nothing if it
// is not relevant or not asked for; else whether it must be answered, and, where
// it is, its type, its choices and its constraint. Source: JavaRosa
// FormEntryController.answerQuestion, which asks for the first two only.
func (s *Session) Valid(n *xpath.Node) []Problem {
	j := judge{session: s, outputs: s}
	if n != nil && n.Slot >= 0 {
		j.question(n)
	}
	return j.problems
}

// Validate checks every question of the document, in order.
func (s *Session) Validate() []Problem {
	j := judge{session: s, outputs: s}
	j.walk(s.doc.Children[0], j.question)
	return j.problems
}

// judge collects the problems of a document.
type judge struct {
	session *Session
	// outputs is the session that outputs in texts are evaluated in, or nil to
	// leave answers out of them.
	outputs  *Session
	problems []Problem
	dropped  int
	// server tells that a document is judged after the fact; clock, that it is
	// known when it was filled.
	server, clock bool
}

// walk calls fn for each leaf that is relevant, and for bound attributes.
func (j *judge) walk(n *xpath.Node, fn func(*xpath.Node)) {
	if n.Irrelevant {
		return
	}
	if n.Slot >= 0 && j.session.form.Nodes[n.Slot].Leaf {
		fn(n)
	}
	for _, c := range n.Children {
		j.walk(c, fn)
	}
}

func (j *judge) add(p Problem) {
	if len(j.problems) >= MaxProblems {
		j.dropped++
		return
	}
	j.problems = append(j.problems, p)
}

// blame adds a problem of a node.
func (j *judge) blame(n *xpath.Node, kind ProblemKind, rule, message string) {
	s := j.session
	p := Problem{Path: s.Path(n), Kind: kind, Message: message, Rule: rule}
	if n.Slot >= 0 {
		if c := s.form.Nodes[n.Slot].Control; c != nil {
			p.Question = s.form.Text(c.Label, s.opt.Language, j.outputs, n)
		}
	}
	j.add(p)
}

// question judges the answer of one node that a control asks for.
func (j *judge) question(n *xpath.Node) {
	s := j.session
	d := s.form.Nodes[n.Slot]
	if n.Irrelevant || d.Control == nil || !d.Leaf {
		return
	}
	if n.Value == "" {
		if x := d.rules.required; x != nil && j.knows(x) && s.truth(x, n) {
			j.blame(n, Required, d.Required, j.message(d.RequiredMsg, n, "the question must be answered"))
		}
		return
	}
	j.answer(n, d)
}

// answer judges a value that is not blank.
func (j *judge) answer(n *xpath.Node, d *Definition) {
	s := j.session
	if want := mistyped(d, n.Value); want != "" {
		j.blame(n, WrongType, "", "the answer is not "+want)
		return
	}
	if d.Control == nil {
		return // clients check the constraints of questions only
	}
	j.choices(n, d)
	if x := d.rules.constraint; x != nil && j.knows(x) && !s.truth(x, n) {
		j.blame(n, Constraint, d.Constraint, j.message(d.ConstraintMsg, n, "the answer breaks the rule of the question"))
	}
}

// knows tells whether an expression can be evaluated as it was when the document
// was filled.
func (j *judge) knows(x *expression) bool {
	return !j.session.missing(x) && (!j.server || !x.chance && (j.clock || !x.timed))
}

func (j *judge) message(t Text, n *xpath.Node, otherwise string) string {
	if m := j.session.form.Text(t, j.session.opt.Language, j.outputs, n); m != "" {
		return m
	}
	return otherwise
}
