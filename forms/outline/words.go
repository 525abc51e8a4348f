package outline

import (
	"strings"

	"waymark/forms/xpath"
)

// Condition says an expression that is true or false, as it stands in a
// relevance, a requirement or a choice filter, seen from an item: "“Consent”
// is “Yes” and “Age” is at least 18". An expression that is always true gives
// "always", one that never is "never". It never fails: what words are not found
// for stays as code.
func (o *Outline) Condition(expr string, at *Item) Sentence {
	return o.condition(expr, o.speaker(at))
}

// Constraint says what an answer must be. The answer itself is "the answer".
func (o *Outline) Constraint(expr string, at *Item) Sentence {
	sp := o.speaker(at)
	sp.self = "the answer"
	return o.condition(expr, sp)
}

func (o *Outline) condition(expr string, sp *speaker) Sentence {
	expr = strings.TrimSpace(expr)
	if expr == "" {
		return nil
	}
	tree, err := xpath.Parse(expr)
	if err != nil {
		return Sentence{{Code: expr}}
	}
	return sp.condition(tree.Root, false).sentence()
}

// Value says an expression that is a value, as it stands in a calculation or a
// repeat's count: "the sum of “Cost”".
func (o *Outline) Value(expr string, at *Item) Sentence {
	expr = strings.TrimSpace(expr)
	if expr == "" {
		return nil
	}
	tree, err := xpath.Parse(expr)
	if err != nil {
		return Sentence{{Code: expr}}
	}
	sp := o.speaker(at)
	if isCondition(tree.Root) {
		return say("yes if ", sp.condition(tree.Root, false).sentence())
	}
	return sp.value(tree.Root)
}

// Filter says which choices of a list a question offers, or nothing if it
// offers all. Shuffled tells that their order is random.
func (o *Outline) Filter(nodeset string, at *Item) (which Sentence, shuffled bool) {
	tree, err := xpath.Parse(strings.TrimSpace(nodeset))
	if err != nil {
		return Sentence{{Code: nodeset}}, false
	}
	root := tree.Root
	if call, ok := root.(*xpath.Call); ok && call.Name == "randomize" && len(call.Args) > 0 {
		root, shuffled = call.Args[0], true
	}
	path, ok := root.(*xpath.Path)
	if !ok {
		return nil, shuffled
	}
	sp := o.speaker(at)
	sp.list = at.List
	_, instance := path.Filter.(*xpath.Call)
	var parts []Sentence
	for _, step := range path.Steps {
		inner := sp
		if !instance {
			inner = &speaker{o: o, at: sp.follow(bare(path), sp.at).item, current: at, steps: sp.steps}
		} else {
			inner.inRow = true
		}
		for _, p := range step.Predicates {
			if says := inner.condition(p, false).bracketed("and"); !same(says, say("always")) {
				parts = append(parts, says)
			}
		}
	}
	return list(parts, "and"), shuffled
}

// bare is a path without its predicates.
func bare(p *xpath.Path) *xpath.Path {
	out := &xpath.Path{Absolute: p.Absolute, Filter: p.Filter}
	for _, s := range p.Steps {
		out.Steps = append(out.Steps, xpath.Step{Axis: s.Axis, Test: s.Test})
	}
	return out
}

// Output finds what an expression inside a label shows: an item, or the
// expression in words.
func (o *Outline) Output(expr string, at *Item) Sentence { return o.Value(expr, at) }

// speaker says one expression.
type speaker struct {
	o *Outline
	// at is the item that relative paths start from; nil is the document.
	at *Item
	// current is the item that current() is.
	current *Item
	// self is what to call the item's own answer; empty is its label.
	self string
	// inRow tells that relative names are the columns of list's rows.
	inRow bool
	list  *List
	// steps counts what was said of one expression; see mostSteps.
	steps *int
}

// mostSteps bounds the work on one expression. The longest rules of real forms
// need a few hundred steps.
const mostSteps = 20_000

// spent counts a step, and tells whether there were too many.
func (sp *speaker) spent() bool {
	*sp.steps++
	return *sp.steps > mostSteps
}

func (o *Outline) speaker(at *Item) *speaker {
	return &speaker{o: o, at: at, current: at, steps: new(int)}
}

// code leaves a part of the expression as it is.
func (sp *speaker) code(n xpath.AST) Sentence { return Sentence{{Code: xpath.Text(n)}} }

// clause is a condition taken apart, so that clauses about one subject can be
// said together. Without a subject, predicate is the whole.
type clause struct {
	subject   Sentence
	verb      string // "is", "is not", "includes"
	predicate Sentence
	// join is "and" or "or" where the clause is made of several.
	join string
	// choice tells that the predicate is "a or b", which within an "and" is said
	// "either a or b".
	choice bool
	// low or high tell that the predicate is an inclusive bound.
	low, high Sentence
}

func (c clause) sentence() Sentence {
	if c.subject == nil {
		return c.predicate
	}
	return say(c.subject, " "+c.verb+" ", c.predicate)
}

// bracketed returns the sentence, in brackets where it would otherwise be
// misread next to clauses joined by another word.
func (c clause) bracketed(join string) Sentence {
	if c.join != "" && c.join != join {
		return say("(", c.sentence(), ")")
	}
	if c.choice && join == "and" {
		c.predicate = say("either ", c.predicate)
	}
	return c.sentence()
}

// plain is a clause that is not taken apart.
func plain(parts ...any) clause { return clause{predicate: say(parts...)} }

// condition says n, or that n is not so.
func (sp *speaker) condition(n xpath.AST, not bool) clause {
	if sp.spent() {
		return clause{predicate: Sentence{{Code: "…"}}}
	}
	switch n := n.(type) {
	case *xpath.Binary:
		switch n.Op {
		case "and", "or":
			return sp.joined(n, not)
		case "=", "!=", "<", "<=", ">", ">=":
			return sp.comparison(n, not)
		}
	case *xpath.Call:
		return sp.truth(n, not)
	case *xpath.Path:
		return clause{subject: sp.value(n), verb: either(not, "is not", "is"), predicate: say("answered")}
	case *xpath.Number, *xpath.Literal:
		return plain(either(not, "it is not so that ", ""), sp.value(n))
	}
	if not {
		return plain("it is not so that ", sp.value(n))
	}
	return plain(sp.value(n))
}

func either(choose bool, yes, no string) string {
	if choose {
		return yes
	}
	return no
}

// joined says "a and b" or "a or b"; denied, each is denied and the words swap.
func (sp *speaker) joined(n *xpath.Binary, not bool) clause {
	if not && n.Op == "and" {
		if c, ok := sp.alone(n); ok {
			return c
		}
		if !conjunction(n.Left) && !conjunction(n.Right) {
			return clause{predicate: say("if ", sp.condition(n.Left, false).sentence(), ", then ", sp.condition(n.Right, true).sentence()), join: "or"}
		}
	}
	join := n.Op
	if not {
		join = either(n.Op == "and", "or", "and")
	}
	var all []clause
	var flatten func(m xpath.AST)
	flatten = func(m xpath.AST) {
		if b, ok := m.(*xpath.Binary); ok && b.Op == n.Op {
			flatten(b.Left)
			flatten(b.Right)
			return
		}
		c := sp.condition(m, not)
		if len(c.predicate) == 1 && c.subject == nil && c.predicate[0].Text == either(join == "and", "always", "never") {
			return // it adds nothing
		}
		all = append(all, c)
	}
	flatten(n)
	all = together(all, join)
	if len(all) == 0 {
		return plain(either(join == "and", "always", "never"))
	}
	if len(all) == 1 {
		return all[0]
	}
	parts := make([]Sentence, len(all))
	for i, c := range all {
		parts[i] = c.bracketed(join)
	}
	return clause{predicate: list(parts, join), join: join}
}
