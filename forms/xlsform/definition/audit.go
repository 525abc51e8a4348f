package definition

import (
	"slices"
	"strings"
)

// readAudit reads the row that asks for an audit log. Its node goes to meta.
//
// Source: ODK XForms specification, "audit" bind attributes.
func (r *reader) readAudit(w *row) {
	el, at := w.el, r.at(w, "parameters")
	if w.hasName && el.Name != "audit" {
		r.fault(r.at(w, "name"), "leave the name empty", "an audit is always named \"audit\", not %q", el.Name)
	}
	el.Name = "audit"
	r.accept(w, "identify-user", "location-max-age", "location-min-interval", "location-priority",
		"track-changes", "track-changes-reasons")
	oneOf := func(key string, values ...string) {
		if !w.parameters.Has(key) {
			return
		}
		value := w.parameters.Get(key)
		if !slices.Contains(values, value) {
			r.fault(at, "write "+strings.Join(values, " or "), "%q is not a value of the parameter %q", value, key)
			return
		}
		el.Bind.Set("odk:"+key, value)
	}
	oneOf("track-changes", "true", "false")
	oneOf("track-changes-reasons", "on-form-edit")
	oneOf("identify-user", "true", "false")
	r.readAuditLocation(w)
	applyType(el, questionTypes["audit"])
	for _, m := range r.meta {
		if m.Name == el.Name {
			r.fault(el.Place, "take one of the two out", "there is another audit in row %d", m.Place.Row)
		}
	}
	r.meta = append(r.meta, el)
}

// readAuditLocation reads the three parameters that ask for the place, which
// come together or not at all.
func (r *reader) readAuditLocation(w *row) {
	const priority, interval, age = "location-priority", "location-min-interval", "location-max-age"
	at, p := r.at(w, "parameters"), w.parameters
	given := 0
	for _, key := range [...]string{priority, interval, age} {
		if p.Has(key) {
			given++
		}
	}
	if given == 0 {
		return
	}
	if given < 3 {
		r.fault(at, "give all three, or none", "the place in an audit needs %q, %q and %q", priority, interval, age)
		return
	}
	if v := p.Get(priority); !slices.Contains([]string{"no-power", "low-power", "balanced", "high-accuracy"}, v) {
		r.fault(at, "write no-power, low-power, balanced or high-accuracy", "%q is not a value of the parameter %q", v, priority)
	}
	least, okLeast := wholeNumber(p.Get(interval))
	most, okMost := wholeNumber(p.Get(age))
	for _, n := range [...]struct {
		key string
		ok  bool
	}{{interval, okLeast && least.Sign() >= 0}, {age, okMost && most.Sign() >= 0}} {
		if !n.ok {
			r.fault(at, "write seconds as a whole number", "the parameter %q is %q, not a whole number of at least 0", n.key, p.Get(n.key))
		}
	}
	if okLeast && okMost && most.Cmp(least) < 0 {
		r.fault(at, "write a larger "+age, "the parameter %q is smaller than %q", age, interval)
	}
	for _, key := range [...]string{age, interval, priority} {
		w.el.Bind.Set("odk:"+key, p.Get(key))
	}
}
