package table

import (
	"bytes"
	"math"
	"slices"
)

// Bounds of the inference: how many different values are told apart in a
// column, how long a category's code may be, and how many different options a
// select-multiple answer may have.
const (
	profileValues  = 1024
	categoryBytes  = 64
	profileOptions = 128
)

// shape is what a cell looks like.
type shape uint8

const (
	shapeOther shape = iota
	shapeAbsent
	shapeNumber
	shapeTruth
	shapeDay
	shapeInstant
	shapes
)

var shapeNames = [shapes]string{"texts", "blank", "numbers", "true or false", "dates", "dates with a time of day"}

// cellFacts is what one spelling may be.
type cellFacts struct {
	shape       shape
	whole       bool
	leadingZero bool
	long        bool // a whole number beyond the exact range of float64
	value       float64
}

// profile gathers what all cells of one column look like, in memory bounded by
// the constants above. Spellings that it tells apart are only counted, and
// judged in the end; the others are judged at once.
type profile struct {
	name    string
	seen    *spellings // up to profileValues, to the index in values + 1
	values  []profileValue
	many    bool // more different values than are told apart
	rows    int
	longest int
	// textOnly says that the file stores text, so that a number is not one.
	textOnly bool

	filled      int
	shapes      [shapes]tally
	whole       int
	leadingZero int
	longWhole   int
	low, high   float64

	options map[string]*optionCount
	multi   int // cells of several options
	notSet  bool
	units   int // options over all cells
}

type profileValue struct {
	text  string
	count int
	row   int // of the first
	facts cellFacts
}

type optionCount struct {
	count, alone int
}

func newProfile(name string) *profile {
	return &profile{name: name, seen: newSpellings(), low: math.Inf(1), high: math.Inf(-1), options: map[string]*optionCount{}}
}

func (p *profile) reserve(int) {}

func (p *profile) add(cell []byte) {
	row := p.rows
	p.rows++
	if len(cell) == 0 {
		return
	}
	if i := p.seen.get(cell); i > 0 {
		p.values[i-1].count++
		return
	}
	trimmed := bytes.TrimFunc(cell, isEdge)
	if len(trimmed) == 0 {
		return
	}
	facts := factsOf(trimmed)
	if p.textOnly && facts.shape != shapeAbsent {
		facts = cellFacts{}
	}
	p.longest = max(p.longest, len(trimmed))
	if len(p.values) < profileValues {
		p.values = append(p.values, profileValue{text: string(unescape(trimmed)), count: 1, row: row, facts: facts})
		p.seen.put(cell, uint32(len(p.values)))
		return
	}
	p.many = true
	p.judge(&facts, row, 1)
	if facts.shape != shapeAbsent && !p.notSet {
		p.countOptions(trimmed, 1)
	}
}

// sumUp judges the spellings that were only counted.
func (p *profile) sumUp() {
	for i := range p.values {
		v := &p.values[i]
		p.judge(&v.facts, v.row, v.count)
		if v.facts.shape != shapeAbsent && !p.notSet {
			p.countOptions([]byte(v.text), v.count)
		}
	}
}

func factsOf(b []byte) cellFacts {
	if isNotAvailable(b) {
		return cellFacts{shape: shapeAbsent}
	}
	if v, _, form := parseNumber(b); form != notNumber {
		digits := bytes.TrimLeft(b, "+-")
		whole := allDigits(digits)
		return cellFacts{
			shape: shapeNumber, value: v, whole: whole,
			leadingZero: whole && len(digits) > 1 && digits[0] == '0',
			long:        whole && len(digits) > 15,
		}
	}
	if len(b) < 6 && (bytes.EqualFold(b, []byte("true")) || bytes.EqualFold(b, []byte("false"))) {
		return cellFacts{shape: shapeTruth}
	}
	if d, _, timed, ok := parseInstant(b); ok && d.form != serialDay && d.form != compactDay {
		if timed {
			return cellFacts{shape: shapeInstant}
		}
		return cellFacts{shape: shapeDay}
	}
	return cellFacts{}
}

func (p *profile) judge(f *cellFacts, row, count int) {
	p.shapes[f.shape].addMany(row, count)
	if f.shape == shapeAbsent {
		return
	}
	p.filled += count
	if f.shape != shapeNumber {
		return
	}
	p.low, p.high = min(p.low, f.value), max(p.high, f.value)
	if f.whole {
		p.whole += count
	}
	if f.leadingZero {
		p.leadingZero += count
	}
	if f.long {
		p.longWhole += count
	}
}

// countOptions counts the words of count cells as options of a select-multiple
// answer, until one shows that the column is none.
func (p *profile) countOptions(cell []byte, count int) {
	n := 0
	for word := range bytes.FieldsSeq(cell) {
		n++
		if !isOptionCode(word) || n > profileOptions {
			p.notSet = true
			return
		}
		o := p.options[string(word)]
		if o == nil {
			if len(p.options) >= profileOptions {
				p.notSet = true
				p.options = nil
				return
			}
			o = &optionCount{}
			p.options[string(word)] = o
		}
		o.count += count
		p.units += count
	}
	if n > 1 {
		p.multi += count
	} else if n == 1 {
		p.options[string(bytes.TrimSpace(cell))].alone += count
	}
}

// isOptionCode says whether a word may be the code of an option: a letter,
// digit or underscore first, then also points and hyphens.
func isOptionCode(word []byte) bool {
	if len(word) > 40 {
		return false
	}
	for i, c := range word {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '_' && (i == 0 || c != '-' && c != '.') {
			return false
		}
	}
	return true
}

// levels returns the different values that are answers, sorted.
func (p *profile) levels() []Level {
	var codes []string
	for i := range p.values {
		if p.values[i].facts.shape != shapeAbsent {
			codes = append(codes, p.values[i].text)
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	levels := make([]Level, len(codes))
	for i, c := range codes {
		levels[i] = Level{Code: c, Label: c}
	}
	return levels
}
