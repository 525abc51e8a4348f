package concern

import (
	"slices"

	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// paper is the whole form as it is printed, with what was answered so far.
type paper struct {
	Organisation, Desk string
	Sections           []paperSection
}

type paperSection struct {
	Title     matter.Said
	Questions []paperQuestion
}

// paperQuestion has boxes to tick, or lines to write on. Values are marked where they
// were answered; the page's script marks what is typed but not sent.
type paperQuestion struct {
	Field   string
	Text    matter.Said
	Hint    matter.Said
	Options []paperOption
	Long    bool
	Value   string
}

type paperOption struct {
	Value  string
	Text   matter.Said
	Chosen bool
}

// paperOf is the form for a draft, which may be nil.
func (a *area) paperOf(r *page.Request, d *draft) *paper {
	h := matter.At(r)
	p := &paper{Organisation: h.Link.Name}
	if desk, err := a.desk(r); err == nil {
		p.Desk = desk.Name
	}
	values := rule.Answers{}
	if d != nil {
		values = d.Values
	}
	for _, s := range h.Pathway.Concern.Sections {
		section := paperSection{Title: matter.Say(r, s.Title)}
		for _, q := range s.Questions {
			if q.Bound != "" || q.Kind == rule.Note || q.Kind == rule.Files {
				continue
			}
			section.Questions = append(section.Questions, onPaper(r, q, values[q.ID]))
		}
		if len(section.Questions) > 0 {
			p.Sections = append(p.Sections, section)
		}
	}
	return p
}

func onPaper(r *page.Request, q *rule.Question, given []string) paperQuestion {
	x := paperQuestion{Field: matter.FieldName(q.ID), Text: matter.Say(r, q.Text), Hint: matter.Say(r, q.Hint), Long: q.Kind == rule.Long || q.Kind == rule.Place}
	for _, o := range q.Options {
		x.Options = append(x.Options, paperOption{Value: o.Value, Text: matter.Say(r, o.Text), Chosen: slices.Contains(given, o.Value)})
	}
	if len(q.Options) == 0 && len(given) > 0 {
		x.Value = matter.Answer(r, q, given).Text
	}
	return x
}

// paper is the whole form to print and fill in by hand.
func (a *area) paper(r *page.Request) error {
	return r.Render(200, "concern/paper", struct {
		Paper *paper
		Back  string
	}{a.paperOf(r, nil), of(r, "")})
}
