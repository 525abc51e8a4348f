package fill

import (
	"waymark/forms/xform"
	"waymark/forms/xpath"
)

// respondent is whoever answers: a person, a row of a table, dice.
type respondent interface {
	// answer answers a question that is asked, or leaves it.
	answer(s *xform.Session, c *xform.Control, n *xpath.Node) error
	// more tells whether to add one more instance of a repeat that has some
	// already. It is not asked where a count decides.
	more(s *xform.Session, c *xform.Control, parent *xpath.Node, have int) (bool, error)
}

// reader is a respondent who reads what is shown and not asked: notes, and
// values that are calculated.
type reader interface {
	read(s *xform.Session, c *xform.Control, n *xpath.Node)
}

// walk goes through the body in reading order and has every question answered
// that is asked: relevant, not read-only, not calculated. Answers change what
// comes, so each question is judged when its turn comes.
func walk(s *xform.Session, by respondent) error {
	return visit(s, s.Form().Body, s.Document().Children[0], by)
}

func visit(s *xform.Session, controls []*xform.Control, at *xpath.Node, by respondent) error {
	for _, c := range controls {
		if err := meet(s, c, at, by); err != nil {
			return err
		}
	}
	return nil
}

func meet(s *xform.Session, c *xform.Control, at *xpath.Node, by respondent) error {
	if c.Node == nil {
		return visit(s, c.Children, at, by)
	}
	if c.Tag == "repeat" {
		return meetAll(s, c, at, by)
	}
	n := below(s, at, c.Node)
	if n == nil || n.Irrelevant {
		return nil
	}
	if c.Tag == "group" {
		return visit(s, c.Children, at, by)
	}
	if c.Node.Calculate != "" || s.ReadOnly(n) {
		if by, ok := by.(reader); ok {
			by.read(s, c, n)
		}
		return nil
	}
	return by.answer(s, c, n)
}

// meetAll visits the instances of a repeat, and those that are added on the way.
func meetAll(s *xform.Session, c *xform.Control, at *xpath.Node, by respondent) error {
	parent := at
	if c.Node.Parent != nil {
		parent = below(s, at, c.Node.Parent)
	}
	if parent == nil || parent.Irrelevant {
		return nil
	}
	for i := 0; ; i++ {
		list := instances(s, parent, c.Node)
		if i == len(list) {
			if c.Count != "" || c.NoAddRemove != "" {
				return nil
			}
			again, err := by.more(s, c, parent, i)
			if err != nil || !again {
				return err
			}
			if _, err := s.AddRepeat(parent, c.Node); err != nil {
				return err
			}
			list = instances(s, parent, c.Node)
		}
		if list[i].Irrelevant {
			return nil
		}
		if err := visit(s, c.Children, list[i], by); err != nil {
			return err
		}
	}
}

// below finds the node of a definition at or below an instance of one of its
// ancestors, where no repeat lies between. Nil if there is none.
func below(s *xform.Session, at *xpath.Node, d *xform.Definition) *xpath.Node {
	if at.Slot == d.Slot {
		return at
	}
	if d.Parent == nil {
		return s.Document().Children[0]
	}
	parent := below(s, at, d.Parent)
	if parent == nil {
		return nil
	}
	for _, list := range [][]*xpath.Node{parent.Children, parent.Attrs} {
		for _, n := range list {
			if n.Slot == d.Slot {
				return n
			}
		}
	}
	return nil
}

func instances(s *xform.Session, parent *xpath.Node, repeat *xform.Definition) []*xpath.Node {
	var list []*xpath.Node
	for _, n := range parent.Children {
		if n.Slot == repeat.Slot {
			list = append(list, n)
		}
	}
	return list
}
