package matter

import (
	"slices"

	"waymark/referral/rule"
	"waymark/web/page"
)

// AdviceLevel is what to do within one time.
type AdviceLevel struct {
	Level string
	Lines []AdviceLine
}

// AdviceLine is one thing to do, with why and where that comes from.
type AdviceLine struct {
	Text, Because Said
	Reasons       []Said
	Source        string
	Checked       page.Tag
	Doubt         string
}

// Advice is what to do now, from the answers to the concern form, level by level. It
// is never a score. Partial "matter/advice" shows it.
func (k *Kit) Advice(r *page.Request, values rule.Answers) []AdviceLevel {
	h := At(r)
	var levels []AdviceLevel
	for _, x := range h.Pathway.Advise(values, h.Network.Nation, k.Today(h)) {
		if n := len(levels); n == 0 || levels[n-1].Level != string(x.Level) {
			levels = append(levels, AdviceLevel{Level: string(x.Level)})
		}
		line := AdviceLine{Text: Say(r, x.Text), Because: Say(r, x.Because),
			Source: Cite(h.Pathway, x.Cite), Checked: Checked(r, &x.Rule), Doubt: x.Doubt}
		for _, why := range x.Reasons {
			if why.Indicator != nil {
				line.Reasons = append(line.Reasons, Say(r, why.Indicator.Text))
			} else if q := h.Pathway.Concern.Question(why.Question); q != nil {
				line.Reasons = append(line.Reasons, Answer(r, q, []string{why.Value}))
			}
		}
		last := &levels[len(levels)-1]
		last.Lines = append(last.Lines, line)
	}
	return levels
}

// SectionView is the answers to one section of a form.
type SectionView struct {
	Title Said
	About page.Summary
	// Signs are the indicators that were chosen, with what is known about each.
	Signs []Sign
}

// Answers are the answers to a form by section, without sections and questions that
// are not asked. change is the address at which a question's answer is changed; nil
// shows no such link. Partial "matter/answers" shows them.
func Answers(r *page.Request, form *rule.Form, values rule.Answers, change func(*rule.Question) string) []SectionView {
	asked := form.Asked(values)
	p := At(r).Pathway
	var all []SectionView
	for _, s := range form.Sections {
		v := SectionView{Title: Say(r, s.Title)}
		for _, q := range s.Questions {
			given := values[q.ID]
			if q.Kind == rule.Note || !slices.Contains(asked, q) || change == nil && len(given) == 0 {
				continue
			}
			signs := chosen(r, p, q, given)
			if v.Signs = append(v.Signs, signs...); change == nil && len(signs) > 0 {
				continue // shown one by one, with what they may mean
			}
			row := page.SummaryRow{Key: Say(r, q.Text).Text, Value: page.Cell{Text: r.Text("matter.none")}}
			if len(given) > 0 {
				row.Value = Answer(r, q, given).Cell()
			}
			if change != nil {
				row.Actions = []page.Link{{Text: r.Text("page.change"), Hidden: row.Key, Href: change(q)}}
			}
			v.About.Rows = append(v.About.Rows, row)
		}
		if len(v.About.Rows) > 0 || len(v.Signs) > 0 {
			all = append(all, v)
		}
	}
	return all
}

// chosen are the indicators among the answers to a question.
func chosen(r *page.Request, p *rule.Pathway, q *rule.Question, given []string) []Sign {
	var signs []Sign
	for _, o := range q.Options {
		if x := o.Indicator; x != nil && slices.Contains(given, o.Value) {
			signs = append(signs, Sign{Value: o.Value, Text: Say(r, o.Text), Details: true, Explain: Say(r, x.Explain),
				Also: Say(r, x.Also), Source: Cite(p, x.Cite), Checked: Checked(r, &x.Rule), Doubt: x.Doubt})
		}
	}
	return signs
}
