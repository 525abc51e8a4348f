package compare

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"waymark/forms/outline"
)

// listChange is a pair of lists that questions of both forms use.
type listChange struct {
	old, new *outline.List
	users    []*outline.Item
}

// choices notes the pair of lists of a question; lists are compared once, for
// all questions that use the pair. The filter is the question's own.
func (c *comparison) choices(was, is *outline.Item) {
	if was.List == nil || is.List == nil {
		return
	}
	key := [2]*outline.List{was.List, is.List}
	lc := c.lists[key]
	if lc == nil {
		lc = &listChange{old: was.List, new: is.List}
		c.lists[key] = lc
		c.listOrder = append(c.listOrder, lc)
	}
	lc.users = append(lc.users, is)
	if was.Control == nil || is.Control == nil || was.Control.Itemset == nil || is.Control.Itemset == nil {
		return
	}
	old, _ := c.old.Filter(was.Control.Itemset.Nodeset, was)
	new, _ := c.new.Filter(is.Control.Itemset.Nodeset, is)
	if c.filterText(old, c.toNew) != c.filterText(new, nil) {
		ch := Change{Level: Meaning, Kind: "choice filter", What: "which choices are offered changed", Old: "all", New: "all",
			OldCode: was.Control.Itemset.Nodeset, NewCode: is.Control.Itemset.Nodeset}
		if old != nil {
			ch.Old = old.In(c.old, c.oldLang)
		}
		if new != nil {
			ch.New = new.In(c.new, c.newLang)
		}
		c.add(ch, was, is)
	}
}

// filterText writes a filter with questions by the new form's paths, so that
// labels do not count.
func (c *comparison) filterText(s outline.Sentence, to map[*outline.Item]*outline.Item) string {
	var b strings.Builder
	for _, p := range s {
		switch {
		case p.Item != nil:
			i := p.Item
			if is := to[i]; is != nil {
				i = is
			}
			b.WriteString("{" + i.Path() + "}")
		case p.Choice != nil:
			b.WriteString("[" + p.Choice.Value + "]")
		default:
			b.WriteString(p.Text + p.Value + p.Name + p.Code)
		}
	}
	return b.String()
}

// mostNamed is how many choices a change names before it counts the rest.
const mostNamed = 12

// reportLists compares the lists.
func (c *comparison) reportLists() {
	for _, lc := range c.listOrder {
		if lc.old.Source != lc.new.Source {
			c.addList(lc, Change{Level: Meaning, Kind: "choices", What: "the choices come from another file", Old: orNothing(lc.old.Source), New: orNothing(lc.new.Source)})
			continue
		}
		var removed, added, reworded, other, swapped []string
		labels := c.labels(lc.old)
		for n := range lc.old.Choices {
			old := &lc.old.Choices[n]
			new := lc.new.Choice(old.Value)
			if new == nil {
				removed = append(removed, c.named(c.old, old, c.oldLang))
				continue
			}
			a, b := c.old.Plain(old.Label, c.oldLang, nil), c.new.Plain(new.Label, c.newLang, nil)
			if a == b || lc.old.Choice(old.Value) != old {
				continue
			}
			line := old.Value + ": “" + a + "” → “" + b + "”"
			switch {
			case b != "" && labels[b] != "" && labels[b] != old.Value:
				swapped = append(swapped, line)
			case similarity(a, b) < 0.5:
				other = append(other, line)
			default:
				reworded = append(reworded, line)
			}
		}
		for n := range lc.new.Choices {
			if new := &lc.new.Choices[n]; lc.old.Choice(new.Value) == nil {
				added = append(added, c.named(c.new, new, c.newLang))
			}
		}
		c.listed(lc, Breaks, "choices removed: old data may hold their codes", removed)
		c.listed(lc, Breaks, "codes stand for what other codes stood for", swapped)
		c.listed(lc, Meaning, "choices added: they could not be chosen before", added)
		c.listed(lc, Meaning, "codes kept under other labels", other)
		c.listed(lc, Wording, "choices reworded", reworded)
		c.columns(lc)
		c.translations(lc)
	}
}

// labels maps the labels of an old list to their codes.
func (c *comparison) labels(l *outline.List) map[string]string {
	codes := make(map[string]string, len(l.Choices))
	for n := range l.Choices {
		ch := &l.Choices[n]
		codes[c.old.Plain(ch.Label, c.oldLang, nil)] = ch.Value
	}
	return codes
}

// translations reports the choices whose labels changed in the other languages
// that both forms have.
func (c *comparison) translations(lc *listChange) {
	for oldN, newN := range c.shared() {
		if newN == c.newLang {
			continue
		}
		var changed []string
		for n := range lc.old.Choices {
			old := &lc.old.Choices[n]
			new := lc.new.Choice(old.Value)
			if new == nil || old.Label.ID == "" && new.Label.ID == "" {
				continue
			}
			if a, b := c.old.In(old.Label, oldN), c.new.In(new.Label, newN); !(a.Borrowed && b.Borrowed) && c.old.Plain(old.Label, oldN, nil) != c.new.Plain(new.Label, newN, nil) {
				changed = append(changed, old.Value)
			}
		}
		c.listed(lc, Wording, "choices changed in "+c.new.Form.Languages[newN], changed)
	}
}

func (c *comparison) named(o *outline.Outline, ch *outline.Choice, language int) string {
	if label := o.Plain(ch.Label, language, nil); label != "" && label != ch.Value {
		return ch.Value + " (" + outline.Shorten(label, 60) + ")"
	}
	return ch.Value
}

// listed adds one change for several choices.
func (c *comparison) listed(lc *listChange, level Level, what string, lines []string) {
	if len(lines) == 0 {
		return
	}
	ch := Change{Level: level, Kind: "choices", What: what + ": " + bounded(lines)}
	c.addList(lc, ch)
}

func bounded(lines []string) string {
	if n := len(lines) - mostNamed; n > 1 {
		return strings.Join(lines[:mostNamed], "; ") + "; and " + strconv.Itoa(n) + " more"
	}
	return strings.Join(lines, "; ")
}

// columns compares the further columns, by which filters choose.
func (c *comparison) columns(lc *listChange) {
	var moved []string
	for n := range lc.old.Choices {
		old := &lc.old.Choices[n]
		new := lc.new.Choice(old.Value)
		if new == nil || lc.old.Choice(old.Value) != old {
			continue
		}
		for k, column := range lc.old.Columns {
			at := slices.Index(lc.new.Columns, column)
			if at < 0 {
				continue
			}
			a, b := cell(old.Extra, k), cell(new.Extra, at)
			if a != b {
				moved = append(moved, old.Value+": "+column+" "+orNothing(a)+" → "+orNothing(b))
			}
		}
	}
	c.listed(lc, Meaning, "values that filters choose by changed", moved)
}

func cell(row []string, n int) string {
	if n < len(row) {
		return row[n]
	}
	return ""
}

// addList adds a change of a list at the first question that uses it.
func (c *comparison) addList(lc *listChange, ch Change) {
	if len(lc.users) > 1 {
		for _, u := range lc.users {
			ch.Names = append(ch.Names, u.Name())
		}
	}
	c.add(ch, c.toOld[lc.users[0]], lc.users[0])
}

// shared yields the languages that both forms have, by name or else by code.
func (c *comparison) shared() iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if len(c.old.Form.Languages) == 0 || len(c.new.Form.Languages) == 0 {
			return
		}
		olds := c.old.Languages()
		for n, l := range c.new.Languages() {
			for m, o := range olds {
				if o.Name == l.Name || o.Tag != "" && o.Tag == l.Tag {
					if !yield(m, n) {
						return
					}
					break
				}
			}
		}
	}
}
