package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxUnknown bounds the distinct unknown values of a column that are told
// apart; the rest are counted together.
const maxUnknown = 1000

// unknownValues collects what a column's vocabulary or type does not know.
type unknownValues struct {
	index map[string]int
	list  []unknownValue
	rest  tally
}

type unknownValue struct {
	text string
	tally
}

// add counts a value.
func (u *unknownValues) add(cell []byte, row int) {
	if i := u.number(cell, row); i >= 0 {
		u.list[i].add(row)
	}
}

// number returns the number of a value from 0, for counting it later, or -1,
// with the value counted, if it is beyond the bound.
func (u *unknownValues) number(cell []byte, row int) int {
	i, ok := u.index[string(cell)]
	if !ok {
		if len(u.list) >= maxUnknown {
			u.rest.add(row)
			return -1
		}
		if u.index == nil {
			u.index = make(map[string]int)
		}
		i = len(u.list)
		u.index[string(cell)] = i
		u.list = append(u.list, unknownValue{text: string(cell)})
	}
	return i
}

// report warns of each distinct value, the most frequent first. what says what
// the column expects; words are what a value may have been meant to be.
func (u *unknownValues) report(rep *report, from origin, what string, words []string) {
	slices.SortStableFunc(u.list, func(a, b unknownValue) int { return b.count - a.count })
	for i := range u.list {
		v := &u.list[i]
		remedy := "correct it in the file; until then it counts as unreadable"
		if near := nearest(v.text, words); near != "" && showable(v.text) {
			remedy = fmt.Sprintf("did you mean %q? Until it is corrected it counts as unreadable", near)
		}
		rep.warn(rep.at(rep.row(v.first[0]), from.column, from.name), remedy, "%s is not %s; it occurs %s%s",
			shown(v.text), what, plural(v.count, "time", "times"), inRows(&v.tally, rep))
	}
	if t := &u.rest; t.count > 0 {
		rep.warn(rep.at(rep.row(t.first[0]), from.column, from.name), "check that the column is the right one",
			"%s beyond the first %d different ones are not %s%s", plural(t.count, "further value", "further values"), maxUnknown, what, inRows(t, rep))
	}
}

func inRows(t *tally, rep *report) string {
	if rows := t.rows(rep.row); rows != "" {
		return " (" + rows + ")"
	}
	return ""
}

// shown renders a value for a message. What may be more than a code - a
// sentence, a telephone number, an address - is described and not shown, since
// a message can end in a log.
func shown(text string) string {
	if !showable(text) {
		return fmt.Sprintf("a text of %d characters (not shown, it may be personal)", utf8.RuneCountInString(text))
	}
	return fmt.Sprintf("%q", text)
}

func showable(text string) bool {
	if utf8.RuneCountInString(text) > 32 || len(strings.Fields(text)) > 3 || strings.Contains(text, "@") {
		return false
	}
	digits := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits <= 8
}

// nearest returns the word that differs from text by the fewest edits, if they
// are at most a third of its letters, else "". Case does not count.
func nearest(text string, words []string) string {
	t := []rune(fold(text))
	if len(t) > 40 {
		return ""
	}
	best, fewest := "", max(1, len(t)/3)+1
	for _, w := range words {
		r := []rune(fold(w))
		if d := len(r) - len(t); d >= fewest || -d >= fewest {
			continue
		}
		if e := edits(t, r); e < fewest && e < max(len(t), len(r)) {
			best, fewest = w, e
		}
	}
	return best
}

// edits is the number of insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment).
func edits(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
