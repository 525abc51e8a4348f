package table

import (
	"math"
	"time"
)

// statCells gives a variable's values to a builder that a schema asked for.
//
// A category's builder knows words, and a labelled number is two words, its
// digits and its label. Whichever the schema knows more of the variable's
// labels by is given, so that a file of codes and one of labels are read alike.
type statCells struct {
	v        *statVariable
	to       cellAdder
	field    *Field
	words    *vocabulary
	missing  *statMissing
	byLabel  bool
	codes    map[float64]string // what the writers here say that a number stood for
	index    numberIndex
	cells    []statCell
	declared map[float64]statCell // of numbers that the file declares missing
	marks    [statOdd + 1]statCell
	known    [statOdd + 1]bool
	rows     int
	buf      []byte
	cut      tally
	outside  tally
}

// statCell is what a value gives a builder: a text, or a reason for none.
type statCell struct {
	text   []byte
	reason Missing
}

// maxCells bounds the values whose texts are kept.
const maxCells = 1 << 16

func newStatCells(v *statVariable, to cellAdder, field *Field, from origin) *statCells {
	c := &statCells{v: v, to: to, field: field, missing: newStatMissing(v, from), declared: map[float64]statCell{}}
	words := *field
	if field.Kind == Bool {
		words.Levels = []Level{{Code: "false"}, {Code: "true"}}
	}
	if _, option := to.(*optionPart); option {
		words = Field{MissingCodes: field.MissingCodes}
	}
	if field.words == nil || field.Kind == Bool {
		words.words = nil
	}
	c.words = newVocabulary(&words)
	if codes := v.codes(); codes != nil {
		c.codes = make(map[float64]string, len(codes))
		for i, l := range v.levels {
			c.codes[l.value] = codes[i]
		}
	}
	digits, labels := 0, 0
	for _, l := range v.levels {
		if c.knows(number(l.value)) {
			digits++
		}
		if c.knows(l.text) {
			labels++
		}
	}
	c.byLabel = labels > digits || field.Kind == Text || field.Open && len(field.Levels) == 0
	return c
}

func (c *statCells) knows(word string) bool {
	code, note := c.words.find(keepEscape([]byte(word)))
	return code != 0 && !note && code != uint32(Blank)
}

func (c *statCells) numbers(x []float64, mark []uint8) {
	for i, v := range x {
		c.number(v, mark[i])
		c.rows++
	}
}

func (c *statCells) number(x float64, mark uint8) {
	if mark != 0 {
		c.mark(mark)
		return
	}
	if c.v.declared != nil {
		if reason, ok := c.missing.number(x, c.rows); ok {
			cell, known := c.declared[x]
			if !known {
				label, _ := c.v.labelOf(x)
				cell = c.named(label, number(x), reason)
				if len(c.declared) < maxDeclared {
					c.declared[x] = cell
				}
			}
			c.give(cell)
			return
		}
	}
	if c.v.clock != clockNone {
		c.clock(x)
		return
	}
	if b, ok := c.to.(*numberBuilder); ok && len(c.v.levels) == 0 {
		b.take(x)
		return
	}
	entry := c.index.get(x)
	if entry > 0 {
		c.give(c.cells[entry-1])
		return
	}
	cell := c.learn(x)
	if len(c.cells) < maxCells {
		c.cells = append(c.cells, cell)
		c.index.put(x, uint32(len(c.cells)))
	}
	c.give(cell)
}

// mark gives a missing value that has a name: what the schema knows of its
// label, or what the label says.
func (c *statCells) mark(mark uint8) {
	reason := c.missing.mark(mark, c.rows)
	if !c.known[mark] {
		c.known[mark] = true
		c.marks[mark] = statCell{reason: reason}
		if label, ok := c.v.marks[mark]; ok {
			c.marks[mark] = c.named(label, label, reason)
		}
	}
	c.give(c.marks[mark])
}

// named is what a value that the file declares missing gives: an answer or a
// reason that the schema knows by one of its names, else the reason.
func (c *statCells) named(label, digits string, reason Missing) statCell {
	for _, word := range []string{label, digits} {
		if word != "" && c.knows(word) {
			return statCell{text: keepEscape([]byte(word))}
		}
	}
	return statCell{reason: reason}
}

// learn finds what a number gives the builder.
func (c *statCells) learn(x float64) statCell {
	label, labelled := c.v.labelOf(x)
	digits := number(x)
	if code, ok := c.codes[x]; ok {
		if c.field.Open || c.knows(code) {
			return statCell{text: keepEscape([]byte(code))}
		}
	}
	word := digits
	if labelled && label != "" && (c.byLabel || c.field.Kind != Number && !c.knows(digits) && c.knows(label)) {
		word = label
	}
	if _, isNumber := c.to.(*numberBuilder); isNumber && labelled && word == digits && c.knows(label) {
		word = label // of a number, the schema knows only words for missing values
	}
	return statCell{text: keepEscape([]byte(word))}
}

func (c *statCells) give(cell statCell) {
	if cell.reason != Present {
		addReason(c.to, cell.reason)
		return
	}
	c.to.add(cell.text)
}

// clock gives a date or an instant.
func (c *statCells) clock(x float64) {
	if c.v.clock.isDate() {
		d, cut, ok := c.v.clock.day(x)
		switch b, isDate := c.to.(*dateBuilder); {
		case !ok:
			c.outside.add(c.rows)
			addReason(c.to, Unreadable)
		case isDate:
			b.days = append(b.days, d)
			b.reasons.present()
		default:
			c.buf = day(c.buf[:0], int64(d))
			c.to.add(c.buf)
		}
		if cut && ok {
			c.cut.add(c.rows)
		}
		return
	}
	s, ok := c.v.clock.second(x)
	switch b, isTime := c.to.(*timeBuilder); {
	case !ok:
		c.outside.add(c.rows)
		addReason(c.to, Unreadable)
	case isTime:
		b.take(s, 0)
	default:
		if d, isDate := c.to.(*dateBuilder); isDate {
			d.days = append(d.days, int32(math.Floor(float64(s)/daySeconds)))
			d.reasons.present()
			return
		}
		c.buf = time.Unix(s, 0).UTC().AppendFormat(c.buf[:0], time.RFC3339)
		c.to.add(c.buf)
	}
}

// text gives a text as it is; if the schema knows the text's label and not the
// text, the label.
func (c *statCells) text(cell []byte) {
	defer func() { c.rows++ }()
	if c.v.absent != nil {
		if reason, ok := c.missing.text(cell, c.rows); ok {
			c.give(c.named(c.v.words[string(cell)], string(cell), reason))
			return
		}
	}
	if label, ok := c.v.words[string(cell)]; ok && c.field.Kind != Text && !c.knows(string(cell)) && c.knows(label) {
		c.to.add(keepEscape([]byte(label)))
		return
	}
	c.to.add(keepEscape(cell))
}

func (c *statCells) report(rep *report) {
	c.missing.report(rep)
	noteClock(rep, c.missing.from, &c.cut, &c.outside)
}
