package fill

import (
	"fmt"
	"strings"

	"waymark/forms/xform"
	"waymark/forms/xpath"
)

// title prints the groups that a question is in when they change.
func (p *person) title(s *xform.Session, c *xform.Control, n *xpath.Node) {
	var names []string
	for g := c.Parent; g != nil; g = g.Parent {
		label := s.Form().Text(g.Label, p.language, s, n)
		if g.Node != nil && g.Node.Repeat {
			for at := n; at != nil && at.Kind != xpath.Document; at = at.Parent {
				if at.Slot == g.Node.Slot {
					path := s.Path(at)
					label = strings.TrimSpace(label + " " + strings.TrimSuffix(path[strings.LastIndex(path, "[")+1:], "]"))
				}
			}
		}
		if label != "" {
			names = append([]string{label}, names...)
		}
	}
	if group := strings.Join(names, " › "); group != p.group {
		p.group = group
		if group == "" {
			group = s.Form().Title // outside all groups
		}
		fmt.Fprintf(p.out, "\n== %s ==\n", group)
	}
}

// read shows a note once, and again when its words have changed.
func (p *person) read(s *xform.Session, c *xform.Control, n *xpath.Node) {
	label := s.Label(n)
	key := s.Path(n) + "#" + label
	if label == "" || p.done[key] {
		return
	}
	p.done[key] = true
	p.title(s, c, n)
	fmt.Fprintf(p.out, "\n%s\n", label)
	if hint := s.Form().Text(c.Hint, p.language, s, n); hint != "" {
		fmt.Fprintf(p.out, "  %s\n", hint)
	}
	if n.Value != "" {
		fmt.Fprintf(p.out, "  %s\n", n.Value)
	}
}

func (p *person) show(s *xform.Session, c *xform.Control, n *xpath.Node, choices []xform.Choice) {
	mark := ""
	if s.Required(n) {
		mark = " *"
	}
	label := s.Label(n)
	if label == "" {
		label = c.Node.Name
	}
	fmt.Fprintf(p.out, "\n%s%s\n", label, mark)
	if hint := s.Form().Text(c.Hint, p.language, s, n); hint != "" {
		fmt.Fprintf(p.out, "  %s\n", hint)
	}
	for i, choice := range choices {
		fmt.Fprintf(p.out, "  %2d) %s\n", i+1, choice.Label)
	}
	if kind := expects(c); kind != "" {
		fmt.Fprintf(p.out, "  (%s)\n", kind)
	}
	if n.Value != "" {
		fmt.Fprintf(p.out, "  now: %s\n", n.Value)
	}
}

func (p *person) rules(c *xform.Control) {
	d := c.Node
	for _, rule := range [][2]string{{"asked if", d.Relevant}, {"required if", d.Required}, {"must hold", d.Constraint}} {
		switch rule[1] {
		case "", "false()":
		case "true()":
			fmt.Fprintln(p.out, "  "+strings.TrimSuffix(rule[0], " if"))
		default:
			fmt.Fprintf(p.out, "  %s: %s\n", rule[0], rule[1])
		}
	}
	fmt.Fprintf(p.out, "  node: %s (%s)\n", d.Path, d.Type)
}
