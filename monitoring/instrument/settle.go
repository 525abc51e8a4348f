package instrument

import (
	"fmt"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// question settles which columns feed a question.
func (b *binder) question(q int) {
	var whole, options, parts []int
	best := rankNone
	for _, i := range b.claimed[q] {
		c := &b.columns[i]
		if c.settled {
			continue
		}
		k := c.claimOf(q)
		switch {
		case k.option >= 0:
			options = append(options, i)
		case k.part != "":
			parts = append(parts, i)
		case k.rank < best:
			best = k.rank
			whole = append(whole, i)
		default:
			whole = append(whole, i)
		}
	}
	switch {
	case len(whole) > 0:
		if b.pick(q, whole, best) {
			for _, i := range append(options, parts...) {
				b.skip(i)
			}
		}
	case len(options) > 0:
		b.split(q, options)
	case len(parts) > 0:
		b.position(q, parts)
	}
}

// claimOf is the column's claim to a question.
func (c *column) claimOf(q int) claim {
	for _, k := range c.claims {
		if k.question == q {
			return k
		}
	}
	return claim{rank: rankNone}
}

// pick binds the surest of the columns that may hold the whole answer.
func (b *binder) pick(q int, columns []int, best rank) bool {
	question := &b.in.Questions[q]
	var sure, weaker []int
	for _, i := range columns {
		switch {
		case b.columns[i].claimOf(q).rank > best:
			weaker = append(weaker, i)
		default:
			sure = append(sure, i)
		}
	}
	if len(sure) > 1 {
		names := make([]string, len(sure))
		for k, i := range sure {
			names[k] = fmt.Sprintf("%q", shortText(b.columns[i].header))
			b.columns[i].settled = true
		}
		b.unclear(b.place(sure[1]), b.relied(q), "remove or rename all but one of them in the file",
			"the columns %s are all the question %s", shorten(names), question.Name)
		return false
	}
	i := sure[0]
	if others := b.columns[i].claims; len(others) > 1 {
		// The header alone does not decide; a question that a surer column
		// already feeds is out of the running.
		var names []string
		relied := false
		for _, k := range others {
			if k.question != q && b.isFed(k.question) {
				continue
			}
			names = append(names, b.in.Questions[k.question].Name)
			relied = relied || b.relied(k.question)
		}
		if len(names) > 1 {
			b.columns[i].settled = true
			b.unclear(b.place(i), relied, "write the name of the question as the header", "the column may be any of the questions %s", shorten(names))
			return false
		}
	}
	b.feed(i, b.field(b.in.field(question, b.made)), -1)
	for _, w := range weaker {
		c := &b.columns[w]
		if len(c.claims) > 1 {
			continue // it may still be another question
		}
		if c.system {
			b.skip(w)
			continue
		}
		c.settled = true
		b.binding.Unknown = append(b.binding.Unknown, c.header)
		b.note(fault.Invalid, b.place(w), "rename it if it is something else",
			"the column is not read, because the column %q is surer to be the question %s", shortText(b.columns[i].header), question.Name)
	}
	return true
}

// isFed says whether a surer column than a tie feeds a question: one whose
// claim is to this question alone.
func (b *binder) isFed(q int) bool {
	if len(b.binding.Columns[b.in.Questions[q].Name]) > 0 {
		return true
	}
	for _, i := range b.claimed[q] {
		if c := &b.columns[i]; len(c.claims) == 1 && c.claims[0].option < 0 && c.claims[0].part == "" {
			return true
		}
	}
	return false
}

// unclear reports a choice that the program must not make: a fault where the
// analysis relies on it, else a note.
func (b *binder) unclear(at fault.Place, relied bool, remedy, format string, args ...any) {
	if relied {
		b.faults.Addf(fault.Invalid, at, remedy, format, args...)
		return
	}
	b.note(fault.Invalid, at, remedy, format+"; it is not read", args...)
}

// relied says whether anything in the analysis uses a question.
func (b *binder) relied(q int) bool { return len(b.in.Uses(b.in.Questions[q].Name)) > 0 }

// split binds the 0/1 columns of a select-multiple.
func (b *binder) split(q int, columns []int) {
	question := &b.in.Questions[q]
	f := b.in.field(question, b.made)
	list := b.in.Lists[question.List]
	field := -1
	fed := map[int]int{}
	open := func() {
		if field < 0 {
			field = b.field(f)
			b.isSplit[question.Name] = true
		}
	}
	for _, i := range columns {
		k := b.columns[i].claimOf(q)
		if len(b.columns[i].claims) > 1 {
			b.columns[i].settled = true
			b.unclear(b.place(i), b.relied(q), "write the name of the question and the code as the header", "the column may be an option of several questions")
			continue
		}
		level := slices.IndexFunc(f.Levels, func(l table.Level) bool { return l.Code == list[k.option].Name })
		if reason := list[k.option].Missing; level < 0 && reason != table.Present {
			open()
			b.feed(i, field, -1)
			b.binding.Schema.Targets[i].Missing = reason
			continue
		}
		if level < 0 {
			b.skip(i)
			continue
		}
		if first, twice := fed[level]; twice {
			b.columns[i].settled = true
			b.unclear(b.place(i), b.relied(q), "remove one of them in the file", "the columns %q and %q are the same option of %s",
				shortText(b.columns[first].header), shortText(b.columns[i].header), question.Name)
			continue
		}
		fed[level] = i
		open()
		b.feed(i, field, level)
	}
}

// position binds latitude and longitude of a position that was divided.
func (b *binder) position(q int, columns []int) {
	name := b.in.Questions[q].Name
	for _, part := range []struct{ part, field string }{{"latitude", Latitude(name)}, {"longitude", Longitude(name)}} {
		done := false
		for _, i := range columns {
			if b.columns[i].claimOf(q).part == part.part && !done {
				b.feed(i, b.field(table.Field{Name: part.field, Kind: table.Number, MissingCodes: b.in.MissingCodes}), -1)
				done = true
			}
		}
	}
	for _, i := range columns {
		if !b.columns[i].settled {
			b.skip(i)
		}
	}
}
