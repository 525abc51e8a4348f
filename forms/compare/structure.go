package compare

import (
	"fmt"
	"slices"
	"strings"

	"waymark/forms/outline"
)

// structure reports what was added, removed, renamed and moved, and groups that
// became repeats.
func (c *comparison) structure() {
	for was := range c.old.All() {
		if c.toNew[was] != nil || was.Name() == "" {
			continue
		}
		switch {
		case was.Type == "note":
			c.add(Change{Level: Wording, Kind: "removed", What: "removed (note)"}, was, nil)
		case holds(was):
			c.add(Change{Level: Wording, Kind: "removed", What: "removed (" + was.Type + ")"}, was, nil)
		default:
			c.add(Change{Level: Breaks, Kind: "removed", What: "removed (" + outline.TypeWords(was.Type) + "): no new answers, the column ends"}, was, nil)
		}
	}
	for is := range c.new.All() {
		if c.toOld[is] != nil || is.Name() == "" {
			continue
		}
		level := Adds
		if is.Type == "note" || holds(is) {
			level = Wording
		}
		c.add(Change{Level: level, Kind: "added", What: "added (" + outline.TypeWords(is.Type) + ")"}, nil, is)
	}
	c.renames()
	c.moves()
	c.reorder()
}

// renames reports the pairs that were found by likeness, and groups that became
// repeats or the reverse.
func (c *comparison) renames() {
	for is := range c.new.All() {
		was := c.toOld[is]
		if was == nil {
			continue
		}
		if c.renamed[is] && was.Name() != is.Name() && !holds(is) {
			c.add(Change{Level: Breaks, Kind: "renamed", What: "probably renamed: the column changes", Old: was.Name(), New: is.Name()}, was, is)
		}
		if was.Kind == outline.Group && is.Kind == outline.Repeat {
			c.add(Change{Level: Breaks, Kind: "structure", What: "the group repeats now: its answers go to a table of their own"}, was, is)
		}
		if was.Kind == outline.Repeat && is.Kind == outline.Group {
			c.add(Change{Level: Breaks, Kind: "structure", What: "the repeat is a plain group now: its table ends"}, was, is)
		}
	}
}

// moves reports questions whose path changed for another reason than their own
// name, together where they went the same way.
func (c *comparison) moves() {
	type way struct{ from, to string }
	var order []way
	moved := map[way][]*outline.Item{}
	for is := range c.new.All() {
		was := c.toOld[is]
		if was == nil || holds(is) || is.Type == "note" {
			continue
		}
		w := way{c.holder(was.Path()), c.holder(is.Path())}
		if w.from == w.to {
			continue
		}
		if moved[w] == nil {
			order = append(order, w)
		}
		moved[w] = append(moved[w], is)
	}
	for _, w := range order {
		first := moved[w][0]
		ch := Change{Level: Breaks, Kind: "moved", Old: nameOf(w.from), New: nameOf(w.to), What: "moved: the column changes"}
		if n := len(moved[w]); n > 1 {
			ch.What = fmt.Sprintf("%d questions moved: their columns change", n)
			for _, is := range moved[w] {
				ch.Names = append(ch.Names, is.Name())
			}
		}
		c.add(ch, c.toOld[first], first)
		c.surroundings(c.toOld[first], first)
	}
}

// surroundings reports that the groups around a moved question let other people
// through than before.
func (c *comparison) surroundings(was, is *outline.Item) {
	collect := func(o *outline.Outline, i *outline.Item, resolve func(string, *outline.Item) string, language int) (codes, words []string) {
		for d := i.Definition.Parent; d != nil; d = d.Parent {
			if at := o.At(d.Path); at != nil && strings.TrimSpace(d.Relevant) != "" {
				codes = append(codes, resolve(d.Relevant, at))
				words = append(words, o.Condition(d.Relevant, at).In(o, language))
			}
		}
		slices.Reverse(words)
		return codes, words
	}
	oldCodes, oldWords := collect(c.old, was, c.resolvedOld, c.oldLang)
	newCodes, newWords := collect(c.new, is, c.resolvedNew, c.newLang)
	if slices.Equal(oldCodes, newCodes) {
		return
	}
	everyone := func(words []string) string {
		if len(words) == 0 {
			return "everyone"
		}
		return strings.Join(words, "; and ")
	}
	c.add(Change{Level: Meaning, Kind: "relevance", What: "who is asked changed, by the groups around it", Old: everyone(oldWords), New: everyone(newWords)}, was, is)
}

// holder is the path of the node around a path, without the root, whose name no
// column has.
func (c *comparison) holder(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	return strings.Join(parts[1:max(1, len(parts)-1)], "/")
}

func nameOf(holder string) string {
	if holder == "" {
		return "the top of the form"
	}
	return holder
}

// reorder reports questions that are asked in another order than before: the
// fewest that must have moved for the rest to be in order.
func (c *comparison) reorder() {
	at := map[*outline.Item]int{}
	for i := range c.old.All() {
		at[i] = len(at)
	}
	var items []*outline.Item
	var places []int
	for is := range c.new.All() {
		if was := c.toOld[is]; was != nil && is.Kind == outline.Question && c.holder(was.Path()) == c.holder(is.Path()) {
			items = append(items, is)
			places = append(places, at[was])
		}
	}
	keep := rising(places)
	for n, is := range items {
		if !keep[n] {
			c.add(Change{Level: Wording, Kind: "order", What: "asked at another point of the form"}, c.toOld[is], is)
		}
	}
}

// rising marks a longest rising run of numbers.
func rising(numbers []int) []bool {
	var tails []int // index of the smallest last number of a run of each length
	before := make([]int, len(numbers))
	for n, x := range numbers {
		lo, hi := 0, len(tails)
		for lo < hi {
			if mid := (lo + hi) / 2; numbers[tails[mid]] < x {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		before[n] = -1
		if lo > 0 {
			before[n] = tails[lo-1]
		}
		if lo == len(tails) {
			tails = append(tails, n)
		} else {
			tails[lo] = n
		}
	}
	keep := make([]bool, len(numbers))
	if len(tails) > 0 {
		for n := tails[len(tails)-1]; n >= 0; n = before[n] {
			keep[n] = true
		}
	}
	return keep
}
