package table

import "bytes"

// splitSetBuilder joins the columns of a select-multiple question that was
// exported as one 0/1 column an option. A row whose columns are all blank is
// blank; any 0 or 1 makes the answer present.
type splitSetBuilder struct {
	field   *Field
	width   int
	bits    []uint64
	missing []Missing
	reason  []Missing // by row, from options that stand for one; nil without such
	rows    int
	has     map[int]bool // options fed
	parts   []*optionPart
	words   *vocabulary // of the field: its missing codes
}

// optionPart is the column of one option. Whichever part of a row comes first
// makes the row.
type optionPart struct {
	set     *splitSetBuilder
	from    origin
	level   int     // or -1
	reason  Missing // that the option stands for, where level is -1
	row     int
	seen    *spellings
	unknown unknownValues
	notes   tally
}

func newSplitSet(f *Field, from origin) *splitSetBuilder {
	return &splitSetBuilder{field: f, width: SetWords(len(f.Levels)), has: map[int]bool{}, words: newVocabulary(f)}
}

func (b *splitSetBuilder) option(level int, reason Missing, from origin) *optionPart {
	p := &optionPart{set: b, level: level, reason: reason, from: from, seen: newSpellings()}
	if level >= 0 {
		b.has[level] = true
	}
	b.parts = append(b.parts, p)
	return p
}

func (b *splitSetBuilder) add([]byte) {} // its parts are fed, not itself

func (b *splitSetBuilder) reserve(rows int) {
	b.bits = grow(b.bits, rows*b.width)
	b.missing = grow(b.missing, rows)
}

func (p *optionPart) reserve(rows int) {
	if p == p.set.parts[0] {
		p.set.reserve(rows)
	}
}

// What a cell of an option's column says, beyond the missing reasons.
const (
	optionNo  = FirstLevel
	optionYes = FirstLevel + 1
)

func (p *optionPart) add(cell []byte) {
	b := p.set
	if p.row == b.rows {
		for range b.width {
			b.bits = append(b.bits, 0)
		}
		b.missing = append(b.missing, Blank)
		b.rows++
	}
	code := p.seen.get(cell)
	if code == 0 {
		code = p.learn(cell)
	}
	if code >= unknownCode {
		p.unknown.list[code-unknownCode].add(p.row)
		code = uint32(Unreadable)
	}
	switch {
	case code == optionYes && p.level < 0:
		for len(b.reason) < p.row+1 {
			b.reason = append(b.reason, Present)
		}
		b.reason[p.row] = p.reason
	case code == optionYes:
		b.bits[p.row*b.width+p.level/64] |= 1 << (p.level % 64)
		b.missing[p.row] = Present
	case code == optionNo:
		b.missing[p.row] = Present
	case b.missing[p.row] == Blank:
		b.missing[p.row] = Missing(code)
	}
	p.row++
}

func (p *optionPart) learn(cell []byte) uint32 {
	code, note := p.set.optionCode(cell, p.level)
	if note {
		p.notes.add(p.row)
		return code
	}
	if code == 0 {
		i := p.unknown.number(bytes.TrimFunc(cell, isEdge), p.row)
		if i < 0 {
			return uint32(Unreadable)
		}
		code = unknownCode + uint32(i)
	}
	p.seen.put(cell, code)
	return code
}

// optionCode reads 0/1, true/false, yes/no, the option's own code or label
// (some tools write it instead of 1), and the field's missing codes.
func (b *splitSetBuilder) optionCode(cell []byte, level int) (code uint32, note bool) {
	if truth, ok := truthOf(cell); ok {
		if truth {
			return optionYes, false
		}
		return optionNo, false
	}
	code, note = b.words.find(cell)
	switch {
	case code == uint32(level+FirstLevel):
		return optionYes, false
	case code >= FirstLevel:
		return 0, false
	}
	return code, note
}

// empty says whether no option of a row is chosen.
func (b *splitSetBuilder) empty(row int) bool {
	for _, word := range b.bits[row*b.width : (row+1)*b.width] {
		if word != 0 {
			return false
		}
	}
	return true
}

func (b *splitSetBuilder) finish(rep *report) Column {
	for _, p := range b.parts {
		p.unknown.report(rep, p.from, "0 or 1", nil)
		noteNotAvailable(rep, p.from, &p.notes)
	}
	missing := b.missing
	for row, m := range b.reason {
		if m != Present && b.empty(row) {
			missing[row] = m
		}
	}
	all := true
	for _, m := range missing {
		if m != Present {
			all = false
			break
		}
	}
	if all {
		missing = nil
	}
	return NewSet(b.field.Name, b.field.Levels, trim(b.bits), trim(missing))
}
