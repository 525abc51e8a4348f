package table

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// statMissing decides why a variable's values are missing, and counts what it
// found, so that what the file had can be said.
type statMissing struct {
	v      *statVariable
	from   origin
	marks  [statOdd + 1]Missing
	marked [statOdd + 1]tally
	values map[float64]*declaredValue // that the file declares missing
	rest   tally                      // further different ones
	texts  map[string]*declaredValue
}

// declaredValue is a value that stands for none.
type declaredValue struct {
	reason Missing
	tally
}

// maxDeclared bounds the different missing values of a column that are told apart.
const maxDeclared = 64

func newStatMissing(v *statVariable, from origin) *statMissing {
	m := &statMissing{v: v, from: from}
	for i := range m.marks {
		m.marks[i] = Blank
		if label, ok := v.marks[uint8(i)]; ok {
			m.marks[i] = reasonOf(label)
		}
	}
	m.marks[statOdd] = Unreadable
	return m
}

// mark counts a missing value and gives its reason.
func (m *statMissing) mark(mark uint8, row int) Missing {
	m.marked[mark].add(row)
	return m.marks[mark]
}

// number says whether a number is declared missing, and why.
func (m *statMissing) number(x float64, row int) (Missing, bool) {
	if m.v.declared == nil || !m.v.declared(x) {
		return Present, false
	}
	d := m.values[x]
	if d == nil {
		reason := Blank
		if label, ok := m.v.labelOf(x); ok {
			reason = reasonOf(label)
		}
		if len(m.values) >= maxDeclared {
			m.rest.add(row)
			return reason, true
		}
		if m.values == nil {
			m.values = map[float64]*declaredValue{}
		}
		d = &declaredValue{reason: reason}
		m.values[x] = d
	}
	d.add(row)
	return d.reason, true
}

// text says whether a text is declared missing, and why.
func (m *statMissing) text(cell []byte, row int) (Missing, bool) {
	if !m.v.absent[string(cell)] {
		return Present, false
	}
	word := string(cell)
	d := m.texts[word]
	if d == nil {
		if m.texts == nil {
			m.texts = map[string]*declaredValue{}
		}
		reason := reasonOf(word)
		if label, ok := m.v.words[word]; ok {
			reason = reasonOf(label)
		}
		d = &declaredValue{reason: reason}
		m.texts[word] = d
	}
	d.add(row)
	return d.reason, true
}

// labelOf is the label of a number.
func (v *statVariable) labelOf(x float64) (string, bool) {
	i, ok := slices.BinarySearchFunc(v.labels, x, func(l statLabel, x float64) int {
		switch {
		case l.value < x:
			return -1
		case l.value > x:
			return 1
		}
		return 0
	})
	if !ok {
		return "", false
	}
	return v.labels[i].text, true
}

// found says in words what stood for missing values, or "".
func (m *statMissing) found() string {
	var parts []string
	say := func(what, label string, reason Missing, n int) {
		if label != "" {
			what += " " + quoted(label)
		}
		parts = append(parts, fmt.Sprintf("%s as %s (%s)", what, reason, plural(n, "row", "rows")))
	}
	for mark := 2; mark < statOdd; mark++ {
		if t := &m.marked[mark]; t.count > 0 {
			say(m.v.markName(uint8(mark)), m.v.marks[uint8(mark)], m.marks[mark], t.count)
		}
	}
	for _, x := range slices.Sorted(maps.Keys(m.values)) {
		label, _ := m.v.labelOf(x)
		say(number(x), label, m.values[x].reason, m.values[x].count)
	}
	for _, word := range slices.Sorted(maps.Keys(m.texts)) {
		say(shown(word), m.v.words[word], m.texts[word].reason, m.texts[word].count)
	}
	if m.rest.count > 0 {
		parts = append(parts, "further values in "+plural(m.rest.count, "row", "rows"))
	}
	return strings.Join(parts, ", ")
}

// report warns of what was declared missing, once a column, and of what is no
// number.
func (m *statMissing) report(rep *report) {
	at := rep.at(0, m.from.column, m.from.name)
	if found := m.found(); found != "" {
		rep.warn(at, "", "the file declares values missing, and they were read so: %s", found)
	}
	if t := &m.marked[statOdd]; t.count > 0 {
		at.Row = rep.row(t.first[0])
		rep.warn(at, "correct it in the file; until then it counts as unreadable", "%s neither a number nor missing%s", plural(t.count, "value is", "values are"), inRows(t, rep))
	}
}

// bound of whole numbers that are looked up in a table, not a map.
const (
	tableLow  = -128
	tableHigh = 1024
)

// numberIndex finds the entry of a number: small whole ones by a table.
type numberIndex struct {
	small []uint32 // entry + 1, of numbers from tableLow
	other map[uint64]uint32
}

func (n *numberIndex) get(x float64) uint32 {
	if i := int(x); x >= tableLow && x < tableHigh && float64(i) == x {
		if n.small == nil {
			return 0
		}
		return n.small[i-tableLow]
	}
	return n.other[math.Float64bits(x)]
}

func (n *numberIndex) put(x float64, entry uint32) {
	if i := int(x); x >= tableLow && x < tableHigh && float64(i) == x {
		if n.small == nil {
			n.small = make([]uint32, tableHigh-tableLow)
		}
		n.small[i-tableLow] = entry
		return
	}
	if n.other == nil {
		n.other = map[uint64]uint32{}
	}
	n.other[math.Float64bits(x)] = entry
}
