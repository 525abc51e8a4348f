package table

import "bytes"

// timeBuilder reads instants. One without a zone is taken to be UTC, one
// without a time of day to be midnight; both are counted and said.
type timeBuilder struct {
	field    *Field
	from     origin
	words    *vocabulary
	seconds  []int64
	offsets  []int16
	reasons  reasonList
	order    dayOrder
	zoneless tally
	dateOnly tally
	unknown  unknownValues
	notes    tally
}

func newTimeBuilder(f *Field, from origin) *timeBuilder {
	return &timeBuilder{field: f, from: from, words: newVocabulary(&Field{MissingCodes: f.MissingCodes})}
}

func (b *timeBuilder) reserve(rows int) {
	b.seconds = grow(b.seconds, rows)
	b.offsets = grow(b.offsets, rows)
	b.reasons.expect(rows)
}

const daySeconds = 86_400

func (b *timeBuilder) add(cell []byte) {
	row := b.reasons.rows
	if s, c, ok := plainISOInstant(cell); ok {
		b.order.forms[isoDay].count++
		if !c.zone {
			b.zoneless.add(row)
		}
		b.take(s, c.offset)
		return
	}
	if len(cell) == 0 {
		b.miss(Blank)
		return
	}
	d, c, timed, ok := parseInstant(cell)
	if !ok {
		b.addOther(cell)
		return
	}
	b.order.add(d, row)
	if !timed {
		b.dateOnly.add(row)
	} else if !c.zone {
		b.zoneless.add(row)
	}
	b.take(int64(d.day)*daySeconds+int64(c.seconds), c.offset)
}

// take adds a local time, in seconds, and its offset from UTC in minutes.
func (b *timeBuilder) take(local int64, offset int) {
	b.seconds = append(b.seconds, local-60*int64(offset))
	b.offsets = append(b.offsets, int16(offset))
	b.reasons.present()
}

func (b *timeBuilder) miss(m Missing) {
	b.seconds = append(b.seconds, 0)
	b.offsets = append(b.offsets, 0)
	b.reasons.missing(m)
}

func (b *timeBuilder) addOther(cell []byte) {
	code, note := b.words.find(cell)
	if note {
		b.notes.add(b.reasons.rows)
	}
	if code == 0 {
		b.unknown.add(bytes.TrimFunc(cell, isEdge), b.reasons.rows)
		code = uint32(Unreadable)
	}
	b.miss(Missing(code))
}

func (b *timeBuilder) finish(rep *report) Column {
	choice := b.order.decide(rep, b.from)
	for _, e := range b.order.either {
		switch choice {
		case monthFirst:
			// Move by whole days: the time of day stays.
			b.seconds[e.row] += (int64(e.day) - int64(b.dayFirstOf(e))) * daySeconds
		case orderUnknown:
			b.seconds[e.row], b.offsets[e.row] = 0, 0
			b.reasons.change(e.row, Unreadable)
		}
	}
	at := rep.at(0, b.from.column, b.from.name)
	if t := &b.zoneless; t.count > 0 {
		at.Row = rep.row(t.first[0])
		rep.warn(at, "export times with their zone", "%s no time zone and counts as UTC%s", plural(t.count, "time has", "times have"), inRows(t, rep))
	}
	if t := &b.dateOnly; t.count > 0 {
		at.Row = rep.row(t.first[0])
		rep.warn(at, "", "%s no time of day and counts as midnight UTC%s", plural(t.count, "value has", "values have"), inRows(t, rep))
	}
	b.unknown.report(rep, b.from, "a date with a time", nil)
	noteNotAvailable(rep, b.from, &b.notes)
	return NewTime(b.field.Name, trim(b.seconds), trim(b.offsets), trim(b.reasons.list))
}

// dayFirstOf is the local day that was stored for an ambiguous date.
func (b *timeBuilder) dayFirstOf(e eitherDate) int32 {
	local := b.seconds[e.row] + 60*int64(b.offsets[e.row])
	day := local / daySeconds
	if local%daySeconds < 0 {
		day--
	}
	return int32(day)
}
