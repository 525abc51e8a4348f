package rule

import (
	"slices"
)

// outcomes checks what each outcome carries. The strict part is for those that
// protect: nothing that may tell who someone is leaves without the declared
// condition, no day, no place, and everything is named one by one.
func (b *builder) outcomes() {
	f := b.p.Referral
	var sections []string
	for _, s := range f.Sections {
		sections = append(sections, s.ID)
	}
	for _, o := range b.p.Outcomes {
		b.condition(o.At, o.When, f, f.all, nil)
		b.condition(o.At, o.Never, f, f.all, nil)
		if len(o.Cooperation) > 0 {
			b.condition(o.At, Condition{o.Cooperation}, f, f.all, nil)
		}
		if o.Everything == (len(o.Carry) > 0) {
			b.faultf(o.At, "write everything: true or a list", "the outcome %s carries everything or a list", clip(o.ID))
		}
		for i, id := range o.Order {
			b.oneOf(o.At, "section", id, sections)
			if slices.Contains(o.Order[:i], id) {
				b.faultf(o.At, "leave one", "the section %s is in the order twice", clip(id))
			}
		}
		if o.Protects {
			if o.Everything {
				b.faultf(o.At, "list what it carries", "the outcome %s protects a person and may not carry everything", clip(o.ID))
			}
			if len(o.Never) == 0 {
				b.faultf(o.At, "write never", "the outcome %s protects a person and does not say who may never end in it", clip(o.ID))
			}
		} else if len(o.Cooperation) > 0 {
			b.faultf(o.At, "", "only an outcome that protects has a condition of co-operation")
		}
		seen := map[string]bool{}
		for _, c := range o.Carry {
			b.carry(o, c)
			if seen[c.Question] {
				b.faultf(c.At, "leave one", "%s is carried twice", clip(c.Question))
			}
			seen[c.Question] = true
		}
		for _, s := range o.Then {
			b.condition(s.At, s.When, f, f.all, nil)
		}
	}
}

func (b *builder) carry(o *Outcome, c *Carry) {
	f := b.p.Referral
	if c.As == "" {
		c.As = AsValue
	}
	b.oneOf(c.At, "way to carry", string(c.As), []string{string(AsValue), string(AsYear), string(AsMonth), string(AsRegion)})
	b.condition(c.At, c.When, f, f.all, nil)
	q := f.byID[c.Question]
	if q == nil {
		var known []string
		for _, q := range f.all {
			known = append(known, q.ID)
		}
		b.oneOf(c.At, "question", c.Question, known)
		return
	}
	if q.Kind == Note {
		b.faultf(c.At, "", "%s is a note and has no answer", clip(q.ID))
	}
	if !slices.Contains(o.Order, q.Section) {
		b.faultf(c.At, "add it to the order", "the section %s of %s is not in the order of the package", clip(q.Section), clip(q.ID))
	}
	dated := q.Kind == DateKind || q.Kind == Month
	if (c.As == AsYear || c.As == AsMonth) && !dated {
		b.faultf(c.At, "", "%s is no date", clip(q.ID))
	}
	if c.As == AsRegion {
		if !q.Kind.options() {
			b.faultf(c.At, "", "%s has no options with regions", clip(q.ID))
		}
		for _, option := range q.Options {
			if option.Region == "" {
				b.faultf(option.At, "write region", "the option %s has no region", clip(option.Value))
			}
		}
	}
	if !o.Protects || len(o.Cooperation) > 0 && len(c.When) > 0 && c.When.implies(o.Cooperation) {
		return
	}
	switch {
	case q.FreeText():
		b.faultf(c.At, "leave it out, or carry it only where the person co-operates", "%s takes free text and may not leave with an outcome that protects", clip(q.ID))
	case q.Identifying:
		b.faultf(c.At, "leave it out, or carry it only where the person co-operates", "%s may identify a person and may not leave with an outcome that protects", clip(q.ID))
	case q.Kind == DateKind && c.As == AsValue:
		b.faultf(c.At, "write as: month or as: year", "the day in %s may not leave with an outcome that protects", clip(q.ID))
	}
}
