package rule

import (
	"slices"

	"waymark/internal/fault"
)

// The bounds of a form.
const (
	maxQuestions = 300
	maxOptions   = 300
	maxAll       = 20 // alternatives of a condition
)

// Bound values that the program fills in.
var bounds = []string{"organisation", "reporter"}

// link gives a form its index and its questions their sections and options.
func (b *builder) link(f *Form) {
	f.byID = map[string]*Question{}
	f.all = nil
	b.id(f.At, f.ID, "form")
	sections := map[string]bool{}
	for _, s := range f.Sections {
		b.id(s.At, s.ID, "section")
		if sections[s.ID] {
			b.faultf(s.At, "give each its own", "the section %q is there twice", clip(s.ID))
		}
		sections[s.ID] = true
		for _, q := range s.Questions {
			q.Section, q.SectionWhen = s.ID, s.When
			b.id(q.At, q.ID, "question")
			if f.byID[q.ID] != nil {
				b.faultf(q.At, "give each its own", "the question %q is there twice", clip(q.ID))
				continue
			}
			f.byID[q.ID] = q
			f.all = append(f.all, q)
			b.options(f, q)
			b.question(q)
		}
	}
	if len(f.all) > maxQuestions {
		b.faultf(f.At, "", "the form has %d questions; it may have %d", len(f.all), maxQuestions)
	}
}

// options finds the options of a question where they stand.
func (b *builder) options(f *Form, q *Question) {
	ways := 0
	if len(q.Options) > 0 {
		ways++
	}
	if q.List != "" {
		ways++
		list, ok := f.Lists[q.List]
		if !ok {
			b.faultf(q.At, "write it under lists", "the form has no list %q", clip(q.List))
		}
		q.Options = list
	}
	if q.Indicators != "" {
		ways++
		if q.Kind != Choices || f != b.p.Concern {
			b.faultf(q.At, "", "only a choices question of the concern asks about indicators")
		}
		for _, i := range b.p.Indicators {
			if i.Theme == q.Indicators {
				q.Options = append(q.Options, &Option{Value: i.ID, Text: i.Text, Hint: i.Explain, Indicator: i, At: i.At})
			}
		}
		q.Options = append(q.Options, f.Lists["none"]...)
	}
	switch {
	case q.Kind.options() && ways != 1:
		b.faultf(q.At, "write options, or list, or indicators", "a %s question has its answers in one of three ways", q.Kind)
	case q.Kind.options() && len(q.Options) < 1:
		b.faultf(q.At, "", "the question has nothing to choose")
	case !q.Kind.options() && ways > 0:
		b.faultf(q.At, "", "a %s question has no options", clip(string(q.Kind)))
	}
	if len(q.Options) > maxOptions {
		b.faultf(q.At, "", "the question has %d options; it may have %d", len(q.Options), maxOptions)
	}
	seen := map[string]bool{}
	for _, o := range q.Options {
		b.id(o.At, o.Value, "option")
		if seen[o.Value] {
			b.faultf(o.At, "give each its own", "the option %q is there twice", clip(o.Value))
		}
		seen[o.Value] = true
		if o.Exclusive && q.Kind == Choice && q.List == "" {
			b.faultf(o.At, "", "options of a single choice are always exclusive")
		}
	}
}

func (b *builder) question(q *Question) {
	kinds := make([]string, len(Kinds))
	for i, k := range Kinds {
		kinds[i] = string(k)
	}
	if !slices.Contains(Kinds, q.Kind) {
		b.oneOf(q.At, "kind", string(q.Kind), kinds)
		return
	}
	if q.Bound != "" {
		b.oneOf(q.At, "bound value", q.Bound, bounds)
		if q.Kind != TextLine {
			b.faultf(q.At, "", "what the program fills in is a text")
		}
	}
	dated := q.Kind == DateKind || q.Kind == Month
	for _, wrong := range []struct {
		is   bool
		what string
	}{
		{q.Kind == Note && q.Required, "a note takes no answer"},
		{q.NotFuture && !dated, "only a date or month can be in the future"},
		{q.Partial && q.Kind != DateKind, "only a date can be partial"},
		{(q.Least != nil || q.Most != nil) && q.Kind != Number, "only a number has least and most"},
		{(len(q.Accept) > 0 || q.MaxMB != 0) && q.Kind != Files, "only files have accept and maxMB"},
		{q.Kind == Files && (len(q.Accept) == 0 || q.MaxMB < 1 || q.MaxMB > 1000), "files need accept and maxMB"},
		{q.Max < 0 || q.Max > 20000, "max is from 1 to 20000"},
		{q.Least != nil && q.Most != nil && *q.Least > *q.Most, "least is more than most"},
	} {
		if wrong.is {
			b.faultf(q.At, "", "%s", wrong.what)
		}
	}
	if q.Kind == Name || q.Kind == Phone || q.Kind == Email {
		if !q.Identifying {
			b.faultf(q.At, "write identifying: true", "a %s identifies a person", q.Kind)
		}
	}
	if q.Cite != nil {
		b.cite(q.At, *q.Cite)
	}
}

// conditions checks that questions look back only, at answers that exist.
func (b *builder) conditions(f *Form) {
	first := map[string]int{}
	for i, q := range f.all {
		if _, ok := first[q.Section]; !ok {
			first[q.Section] = i
		}
	}
	for _, s := range f.Sections {
		if i, ok := first[s.ID]; ok {
			b.condition(s.At, s.When, f, f.all[:i], nil)
		}
	}
	for i, q := range f.all {
		b.condition(q.At, q.When, f, f.all[:i], nil)
	}
}

// condition checks a condition over the questions that it may look at and the
// other values that it may use.
func (b *builder) condition(at fault.Place, c Condition, f *Form, may []*Question, more map[string][]string) {
	if len(c) > maxAll {
		b.faultf(at, "", "a condition has %d alternatives; it may have %d", len(c), maxAll)
		return
	}
	for _, all := range c {
		if len(all) == 0 {
			b.faultf(at, "leave the condition out if it always holds", "a condition has an empty alternative")
		}
		for _, id := range (Condition{all}).Questions() {
			listed := all[id]
			if len(listed) == 0 {
				b.faultf(at, "", "the condition on %s lists no answer", clip(id))
			}
			if values, ok := more[id]; ok {
				for _, v := range listed {
					if v != Answered && v != Unanswered {
						b.oneOf(at, id, v, values)
					}
				}
				continue
			}
			q := f.byID[id]
			switch {
			case q == nil:
				var known []string
				for _, o := range may {
					known = append(known, o.ID)
				}
				b.oneOf(at, "question", id, known)
				continue
			case !slices.Contains(may, q):
				b.faultf(at, "a condition looks back only", "the question %s comes later", clip(id))
				continue
			case q.Kind == Note:
				b.faultf(at, "", "%s is a note and has no answer", clip(id))
				continue
			}
			var values []string
			for _, o := range q.Options {
				values = append(values, o.Value)
			}
			for _, v := range listed {
				if v == Answered || v == Unanswered {
					continue
				}
				if !q.Kind.options() {
					b.faultf(at, `write "*" or "-"`, "a condition on %s can only ask whether there is an answer", clip(id))
					continue
				}
				b.oneOf(at, "answer to "+clip(id), v, values)
			}
		}
	}
}
