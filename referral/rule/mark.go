package rule

import (
	"maps"
	"slices"
	"time"

	"waymark/internal/fault"
)

// Mark names a condition of a form over its answers, by which the row of a concern or
// a case says something in clear.
type Mark = string

// The marks.
const (
	MarkUrgent Mark = "urgent" // somebody may be in danger now
	MarkChild  Mark = "child"  // a child, or somebody whose age is not sure
)

// Marked says whether a mark holds over the answers that count. A mark that the form
// does not define never holds.
func (f *Form) Marked(m Mark, a Answers) bool {
	c := f.Marks[m]
	if len(c) == 0 {
		return false
	}
	kept, _ := f.Prune(a)
	return c.Holds(kept)
}

// marks checks the marks of a form.
func (b *builder) marks(f *Form) {
	for _, m := range slices.Sorted(maps.Keys(f.Marks)) {
		if m != MarkUrgent && m != MarkChild {
			b.faultf(f.At, "the marks are urgent and child", "there is no mark %s", clip(m))
			continue
		}
		b.condition(f.At, f.Marks[m], f, f.all, nil)
	}
}

// Lawful is the last look at what is about to be sent for an outcome: where it must
// not identify the person, nothing that identifies and no free text is in it, unless
// the person co-operates. The loader refuses pathways that could break this; it is
// checked again where it counts.
func (p *Pathway) Lawful(o *Outcome, sent, all Answers) error {
	if !o.Protects {
		return nil
	}
	kept, _ := p.Referral.Prune(all)
	if len(o.Cooperation) > 0 && allHold(o.Cooperation, kept) {
		return nil
	}
	for id := range sent {
		if q := p.Referral.Question(id); q == nil || q.Identifying || q.FreeText() {
			return fault.New(fault.Internal, fault.Place{Field: id}, "this would identify somebody who does not consent: nothing was made", "report it; send nothing by other ways")
		}
	}
	return nil
}

// Today is the civil day at a moment in a nation's time zone; for a nation that the
// pathway does not have, or a zone that the machine does not know, in UTC.
func (p *Pathway) Today(nation string, now time.Time) Date {
	if n := p.Nation(nation); n != nil {
		if zone, err := time.LoadLocation(n.Zone); err == nil {
			return DateOf(now.In(zone))
		}
	}
	return DateOf(now.UTC())
}
