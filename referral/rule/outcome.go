package rule

import (
	"slices"

	"waymark/internal/fault"
)

// Outcome is where a referral goes. The first outcome of the file whose
// condition holds is the one.
type Outcome struct {
	Rule  `rule:",inline"`
	Title Text `rule:"title,required"`
	// Short is a few words for lists.
	Short Text `rule:"short,required"`
	// About says what it means, for who refers.
	About Text      `rule:"about,required"`
	When  Condition `rule:"when,required"`
	// Never is a condition that must not hold together with this outcome on
	// any path; the loader walks all of them.
	Never Condition `rule:"never"`
	// Protects marks an outcome that must not identify the person. It carries
	// an explicit list only.
	Protects bool `rule:"protects"`
	// Cooperation is the one condition under which a protecting outcome may
	// carry what identifies.
	Cooperation map[string][]string `rule:"cooperation"`
	// Everything carries all that is asked. Otherwise Carry is the list.
	Everything bool     `rule:"everything"`
	Carry      []*Carry `rule:"carry"`
	// Order lists the sections in the order of the package.
	Order []string `rule:"order,required"`
	Then  []*Step  `rule:"then,required"`
}

// As is how much of an answer is carried.
type As string

// The ways to carry an answer.
const (
	AsValue  As = "value"
	AsYear   As = "year"
	AsMonth  As = "month"
	AsRegion As = "region" // of an option, which names it
)

// Carry lets one question's answer leave, in a coarser form if so said, and
// only where the condition holds.
type Carry struct {
	Question string      `rule:"question,required"`
	As       As          `rule:"as"` // Default: value
	When     Condition   `rule:"when"`
	At       fault.Place `json:"-"`
}

// Step is something to do after the outcome. It may be for some nations or
// answers only.
type Step struct {
	Rule `rule:",inline"`
	Text Text      `rule:"text,required"`
	When Condition `rule:"when"`
}

// Steps lists what to do next in a nation for the answers, in order.
func (o *Outcome) Steps(a Answers, nation string) []*Step {
	var list []*Step
	for _, s := range o.Then {
		if s.For(nation) && s.When.Holds(a) {
			list = append(list, s)
		}
	}
	return list
}

// Outcome returns where the answers lead, or nil while they do not say.
func (p *Pathway) Outcome(a Answers) *Outcome {
	kept, _ := p.Referral.Prune(a)
	return p.outcome(kept)
}

func (p *Pathway) outcome(kept Answers) *Outcome {
	for _, o := range p.Outcomes {
		if o.When.Holds(kept) {
			return o
		}
	}
	return nil
}

// OutcomeByID returns an outcome, or nil.
func (p *Pathway) OutcomeByID(id string) *Outcome {
	for _, o := range p.Outcomes {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// Carry returns exactly what is sent for an outcome. It fails if the answers
// do not lead to that outcome, so that a stale decision sends nothing. Where
// there is a list, a value that its question does not take is left out: a date
// or a country cannot smuggle words.
func (p *Pathway) Carry(outcome string, a Answers) (Answers, error) {
	kept, _ := p.Referral.Prune(a)
	o := p.outcome(kept)
	if o == nil || o.ID != outcome {
		return nil, fault.New(fault.Conflict, fault.Place{}, "the answers do not lead to this kind of referral any more", "check the answers again")
	}
	if o.Everything {
		return kept, nil
	}
	sent := Answers{}
	for _, c := range o.Carry {
		q, values := p.Referral.Question(c.Question), kept[c.Question]
		if q == nil || !answered(values) || !c.When.Holds(kept) || q.breach(values, endOfTime) != nil {
			continue
		}
		if out := c.values(q, values); len(out) > 0 {
			sent[c.Question] = out
		}
	}
	return sent, nil
}

// endOfTime lets Carry check values without knowing the day: that a date is not
// in the future was checked before.
var endOfTime = Date{9999, 12, 31}

// values are the values in the form in which they are carried. What cannot be
// brought into it is left out.
func (c *Carry) values(q *Question, values []string) []string {
	var out []string
	for _, v := range values {
		switch c.As {
		case AsYear:
			v = prefix(v, len("2006"))
		case AsMonth:
			v = prefix(v, len("2006-01"))
		case AsRegion:
			if o := q.Option(v); o != nil {
				v = o.Region
			} else {
				v = ""
			}
		}
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func prefix(s string, n int) string {
	if len(s) < n {
		return s
	}
	return s[:n]
}
