package rule

import (
	"maps"
	"slices"
)

// Known says which question of the concern answers a question of the referral
// already, as far as it goes. Whoever refers sees the answer and confirms it.
type Known struct {
	Question string `rule:"question,required"`
	// As turns a choice of the concern into one of the referral; what is not listed
	// is not carried over. Texts are carried over as they are.
	As map[string]string `rule:"as"`
}

// Known returns the answers of a referral that a concern gives already. What may not
// be asked is left out.
func (p *Pathway) Known(concern Answers, today Date) Answers {
	told, _ := p.Concern.Prune(concern)
	known := Answers{}
	for _, q := range p.Referral.all {
		if q.Known == nil || !answered(told[q.Known.Question]) {
			continue
		}
		var values []string
		for _, v := range told[q.Known.Question] {
			if q.Known.As != nil {
				v = q.Known.As[v]
			}
			if v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) > 0 && q.Check(values, today) == nil {
			known[q.ID] = values
		}
	}
	kept, _ := p.Referral.Prune(known)
	return kept
}

// known checks what is carried over.
func (b *builder) known() {
	for _, q := range b.p.Referral.all {
		if q.Known == nil {
			continue
		}
		from := b.p.Concern.Question(q.Known.Question)
		switch {
		case from == nil:
			b.faultf(q.At, "name a question of concern.yaml", "the concern has no question %s", clip(q.Known.Question))
			continue
		case q.Kind.options() != from.Kind.options() || q.Kind.options() && q.Known.As == nil:
			b.faultf(q.At, "a choice is known from a choice, with as; a text from a text", "%s cannot be known from %s", clip(q.ID), clip(from.ID))
			continue
		}
		for _, v := range slices.Sorted(maps.Keys(q.Known.As)) {
			if from.Option(v) == nil || q.Option(q.Known.As[v]) == nil {
				b.faultf(q.At, "", "%s has no option %s, or the concern has none %s", clip(q.ID), clip(q.Known.As[v]), clip(v))
			}
		}
	}
	for _, q := range b.p.Concern.all {
		if q.Known != nil {
			b.faultf(q.At, "", "nothing is known before a concern")
		}
	}
}
