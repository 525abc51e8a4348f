package xform

// expression is one expression of the form, read once.
type expression struct{ source string }

// rules are the expressions of a bind.
type rules struct{ relevant, constraint, required, readOnly, calculate *expression }

// choiceRule is what a select's itemset compiles to.
type choiceRule struct{ nodes, value, label *expression }

// graph is what depends on what.
type graph struct{}

func (p *parser) compile() {}
