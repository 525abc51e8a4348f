package definition

import (
	"errors"
	"strings"
)

// readTrigger reads the names in a trigger cell: one reference, or several with
// commas between.
func (r *reader) readTrigger(w *row) {
	at := r.at(w, "trigger")
	names, err := parseTrigger(w.trigger)
	switch {
	case errors.Is(err, errTwoReferences):
		r.fault(at, "write ${a}, ${b}", "the references of a trigger need a comma between them")
	case err != nil:
		r.fault(at, "write ${name}, with the name of a question", "the trigger %q is not a reference", w.trigger)
	}
	w.el.Triggers = names
	for _, n := range names {
		r.triggers = append(r.triggers, mention{n, at})
	}
}

var errTwoReferences = errors.New("two references without a comma between them")

func parseTrigger(s string) ([]string, error) {
	if !strings.Contains(s, "${") || len(s) < 3 {
		return nil, ErrReference
	}
	var names []string
	for _, part := range strings.Split(s, ",") {
		refs, err := ParseReferences(part)
		if len(refs) > 1 {
			return names, errTwoReferences
		}
		if err != nil {
			return names, err
		}
		for _, ref := range refs {
			names = append(names, ref.Name)
		}
	}
	return names, nil
}

// checkTriggers looks up the questions that triggers name.
func (r *reader) checkTriggers() {
	for _, t := range r.triggers {
		if r.questions[t.what] {
			continue
		}
		r.fault(t.at, r.remedyForName(t.what), "there is no question named %q", t.what)
	}
}

// remedyForName suggests the name that a reference may have meant.
func (r *reader) remedyForName(name string) string {
	var names []string
	if r.faults.Len() >= maxFaults {
		return "" // it would not be shown
	}
	for _, w := range r.rows {
		if !w.end && w.el.Name != "" {
			names = append(names, w.el.Name)
		}
	}
	if like := nearest(name, names); like != "" {
		return "write ${" + like + "}"
	}
	return "write the name of a row of the survey sheet"
}
