package quality

import (
	"waymark/monitoring/instrument"
)

// headline is the instrument's "at least one" of own experience.
type headline struct {
	indicator *instrument.Indicator
	items     []func(row int) int8 // 1 yes, 0 no, -1 missing
	questions []string
}

// newHeadline finds the first indicator that counts own experiences with at
// least one, or returns nil.
func (r *round) newHeadline() *headline {
	for i := range r.inst.Indicators {
		ind := &r.inst.Indicators[i]
		if ind.Experience != instrument.Own || len(ind.Of) == 0 || ind.AtLeast != 1 {
			continue
		}
		h := &headline{indicator: ind}
		for _, id := range ind.Of {
			of := r.inst.Indicator(id)
			if of == nil || of.Question == "" {
				continue
			}
			if c := r.in.Table.Column(of.Question); c != nil {
				h.items = append(h.items, states(c, of.Yes))
				h.questions = append(h.questions, of.Question)
			}
		}
		if len(h.items) > 0 {
			return h
		}
	}
	return nil
}

// state is 1 if any item is yes, 0 if all are no, else -1.
func (h *headline) state(row int) int8 {
	worst := int8(0)
	for _, item := range h.items {
		switch item(row) {
		case 1:
			return 1
		case -1:
			worst = -1
		}
	}
	return worst
}

// pattern is the answers to the items as base-3 digits, and whether all were
// answered with yes or no.
func (h *headline) pattern(row int) (pattern uint32, answered bool) {
	answered = true
	for _, item := range h.items {
		s := item(row)
		if s < 0 {
			answered = false
		}
		pattern = pattern*3 + uint32(s+1)
	}
	return pattern, answered
}
