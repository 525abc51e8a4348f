package xform

import (
	"path"
	"slices"
	"time"

	"waymark/forms/xpath"
)

// CheckOptions say what a submission is judged by.
type CheckOptions struct {
	// Language of questions and messages. Default: the form's.
	Language string
	// Now is the time to judge by where the submission does not say when it
	// ended or started. Default: none, and constraints that read the clock of such
	// a submission are not judged.
	Now func() time.Time
	// Files are the attached files by name, from ReadFile. What reads one that is
	// not there is not judged. Default: none.
	Files map[string]*File
	// Attachments are the names of the files that came with the submission. If
	// nil, files are not looked for. Default: nil.
	Attachments []string
	// Previous is the submission that last-saved reads. Default: none.
	Previous []byte
}

// Report is what Check found.
type Report struct {
	// Problems are at most MaxProblems, in the order of the document; first those
	// of its structure.
	Problems []Problem
	// Dropped counts the problems beyond the bound.
	Dropped int
	// Relevant and Answered count the values that were to be given and were.
	Relevant, Answered int
	// Files are the names of the files that the submission names, and Missing
	// those of them that did not come with it.
	Files, Missing []string
	// Unread are the names of the files that the form looks up in and that were
	// not given.
	Unread []string

	session *Session
}

// Snapshot lists the nodes of the submission as the form sees them.
func (r *Report) Snapshot() []State { return r.session.Snapshot() }

// Check judges a submission as a server may: by everything that the form says.
// The error is a fault for what is no XML; whatever else is wrong is a problem.
//
// Relevance is worked out anew from the answers. A calculated value is compared
// with ours unless it depends on the moment (now, today, random, uuid, once) or
// a person could change it; others then read the value that was sent. Nodes
// that are missing count as blank. No message holds an answer: outputs in labels
// and messages stand as their names.
func (f *Form) Check(submission []byte, opt CheckOptions) (*Report, error) {
	s, err := f.openBare(opt)
	if err != nil {
		return nil, err
	}
	j := &judge{session: s, server: true}
	if err := s.pour(submission, j); err != nil {
		return nil, err
	}
	r := &Report{session: s}
	if len(j.problems) > 0 && (j.problems[0].Kind == OtherForm || j.problems[0].Kind == Encrypted) {
		r.Problems = j.problems
		return r, nil
	}
	j.clock = s.setClock() || opt.Now != nil
	c := &checker{judge: j, report: r, opt: opt}
	s.calculated = c.calculated
	s.counted = c.counted
	s.full = true
	s.all()
	s.run()
	c.document(s.doc.Children[0])
	if s.ctx.Visits > MaxVisits {
		j.add(Problem{Path: s.Path(s.doc.Children[0]), Kind: Rule, Message: "the submission takes too much work to judge; a part was not judged"})
	}
	for _, fault := range s.faults {
		j.add(Problem{Path: fault.Place.Field, Kind: Rule, Message: fault.Message})
	}
	for id, sec := range f.Secondary {
		if sec.Source != "" && s.instance(id) == nil {
			r.Unread = append(r.Unread, path.Base(sec.Source))
		}
	}
	slices.Sort(r.Unread)
	r.Problems, r.Dropped = j.problems, j.dropped
	return r, nil
}

// openBare starts a document without answers, defaults and instances.
func (f *Form) openBare(opt CheckOptions) (*Session, error) {
	return f.openFrom(f.bare, f.bareLayout, SessionOptions{Now: opt.Now, Language: opt.Language, Files: opt.Files, Previous: opt.Previous})
}

// setClock takes the time of the submission's end, or of its start, and returns
// whether it says one.
func (s *Session) setClock() bool {
	for _, want := range []string{"end", "start"} {
		for _, d := range s.form.stamps {
			if n := s.single[d.Slot]; d.PreloadParams == want && n != nil {
				if t, ok := moment(n.Value); ok {
					s.setNow(func() time.Time { return t })
					return true
				}
			}
		}
	}
	if zone := s.zone(s.doc); zone != nil {
		now := s.opt.Now
		s.setNow(func() time.Time { return now().In(zone) })
	}
	return false
}

func (s *Session) setNow(now func() time.Time) {
	s.opt.Now, s.ctx.Now = now, now
}

// zone is that of the first date and time in the document, or nil.
func (s *Session) zone(n *xpath.Node) *time.Location {
	if len(n.Value) > len("2006-01-02T15:04:05.000") && n.Value[10] == 'T' {
		if t, ok := moment(n.Value); ok {
			return t.Location()
		}
	}
	for _, c := range n.Children {
		if zone := s.zone(c); zone != nil {
			return zone
		}
	}
	return nil
}

// checker compares a submission with what the form makes of it.
type checker struct {
	*judge
	report *Report
	opt    CheckOptions
	// differ are calculated values other than ours, and whether blank was sent.
	differ map[*xpath.Node]bool
	// counts are parents of repeats with another number of instances.
	counts []miscount
}

type miscount struct {
	def    *Definition
	parent *xpath.Node
}

// calculated keeps what was sent, and notes where ours is another.
func (c *checker) calculated(d *Definition, n *xpath.Node, ours string) string {
	x := d.rules.calculate
	s := c.session
	if x.timed || x.chance || alike(ours, n.Value) {
		return n.Value
	}
	if d.Control != nil && (d.rules.readOnly == nil || !s.truth(d.rules.readOnly, n)) {
		return n.Value // a person may have changed it
	}
	if c.differ == nil {
		c.differ = map[*xpath.Node]bool{}
	}
	c.differ[n] = n.Value == ""
	if n.Value == "" {
		return ours // not relevant, or left out
	}
	return n.Value
}

// counted notes a repeat that has another number of instances than its count.
// Where none is due, one blank instance is let pass: clients keep the one that
// the form starts with.
func (c *checker) counted(d *Definition, parent *xpath.Node, want int) {
	from, to := children(parent, d.Slot)
	if to-from == want || want == 0 && to-from == 1 && !hasAnswer(parent.Children[from]) {
		return
	}
	c.counts = append(c.counts, miscount{d, parent})
}

func hasAnswer(n *xpath.Node) bool {
	if len(n.Children) == 0 {
		return n.Value != ""
	}
	return slices.ContainsFunc(n.Children, hasAnswer)
}

// document judges all nodes once relevance is known.
func (c *checker) document(root *xpath.Node) {
	for _, m := range c.counts {
		if !m.parent.Irrelevant && !c.irrelevantRepeat(m) {
			at := c.session.Path(m.parent) + "/" + m.def.Name
			p := Problem{Path: at, Kind: RepeatCount, Message: "the repeat has another number of instances than its count", Rule: m.def.Control.Count}
			if !m.def.Control.Label.Empty() {
				p.Question = c.session.form.Text(m.def.Control.Label, c.session.opt.Language, nil, nil)
			}
			c.add(p)
		}
	}
	c.nodes(root)
}

// irrelevantRepeat tells whether the instances, if there are any, do not count.
// Without one, a relevance rule of the repeat cannot be asked.
func (c *checker) irrelevantRepeat(m miscount) bool {
	from, to := children(m.parent, m.def.Slot)
	if from == to {
		return m.def.rules.relevant != nil
	}
	return m.parent.Children[from].Irrelevant
}

func (c *checker) nodes(n *xpath.Node) {
	for _, a := range n.Attrs {
		if a.Slot >= 0 {
			c.node(a)
		}
	}
	if len(n.Children) == 0 {
		c.node(n)
		return
	}
	for _, child := range n.Children {
		c.nodes(child)
	}
}

// node judges one value.
func (c *checker) node(n *xpath.Node) {
	s := c.session
	d := s.form.Nodes[n.Slot]
	if !d.Leaf || s.ctx.Visits > MaxVisits {
		return
	}
	if n.Irrelevant {
		if n.Value != "" && !c.differ[n] && d.Preload == "" { // ours was put where blank was sent
			c.blame(n, Irrelevant, d.Relevant, "there is an answer, though the question was not to be asked")
		}
		return
	}
	c.report.Relevant++
	sentBlank, differs := c.differ[n]
	if n.Value != "" && !sentBlank {
		c.report.Answered++
	}
	switch {
	case differs:
		c.blame(n, Calculation, d.Calculate, "the calculated value is not what the answers give")
	case d.Control != nil:
		c.question(n)
		c.readOnly(n, d)
	case n.Value != "":
		c.answer(n, d)
	case d.Preload == "uid":
		c.blame(n, Required, "", "the submission has no identifier of its own")
	}
	if d.Type == "binary" && n.Value != "" {
		c.report.Files = append(c.report.Files, n.Value)
		if c.opt.Attachments != nil && !slices.Contains(c.opt.Attachments, n.Value) {
			c.report.Missing = append(c.report.Missing, n.Value)
			c.blame(n, Attachment, "", "the file of the answer did not come with the submission")
		}
	}
}

// readOnly judges a question that a person may not change: it holds what the
// form starts with, unless something else may set it.
func (c *checker) readOnly(n *xpath.Node, d *Definition) {
	x := d.rules.readOnly
	if x == nil || d.set || d.Preload != "" || d.rules.calculate != nil || n.Value == d.start || c.session.missing(x) {
		return
	}
	if c.session.truth(x, n) {
		c.blame(n, ReadOnly, d.ReadOnly, "the answer was changed, though it may only be read")
	}
}
