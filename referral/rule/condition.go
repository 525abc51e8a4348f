package rule

import (
	"slices"
)

// Answers are the values of questions by question id. A choices question and
// files may have several values, every other question one.
type Answers map[string][]string

// One returns the first value of a question, or "".
func (a Answers) One(id string) string {
	if v := a[id]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Clone returns a copy that shares nothing with a.
func (a Answers) Clone() Answers {
	c := make(Answers, len(a))
	for id, v := range a {
		c[id] = slices.Clone(v)
	}
	return c
}

// Values of a condition that stand for more than themselves.
const (
	Answered   = "*" // any answer at all
	Unanswered = "-" // no answer
)

// Condition is an any-of over all-ofs: it holds if in one of its maps every
// question has one of the listed values. A question with several values has a
// listed one if any of them is listed. Answered and Unanswered stand for any
// and no answer. The empty condition always holds.
//
// In YAML it is one map or a list of maps, and one value may stand without its
// list: {under18: no, consent: [yes, unsure]}.
type Condition []map[string][]string

// Holds says whether the condition holds over the answers.
func (c Condition) Holds(a Answers) bool {
	if len(c) == 0 {
		return true
	}
	for _, all := range c {
		if allHold(all, a) {
			return true
		}
	}
	return false
}

func allHold(all map[string][]string, a Answers) bool {
	for id, listed := range all {
		if !atom(listed, a[id]) {
			return false
		}
	}
	return true
}

// atom says whether the values of one question meet a list.
func atom(listed, values []string) bool {
	if !answered(values) {
		return slices.Contains(listed, Unanswered)
	}
	if slices.Contains(listed, Answered) {
		return true
	}
	for _, v := range values {
		if slices.Contains(listed, v) {
			return true
		}
	}
	return false
}

func answered(values []string) bool {
	for _, v := range values {
		if v != "" {
			return true
		}
	}
	return false
}

// Questions lists the questions that the condition looks at, sorted.
func (c Condition) Questions() []string {
	var ids []string
	for _, all := range c {
		for id := range all {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// implies says whether the condition can hold only where the other, of one
// all-of, holds too: each of its alternatives demands the other's questions
// with no value beyond the other's.
func (c Condition) implies(o map[string][]string) bool {
	if len(c) == 0 {
		return len(o) == 0
	}
	for _, all := range c {
		for id, listed := range o {
			mine, ok := all[id]
			if !ok || len(mine) == 0 {
				return false
			}
			for _, v := range mine {
				if !slices.Contains(listed, v) {
					return false
				}
			}
		}
	}
	return true
}

// String tells how many answers there are and nothing of what they say, so that
// a careless log line holds no answer.
func (a Answers) String() string { return itoa(len(a)) + " answers" }

// GoString is String, for %#v.
func (a Answers) GoString() string { return a.String() }
