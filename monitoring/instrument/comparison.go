package instrument

import (
	"fmt"
	"slices"
	"strings"

	"waymark/stats/table"
)

// The verdicts on an indicator of two instruments.
const (
	Comparable    = "comparable"     // same question, codes and meaning
	Reworded      = "reworded"       // as above, but its wording changed: someone must judge
	NotComparable = "not comparable" // another question, other codes, other people asked, or other items
)

// Comparison says whether an indicator means the same in two instruments.
type Comparison struct {
	ID      string
	Verdict string // Comparable, Reworded, NotComparable, OnlyFirst or OnlySecond
	Why     string // "" if comparable
}

// compare judges one indicator. It is comparable if both instruments count
// whose experience it is alike, ask the same question with the same answers
// of the same people, or count the same comparable items.
func compare(a, b *Instrument, id string) Comparison {
	x, y := a.Indicator(id), b.Indicator(id)
	switch {
	case y == nil:
		return Comparison{id, OnlyFirst, b.ID + " has no such indicator"}
	case x == nil:
		return Comparison{id, OnlySecond, a.ID + " has no such indicator"}
	case x.Experience != y.Experience:
		return Comparison{id, NotComparable, fmt.Sprintf("it counts experience of kind %s in one, %s in the other", x.Experience, y.Experience)}
	case (x.Question == "") != (y.Question == ""):
		return Comparison{id, NotComparable, "one asks it, the other counts it from other indicators"}
	case !sameSet(x.UnlessAny, y.UnlessAny):
		return Comparison{id, NotComparable, "it is an addition to different items: " + differentItems(a.ID, b.ID, x.UnlessAny, y.UnlessAny)}
	}
	if x.Question != "" {
		return compareAsked(a, b, x, y)
	}
	return compareCounted(a, b, x, y)
}

func compareAsked(a, b *Instrument, x, y *Indicator) Comparison {
	not := func(format string, args ...any) Comparison {
		return Comparison{x.ID, NotComparable, fmt.Sprintf(format, args...)}
	}
	if x.Question != y.Question {
		return not("it is on the question %s in one, %s in the other", x.Question, y.Question)
	}
	p, q := a.Question(x.Question), b.Question(y.Question)
	switch {
	case p == nil || q == nil:
		return not("the question %s is not in both", x.Question)
	case p.Type != q.Type:
		return not("the question %s is of type %s in one, %s in the other", x.Question, p.Type, q.Type)
	case !sameSet(x.Yes, y.Yes):
		return not("yes is %s in one, %s in the other", strings.Join(x.Yes, " or "), strings.Join(y.Yes, " or "))
	case !sameSet(answers(a.Lists[p.List]), answers(b.Lists[q.List])):
		return not("the question %s has other answers: %s", x.Question, differentItems(a.ID, b.ID, answers(a.Lists[p.List]), answers(b.Lists[q.List])))
	case p.Relevant != q.Relevant:
		return not("the question %s is asked of other people", x.Question)
	}
	for _, lang := range sharedLanguages(p.Label, q.Label) {
		if plainLabel(p.Label[lang]) != plainLabel(q.Label[lang]) {
			return Comparison{x.ID, Reworded, fmt.Sprintf("the wording of %s (%s) changed; judge whether it still asks the same", x.Question, lang)}
		}
	}
	return Comparison{x.ID, Comparable, ""}
}

func compareCounted(a, b *Instrument, x, y *Indicator) Comparison {
	switch {
	case x.AtLeast != y.AtLeast:
		return Comparison{x.ID, NotComparable, fmt.Sprintf("it needs %d yes in one, %d in the other", x.AtLeast, y.AtLeast)}
	case !sameSet(x.Of, y.Of):
		return Comparison{x.ID, NotComparable, fmt.Sprintf("it counts %d items in %s and %d in %s: %s", len(x.Of), a.ID, len(y.Of), b.ID, differentItems(a.ID, b.ID, x.Of, y.Of))}
	}
	for _, id := range x.Of {
		if id == x.ID {
			continue
		}
		if c := compare(a, b, id); c.Verdict != Comparable {
			return Comparison{x.ID, c.Verdict, fmt.Sprintf("its item %s is %s: %s", id, c.Verdict, c.Why)}
		}
	}
	return Comparison{x.ID, Comparable, ""}
}

// answers lists the codes of a list that are not reasons for a missing answer.
func answers(list []Choice) []string {
	var codes []string
	for _, c := range list {
		if c.Missing == table.Present {
			codes = append(codes, c.Name)
		}
	}
	return codes
}

func sameSet(a, b []string) bool {
	return len(a) == len(b) && len(without(a, b)) == 0 && len(without(b, a)) == 0
}

// without lists what a has and b has not.
func without(a, b []string) []string {
	var rest []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			rest = append(rest, s)
		}
	}
	return rest
}

// differentItems says which items only one of two lists has.
func differentItems(nameA, nameB string, a, b []string) string {
	var parts []string
	if only := without(a, b); len(only) > 0 {
		parts = append(parts, "only "+nameA+" has "+shorten(only))
	}
	if only := without(b, a); len(only) > 0 {
		parts = append(parts, "only "+nameB+" has "+shorten(only))
	}
	return strings.Join(parts, "; ")
}
