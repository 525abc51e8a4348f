package xpath

import "slices"

// newColumn reads a list once and indexes it.
func newColumn(parent *Node, key columnKey) *column {
	col := &column{size: len(parent.Children)}
	values := make([]string, 0, len(parent.Children))
	places := make([]int32, 0, len(parent.Children))
	for i, item := range parent.Children {
		if item.Name != key.item {
			continue
		}
		v, ok := columnValue(item, key)
		if !ok {
			return col
		}
		values = append(values, v)
		places = append(places, int32(i))
	}
	counts := make(map[string]span, len(values))
	for _, v := range values {
		s := counts[v]
		s.n++
		counts[v] = s
	}
	col.places = make([]int32, len(values))
	var from int32
	for v, s := range counts {
		counts[v] = span{from, 0}
		from += s.n
	}
	for i, v := range values {
		s := counts[v]
		col.places[s.from+s.n] = places[i]
		s.n++
		counts[v] = s
	}
	col.text, col.usable = counts, true
	return col
}

// columnValue returns what [column] of an item compares as, and whether that is
// plain text of at most one node.
func columnValue(item *Node, key columnKey) (string, bool) {
	list := item.Children
	if key.attr {
		list = item.Attrs
	}
	var found *Node
	for _, n := range list {
		if n.Name != key.column {
			continue
		}
		if found != nil {
			return "", false
		}
		found = n
	}
	switch {
	case found == nil || found.Irrelevant:
		return "", true
	case found.Type != "" && !textual(found.Type):
		return "", false
	}
	return found.Value, true
}

func sortPlaces(p []int32) { slices.Sort(p) }
