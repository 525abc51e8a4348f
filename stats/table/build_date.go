package table

import "bytes"

// dayOrder decides, for a column, whether the day or the month stands first in
// dates such as 06/10/2016, by the dates that can be read in one way only.
type dayOrder struct {
	forms  [compactDay + 1]tally
	short  tally
	either []eitherDate
}

// eitherDate is a row and the day that it has if the month stands first.
type eitherDate struct {
	row int
	day int32
}

func (o *dayOrder) add(d dayReading, row int) {
	o.forms[d.form].add(row)
	if d.short {
		o.short.add(row)
	}
	if d.form == eitherDay {
		o.either = append(o.either, eitherDate{row, d.other})
	}
}

// dayChoice is what a column's evidence says of its ambiguous dates.
type dayChoice uint8

const (
	dayFirst dayChoice = iota
	monthFirst
	orderUnknown // the evidence contradicts itself
)

// decide chooses and says so. Without evidence the day is taken to stand first.
func (o *dayOrder) decide(rep *report, from origin) dayChoice {
	at := rep.at(0, from.column, from.name)
	ways := 0
	for _, form := range []dayForm{isoDay, pointDay, namedMonth, serialDay, compactDay} {
		if o.forms[form].count > 0 {
			ways++
		}
	}
	if o.forms[dayMonth].count+o.forms[monthDay].count+o.forms[eitherDay].count+o.forms[sameDay].count > 0 {
		ways++
	}
	if ways > 1 {
		rep.warn(at, "write all dates of the column as 2016-10-06", "the dates are written in %d different ways; all were read", ways)
	}
	if t := &o.forms[serialDay]; t.count > 0 {
		at.Row = rep.row(t.first[0])
		rep.warn(at, "write dates as 2016-10-06", "%s read as a spreadsheet's day number (days since 30 December 1899)%s", plural(t.count, "number was", "numbers were"), inRows(t, rep))
	}
	if t := &o.short; t.count > 0 {
		at.Row = rep.row(t.first[0])
		rep.warn(at, "write years with four digits", "%s a year of two digits; 00 to 68 were read as 2000 to 2068%s", plural(t.count, "date has", "dates have"), inRows(t, rep))
	}
	day, month, either := &o.forms[dayMonth], &o.forms[monthDay], &o.forms[eitherDay]
	if day.count > 0 && month.count > 0 {
		at.Row = rep.row(month.first[0])
		rep.warn(at, "write dates as 2016-10-06", "the day stands first in %s%s, the month in %s%s; %s where it may be either %s as unreadable",
			plural(day.count, "date", "dates"), inRows(day, rep), plural(month.count, "date", "dates"), inRows(month, rep), plural(either.count, "date", "dates"), counts(either.count))
		return orderUnknown
	}
	if month.count > 0 {
		return monthFirst
	}
	if day.count == 0 && either.count > 0 {
		at.Row = rep.row(either.first[0])
		rep.warn(at, "write dates as 2016-10-06 if this is wrong", "nothing in the column says whether 06/10 is 6 October or June 10; the day was taken to stand first in %s%s",
			plural(either.count, "date", "dates"), inRows(either, rep))
	}
	return dayFirst
}

// dateBuilder reads calendar days. Of a timestamp it keeps the day on the clock
// that wrote it.
type dateBuilder struct {
	field   *Field
	from    origin
	words   *vocabulary
	days    []int32
	reasons reasonList
	order   dayOrder
	unknown unknownValues
	notes   tally
}

func newDateBuilder(f *Field, from origin) *dateBuilder {
	return &dateBuilder{field: f, from: from, words: newVocabulary(&Field{MissingCodes: f.MissingCodes})}
}

func (b *dateBuilder) reserve(rows int) {
	b.days = grow(b.days, rows)
	b.reasons.expect(rows)
}

func (b *dateBuilder) add(cell []byte) {
	if d, ok := plainISODay(cell); ok {
		b.order.forms[isoDay].count++
		b.days = append(b.days, d)
		b.reasons.present()
		return
	}
	if len(cell) == 0 {
		b.days = append(b.days, 0)
		b.reasons.missing(Blank)
		return
	}
	b.addOther(cell)
}

// plainISODay reads exactly 2016-10-06, the form that most files have.
func plainISODay(b []byte) (int32, bool) {
	if len(b) != 10 || b[4] != '-' || b[7] != '-' {
		return 0, false
	}
	century, ok1 := twoDigits(b[0:2])
	year, ok2 := twoDigits(b[2:4])
	month, ok3 := twoDigits(b[5:7])
	day, ok4 := twoDigits(b[8:10])
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return 0, false
	}
	return civil(century*100+year, month, day)
}

func (b *dateBuilder) addOther(cell []byte) {
	row := b.reasons.rows
	code, note := b.words.find(cell)
	if note {
		b.notes.add(row)
	}
	if code == 0 {
		if d, _, _, ok := parseInstant(cell); ok {
			b.order.add(d, row)
			b.days = append(b.days, d.day)
			b.reasons.present()
			return
		}
		b.unknown.add(bytes.TrimFunc(cell, isEdge), row)
		code = uint32(Unreadable)
	}
	b.days = append(b.days, 0)
	b.reasons.missing(Missing(code))
}

func (b *dateBuilder) finish(rep *report) Column {
	choice := b.order.decide(rep, b.from)
	for _, e := range b.order.either {
		switch choice {
		case monthFirst:
			b.days[e.row] = e.day
		case orderUnknown:
			b.days[e.row] = 0
			b.reasons.change(e.row, Unreadable)
		}
	}
	b.unknown.report(rep, b.from, "a date", nil)
	noteNotAvailable(rep, b.from, &b.notes)
	return NewDate(b.field.Name, trim(b.days), trim(b.reasons.list))
}
