package table

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// numberBuilder reads numbers; see parseNumber for what they may look like.
type numberBuilder struct {
	field    *Field
	from     origin
	values   []float64
	reasons  reasonList
	words    *vocabulary // missing codes that are words
	codes    []numberCode
	either   []eitherValue
	decimal  tally // cells whose comma is surely decimal
	thousand tally // cells whose comma surely groups
	points   tally // cells with a decimal point
	long     tally // whole numbers beyond the exact range of float64
	outside  []eitherValue
	beyond   int
	unknown  unknownValues
	notes    tally
}

// numberCode is a missing code that is a number, such as -99.
type numberCode struct {
	value  float64
	reason Missing
}

// eitherValue is a row and another value that it may have, or the value itself.
type eitherValue struct {
	row   int
	value float64
}

// maxOutside bounds the remembered values beyond Min and Max.
const maxOutside = 1000

func newNumberBuilder(f *Field, from origin) *numberBuilder {
	b := &numberBuilder{field: f, from: from, words: newVocabulary(&Field{MissingCodes: f.MissingCodes})}
	for code, reason := range f.MissingCodes {
		if v, ok := plainNumber([]byte(strings.TrimSpace(code))); ok {
			b.codes = append(b.codes, numberCode{v, reason})
		}
	}
	return b
}

func (b *numberBuilder) reserve(rows int) {
	b.values = grow(b.values, rows)
	b.reasons.expect(rows)
}

func (b *numberBuilder) add(cell []byte) {
	v, ok := plainNumber(cell)
	if ok {
		if b.points.count == 0 && bytes.IndexByte(cell, '.') >= 0 {
			b.points.add(b.reasons.rows)
		}
		if math.Abs(v) > 1<<53 && allDigits(bytes.TrimLeft(cell, "+-")) && number(v) != string(cell) {
			b.long.add(b.reasons.rows)
		}
		b.take(v)
		return
	}
	if len(cell) == 0 {
		b.miss(Blank)
		return
	}
	b.addOther(cell)
}

// addOther reads what is not a plain number.
func (b *numberBuilder) addOther(cell []byte) {
	row := b.reasons.rows
	v, other, form := parseNumber(unescape(cell))
	switch form {
	case notNumber:
		code, note := b.words.find(cell)
		if note {
			b.notes.add(row)
		}
		if code == 0 {
			b.unknown.add(bytes.TrimFunc(cell, isEdge), row)
			code = uint32(Unreadable)
		}
		b.miss(Missing(code))
		return
	case decimalComma:
		b.decimal.add(row)
	case thousandComma:
		b.thousand.add(row)
	case eitherComma:
		b.either = append(b.either, eitherValue{row, other})
		b.values = append(b.values, v) // bounds are checked when it is decided
		b.reasons.present()
		return
	}
	b.take(v)
}

func (b *numberBuilder) miss(m Missing) {
	b.values = append(b.values, math.NaN())
	b.reasons.missing(m)
}

func (b *numberBuilder) take(v float64) {
	for _, c := range b.codes {
		if c.value == v {
			b.miss(c.reason)
			return
		}
	}
	b.check(b.reasons.rows, v)
	b.values = append(b.values, v)
	b.reasons.present()
}

// check remembers a value beyond the field's bounds.
func (b *numberBuilder) check(row int, v float64) {
	if b.field.Min != nil && v < *b.field.Min || b.field.Max != nil && v > *b.field.Max {
		if len(b.outside) < maxOutside {
			b.outside = append(b.outside, eitherValue{row, v})
		} else {
			b.beyond++
		}
	}
}

func (b *numberBuilder) finish(rep *report) Column {
	b.decideCommas(rep)
	b.unknown.report(rep, b.from, "a number", nil)
	noteNotAvailable(rep, b.from, &b.notes)
	if t := &b.long; t.count > 0 {
		rep.warn(rep.at(rep.row(t.first[0]), b.from.column, b.from.name), "if they are identifiers, read the column as text",
			"%s more digits than a number keeps exactly%s", plural(t.count, "whole number has", "whole numbers have"), inRows(t, rep))
	}
	for _, o := range b.outside {
		remedy, side, bound := "check the interview; the value is kept", "above the highest expected", b.field.Max
		if b.field.Min != nil && o.value < *b.field.Min {
			side, bound = "below the lowest expected", b.field.Min
		}
		rep.warn(rep.at(rep.row(o.row), b.from.column, b.from.name), remedy, "%s is %s, %s", number(o.value), side, number(*bound))
	}
	rep.warnings.Dropped += b.beyond
	return NewNumber(b.field.Name, trim(b.values), trim(b.reasons.list))
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// decideCommas settles what a comma before three digits means in this column.
func (b *numberBuilder) decideCommas(rep *report) {
	at := rep.at(0, b.from.column, b.from.name)
	if b.decimal.count > 0 && b.points.count > 0 {
		rep.warn(at, "write all numbers of the column alike", "%s the decimals with a comma, others with a point; both were read as decimals%s",
			plural(b.decimal.count, "value writes", "values write"), inRows(&b.decimal, rep))
	}
	if len(b.either) == 0 {
		return
	}
	var t tally
	for _, e := range b.either {
		t.add(e.row)
	}
	at.Row = rep.row(b.either[0].row)
	asDecimal := b.decimal.count > 0 || b.thousand.count == 0 && rep.decimalComma
	switch {
	case b.decimal.count > 0 && b.thousand.count > 0:
		rep.warn(at, "write all numbers of the column alike", "the comma is decimal in some numbers and groups thousands in others; %s where it may be either %s as unreadable%s",
			plural(t.count, "number", "numbers"), counts(t.count), inRows(&t, rep))
	case b.decimal.count > 0 || b.thousand.count > 0: // the column is clear
	case asDecimal:
		rep.warn(at, "write them without commas if this is wrong", "a comma before three digits was read as decimal (1,234 as 1.234), as the file separates cells by semicolons; %s%s",
			plural(t.count, "number", "numbers"), inRows(&t, rep))
	default:
		rep.warn(at, "write them without commas if this is wrong", "a comma before three digits was read as grouping thousands (1,234 as 1234); %s%s",
			plural(t.count, "number", "numbers"), inRows(&t, rep))
	}
	for _, e := range b.either {
		switch {
		case b.decimal.count > 0 && b.thousand.count > 0:
			b.values[e.row] = math.NaN()
			b.unread(e.row)
			continue
		case asDecimal:
			b.values[e.row] = e.value
		}
		b.check(e.row, b.values[e.row])
	}
}

func counts(n int) string {
	if n == 1 {
		return "counts"
	}
	return "count"
}

// unread marks a row that was taken for present.
func (b *numberBuilder) unread(row int) { b.reasons.change(row, Unreadable) }
