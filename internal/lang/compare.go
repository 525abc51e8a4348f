package lang

import (
	"slices"
	"strings"

	"waymark/internal/fault"
)

// Compare checks that catalogues say the same things: equal keys, equal
// variables, plural forms where another language has them, and every form
// that the language's numbers take. It returns all differences.
func Compare(all ...*Catalogue) *fault.List {
	faults := fault.NewList(0)
	keys := map[string]bool{}
	for _, c := range all {
		for k := range c.messages {
			keys[k] = true
		}
	}
	sorted := make([]string, 0, len(keys))
	for k := range keys {
		sorted = append(sorted, k)
	}
	slices.Sort(sorted)
	for _, key := range sorted {
		var first *Catalogue
		for _, c := range all {
			at := fault.Place{File: c.File, Field: key}
			m := c.messages[key]
			if m == nil {
				faults.Addf(fault.Invalid, at, "translate the message", "the message is missing")
				continue
			}
			compareForms(faults, at, c.Lang, m)
			if first == nil {
				first = c
				continue
			}
			f := first.messages[key]
			if have, want := m.variables(), f.variables(); !slices.Equal(have, want) {
				faults.Addf(fault.Invalid, at, "use the same variables", "the variables are {%s}, in %s {%s}",
					strings.Join(have, "}, {"), first.File, strings.Join(want, "}, {"))
			}
			if m.count != f.count {
				faults.Addf(fault.Invalid, at, "give plural forms in every language or in none", "counts by %q, in %s by %q", m.count, first.File, f.count)
			}
			if (m.forms[exactZero] == nil) != (f.forms[exactZero] == nil) {
				faults.Addf(fault.Invalid, at, "give a form for exactly none in every language or in none", "differs from %s in its form \"0\"", first.File)
			}
		}
	}
	return faults
}

// compareForms checks that a plural message has the forms of its language.
func compareForms(faults *fault.List, at fault.Place, lang string, m *message) {
	if m.count == "" {
		return
	}
	forms := Forms(lang)
	for _, f := range forms {
		if m.forms[f] == nil {
			faults.Addf(fault.Invalid, at, "add it", "the plural form %q is missing", f)
		}
	}
	for f := range m.forms {
		if f != exactZero && !slices.Contains(forms, f) {
			faults.Addf(fault.Invalid, at, "remove it", "the language has no plural form %q", f)
		}
	}
}
