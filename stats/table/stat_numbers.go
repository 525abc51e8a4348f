package table

import (
	"fmt"
	"math"
	"slices"
)

// maxCoded is how many different values a labelled variable may have to be a
// category.
const maxCoded = 4096

// statNumbers makes a column of a numeric variable by what the file says of
// it: a date, an instant, a category if (nearly) all its values are labelled,
// else a number. Whether it is a category is known in the end, so that until
// then each row keeps the number of its value in a dictionary.
type statNumbers struct {
	v       *statVariable
	from    origin
	missing *statMissing
	rows    int
	hint    int

	coded   bool
	index   numberIndex
	entries []codedValue
	codes   []uint16 // FirstLevel + entry, or the reason

	values  []float64
	reasons reasonList

	days    []int32
	seconds []int64
	cut     tally // dates with a time of day
	outside tally // dates beyond the calendar
}

// codedValue is one value of a labelled variable.
type codedValue struct {
	value float64
	tally
}

func newStatNumbers(v *statVariable, from origin) *statNumbers {
	return &statNumbers{v: v, from: from, missing: newStatMissing(v, from), coded: v.clock == clockNone && len(v.levels) > 0}
}

func (b *statNumbers) text([]byte) {} // it is fed numbers

func (b *statNumbers) reserve(rows int) {
	b.hint = rows
	b.reasons.expect(rows)
	switch {
	case b.coded:
		b.codes = grow(b.codes, rows)
	case b.v.clock.isDate():
		b.days = grow(b.days, rows)
	case b.v.clock != clockNone:
		b.seconds = grow(b.seconds, rows)
	default:
		b.values = grow(b.values, rows)
	}
}

func (b *statNumbers) numbers(x []float64, mark []uint8) {
	for i, v := range x {
		reason := Present
		if mark[i] != 0 {
			reason = b.missing.mark(mark[i], b.rows)
		} else if b.v.declared != nil {
			reason, _ = b.missing.number(v, b.rows)
		}
		switch {
		case b.coded:
			b.code(v, reason)
		case b.v.clock == clockNone:
			b.values = append(b.values, v)
			b.reason(reason)
		case b.v.clock.isDate():
			b.date(v, reason)
		default:
			b.instant(v, reason)
		}
		b.rows++
	}
}

func (b *statNumbers) reason(m Missing) {
	if m == Present {
		b.reasons.present()
	} else {
		b.reasons.missing(m)
	}
}

func (b *statNumbers) code(x float64, reason Missing) {
	if reason != Present {
		b.codes = append(b.codes, uint16(reason))
		return
	}
	entry := b.index.get(x)
	if entry == 0 {
		if len(b.entries) >= maxCoded {
			b.uncode()
			b.values = append(b.values, x)
			b.reasons.present()
			return
		}
		b.entries = append(b.entries, codedValue{value: x})
		entry = uint32(len(b.entries))
		b.index.put(x, entry)
	}
	b.entries[entry-1].add(b.rows)
	b.codes = append(b.codes, uint16(FirstLevel+entry-1))
}

// uncode turns codes into numbers: the variable is no category.
func (b *statNumbers) uncode() {
	b.coded = false
	b.values = make([]float64, len(b.codes), max(b.hint, len(b.codes)+64))
	for i, c := range b.codes {
		if c < FirstLevel {
			b.values[i] = math.NaN()
			b.reasons.missing(Missing(c))
		} else {
			b.values[i] = b.entries[c-FirstLevel].value
			b.reasons.present()
		}
	}
	b.codes = nil
}

func (b *statNumbers) date(x float64, reason Missing) {
	var d int32
	if reason == Present {
		var cut, ok bool
		if d, cut, ok = b.v.clock.day(x); !ok {
			b.outside.add(b.rows)
			reason = Unreadable
		} else if cut {
			b.cut.add(b.rows)
		}
	}
	b.days = append(b.days, d)
	b.reason(reason)
}

func (b *statNumbers) instant(x float64, reason Missing) {
	var s int64
	if reason == Present {
		var ok bool
		if s, ok = b.v.clock.second(x); !ok {
			b.outside.add(b.rows)
			reason = Unreadable
		}
	}
	b.seconds = append(b.seconds, s)
	b.reason(reason)
}

func (b *statNumbers) finish(rep *report) (Column, Inference) {
	b.missing.report(rep)
	c, why := b.column(rep)
	if found := b.missing.found(); found != "" {
		why += "; missing: " + found
	}
	return c, Inference{Column: b.from.name, Kind: c.Kind(), Why: why}
}

func (b *statNumbers) column(rep *report) (Column, string) {
	name := b.from.name
	noteClock(rep, b.from, &b.cut, &b.outside)
	switch {
	case b.v.clock.isDate():
		return NewDate(name, trim(b.days), trim(b.reasons.list)), "it counts " + clockWords[b.v.clock]
	case b.v.clock != clockNone:
		return NewTime(name, trim(b.seconds), make([]int16, len(b.seconds)), trim(b.reasons.list)), "it counts " + clockWords[b.v.clock] + ", taken as UTC"
	case b.coded:
		if b.v.own[ownKind] == Bool.String() && b.truths() {
			return b.bools(), "it was written as true or false"
		}
		if why, ok := b.isCategory(); ok {
			return b.category(rep), why
		}
		b.uncode()
	}
	why := "it is a number without labels"
	if len(b.v.levels) > 0 {
		why = "most of its values have no label"
		b.noteLabelled(rep)
	}
	return NewNumber(name, trim(b.values), trim(b.reasons.list)), why
}

func noteClock(rep *report, from origin, cut, outside *tally) {
	at := rep.at(0, from.column, from.name)
	if cut.count > 0 {
		at.Row = rep.row(cut.first[0])
		rep.warn(at, "give the variable a format with the time if it matters", "%s a time of day under a format of dates, and it was left out%s",
			plural(cut.count, "value has", "values have"), inRows(cut, rep))
	}
	if outside.count > 0 {
		at.Row = rep.row(outside.first[0])
		rep.warn(at, "correct it in the file; until then it counts as unreadable", "%s no date between the years 1 and 9999%s",
			plural(outside.count, "value is", "values are"), inRows(outside, rep))
	}
}

// isCategory: at least 95 of 100 values have a label, and no more different
// values are without one than with one.
func (b *statNumbers) isCategory() (string, bool) {
	present, labelled, with, without := 0, 0, 0, 0
	for i := range b.entries {
		n := b.entries[i].count
		present += n
		if _, ok := b.v.labelOf(b.entries[i].value); ok {
			labelled += n
			with++
		} else {
			without++
		}
	}
	switch {
	case present == 0:
		return fmt.Sprintf("it has %s and no value", plural(len(b.v.levels), "label", "labels")), true
	case labelled == present:
		return fmt.Sprintf("all %s a label", plural(present, "value has", "values have")), true
	case 20*labelled >= 19*present && without <= with:
		return fmt.Sprintf("%d of %s a label", labelled, plural(present, "value has", "values have")), true
	}
	return "", false
}

// category makes the column: its levels are the labelled numbers, and those
// that occur without a label, ascending.
func (b *statNumbers) category(rep *report) Column {
	type level struct {
		value float64
		Level
	}
	var levels []level
	codes := b.v.codes()
	for i := range b.entries {
		x := b.entries[i].value
		if _, ok := b.v.labelOf(x); !ok && slices.Contains(codes, number(x)) {
			codes = nil // someone else has added a value that would be taken for a code
		}
	}
	for i, l := range b.v.levels {
		code := number(l.value)
		if codes != nil {
			code = codes[i]
		}
		levels = append(levels, level{l.value, Level{Code: code, Label: l.text}})
	}
	for i := range b.entries {
		e := &b.entries[i]
		if _, ok := b.v.labelOf(e.value); ok {
			continue
		}
		rep.warn(rep.at(rep.row(e.first[0]), b.from.column, b.from.name), "label it in the file, or correct it", "the value %s has no label, unlike the others; it occurs %s%s",
			number(e.value), plural(e.count, "time", "times"), inRows(&e.tally, rep))
		levels = append(levels, level{e.value, Level{Code: number(e.value), Label: number(e.value)}})
	}
	slices.SortStableFunc(levels, func(a, b level) int {
		if a.value < b.value {
			return -1
		}
		return 1
	})
	var at numberIndex
	list := make([]Level, len(levels))
	for i, l := range levels {
		list[i] = l.Level
		at.put(l.value, uint32(i))
	}
	became := make([]uint32, FirstLevel+len(b.entries))
	for m := range FirstLevel {
		became[m] = uint32(m)
	}
	for i := range b.entries {
		became[FirstLevel+i] = FirstLevel + at.get(b.entries[i].value)
	}
	c := &CategoryColumn{name: b.from.name, Levels: list, Ordered: b.v.ordered}
	if FirstLevel+len(list) <= 1<<8 {
		c.Codes8 = make([]uint8, len(b.codes))
		for i, v := range b.codes {
			c.Codes8[i] = uint8(became[v])
		}
		return c
	}
	wide := make([]uint32, len(b.codes))
	for i, v := range b.codes {
		wide[i] = became[v]
	}
	ordered := c.Ordered
	c = NewCategory(c.name, list, wide)
	c.Ordered = ordered
	return c
}

// truths says whether all values are 0 and 1.
func (b *statNumbers) truths() bool {
	for i := range b.entries {
		if v := b.entries[i].value; v != 0 && v != 1 {
			return false
		}
	}
	return true
}

func (b *statNumbers) bools() Column {
	values := make([]bool, len(b.codes))
	for i, c := range b.codes {
		if c < FirstLevel {
			b.reasons.missing(Missing(c))
			continue
		}
		values[i] = b.entries[c-FirstLevel].value == 1
		b.reasons.present()
	}
	return NewBool(b.from.name, values, trim(b.reasons.list))
}

// noteLabelled warns of numbers whose label says that there is no answer,
// which count as numbers because the file does not declare them missing.
func (b *statNumbers) noteLabelled(rep *report) {
	for i := range b.entries {
		e := &b.entries[i]
		label, _ := b.v.labelOf(e.value)
		if m := reasonOf(label); m != Blank && m != Unreadable {
			rep.warn(rep.at(rep.row(e.first[0]), b.from.column, b.from.name), "declare it missing in the file, or in the questionnaire",
				"%s is labelled %s and counts as a number, as the file does not declare it missing; it occurs %s", number(e.value), quoted(label), plural(e.count, "time", "times"))
		}
	}
}
