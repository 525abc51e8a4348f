package table

import (
	"bytes"

	"waymark/internal/fault"
)

// unknownCode is where spellings' codes begin that stand for an unknown value:
// its number in unknownValues is added.
const unknownCode = 1 << 24

// categoryBuilder reads one level a row.
type categoryBuilder struct {
	field    *Field
	from     origin
	seen     *spellings
	words    *vocabulary
	levels   []Level
	unknown  unknownValues
	notes    tally // cells such as NA
	overflow tally // values beyond what an open dictionary may grow to
	codes8   []uint8
	codes16  []uint16
	codes32  []uint32
	width    int // bytes a code
	rows     int
	hint     int
}

func newCategoryBuilder(f *Field, from origin) *categoryBuilder {
	b := &categoryBuilder{field: f, from: from, seen: newSpellings(), words: newVocabulary(f), levels: f.Levels}
	b.widen(len(f.Levels) + FirstLevel)
	return b
}

// widen moves to codes wide enough for n of them.
func (b *categoryBuilder) widen(n int) {
	width := 1
	if n > 1<<8 {
		width = 2
	}
	if n > 1<<16 {
		width = 4
	}
	if width <= b.width {
		return
	}
	room := max(b.hint, b.rows+64)
	switch {
	case width == 1:
		b.codes8 = make([]uint8, 0, room)
	case width == 2:
		b.codes16 = make([]uint16, len(b.codes8), room)
		for i, c := range b.codes8 {
			b.codes16[i] = uint16(c)
		}
	default:
		b.codes32 = make([]uint32, b.rows, room)
		for i, c := range b.codes8 {
			b.codes32[i] = uint32(c)
		}
		if b.width == 2 {
			for i, c := range b.codes16 {
				b.codes32[i] = uint32(c)
			}
		}
	}
	if width > 1 {
		b.codes8 = nil
	}
	if width > 2 {
		b.codes16 = nil
	}
	b.width = width
}

func (b *categoryBuilder) reserve(rows int) {
	b.hint = rows
	switch b.width {
	case 1:
		b.codes8 = grow(b.codes8, rows)
	case 2:
		b.codes16 = grow(b.codes16, rows)
	default:
		b.codes32 = grow(b.codes32, rows)
	}
}

func (b *categoryBuilder) add(cell []byte) {
	code := b.seen.get(cell)
	if code == 0 {
		code = b.learn(cell)
	}
	if code >= unknownCode {
		code = b.settle(code)
	}
	switch b.width {
	case 1:
		b.codes8 = append(b.codes8, uint8(code))
	case 2:
		b.codes16 = append(b.codes16, uint16(code))
	default:
		b.codes32 = append(b.codes32, code)
	}
	b.rows++
}

// learn finds what a new spelling means and remembers it.
func (b *categoryBuilder) learn(cell []byte) uint32 {
	code, note := b.words.find(cell)
	switch {
	case note:
		b.notes.add(b.rows)
		return code // not remembered, so that every one is counted
	case code != 0:
	case b.field.Open && len(b.levels) < maxSpellings:
		word := string(bytes.TrimFunc(unescape(cell), isEdge))
		b.levels = append(b.levels[:len(b.levels):len(b.levels)], Level{Code: word, Label: word})
		code = uint32(len(b.levels) - 1 + FirstLevel)
		b.words.exact[word] = code
		b.words.folded[fold(word)] = code
		b.widen(len(b.levels) + FirstLevel)
	case b.field.Open:
		b.overflow.add(b.rows)
		return uint32(Unreadable)
	default:
		i := b.unknown.number(bytes.TrimFunc(cell, isEdge), b.rows)
		if i < 0 {
			return uint32(Unreadable)
		}
		code = unknownCode + uint32(i)
	}
	b.seen.put(cell, code)
	return code
}

// settle counts one more of an unknown value.
func (b *categoryBuilder) settle(code uint32) uint32 {
	b.unknown.list[code-unknownCode].add(b.rows)
	return uint32(Unreadable)
}

func (b *categoryBuilder) finish(rep *report) Column {
	if len(b.unknown.list) > 0 { // the words are many
		b.unknown.report(rep, b.from, "a code of "+quoteName(b.field.Name), wordsOf(b.field))
	}
	noteNotAvailable(rep, b.from, &b.notes)
	if b.overflow.count > 0 {
		rep.faults.Add(fault.New(fault.Invalid, rep.at(rep.row(b.overflow.first[0]), b.from.column, b.from.name),
			"the column has more different values than a category may have", "read it as text"))
	}
	return &CategoryColumn{
		name: b.field.Name, Levels: b.levels, Ordered: b.field.Ordered,
		Codes8: trim(b.codes8), Codes16: trim(b.codes16), Codes32: trim(b.codes32),
	}
}

func quoteName(name string) string { return "\"" + name + "\"" }

// wordsOf are the words that a value of the field may have been meant to be.
func wordsOf(f *Field) []string {
	words := make([]string, 0, len(f.Levels)+len(f.Aliases))
	for _, l := range f.Levels {
		words = append(words, l.Code)
	}
	for w := range f.Aliases {
		words = append(words, w)
	}
	for w := range f.MissingCodes {
		words = append(words, w)
	}
	return words
}

func noteNotAvailable(rep *report, from origin, t *tally) {
	if t.count > 0 {
		rep.warn(rep.at(rep.row(t.first[0]), from.column, from.name), "declare the code in the questionnaire if it is an answer",
			"NA or the like counts as blank; it occurs %s%s", plural(t.count, "time", "times"), inRows(t, rep))
	}
}
