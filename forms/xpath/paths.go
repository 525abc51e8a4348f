package xpath

import "strings"

// Paths returns the paths that the expression reads, made absolute against a
// context path, each once, in the order of the source. They carry no predicates:
// "/data/trip/country". Paths inside predicates are made absolute against the
// path that they filter, and current() against the context.
//
// Two kinds say more than a path: one with "*" in it stands for every node that
// fits ("/data/trip/*", and "/data//*" for a descendant), and one into another
// instance begins with its call ("instance('places')/root/item/name"; the id is
// empty where it is not a literal). A ${reference} is returned as written. A
// function that reads the context node by itself (once, position, or
// string-length without arguments) adds the context.
func (e *Expr) Paths(context string) []string {
	r := &pathReader{context: context, seen: map[string]bool{}}
	r.read(e.Root, context)
	return r.paths
}

type pathReader struct {
	context string // what current() is
	paths   []string
	seen    map[string]bool
}

func (r *pathReader) add(path string) {
	if path != "" && !r.seen[path] {
		r.seen[path] = true
		r.paths = append(r.paths, path)
	}
}

// read adds what n reads with base as its context node, and returns the path of
// the nodes that n gives, if any.
func (r *pathReader) read(n AST, base string) string {
	switch n := n.(type) {
	case *Binary:
		r.read(n.Left, base)
		r.read(n.Right, base)
	case *Negate:
		r.read(n.Operand, base)
	case *Union:
		// What follows a union applies to both sides; the paths of a step after
		// it are those of the left, and the right is read whole.
		left := r.read(n.Left, base)
		r.read(n.Right, base)
		return left
	case *Reference:
		path := Text(n)
		r.add(path)
		return path
	case *Filtered:
		path := r.read(n.Base, base)
		r.readAll(n.Predicates, path)
		return path
	case *Call:
		path := r.call(n, base)
		if n.Name == "current" || n.Name == "instance" {
			r.add(path)
		}
		return path
	case *Path:
		path := r.path(n, base)
		r.add(path)
		return path
	}
	return ""
}

func (r *pathReader) readAll(list []AST, base string) {
	for _, n := range list {
		r.read(n, base)
	}
}

func (r *pathReader) call(c *Call, base string) string {
	switch c.Name {
	case "current":
		return r.context
	case "instance":
		return r.instance(c, base)
	case "once":
		r.add(base)
	case "pulldata":
		r.add(r.instance(c, base))
	case "position", "string-length", "normalize-space", "string", "number", "name", "local-name", "namespace-uri":
		if len(c.Args) == 0 {
			r.add(base)
		}
	}
	first := ""
	for i, a := range c.Args {
		if path := r.read(a, base); i == 0 {
			first = path
		}
	}
	if c.Name == "randomize" || c.Name == "indexed-repeat" {
		return first
	}
	return ""
}

// instance returns "instance('id')" for a call whose first argument is an id.
func (r *pathReader) instance(c *Call, base string) string {
	id := ""
	for i, a := range c.Args {
		if lit, ok := a.(*Literal); ok && i == 0 {
			id = lit.Value
			continue
		}
		r.read(a, base)
	}
	return "instance(" + Quote(id) + ")"
}

// path makes one path absolute.
func (r *pathReader) path(p *Path, base string) string {
	at := base
	switch {
	case p.Absolute:
		at = ""
	case p.Filter != nil:
		switch start := p.Filter.(type) { // read on by the steps, not by itself
		case *Path:
			at = r.path(start, base)
		case *Call:
			at = r.call(start, base)
		default:
			at = r.read(start, base)
		}
	}
	for _, s := range p.Steps {
		at = walked(at, s)
		r.readAll(s.Predicates, at)
	}
	if at == "" && p.Absolute {
		return "/"
	}
	return at
}

// walked appends one step to a path.
func walked(at string, s Step) string {
	name := s.Test
	if strings.HasSuffix(name, "*") || strings.HasSuffix(name, "()") {
		name = "*"
	}
	switch s.Axis {
	case Self:
		return at
	case Parent, Ancestor, AncestorOrSelf:
		i := strings.LastIndexByte(at, '/')
		if i <= 0 {
			return at
		}
		if s.Axis != Parent {
			return at[:i] + "//*"
		}
		return at[:i]
	case Child:
		return at + "/" + name
	case AttributeAxis:
		return at + "/@" + name
	case Descendant, DescendantOrSelf:
		if s.Axis == DescendantOrSelf && s.Test == "node()" {
			return at + "/" // half of "//"
		}
		return at + "//" + name
	default: // siblings and what follows
		if i := strings.LastIndexByte(at, '/'); i >= 0 {
			at = at[:i]
		}
		return at + "/" + name
	}
}
