package xpath

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
)

// BeyondCollect tells of every part of the expression that XPath 1.0 has and
// that works here, but at which ODK Collect stops or finds nothing. The faults
// are warnings: the expression is right, but not for phones. Source: JavaRosa,
// XPathPathExpr.getReference, XPathFuncExpr.eval and RawFilterStrategy.
func (e *Expr) BeyondCollect() []*fault.Fault {
	var out []*fault.Fault
	tell := func(at int, what, remedy string) {
		out = append(out, syntaxFault(e.Source, at, "has "+what+", which ODK Collect does not know", remedy))
	}
	starts := map[AST]bool{}
	Walk(e.Root, func(n AST) bool {
		switch n := n.(type) {
		case *Union:
			tell(n.Pos, "a union (|)", "name the nodes one by one")
		case *Filtered:
			tell(n.Pos, "a condition on a value in brackets", "put the condition after a step of a path")
		case *Call:
			if known, collect := Known(n.Name); known && !collect {
				tell(n.Pos, n.Name+"()", beyondRemedies[n.Name])
			}
			if n.Name == "current" && !starts[n] {
				tell(n.Pos, "current() by itself", "write current()/.")
			}
		case *Path:
			starts[n.Filter] = true
			if !plainStart(n.Filter) {
				tell(n.Pos, "a path that starts at this value", "start it with /, with instance('...') or with current()")
			}
			for _, s := range n.Steps {
				tellStep(s, tell)
			}
		}
		return true
	})
	return out
}

var beyondRemedies = map[string]string{
	"substring": "use substr(), which counts from 0", "floor": "use int() or round()", "ceiling": "use round() or int() + 1", "last": "use count() of the same path",
	"name": "", "local-name": "", "namespace-uri": "",
}

// plainStart tells whether a path starts where Collect can start one.
func plainStart(n AST) bool {
	c, ok := n.(*Call)
	if !ok {
		return n == nil
	}
	if c.Name == "instance" && len(c.Args) == 1 {
		_, ok := c.Args[0].(*Literal)
		return ok
	}
	return c.Name == "current"
}

func tellStep(s Step, tell func(at int, what, remedy string)) {
	switch {
	case s.Axis == DescendantOrSelf && s.Test == "node()":
		tell(s.Pos, "\"//\"", "write the whole path")
	case s.Axis > AttributeAxis:
		tell(s.Pos, s.Axis.String()+"::", "write the path with names and \"..\"")
	case (s.Axis == Self || s.Axis == Parent) != (s.Test == "node()"):
		tell(s.Pos, fmt.Sprintf("%q on the axis %s", s.Test, s.Axis), "use names, \".\" and \"..\"")
	case strings.HasSuffix(s.Test, ":*"):
		tell(s.Pos, fmt.Sprintf("%q", s.Test), "write the name")
	}
	for _, p := range s.Predicates {
		if n, ok := p.(*Number); ok {
			tell(n.Pos, "a bare position, where it finds nothing", fmt.Sprintf("write [position() = %s]", Text(n)))
		}
	}
}
