package rule

import (
	"math/bits"
	"slices"
	"sort"
	"strings"

	"waymark/internal/fault"
)

// The bounds of a walk: above them a pathway is refused, since it can no
// longer be looked at whole. The built-in ones have under 3,000 states.
const (
	maxStates  = 20_000
	maxSubsets = 10 // options of one choices question that conditions name
)

// Walk is what an exhaustive walk over a form's question graph found.
//
// Two histories that differ only in answers at which no later condition looks
// are one state, so the walk is exhaustive and still small. Every question that
// a condition looks at is answered in every way that conditions tell apart, and
// left unanswered, required or not.
type Walk struct {
	// States is how many states there are over all questions.
	States int
	// Paths is how many different sequences of such answers there are.
	Paths float64
	// Longest is the most questions on one path.
	Longest int
	// Ends are the states after the last question.
	Ends []End
	// Asked are the questions asked on a path that ends in the outcome, by
	// outcome; "" holds those asked on any path.
	Asked map[string][]string
}

// End is one way in which a form can end: the answers at which outcomes look.
type End struct {
	Answers  Answers
	Outcome  string // "" for none
	Complete bool   // every required question of those that conditions look at is answered
}

type state struct {
	answers    Answers
	incomplete bool
	paths      float64
	longest    int
	asked      []bool // by edge
	next       []*state
	outcomes   uint64 // reachable, by bit
}

// walker enumerates a form.
type walker struct {
	form     *Form
	outcomes []*Outcome
	named    map[string][]string // values that conditions name, by question
	last     map[string]int      // index of the last question whose condition looks at it
}

// Walk walks a form of the pathway; outcomes are looked at for the referral.
func (p *Pathway) Walk(f *Form) (*Walk, error) {
	var outcomes []*Outcome
	if f == p.Referral {
		outcomes = p.Outcomes
	}
	return walk(f, outcomes)
}

func walk(f *Form, outcomes []*Outcome) (*Walk, error) {
	w := &walker{form: f, outcomes: outcomes, named: map[string][]string{}, last: map[string]int{}}
	for i, q := range f.all {
		w.look(q.When, i)
		w.look(q.SectionWhen, i)
	}
	for _, o := range outcomes {
		w.look(o.When, len(f.all))
		w.look(o.Never, len(f.all))
	}
	layers := make([][]*state, len(f.all)+1)
	layers[0] = []*state{{answers: Answers{}, paths: 1}}
	total := 1
	for i, q := range f.all {
		branches, err := w.branches(q)
		if err != nil {
			return nil, err
		}
		index := map[string]*state{}
		for _, s := range layers[i] {
			asked := q.holds(s.answers)
			values := [][]string{nil}
			if asked {
				values = branches
			}
			for _, v := range values {
				n := w.step(s, q, i, v, asked)
				key := n.key()
				if have := index[key]; have != nil {
					have.paths += n.paths
					have.longest = max(have.longest, n.longest)
					n = have
				} else {
					index[key] = n
					layers[i+1] = append(layers[i+1], n)
				}
				s.next, s.asked = append(s.next, n), append(s.asked, asked)
			}
		}
		if total += len(layers[i+1]); total > maxStates {
			return nil, fault.New(fault.Invalid, q.At, "the form has too many ways to go through it", "let fewer questions depend on others far away")
		}
	}
	return w.result(layers, total), nil
}

// look notes that a condition of question i looks at other questions.
func (w *walker) look(c Condition, i int) {
	for _, all := range c {
		for id, listed := range all {
			w.last[id] = max(w.last[id], i)
			for _, v := range listed {
				if v != Answered && v != Unanswered && !slices.Contains(w.named[id], v) {
					w.named[id] = append(w.named[id], v)
				}
			}
			if w.named[id] == nil {
				w.named[id] = []string{}
			}
		}
	}
}

// branches lists the answers to a question that conditions can tell apart; nil
// stands for none.
func (w *walker) branches(q *Question) ([][]string, error) {
	named, looked := w.named[q.ID]
	if !looked {
		return [][]string{nil}, nil
	}
	if !q.Kind.options() {
		return [][]string{nil, {"1"}}, nil
	}
	list := [][]string{nil}
	var many []string
	other := ""
	for _, o := range q.Options {
		switch {
		case !slices.Contains(named, o.Value):
			if other == "" {
				other = o.Value
				list = append(list, []string{o.Value})
			}
		case q.Kind == Choice || o.Exclusive:
			list = append(list, []string{o.Value})
		default:
			many = append(many, o.Value)
		}
	}
	if len(many) > maxSubsets {
		return nil, fault.New(fault.Invalid, q.At, "conditions tell too many answers of one question apart", "at most 10 options of one choices question may be named in conditions")
	}
	for set := 1; set < 1<<len(many); set++ {
		var v []string
		for i, option := range many {
			if set>>i&1 == 1 {
				v = append(v, option)
			}
		}
		list = append(list, v)
	}
	return list, nil
}

// step is the state after question i was answered, without what no later
// condition looks at.
func (w *walker) step(s *state, q *Question, i int, v []string, asked bool) *state {
	n := &state{answers: make(Answers, len(s.answers)+1), incomplete: s.incomplete, paths: s.paths, longest: s.longest}
	for id, have := range s.answers {
		if w.last[id] > i {
			n.answers[id] = have
		}
	}
	if asked {
		n.longest++
		if v != nil && w.last[q.ID] > i {
			n.answers[q.ID] = v
		}
		if _, looked := w.named[q.ID]; looked && v == nil && q.Required {
			n.incomplete = true
		}
	}
	return n
}

func (s *state) key() string {
	ids := make([]string, 0, len(s.answers))
	for id := range s.answers {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	var b strings.Builder
	if s.incomplete {
		b.WriteByte('!')
	}
	for _, id := range ids {
		b.WriteString(id)
		for _, v := range s.answers[id] {
			b.WriteByte('=')
			b.WriteString(v)
		}
		b.WriteByte(';')
	}
	return b.String()
}

func (w *walker) result(layers [][]*state, total int) *Walk {
	r := &Walk{States: total, Asked: map[string][]string{}}
	for _, s := range layers[len(layers)-1] {
		end := End{Answers: s.answers, Complete: !s.incomplete}
		for i, o := range w.outcomes {
			if o.When.Holds(s.answers) {
				end.Outcome = o.ID
				s.outcomes = 1 << i
				break
			}
		}
		r.Paths += s.paths
		r.Longest = max(r.Longest, s.longest)
		r.Ends = append(r.Ends, end)
	}
	for i := len(layers) - 2; i >= 0; i-- {
		q := w.form.all[i]
		any, by := false, uint64(0)
		for _, s := range layers[i] {
			for j, n := range s.next {
				s.outcomes |= n.outcomes
				if s.asked[j] {
					any = true
					by |= n.outcomes
				}
			}
		}
		if any {
			r.Asked[""] = append(r.Asked[""], q.ID)
		}
		for ; by != 0; by &= by - 1 {
			id := w.outcomes[bits.TrailingZeros64(by)].ID
			r.Asked[id] = append(r.Asked[id], q.ID)
		}
	}
	for _, ids := range r.Asked {
		slices.Reverse(ids)
	}
	return r
}

// walked reports what the walk over a form shows to be wrong: questions that
// are never asked, complete answers that lead nowhere, outcomes that nobody
// reaches or that the wrong people reach, sections missing from a package.
func (b *builder) walked(f *Form, outcomes []*Outcome) {
	if len(outcomes) > 64 {
		b.faultf(outcomes[64].At, "", "a pathway has at most 64 outcomes")
		return
	}
	r, err := walk(f, outcomes)
	if err != nil {
		b.faults.Add(err.(*fault.Fault))
		return
	}
	for _, q := range f.all {
		if !slices.Contains(r.Asked[""], q.ID) {
			b.faultf(q.At, "mend its condition or its section's", "no path asks the question %s", q.ID)
		}
	}
	if outcomes == nil {
		return
	}
	nowhere := 0
	for _, e := range r.Ends {
		if e.Outcome == "" && e.Complete {
			if nowhere++; nowhere == 1 {
				b.faultf(f.At, "add an outcome for them", "complete answers lead to no outcome: %s", e.Answers.words())
			}
		}
	}
	for _, o := range outcomes {
		reached := false
		var wrong *End
		for i, e := range r.Ends {
			if e.Outcome != o.ID {
				continue
			}
			reached = reached || e.Complete
			if len(o.Never) > 0 && o.Never.Holds(e.Answers) && (wrong == nil || e.Complete && !wrong.Complete) {
				wrong = &r.Ends[i]
			}
		}
		if wrong != nil {
			b.faultf(o.At, "mend its condition, or those of the questions", "the outcome %s is reached where it may never be: %s", o.ID, wrong.Answers.words())
		}
		if !reached {
			b.faultf(o.At, "mend its condition, or take it away", "no path leads to the outcome %s", o.ID)
		}
		if o.Everything {
			for _, id := range r.Asked[o.ID] {
				if s := f.byID[id].Section; !slices.Contains(o.Order, s) {
					b.faultf(o.At, "add it to the order", "the section %s, which the outcome %s carries, is not in the order of the package", s, o.ID)
					break
				}
			}
		}
	}
}

// words lists answers in the order of their ids: for faults of rule files,
// whose answers are the files' own; never for those of a person.
func (a Answers) words() string {
	var parts []string
	for id, v := range a {
		parts = append(parts, id+" "+strings.Join(v, "+"))
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}
