package concern

import (
	"slices"

	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
)

// step is one page of questions. Its name is the ID of its first question.
type step struct {
	Name      string
	Sections  []*rule.Section
	Questions []*rule.Question
}

// mostTogether is how many quick questions of neighbouring sections share a page.
const mostTogether = 3

// planOf puts the questions of a form onto pages: those of a section together; one
// that depends on what is chosen on the same page on a later one, and each theme of
// signs on its own. Short sections share a page.
func planOf(form *rule.Form) []*step {
	var plan []*step
	for _, s := range form.Sections {
		var last *step
		for _, q := range s.Questions {
			if q.Bound != "" {
				continue
			}
			depends := last != nil && dependsOn(q, last.Questions)
			theme := q.Indicators != "" && last != nil && (depends || last.theme())
			if last == nil || depends || theme || last.theme() && len(last.Questions) == 1 && dependsLater(q) {
				last = &step{Name: q.ID, Sections: []*rule.Section{s}}
				plan = append(plan, last)
			}
			last.Questions = append(last.Questions, q)
		}
	}
	return together(plan)
}

// theme says whether a page is one theme's signs alone.
func (s *step) theme() bool {
	return len(s.Questions) == 1 && s.Questions[0].Indicators != "" && len(s.Questions[0].When) > 0
}

func dependsLater(q *rule.Question) bool { return len(q.When) > 0 }

// dependsOn says whether a question is asked for some answers to the others only. One
// that needs any answer at all may stand on the same page: left alone it is dropped.
func dependsOn(q *rule.Question, others []*rule.Question) bool {
	for _, all := range q.When {
		for id, listed := range all {
			if slices.ContainsFunc(others, func(o *rule.Question) bool { return o.ID == id }) && !slices.Equal(listed, []string{rule.Answered}) {
				return true
			}
		}
	}
	return false
}

// together joins neighbouring pages of few quick questions.
func together(plan []*step) []*step {
	var joined []*step
	for _, s := range plan {
		if n := len(joined); n > 0 && joined[n-1].quick() && s.quick() && len(joined[n-1].Questions)+len(s.Questions) <= mostTogether &&
			!slices.ContainsFunc(s.Questions, func(q *rule.Question) bool { return dependsOn(q, joined[n-1].Questions) }) {
			joined[n-1].Sections = append(joined[n-1].Sections, s.Sections...)
			joined[n-1].Questions = append(joined[n-1].Questions, s.Questions...)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// quick says whether a page has choices of one alone.
func (s *step) quick() bool {
	return !slices.ContainsFunc(s.Questions, func(q *rule.Question) bool { return q.Kind != rule.Choice })
}

// draft is a concern that is being written.
type draft struct {
	*referral.File
	*referral.Answers
	here *matter.Here
	plan []*step
}

func (d *draft) form() *rule.Form { return d.here.Pathway.Concern }

// asked are the questions of a page that may be answered now. Where one needs any
// answer to another of the page, it is among them.
func (d *draft) asked(s *step) []*rule.Question {
	as := rule.Answers(d.Values).Clone()
	for _, q := range s.Questions {
		if q.FreeText() && len(as[q.ID]) == 0 {
			as[q.ID] = []string{"…"}
		}
	}
	var asked []*rule.Question
	for _, q := range d.form().Asked(as) {
		if slices.Contains(s.Questions, q) {
			asked = append(asked, q)
		}
	}
	return asked
}

// steps are the pages that have something to ask.
func (d *draft) steps() []*step {
	var steps []*step
	for _, s := range d.plan {
		if len(d.asked(s)) > 0 {
			steps = append(steps, s)
		}
	}
	return steps
}

// at finds a page by its name, with its place; nil if it asks nothing.
func (d *draft) at(name string) (s *step, place, all int) {
	steps := d.steps()
	for i, s := range steps {
		if s.Name == name {
			return s, i, len(steps)
		}
	}
	return nil, 0, len(steps)
}

// seen says whether all of a page was looked at and kept.
func (d *draft) seen(s *step) bool {
	really := d.form().Asked(d.Values)
	for _, q := range s.Questions {
		if slices.Contains(really, q) && !slices.Contains(d.Done, q.ID) {
			return false
		}
	}
	return true
}

// first is the first page that was not seen, or nil.
func (d *draft) first() *step {
	for _, s := range d.steps() {
		if !d.seen(s) {
			return s
		}
	}
	return nil
}
