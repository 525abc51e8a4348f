package table

import (
	"bytes"

	"waymark/internal/fault"
)

// setBuilder reads whole select-multiple answers: codes separated by spaces,
// or labels separated by commas, semicolons or bars.
type setBuilder struct {
	field   *Field
	from    origin
	seen    *spellings // of whole answers, to indexes of combinations
	words   *vocabulary
	levels  []Level
	width   int // words a row
	bits    []uint64
	reasons reasonList
	combos  []combination
	unknown unknownValues
	notes   tally
	long    tally // values beyond what an open dictionary may grow to
	hint    int
}

// combination is what one spelling of an answer means.
type combination struct {
	levels  []uint64
	missing Missing
	unknown []int // numbers in unknownValues, counted each time
}

func newSetBuilder(f *Field, from origin) *setBuilder {
	return &setBuilder{field: f, from: from, seen: newSpellings(), words: newVocabulary(f), levels: f.Levels, width: SetWords(len(f.Levels))}
}

func (b *setBuilder) reserve(rows int) {
	b.hint = rows
	b.bits = grow(b.bits, rows*b.width)
	b.reasons.expect(rows)
}

func (b *setBuilder) add(cell []byte) {
	var c combination
	if code := b.seen.get(cell); code > 0 {
		c = b.combos[code-1]
	} else {
		c = b.learn(cell)
		if len(b.combos) < maxSpellings && b.seen.put(cell, uint32(len(b.combos)+1)) {
			b.combos = append(b.combos, c)
		}
	}
	for _, i := range c.unknown {
		b.unknown.list[i].add(b.reasons.rows)
	}
	at := len(b.bits)
	for range b.width {
		b.bits = append(b.bits, 0)
	}
	copy(b.bits[at:], c.levels)
	if c.missing == Present {
		b.reasons.present()
	} else {
		b.reasons.missing(c.missing)
	}
}

// learn reads an answer. One that is a level or a missing code as a whole is
// that; else its parts are levels. A missing code among levels is left out. If
// none of the parts is known, the answer is unreadable; if some are, it is what
// they say, and the others are reported.
func (b *setBuilder) learn(cell []byte) combination {
	code, note := b.words.find(cell)
	if note {
		b.notes.add(b.reasons.rows)
	}
	if code > 0 && code < FirstLevel {
		return combination{missing: Missing(code)}
	}
	var c combination
	if code >= FirstLevel {
		b.mark(&c, int(code-FirstLevel))
		return c
	}
	known := false
	var missing Missing
	for _, part := range b.parts(cell) {
		code, _ := b.words.find(part)
		switch {
		case code >= FirstLevel:
			b.mark(&c, int(code-FirstLevel))
			known = true
		case code > 0:
			missing = Missing(code)
		case b.field.Open && len(b.levels) < maxSpellings:
			b.mark(&c, b.newLevel(string(bytes.TrimFunc(part, isEdge))))
			known = true
		case b.field.Open:
			b.long.add(b.reasons.rows)
		default:
			if i := b.unknown.number(part, b.reasons.rows); i >= 0 {
				c.unknown = append(c.unknown, i)
			}
			if missing == Present {
				missing = Unreadable
			}
		}
	}
	if !known {
		c.missing = missing
		if c.missing == Present {
			c.missing = Blank
		}
	}
	return c
}

// parts cuts an answer. Codes are separated by spaces, ODK's way; labels, which
// have spaces in them, by semicolons, bars or commas, or also by spaces. Of the
// ways to cut, the one that leaves the fewest parts unknown is taken.
func (b *setBuilder) parts(cell []byte) [][]byte {
	best := bytes.Fields(cell)
	fewest := b.strangers(best)
	for _, sep := range []byte{';', '|', ','} {
		if bytes.IndexByte(cell, sep) < 0 {
			continue
		}
		var parts [][]byte
		for _, p := range bytes.Split(cell, []byte{sep}) {
			if p = bytes.TrimFunc(p, isEdge); len(p) > 0 {
				parts = append(parts, p)
			}
		}
		if b.field.Open {
			return parts // every part is known or becomes so
		}
		if n := b.strangers(parts); n < fewest || n == fewest && len(parts) < len(best) {
			best, fewest = parts, n
		}
	}
	if fewest > 0 && !b.field.Open {
		if phrases := b.phrases(cell); b.strangers(phrases) < fewest {
			best = phrases
		}
	}
	return best
}

// strangers counts the parts that the vocabulary does not know.
func (b *setBuilder) strangers(parts [][]byte) int {
	n := 0
	for _, p := range parts {
		if code, _ := b.words.find(p); code == 0 {
			n++
		}
	}
	return n
}

// maxPhrase is how many words of an answer are tried as one label.
const maxPhrase = 12

// phrases cuts a list of labels that is separated by nothing but spaces: from
// the left, the longest run of words that is known.
func (b *setBuilder) phrases(cell []byte) [][]byte {
	words := bytes.Fields(cell)
	var parts [][]byte
	for len(words) > 0 {
		n := min(len(words), maxPhrase)
		for ; n > 1; n-- {
			if code, _ := b.words.find(bytes.Join(words[:n], []byte{' '})); code != 0 {
				break
			}
		}
		parts = append(parts, bytes.TrimRight(bytes.Join(words[:n], []byte{' '}), ",;|"))
		words = words[n:]
	}
	return parts
}

func (b *setBuilder) mark(c *combination, level int) {
	for len(c.levels) <= level/64 {
		c.levels = append(c.levels, 0)
	}
	c.levels[level/64] |= 1 << (level % 64)
}

// newLevel grows an open set; rows become wider when a word is full.
func (b *setBuilder) newLevel(code string) int {
	b.levels = append(b.levels[:len(b.levels):len(b.levels)], Level{Code: code, Label: code})
	n := len(b.levels)
	b.words.exact[code] = uint32(n - 1 + FirstLevel)
	b.words.folded[fold(code)] = uint32(n - 1 + FirstLevel)
	if width := SetWords(n); width > b.width {
		wide := make([]uint64, width*b.reasons.rows, width*max(b.hint, b.reasons.rows+64))
		for row := range b.reasons.rows {
			copy(wide[row*width:], b.bits[row*b.width:(row+1)*b.width])
		}
		b.bits, b.width = wide, width
	}
	return n - 1
}

func (b *setBuilder) finish(rep *report) Column {
	if len(b.unknown.list) > 0 { // the words are many
		b.unknown.report(rep, b.from, "a code of "+quoteName(b.field.Name), wordsOf(b.field))
	}
	noteNotAvailable(rep, b.from, &b.notes)
	if b.long.count > 0 {
		rep.faults.Add(fault.New(fault.Invalid, rep.at(rep.row(b.long.first[0]), b.from.column, b.from.name),
			"the column has more different values than a set may have", "read it as text"))
	}
	return NewSet(b.field.Name, b.levels, trim(b.bits), trim(b.reasons.list))
}

// addEmpty adds an answer that is present and chooses nothing.
func (b *setBuilder) addEmpty() {
	for range b.width {
		b.bits = append(b.bits, 0)
	}
	b.reasons.present()
}
