package xform

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// expression is one expression of the form, parsed and compiled once.
type expression struct {
	source  string
	tree    *xpath.Expr
	program *xpath.Program
	// instances are the other instances that it reads.
	instances []string
	// timed expressions read the clock.
	timed bool
	// chance expressions give what cannot be worked out again: random numbers,
	// names, or what was there before.
	chance bool
}

// rules are the expressions of a bind, nil where there is none.
type rules struct{ relevant, constraint, required, readOnly, calculate *expression }

// choiceRule is what an itemset compiles to.
type choiceRule struct {
	nodes *expression
	value *expression
	label *expression
	// valueName and labelName are set where the ref is just a child's name.
	valueName, labelName string
	// itext tells that the label is the id of a text: jr:itext(itextId).
	itext bool
	// fixed itemsets read nothing of the answers and no attached file.
	fixed bool
	set   *choiceSet
	// file is the only attached file that it reads, if it reads nothing of the
	// answers.
	file string
}

// compile reads every expression of the form.
func (p *parser) compile() {
	for _, d := range p.form.Nodes {
		for _, r := range []struct {
			source, what string
			to           **expression
		}{
			{d.Relevant, "relevant", &d.rules.relevant}, {d.Constraint, "constraint", &d.rules.constraint},
			{d.Required, "required", &d.rules.required}, {d.ReadOnly, "readonly", &d.rules.readOnly},
			{d.Calculate, "calculate", &d.rules.calculate},
		} {
			*r.to = p.expression(d.Line, r.what+" of "+d.Path, r.source)
		}
	}
	for _, o := range p.outputs {
		p.expression(o.line, "an output", o.source)
	}
	p.compileActions(p.form.Actions)
	p.compileControls(p.form.Body)
	if p.faults.Len() == 0 {
		p.buildGraph()
	}
}

func (p *parser) compileControls(list []*Control) {
	for _, c := range list {
		if c.Count != "" {
			c.count = p.expression(c.Line, "the count of a repeat", c.Count)
		}
		for _, t := range []Text{c.Label, c.Hint} {
			p.expression(c.Line, "a text", t.Expr)
		}
		for _, item := range c.Items {
			p.expression(c.Line, "a choice's label", item.Label.Expr)
		}
		if c.Itemset != nil {
			p.compileItemset(c)
		}
		p.compileActions(c.Actions)
		p.compileControls(c.Children)
	}
}

func (p *parser) compileActions(list []Action) {
	for i := range list {
		if a := &list[i]; !a.Literal && strings.HasSuffix(a.Name, "setvalue") {
			a.program = p.expression(0, "the value for "+a.Ref, a.Value)
		}
	}
}

func (p *parser) compileItemset(c *Control) {
	set := c.Itemset
	r := &c.itemset
	r.nodes = p.expression(c.Line, "the choices of "+c.path(), set.Nodeset)
	if r.valueName = childName(set.ValueRef); r.valueName == "" {
		r.value = p.expression(c.Line, "the values of "+c.path(), set.ValueRef)
	}
	label := set.LabelRef
	if inner, ok := strings.CutPrefix(label, "jr:itext("); ok && strings.HasSuffix(inner, ")") {
		label, r.itext = strings.TrimSpace(strings.TrimSuffix(inner, ")")), true
	}
	if r.labelName = childName(label); r.labelName == "" {
		r.label = p.expression(c.Line, "the labels of "+c.path(), label)
	}
	r.set = &choiceSet{}
	p.steady(r, c.Node)
}

// steady notes where an itemset reads nothing of the answers: it is fixed, or
// comes from one attached file.
func (p *parser) steady(r *choiceRule, d *Definition) {
	if d == nil || r.valueName == "" || r.nodes == nil || r.nodes.tree == nil || len(p.form.reads(r.nodes, d)) > 0 || len(r.nodes.instances) == 0 ||
		r.nodes.timed || r.nodes.chance && !strings.HasPrefix(r.nodes.source, "randomize(") {
		return
	}
	fixed := true
	for _, id := range r.nodes.instances {
		s := p.form.Secondary[id]
		switch {
		case s == nil:
			return
		case s.Source == "":
		case len(r.nodes.instances) == 1 && strings.HasPrefix(s.Source, "jr://file"):
			r.file, fixed = path.Base(s.Source), false
		default:
			return
		}
	}
	r.fixed = fixed
}

// path names the control for a message.
func (c *Control) path() string {
	if c.Node != nil {
		return c.Node.Path
	}
	return "a control"
}

// childName returns ref if it is the plain name of a child element.
func childName(ref string) string {
	ref = strings.TrimPrefix(ref, "./")
	if ref == "" || strings.ContainsAny(ref, "/[]()@.*|'\" \t\n") {
		return ""
	}
	return ref
}

// expression parses and compiles a source, or returns nil for none. A source
// that is wrong is a fault at the line; it is told once.
func (p *parser) expression(line int, what, source string) *expression {
	if source = strings.TrimSpace(source); source == "" {
		return nil
	}
	if x, ok := p.form.programs[source]; ok {
		return x
	}
	x := &expression{source: source}
	p.form.programs[source] = x
	tree, err := xpath.Parse(source)
	if err == nil {
		x.tree = tree
		x.program, err = tree.Compile(xpath.Options{})
	}
	if err != nil {
		p.blame(line, what, source, err)
		return x
	}
	x.look()
	for _, id := range x.instances {
		if p.form.Secondary[id] == nil && id != lastSaved {
			p.add(line, "write <instance id=...> in the model", "%s reads the instance %q, which the form does not have", what, clip(id))
		}
	}
	return x
}

// blame turns what the expression's own faults say into faults of the form.
func (p *parser) blame(line int, what, source string, err error) {
	var list *fault.List
	var one *fault.Fault
	switch {
	case errors.As(err, &list):
		for _, f := range list.Faults {
			p.add(line, f.Remedy, "%s, %s: %s", what, clip(source), f.Message)
		}
	case errors.As(err, &one):
		p.add(line, one.Remedy, "%s, %s: %s", what, clip(source), one.Message)
	default:
		p.faults.Add(fault.Wrap(fault.Invalid, fault.Place{Row: line}, fmt.Sprintf("%s, %s, cannot be read", what, clip(source)), "", err))
	}
}

// look notes which instances an expression reads, and whether its value can be
// worked out again.
func (x *expression) look() {
	xpath.Walk(x.tree.Root, func(n xpath.AST) bool {
		c, ok := n.(*xpath.Call)
		if !ok {
			return true
		}
		switch c.Name {
		case "now", "today":
			x.timed = true
		case "random", "uuid", "once":
			x.chance = true
		case "randomize":
			x.chance = x.chance || len(c.Args) == 1
		case "property", "version":
			x.chance = true
		}
		if c.Name == "instance" || c.Name == "pulldata" {
			if lit, ok := first(c.Args).(*xpath.Literal); ok {
				x.instances = append(x.instances, lit.Value)
			}
		}
		return true
	})
}

func first(args []xpath.AST) xpath.AST {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}
