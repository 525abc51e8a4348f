package definition

import (
	"fmt"
	"math/big"
	"strings"
)

// readRange reads the scale of a range question: start, end, step, marks and
// labels.
func (r *reader) readRange(w *row) {
	r.accept(w, "end", "placeholder", "start", "step", "tick_interval", "tick_labelset")
	at := r.at(w, "parameters")
	bad := func(remedy, format string, args ...any) { r.fault(at, remedy, format, args...) }
	p := &w.parameters
	if w.appearance != "" && !strings.Contains(w.appearance, "vertical") && !strings.Contains(w.appearance, "no-ticks") &&
		(p.Has("tick_interval") || p.Has("placeholder") || p.Has("tick_labelset")) {
		bad("use the appearance vertical or no-ticks, or none", "tick_interval, placeholder and tick_labelset do not go with the appearance %q", w.appearance)
	}
	for _, d := range [...]Attr{{"start", "1"}, {"end", "10"}, {"step", "1"}} {
		if !p.Has(d.Key) {
			p.Set(d.Key, d.Value)
		}
	}
	read := true
	number := func(key string) *big.Rat {
		if !p.Has(key) {
			return nil
		}
		n, ok := exact(p.Get(key))
		if !ok {
			read = false
			bad("write a number", "the parameter %q is %q, not a number", key, p.Get(key))
		}
		return n
	}
	s := scale{start: number("start"), end: number("end"), step: number("step"),
		interval: number("tick_interval"), placeholder: number("placeholder")}
	labels := p.Get("tick_labelset")
	if read {
		s.check(bad)
		if labels != "" {
			r.checkTickLabels(w, &s, labels)
		}
		if s.fractional() {
			w.el.Bind.Set("type", "decimal")
		}
	}
	var late Attrs
	for _, a := range *p {
		switch a.Key {
		case "tick_interval":
			late.Set("odk:tick-interval", a.Value)
		case "placeholder":
			late.Set("odk:placeholder", a.Value)
		case "tick_labelset":
		default:
			w.el.Control.Set(a.Key, a.Value)
		}
	}
	for _, a := range late {
		w.el.Control.Set(a.Key, a.Value)
	}
	w.el.Itemset = labels
}

// scale is the numbers of a range; interval and placeholder may be nil.
type scale struct{ start, end, step, interval, placeholder *big.Rat }

func (s *scale) low() *big.Rat {
	if s.start.Cmp(s.end) < 0 {
		return s.start
	}
	return s.end
}

func (s *scale) high() *big.Rat {
	if s.start.Cmp(s.end) < 0 {
		return s.end
	}
	return s.start
}

// fromStart is the distance of a value from the start.
func (s *scale) fromStart(v *big.Rat) *big.Rat { return new(big.Rat).Sub(v, s.start) }

func (s *scale) outside(v *big.Rat) bool { return v.Cmp(s.low()) < 0 || v.Cmp(s.high()) > 0 }

func (s *scale) fractional() bool {
	for _, n := range [...]*big.Rat{s.start, s.end, s.step, s.interval, s.placeholder} {
		if n != nil && !n.IsInt() {
			return true
		}
	}
	return false
}

// check holds the numbers against each other.
func (s *scale) check(bad func(remedy, format string, args ...any)) {
	width := new(big.Rat).Sub(s.high(), s.low())
	steps := func(key string, n *big.Rat) bool {
		if n.Sign() == 0 {
			bad("write another number", "the parameter %q must not be 0", key)
			return false
		}
		if n.Cmp(width) > 0 {
			bad("write a smaller number", "the parameter %q is larger than the way from start to end", key)
			return false
		}
		return true
	}
	stepped := steps("step", s.step)
	if s.interval != nil && steps("tick_interval", s.interval) && stepped && !isMultiple(s.interval, s.step) {
		bad("write a multiple of step", "the parameter \"tick_interval\" is not a multiple of step")
	}
	if s.placeholder == nil || s.step.Sign() == 0 {
		return
	}
	if !isMultiple(s.fromStart(s.placeholder), s.step) {
		bad("write start plus a multiple of step", "the parameter \"placeholder\" is not on a step")
	}
	if s.outside(s.placeholder) {
		bad("write a number from start to end", "the parameter \"placeholder\" is not between start and end")
	}
}

// checkTickLabels holds the names of the label list, which are numbers, against
// the scale.
func (r *reader) checkTickLabels(w *row, s *scale, name string) {
	list := r.lists[name]
	at := r.at(w, "parameters")
	if list == nil {
		r.fault(at, "name a list of the choices sheet", "the parameter \"tick_labelset\" names the list %q, which is not on the choices sheet", name)
		return
	}
	bare := strings.Contains(w.appearance, "no-ticks")
	ends := map[string]bool{}
	for i := range list.Choices {
		ch := &list.Choices[i]
		v, ok := exact(ch.Name)
		why := ""
		switch {
		case !ok:
			why = "is not a number"
		case s.outside(v):
			why = "is not between start and end"
		case s.interval != nil && s.interval.Sign() != 0 && !isMultiple(s.fromStart(v), s.interval):
			why = "is not on a multiple of tick_interval"
		case s.step.Sign() != 0 && !isMultiple(s.fromStart(v), s.step):
			why = "is not on a multiple of step"
		}
		if why != "" {
			r.fault(at, fmt.Sprintf("change row %d of the choices sheet", ch.Row), "the choice %q of the list %q in \"tick_labelset\" %s", ch.Name, name, why)
			continue
		}
		ends[v.RatString()] = true
	}
	if !bare {
		return
	}
	switch {
	case len(ends) > 2:
		r.fault(at, "keep the choices for start and end", "with the appearance no-ticks the list %q in \"tick_labelset\" must have two choices", name)
	case len(ends) != len(unique(s.start.RatString(), s.end.RatString())) || !ends[s.start.RatString()] || !ends[s.end.RatString()]:
		r.fault(at, "name the choices as start and end", "with the appearance no-ticks the choices of the list %q in \"tick_labelset\" must be start and end", name)
	}
}

func unique(a, b string) []string {
	if a == b {
		return []string{a}
	}
	return []string{a, b}
}
