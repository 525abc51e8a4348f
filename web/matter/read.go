package matter

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/referral/rule"
	"waymark/web/page"
)

// Today is the civil day where the network is.
func (k *Kit) Today(h *Here) rule.Date {
	now := k.House.Now()
	return rule.DateOf(now.In(h.Zone()))
}

// Read reads the answer to a question from a form and marks what is wrong with it.
// Files are the area's to read.
func (k *Kit) Read(r *page.Request, f *page.Form, q *rule.Question) []string {
	values := Typed(f, q)
	if err := q.Check(values, k.Today(At(r))); err != nil {
		markAll(f, err, Say(r, q.Text).Text)
	}
	return values
}

// Typed is the answer to a question as it was typed, without space around.
func Typed(f *page.Form, q *rule.Question) []string {
	name := FieldName(q.ID)
	if q.Kind == rule.DateKind || q.Kind == rule.Month {
		return dated(f, name)
	}
	var values []string
	for _, v := range f.Values(name) {
		v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n"))
		if v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
		if len(values) > mostValues {
			break
		}
	}
	return values
}

// mostValues is more than any question takes; it bounds what is looked at.
const mostValues = 300

// dated reads year, month and day of which some may be missing: the rules say
// whether they may. What is no date comes back as it was typed, for them to refuse.
func dated(f *page.Form, name string) []string {
	part := func(n string, width int) string {
		v := strings.TrimSpace(f.Raw(name + "-" + n))
		if x, err := strconv.Atoi(v); err == nil && x > 0 && len(v) <= width {
			return strings.Repeat("0", width-len(strconv.Itoa(x))) + strconv.Itoa(x)
		}
		return v
	}
	parts := []string{part("year", 4), part("month", 2), part("day", 2)}
	switch {
	case parts[0] == "" && parts[1] == "" && parts[2] == "":
		return nil
	case parts[2] == "" && parts[1] == "":
		parts = parts[:1]
	case parts[2] == "":
		parts = parts[:2]
	}
	return []string{strings.Join(parts, "-")}
}

// MarkAll puts what the rules find wrong on the fields of a form, in the page's
// language.
func MarkAll(f *page.Form, err error) { markAll(f, err, "") }

func markAll(f *page.Form, err error, label string) {
	var list *fault.List
	var one *fault.Fault
	switch {
	case errors.As(err, &list):
		for _, x := range list.Faults {
			mark(f, x, label)
		}
	case errors.As(err, &one):
		mark(f, one, label)
	}
}

// mark says what is wrong behind the question, so that the list at the top of the page
// tells them apart.
func mark(f *page.Form, x *fault.Fault, label string) {
	name := ""
	if x.Place.Field != "" {
		name = FieldName(x.Place.Field)
	}
	b := rule.BreachOf(x)
	if b == nil {
		f.Wrong(name, "matter.breach.option")
		return
	}
	var pairs []any
	for key, value := range b.Values {
		pairs = append(pairs, key, value)
	}
	f.Wrong(name, "matter.breach."+b.Code, pairs...)
	if label != "" {
		f.Label(label)
	}
}
