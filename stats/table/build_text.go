package table

import "bytes"

// textBuilder keeps cells as they are. A cell of white space is blank; so is
// NA, with a note, and a missing code is its reason.
type textBuilder struct {
	field   *Field
	from    origin
	data    []byte
	offsets []uint64
	reasons reasonList
	words   *vocabulary
	notes   tally
}

func newTextBuilder(f *Field, from origin) *textBuilder {
	b := &textBuilder{field: f, from: from, offsets: make([]uint64, 1, 64)}
	if len(f.MissingCodes) > 0 {
		b.words = newVocabulary(&Field{MissingCodes: f.MissingCodes})
	}
	return b
}

func (b *textBuilder) reserve(rows int) {
	b.offsets = grow(b.offsets, rows+1)
	if n := len(b.offsets) - 1; n > 0 {
		b.data = grow(b.data, len(b.data)/n*rows)
	}
	b.reasons.expect(rows)
}

func (b *textBuilder) add(cell []byte) {
	reason := Present
	switch {
	case len(bytes.TrimSpace(cell)) == 0:
		reason = Blank
	case b.words != nil:
		code, _ := b.words.find(cell)
		reason = Missing(code)
	}
	if reason == Present && isNotAvailable(cell) {
		b.notes.add(b.reasons.rows)
		reason = Blank
	}
	if reason == Present {
		b.data = append(b.data, unescape(cell)...)
		b.reasons.present()
	} else {
		b.reasons.missing(reason)
	}
	b.offsets = append(b.offsets, uint64(len(b.data)))
}

func (b *textBuilder) finish(rep *report) Column {
	noteNotAvailable(rep, b.from, &b.notes)
	return NewText(b.field.Name, trim(b.data), trim(b.offsets), trim(b.reasons.list))
}
