package xform

import (
	"maps"
	"slices"

	"waymark/forms/xpath"
)

// State is one node of a document as it stands.
type State struct {
	Path     string `json:"path"` // with positions in repeats
	Value    string `json:"value"`
	Group    bool   `json:"group,omitempty"` // holds no value of its own
	Relevant bool   `json:"relevant"`
	Required bool   `json:"required"`
	ReadOnly bool   `json:"readonly"`
}

// Snapshot lists every element of the document in order.
func (s *Session) Snapshot() []State {
	var list []State
	var walk func(n *xpath.Node)
	walk = func(n *xpath.Node) {
		list = append(list, State{
			Path: s.Path(n), Value: n.Value, Group: !s.form.Nodes[n.Slot].Leaf,
			Relevant: !n.Irrelevant, Required: s.Required(n), ReadOnly: s.ReadOnly(n),
		})
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(s.doc.Children[0])
	return list
}

func sortedKeys(m map[string]string) []string {
	return slices.Sorted(maps.Keys(m))
}
