package instrument

import (
	"slices"
	"strings"

	"waymark/stats/table"
)

// What may be said of one thing in two instruments.
const (
	OnlyFirst  = "only in the first"
	OnlySecond = "only in the second"
	Changed    = "changed"
)

// Difference is what separates two instruments.
type Difference struct {
	A, B       string // ids
	Questions  []QuestionChange
	Codes      []CodeChange
	Indicators []Comparison
	Pooling    *Pooling
}

// QuestionChange is a question that is not the same in both.
type QuestionChange struct {
	Name string
	Kind string // OnlyFirst, OnlySecond or Changed
	// What changed, each as "type: integer → text". Empty unless Changed.
	What []string
}

// CodeChange is a code of a choice list that is not the same in both. A list
// that only one instrument has is reported by its codes.
type CodeChange struct {
	List, Code string
	Kind       string
	What       string
}

// Diff compares two instruments: their questions, codes and indicators.
func Diff(a, b *Instrument) *Difference {
	d := &Difference{A: a.ID, B: b.ID, Pooling: Common(a, b)}
	for i := range a.Questions {
		q := &a.Questions[i]
		o := b.Question(q.Name)
		if o == nil {
			d.Questions = append(d.Questions, QuestionChange{Name: q.Name, Kind: OnlyFirst})
		} else if what := questionChanges(q, o); len(what) > 0 {
			d.Questions = append(d.Questions, QuestionChange{q.Name, Changed, what})
		}
	}
	for _, q := range b.Questions {
		if a.Question(q.Name) == nil {
			d.Questions = append(d.Questions, QuestionChange{Name: q.Name, Kind: OnlySecond})
		}
	}
	d.Codes = codeChanges(a, b)
	for _, i := range a.Indicators {
		d.Indicators = append(d.Indicators, compare(a, b, i.ID))
	}
	for _, i := range b.Indicators {
		if a.Indicator(i.ID) == nil {
			d.Indicators = append(d.Indicators, compare(a, b, i.ID))
		}
	}
	return d
}

// questionChanges says how a question differs, in words.
func questionChanges(a, b *Question) []string {
	var what []string
	add := func(name, x, y string) {
		if x != y {
			what = append(what, name+": "+orNothing(x)+" → "+orNothing(y))
		}
	}
	add("type", a.Type, b.Type)
	add("list", a.List, b.List)
	for _, lang := range sharedLanguages(a.Label, b.Label) {
		add("wording ("+lang+")", a.Label[lang], b.Label[lang])
	}
	add("asked when", a.Relevant, b.Relevant)
	add("constraint", a.Constraint, b.Constraint)
	add("group", a.Group, b.Group)
	if a.Required != b.Required {
		what = append(what, map[bool]string{true: "no longer required", false: "now required"}[a.Required])
	}
	if a.Ordered != b.Ordered {
		what = append(what, map[bool]string{true: "its levels no longer have an order", false: "its levels now have an order"}[a.Ordered])
	}
	return what
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// sharedLanguages lists the languages that both texts have, in order.
func sharedLanguages(a, b Text) []string {
	var shared []string
	for lang := range a {
		if _, ok := b[lang]; ok {
			shared = append(shared, lang)
		}
	}
	slices.Sort(shared)
	return shared
}

// codeChanges compares all lists, in order of name.
func codeChanges(a, b *Instrument) []CodeChange {
	names := map[string]bool{}
	for name := range a.Lists {
		names[name] = true
	}
	for name := range b.Lists {
		names[name] = true
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	var changes []CodeChange
	for _, list := range sorted {
		x, y := a.Lists[list], b.Lists[list]
		for _, c := range x {
			o := findChoice(y, c.Name)
			if o == nil {
				changes = append(changes, CodeChange{List: list, Code: c.Name, Kind: OnlyFirst})
				continue
			}
			var what []string
			for _, lang := range sharedLanguages(c.Label, o.Label) {
				if c.Label[lang] != o.Label[lang] {
					what = append(what, "label ("+lang+"): "+c.Label[lang]+" → "+o.Label[lang])
				}
			}
			if c.Missing != o.Missing {
				what = append(what, "stands for: "+standsFor(c.Missing)+" → "+standsFor(o.Missing))
			}
			if len(what) > 0 {
				changes = append(changes, CodeChange{list, c.Name, Changed, strings.Join(what, "; ")})
			}
		}
		for _, c := range y {
			if findChoice(x, c.Name) == nil {
				changes = append(changes, CodeChange{List: list, Code: c.Name, Kind: OnlySecond})
			}
		}
	}
	return changes
}

func standsFor(m table.Missing) string {
	if m == table.Present {
		return "an answer"
	}
	return m.String()
}

func findChoice(list []Choice, code string) *Choice {
	for i := range list {
		if list[i].Name == code {
			return &list[i]
		}
	}
	return nil
}
