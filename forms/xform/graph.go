package xform

// ruleKind is what a rule decides.
type ruleKind uint8

const (
	ruleRelevant ruleKind = iota
	ruleCalculate
	ruleRequired // checked for cycles; evaluated when asked for
	ruleReadOnly // the same
)

func (k ruleKind) String() string {
	return [...]string{"relevant", "calculate", "required", "readonly"}[k]
}

// rule is one expression that keeps a part of the document up to date. It is
// evaluated on the nodes of def.
type rule struct {
	def  *Definition
	kind ruleKind
	expr *expression
}

// edge leads from a node to a rule that reads it. Rules on nodes below the same
// instance of join are concerned; nil is all.
type edge struct {
	rule int32
	join *Definition
}

// graph is what depends on what. Rules are in an order in which each comes
// after all that it reads.
type graph struct {
	rules   []rule
	readers [][]edge // by slot
	// siblings are the rules that read the place of an instance among its
	// siblings, by slot.
	siblings [][]edge
	// of are the rules evaluated on or below a definition, by slot: for new
	// instances of a repeat.
	below [][]int32
	// relevant is the relevance rule of a slot, or -1.
	relevant []int32
	// followers are the counted repeats and the filtered selects.
	followers       []follower
	followerReaders [][]edge  // by slot; rule is the follower
	followersBelow  [][]int32 // by slot, as below
}

// buildGraph orders the rules. A cycle is a fault that names its members, as in
// JavaRosa, which also counts what only required and readonly read
// (TriggerableDag.buildDag).
func (p *parser) buildGraph() {
	rules := p.form.ruleList()
	next, edges, siblings := p.form.dependents(rules)
	order := topological(next)
	if len(order) < len(rules) {
		p.tellCycles(rules, next, order)
		return
	}
	p.form.graph = newGraph(p.form, rules, [][][]edge{edges, siblings}, order)
	p.form.findFollowers()
	p.form.feed()
}

// ruleList lists the rules in the order of the nodes.
func (f *Form) ruleList() []rule {
	var rules []rule
	for _, d := range f.Nodes {
		for _, r := range []rule{
			{d, ruleRelevant, d.rules.relevant}, {d, ruleCalculate, d.rules.calculate},
			{d, ruleRequired, d.rules.required}, {d, ruleReadOnly, d.rules.readOnly},
		} {
			if r.expr != nil {
				rules = append(rules, r)
			}
		}
	}
	return rules
}

// dependents finds, for each rule, the rules that must come after it, and for
// each slot the edges to the rules that read it, or its place.
func (f *Form) dependents(rules []rule) (next [][]int32, edges, siblings [][]edge) {
	edges, siblings = make([][]edge, len(f.Nodes)), make([][]edge, len(f.Nodes))
	for i, r := range rules {
		for _, read := range f.reads(r.expr, r.def) {
			if read.structural {
				siblings[read.def.Slot] = merge(siblings[read.def.Slot], edge{int32(i), read.join})
				continue
			}
			edges[read.def.Slot] = merge(edges[read.def.Slot], edge{int32(i), read.join})
		}
	}
	next = make([][]int32, len(rules))
	relevantOf := map[*Definition]int32{}
	for i, r := range rules {
		if r.kind == ruleRelevant {
			relevantOf[r.def] = int32(i)
		}
	}
	for i, r := range rules {
		seen := map[int32]bool{}
		after := func(j int32) {
			if !seen[j] {
				seen[j] = true
				next[i] = append(next[i], j)
			}
		}
		for _, e := range edges[r.def.Slot] {
			after(e.rule)
		}
		if r.kind != ruleRelevant {
			continue
		}
		f.eachBelow(r.def, func(d *Definition) {
			for _, e := range edges[d.Slot] {
				after(e.rule)
			}
			if j, ok := relevantOf[d]; ok {
				after(j)
			}
		})
	}
	return next, edges, siblings
}

// eachBelow calls fn for each definition below d, without d.
func (f *Form) eachBelow(d *Definition, fn func(*Definition)) {
	for _, c := range d.Children {
		fn(c)
		f.eachBelow(c, fn)
	}
}

// merge adds an edge; two to one rule become the wider one.
func merge(list []edge, e edge) []edge {
	for i := range list {
		if list[i].rule == e.rule {
			list[i].join = higher(list[i].join, e.join)
			return list
		}
	}
	return append(list, e)
}

// newGraph numbers the rules that are kept up to date by their order.
func newGraph(f *Form, rules []rule, edges [][][]edge, order []int32) graph {
	g := graph{readers: make([][]edge, len(f.Nodes)), siblings: make([][]edge, len(f.Nodes)), below: make([][]int32, len(f.Nodes)), relevant: make([]int32, len(f.Nodes))}
	for i := range g.relevant {
		g.relevant[i] = -1
	}
	number := make([]int32, len(rules))
	for _, i := range order {
		number[i] = -1
		if r := rules[i]; r.kind <= ruleCalculate {
			number[i] = int32(len(g.rules))
			g.rules = append(g.rules, r)
		}
	}
	for which, to := range [][][]edge{g.readers, g.siblings} {
		for slot, list := range edges[which] {
			for _, e := range list {
				if n := number[e.rule]; n >= 0 {
					to[slot] = append(to[slot], edge{n, e.join})
				}
			}
		}
	}
	for i, r := range g.rules {
		if r.kind == ruleRelevant {
			g.relevant[r.def.Slot] = int32(i)
		}
		for d := r.def; d != nil; d = d.Parent {
			g.below[d.Slot] = append(g.below[d.Slot], int32(i))
		}
	}
	return g
}
