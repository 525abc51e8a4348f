package compare

import (
	"strings"

	"waymark/forms/outline"
)

// match pairs the items of both forms: by path; then, of what is left, by a
// name that is left once in each; then by likeness of label, type and place.
func (c *comparison) match() {
	c.renamed = map[*outline.Item]bool{}
	for i := range c.new.All() {
		if i.Path() != "" {
			if was := c.old.At(i.Path()); was != nil && c.toNew[was] == nil && alike(was, i) {
				c.pair(was, i)
			}
		}
	}
	// The root's name may differ, which changes every path but no column.
	for i := range c.new.All() {
		if c.toOld[i] == nil && i.Path() != "" {
			if was := c.old.At(rerooted(i.Path(), c.old)); was != nil && c.toNew[was] == nil && alike(was, i) {
				c.pair(was, i)
			}
		}
	}
	oldNames, newNames := c.left(c.old, c.toNew), c.left(c.new, c.toOld)
	for name, was := range oldNames {
		if is := newNames[name]; len(was) == 1 && len(is) == 1 && alike(was[0], is[0]) {
			c.pair(was[0], is[0])
		}
	}
	c.matchLikely()
	c.matchHolders()
}

func (c *comparison) pair(was, is *outline.Item) { c.toNew[was], c.toOld[is] = is, was }

// holds tells whether an item holds others.
func holds(i *outline.Item) bool { return i.Kind == outline.Group || i.Kind == outline.Repeat }

// alike tells whether two items may be one: both hold others, or neither does.
func alike(a, b *outline.Item) bool { return holds(a) == holds(b) }

func rerooted(path string, o *outline.Outline) string {
	if len(o.Form.Nodes) == 0 {
		return path
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return o.Form.Nodes[0].Path + "/" + rest
}

// left lists the items without a partner, by name.
func (c *comparison) left(o *outline.Outline, paired map[*outline.Item]*outline.Item) map[string][]*outline.Item {
	names := map[string][]*outline.Item{}
	for i := range o.All() {
		if paired[i] == nil && i.Name() != "" {
			names[i.Name()] = append(names[i.Name()], i)
		}
	}
	return names
}

// mostPairs bounds the looks at an old and a new question together; in forms
// that differ by more, only questions with the same label are paired.
const mostPairs = 100_000

// candidate is a question without a partner.
type candidate struct {
	item          *outline.Item
	label         string
	before, after *outline.Item
}

func candidates(o *outline.Outline, language int, paired map[*outline.Item]*outline.Item) []candidate {
	var all []candidate
	var walk func(items []*outline.Item)
	walk = func(items []*outline.Item) {
		for n, i := range items {
			walk(i.Children)
			if paired[i] != nil || holds(i) || i.Type == "note" || i.AboutRecord() {
				continue
			}
			c := candidate{item: i, label: o.Plain(i.Label(), language, nil)}
			if n > 0 {
				c.before = items[n-1]
			}
			if n+1 < len(items) {
				c.after = items[n+1]
			}
			all = append(all, c)
		}
	}
	walk(o.Items)
	return all
}

// matchLikely pairs each new question with the old one that it probably was.
func (c *comparison) matchLikely() {
	old, new := candidates(c.old, c.oldLang, c.toNew), candidates(c.new, c.newLang, c.toOld)
	few := len(old)*len(new) <= mostPairs
	for _, is := range new {
		var best *outline.Item
		most := 0.0
		for _, was := range old {
			if c.toNew[was.item] != nil || was.item.Kind != is.item.Kind || !few && (was.label == "" || was.label != is.label) || !fits(was.item.Type, is.item.Type) {
				continue
			}
			if score := c.likeness(was, is); score > most {
				best, most = was.item, score
			}
		}
		if best != nil {
			c.pair(best, is.item)
			c.renamed[is.item] = true
		}
	}
}

// likeness is how probably two questions are one, from 0 to 1: a label that is
// alike, or a name that is alike beside the same neighbours, or the same
// calculation. 0 is not alike enough.
func (c *comparison) likeness(was, is candidate) float64 {
	score := 0.0
	if was.label != "" && is.label != "" {
		if score = similarity(was.label, is.label); score < 0.75 {
			score = 0
		}
	}
	beside := was.before != nil && is.before != nil && c.toNew[was.before] == is.before || was.after != nil && is.after != nil && c.toNew[was.after] == is.after
	if beside && (score > 0 || similarity(was.item.Name(), is.item.Name()) >= 0.5) {
		score = max(score, 0.6) + 0.1
	}
	if is.item.Kind == outline.Quiet && was.item.Definition.Calculate != "" && was.item.Definition.Calculate == is.item.Definition.Calculate {
		score = max(score, 0.9)
	}
	return score
}

// matchHolders pairs the groups and repeats that are left by what they hold:
// the new one that most of an old one's children went to.
func (c *comparison) matchHolders() {
	for was := range c.old.All() {
		if !holds(was) || c.toNew[was] != nil {
			continue
		}
		votes := map[*outline.Item]int{}
		for _, child := range was.Children {
			if is := c.toNew[child]; is != nil && is.Parent != nil && c.toOld[is.Parent] == nil {
				votes[is.Parent]++
			}
		}
		for is, n := range votes {
			if n*2 > len(was.Children) && c.toOld[is] == nil {
				c.pair(was, is)
				c.renamed[is] = true
			}
		}
	}
}
