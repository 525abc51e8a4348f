package record

import "strings"

// Kind says how an answer differs between two documents.
type Kind string

// The kinds of difference.
const (
	Same    Kind = "same"
	Added   Kind = "added"   // answered in the second only
	Removed Kind = "removed" // answered in the first only
	Changed Kind = "changed"
)

// Pair is one question in two documents. A side is nil where the document does
// not have the question.
type Pair struct {
	Kind  Kind
	Label string
	// Section is the label of the section that the question stands in, with the
	// number of the instance of a repeat, or 0.
	Section string
	Number  int
	A, B    *Answer
}

// Path is where the question stands, in the second document if it has it.
func (p Pair) Path() string {
	if p.B != nil {
		return p.B.Path
	}
	return p.A.Path
}

// Hidden tells that this reader does not see what the answers are.
func (p Pair) Hidden() bool { return p.A != nil && p.A.Hidden != "" || p.B != nil && p.B.Hidden != "" }

// Compare pairs the questions of two records in the order of the second; what
// only the first has follows. Answers are paired by path without the name of the
// root element, so that two versions of a form, or two forms, can be compared;
// instances of repeats by their positions. Questions that are blank in both are
// left out. What the reader does not see is compared all the same: the pair says
// that it changed, not how.
//
// The number, the times and the name of a record differ always and are left out
// unless all is set.
func Compare(a, b *Record, all bool) []Pair {
	var pairs []Pair
	first := map[string]*Answer{}
	each(a, func(_ *Section, x *Answer) { first[rootless(x.Path)] = x })
	seen := map[string]bool{}
	add := func(s *Section, x, y *Answer) {
		p := Pair{Kind: kindOf(x, y), A: x, B: y}
		if !all && s != nil && s.Record {
			return
		}
		if s != nil {
			p.Section, p.Number = s.Label, s.Number
		}
		if p.Label = label(y); p.Label == "" {
			p.Label = label(x)
		}
		if p.Kind != "" {
			pairs = append(pairs, p)
		}
	}
	each(b, func(s *Section, y *Answer) {
		key := rootless(y.Path)
		seen[key] = true
		add(s, first[key], y)
	})
	each(a, func(s *Section, x *Answer) {
		if key := rootless(x.Path); !seen[key] {
			add(s, x, nil)
		}
	})
	return pairs
}

// Differences are the pairs that are not the same.
func Differences(pairs []Pair) []Pair {
	var changed []Pair
	for _, p := range pairs {
		if p.Kind != Same {
			changed = append(changed, p)
		}
	}
	return changed
}

func label(a *Answer) string {
	if a == nil {
		return ""
	}
	return a.Label
}

// kindOf is "" if there is no answer on either side.
func kindOf(x, y *Answer) Kind {
	a, b := "", ""
	if x != nil {
		a = x.raw
	}
	if y != nil {
		b = y.raw
	}
	switch {
	case a == "" && b == "":
		return ""
	case a == b:
		return Same
	case a == "":
		return Added
	case b == "":
		return Removed
	}
	return Changed
}

func each(r *Record, use func(*Section, *Answer)) {
	for _, s := range r.Sections {
		for _, a := range s.Answers {
			use(s, a)
		}
	}
	for _, a := range r.Extra {
		use(nil, a)
	}
}

// rootless is a path without its first step.
func rootless(path string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return rest
}
