package rule

import (
	"slices"
	"sort"
)

// Level is how soon advice is to be followed.
type Level string

// The levels, most urgent first.
const (
	Now    Level = "now"
	Today  Level = "today"
	Record Level = "record" // keep in mind, and note
)

var levels = []Level{Now, Today, Record}

// AdviceRule says what to do where its condition holds over the answers to
// the concern form and what follows from the indicators chosen:
//
//	seen    themes with at least one indicator chosen, or "-" for none
//	tag     tags of the indicators chosen
//	count   none, one, few (2 or 3), many: how many indicators were chosen
//
// Advice never rests on a score: count only tells nothing from something.
type AdviceRule struct {
	Rule    `rule:",inline"`
	Level   Level     `rule:"level,required"`
	Text    Text      `rule:"text,required"`
	Because Text      `rule:"because,required"`
	When    Condition `rule:"when"`
}

// Names that advice conditions may use beside the concern's questions.
const (
	SeenThemes = "seen"
	SeenTags   = "tag"
	SeenCount  = "count"
)

// Advice is a rule that applies, with what made it apply.
type Advice struct {
	*AdviceRule
	Reasons []Reason
}

// Reason is an answer that a rule looked at and found. Indicator is set where
// the answer is one.
type Reason struct {
	Question  string
	Value     string
	Indicator *Indicator
}

// Advise lists the advice for a concern's answers in a nation, most urgent
// first and in the file's order within a level. Answers to questions that are
// not asked count for nothing. A rule out of force on the day is left out; no
// day means all rules.
func (p *Pathway) Advise(a Answers, nation string, on Date) []Advice {
	kept, _ := p.Concern.Prune(a)
	seen := p.Seen(kept)
	full := kept.Clone()
	full[SeenThemes], full[SeenTags], full[SeenCount] = nil, nil, []string{count(len(seen))}
	for _, s := range seen {
		full[SeenThemes] = append(full[SeenThemes], s.Indicator.Theme)
		full[SeenTags] = append(full[SeenTags], s.Indicator.Tags...)
	}
	var list []Advice
	for _, r := range p.AdviceRules {
		if !r.For(nation) || !on.IsZero() && !r.InForce(on) || !r.When.Holds(full) {
			continue
		}
		list = append(list, Advice{r, p.reasons(r.When, full, seen)})
	}
	sort.SliceStable(list, func(i, j int) bool {
		return slices.Index(levels, list[i].Level) < slices.Index(levels, list[j].Level)
	})
	return list
}

func count(n int) string {
	switch {
	case n == 0:
		return "none"
	case n == 1:
		return "one"
	case n <= 3:
		return "few"
	}
	return "many"
}

// Seen lists the indicators that a concern's answers name, in the form's order.
func (p *Pathway) Seen(a Answers) []Reason {
	var seen []Reason
	for _, q := range p.Concern.Questions() {
		if q.Indicators == "" {
			continue
		}
		for _, o := range q.Options {
			if o.Indicator != nil && slices.Contains(a[q.ID], o.Value) {
				seen = append(seen, Reason{q.ID, o.Value, o.Indicator})
			}
		}
	}
	return seen
}

// reasons lists what the alternatives of a condition that hold found.
func (p *Pathway) reasons(c Condition, full Answers, seen []Reason) []Reason {
	var list []Reason
	add := func(r Reason) {
		for _, have := range list {
			if have.Question == r.Question && have.Value == r.Value {
				return
			}
		}
		list = append(list, r)
	}
	for _, all := range c {
		if !allHold(all, full) {
			continue
		}
		for _, id := range (Condition{all}).Questions() {
			listed := all[id]
			switch id {
			case SeenCount:
				for _, s := range seen {
					add(s)
				}
			case SeenThemes:
				for _, s := range seen {
					if slices.Contains(listed, s.Indicator.Theme) || slices.Contains(listed, Answered) {
						add(s)
					}
				}
			case SeenTags:
				for _, s := range seen {
					if slices.ContainsFunc(s.Indicator.Tags, func(t string) bool { return slices.Contains(listed, t) }) {
						add(s)
					}
				}
			default:
				for _, v := range full[id] {
					if slices.Contains(listed, v) {
						add(p.reason(id, v))
					}
				}
			}
		}
	}
	return list
}

func (p *Pathway) reason(question, value string) Reason {
	r := Reason{Question: question, Value: value}
	if q := p.Concern.Question(question); q != nil {
		if o := q.Option(value); o != nil {
			r.Indicator = o.Indicator
		}
	}
	return r
}
