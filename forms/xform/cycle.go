package xform

import (
	"slices"
	"strings"
)

// topological orders the vertices so that each comes before its successors;
// those in or behind a cycle are left out. Among the free ones the earliest in
// the form goes first.
func topological(next [][]int32) []int32 {
	waits := make([]int32, len(next))
	for _, list := range next {
		for _, j := range list {
			waits[j]++
		}
	}
	var free []int32
	for i := len(next) - 1; i >= 0; i-- {
		if waits[i] == 0 {
			free = append(free, int32(i))
		}
	}
	var order []int32
	for len(free) > 0 {
		i := free[len(free)-1]
		free = free[:len(free)-1]
		order = append(order, i)
		for k := len(next[i]) - 1; k >= 0; k-- {
			j := next[i][k]
			if waits[j]--; waits[j] == 0 {
				free = append(free, j)
			}
		}
	}
	return order
}

// tellCycles adds a fault for each cycle: the shortest way round from the first
// rule that is on one.
func (p *parser) tellCycles(rules []rule, next [][]int32, order []int32) {
	left := make([]bool, len(rules))
	for i := range left {
		left[i] = true
	}
	for _, i := range order {
		left[i] = false
	}
	for i := range rules {
		if !left[i] {
			continue
		}
		way := around(int32(i), next, left)
		if way == nil {
			continue // behind a cycle, not on it
		}
		names := make([]string, 0, len(way))
		for _, j := range way {
			left[j] = false
			names = append(names, rules[j].kind.String()+" of "+rules[j].def.Path)
		}
		remedy := "no rule may read, by way of others, what it decides itself"
		if len(names) == 1 {
			p.add(rules[i].def.Line, remedy, "the %s depends on itself", names[0])
			continue
		}
		slices.Sort(names[1:])
		p.add(rules[i].def.Line, remedy, "these rules depend on each other in a circle: %s", strings.Join(names, ", "))
	}
}

// around returns the shortest cycle through a vertex among those left, or nil.
func around(from int32, next [][]int32, left []bool) []int32 {
	came := map[int32]int32{}
	queue := []int32{from}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, j := range next[i] {
			if j == from {
				way := []int32{from}
				for at := i; at != from; at = came[at] {
					way = append(way, at)
				}
				return way
			}
			if _, seen := came[j]; !seen && left[j] {
				came[j] = i
				queue = append(queue, j)
			}
		}
	}
	return nil
}
