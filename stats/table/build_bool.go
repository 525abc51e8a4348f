package table

import "bytes"

// truths are the words for true and false that need no dictionary, folded.
var truths = map[string]bool{
	"true": true, "false": false, "t": true, "f": false, "1": true, "0": false,
	"yes": true, "no": false, "y": true, "n": false, "1.0": true, "0.0": false,
}

func truthOf(cell []byte) (truth, ok bool) {
	if len(cell) > 16 {
		return false, false
	}
	truth, ok = truths[fold(string(cell))]
	return truth, ok
}

// boolBuilder reads truth values. Aliases may map further words to "true" and
// "false".
type boolBuilder struct {
	field   *Field
	from    origin
	seen    *spellings
	words   *vocabulary
	values  []bool
	reasons reasonList
	unknown unknownValues
	notes   tally
}

func newBoolBuilder(f *Field, from origin) *boolBuilder {
	words := *f
	words.Levels = []Level{{Code: "false"}, {Code: "true"}}
	return &boolBuilder{field: f, from: from, seen: newSpellings(), words: newVocabulary(&words)}
}

func (b *boolBuilder) reserve(rows int) {
	b.values = grow(b.values, rows)
	b.reasons.expect(rows)
}

func (b *boolBuilder) add(cell []byte) {
	code := b.seen.get(cell)
	if code == 0 {
		code = b.learn(cell)
	}
	if code >= unknownCode {
		b.unknown.list[code-unknownCode].add(b.reasons.rows)
		code = uint32(Unreadable)
	}
	b.values = append(b.values, code == FirstLevel+1)
	if code >= FirstLevel {
		b.reasons.present()
	} else {
		b.reasons.missing(Missing(code))
	}
}

func (b *boolBuilder) learn(cell []byte) uint32 {
	code, note := b.words.find(cell)
	if note {
		b.notes.add(b.reasons.rows)
		return code
	}
	if code == 0 {
		if truth, ok := truthOf(cell); ok && truth {
			code = FirstLevel + 1
		} else if ok {
			code = FirstLevel
		}
	}
	if code == 0 {
		i := b.unknown.number(bytes.TrimFunc(cell, isEdge), b.reasons.rows)
		if i < 0 {
			return uint32(Unreadable)
		}
		code = unknownCode + uint32(i)
	}
	b.seen.put(cell, code)
	return code
}

func (b *boolBuilder) finish(rep *report) Column {
	b.unknown.report(rep, b.from, "true or false", []string{"true", "false", "yes", "no"})
	noteNotAvailable(rep, b.from, &b.notes)
	return NewBool(b.field.Name, trim(b.values), trim(b.reasons.list))
}
