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

// profile gathers what all cells of one column look like, in memory bounded by
// the constants above.
type profile struct {
	name    string
	seen    *spellings // up to profileValues, to the index in values + 1
	values  []profileValue
	many    bool // more different values than are told apart
	rows    int
	filled  int
	absent  int // NA and the like
	longest int

	numbers     int // cells that are numbers, and are not only digits after a 0
	whole       int
	leadingZero int
	longWhole   int // whole numbers beyond the exact range of float64
	low, high   float64
	digits      [2]int // fewest and most digits of the whole numbers
	truths      int
	days        int // cells that are dates as people write them
	instants    int // cells that are dates with a time of day
	odd         tally

	options map[string]*optionCount
	multi   int // cells of several options
	notSet  bool
	units   int // options over all cells
}

type profileValue struct {
	text  string
	count int
	facts cellFacts
}

type optionCount struct {
	count, alone int
}

// cellFacts is what one spelling may be.
type cellFacts struct {
	number, whole, leadingZero, long, truth, day, instant, absent bool
	value                                                         float64
	digits                                                        int
}

func newProfile(name string) *profile {
	return &profile{name: name, seen: newSpellings(), low: math.Inf(1), high: math.Inf(-1), digits: [2]int{math.MaxInt, 0}, options: map[string]*optionCount{}}
}

func (p *profile) reserve(int) {}

func (p *profile) add(cell []byte) {
	p.rows++
	if len(cell) == 0 {
		return
	}
	if i := p.seen.get(cell); i > 0 {
		v := &p.values[i-1]
		v.count++
		p.count(&v.facts, cell)
		return
	}
	trimmed := bytes.TrimFunc(cell, isEdge)
	if len(trimmed) == 0 {
		return
	}
	facts := factsOf(trimmed)
	p.longest = max(p.longest, len(trimmed))
	if len(p.values) < profileValues {
		p.values = append(p.values, profileValue{text: string(unescape(trimmed)), count: 1, facts: facts})
		p.seen.put(cell, uint32(len(p.values)))
	} else {
		p.many = true
	}
	p.count(&facts, cell)
}

func factsOf(b []byte) cellFacts {
	f := cellFacts{absent: isNotAvailable(b)}
	if f.absent {
		return f
	}
	f.value, f.number = plainNumber(b)
	if !f.number {
		var form numberForm
		f.value, _, form = parseNumber(b)
		f.number = form != notNumber
	}
	if f.number {
		digits := bytes.TrimLeft(b, "+-")
		f.whole = allDigits(digits)
		f.leadingZero = f.whole && len(digits) > 1 && digits[0] == '0'
		f.long = f.whole && len(digits) > 15
		f.digits = len(digits)
		return f
	}
	truth := bytes.ToLower(b[:min(len(b), 6)])
	f.truth = len(b) < 6 && (string(truth) == "true" || string(truth) == "false")
	if d, _, timed, ok := parseInstant(b); ok && d.form != serialDay && d.form != compactDay {
		f.day, f.instant = !timed, timed
	}
	return f
}

func (p *profile) count(f *cellFacts, cell []byte) {
	if f.absent {
		p.absent++
		return
	}
	p.filled++
	switch {
	case f.number:
		p.numbers++
		p.low, p.high = min(p.low, f.value), max(p.high, f.value)
		if f.whole {
			p.whole++
			p.digits[0], p.digits[1] = min(p.digits[0], f.digits), max(p.digits[1], f.digits)
		}
		if f.leadingZero {
			p.leadingZero++
		}
		if f.long {
			p.longWhole++
		}
	case f.truth:
		p.truths++
	case f.day:
		p.days++
	case f.instant:
		p.instants++
	}
	if p.isOdd(f) {
		p.odd.add(p.rows - 1)
	}
	if !p.notSet {
		p.countOptions(cell)
	}
}

// isOdd says whether a cell differs from what most cells before it were, so
// that the explanation can name the rows that keep a column from a type.
func (p *profile) isOdd(f *cellFacts) bool {
	most := max(p.numbers, p.days, p.instants)
	if 2*most <= p.filled {
		return false
	}
	switch most {
	case p.numbers:
		return !f.number
	case p.days:
		return !f.day
	default:
		return !f.instant
	}
}

// countOptions counts the words of a cell as options of a select-multiple
// answer, until one shows that the column is none.
func (p *profile) countOptions(cell []byte) {
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
		o.count++
		p.units++
	}
	if n > 1 {
		p.multi++
	} else if n == 1 {
		p.options[string(bytes.TrimSpace(cell))].alone++
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
		if !p.values[i].facts.absent {
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
