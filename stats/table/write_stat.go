package table

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// WriteFunc writes a table in some format.
type WriteFunc func(io.Writer, *Table, WriteOptions) error

// WriterFor is what writes a file of this name, by its ending: .csv, .xlsx,
// .parquet, .dta (Stata), .sav or .zsav (SPSS).
func WriterFor(path string) (WriteFunc, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return WriteCSV, nil
	case ".xlsx":
		return WriteXLSX, nil
	case ".parquet":
		return WriteParquet, nil
	case ".dta":
		return WriteDTA, nil
	case ".sav":
		return WriteSAV, nil
	case ".zsav":
		return WriteZSAV, nil
	}
	return nil, fault.New(fault.Usage, fault.Place{File: path}, "the ending of the name says no format that is written", "end it in .csv, .xlsx, .parquet, .dta, .sav or .zsav")
}

// statOut is a column as a statistics program holds it: a numeric variable
// with labels, or a string.
type statOut struct {
	c     Column
	name  string // valid for the program
	label string
	own   map[string]string
	// value gives a numeric variable's number in a row; nil for a string.
	value  func(row int) float64
	labels []statLabel
	clock  Kind // Date or Time, else 0
	whole  bool // all numbers are whole
	low    float64
	high   float64
	used   [FirstLevel]bool // reasons that occur
	text   func(row int) []byte
	width  int // of the longest text, in bytes
}

// statBounds are what a program allows.
type statBounds struct {
	program    string
	valid      func(name string) string // makes a name valid
	sameName   func(name string) string // names equal under this are one
	longest    func(name string) bool   // the name is too long
	labelChars int
	labelBytes int
	valueBytes int
	maxNumber  float64
}

// maxLabelled is how many levels are written as labelled numbers: Stata's bound
// for one set of value labels.
const maxLabelled = 65_536

// The names of the reasons, as value labels.
var reasonLabels = [FirstLevel]string{NotAsked: "Not asked", Refused: "Refused", DontKnow: "Don't know", NotApplicable: "Not applicable", Unreadable: "Unreadable"}

// statOuts turns the columns of a table into variables of a program.
func statOuts(t *Table, opt WriteOptions, bounds *statBounds) ([]statOut, error) {
	if err := opt.check(t); err != nil {
		return nil, err
	}
	if len(t.columns) == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the table has no column", "write it as CSV")
	}
	outs := make([]statOut, len(t.columns))
	taken := map[string]bool{}
	for i, c := range t.columns {
		o := &outs[i]
		o.c, o.own = c, map[string]string{}
		if err := o.values(bounds); err != nil {
			return nil, err
		}
		o.name = unusedName(bounds, bounds.valid(c.Name()), taken)
		label := opt.Labels[c.Name()]
		o.label = label
		if o.name != c.Name() {
			o.own[ownName] = c.Name()
			if label == "" {
				o.label = c.Name()
			}
		}
		o.label = clipText(o.label, bounds.labelChars, bounds.labelBytes)
		if o.label != label {
			o.own[ownLabel] = label
		}
		if opt.HXL != nil && opt.HXL[i] != "" {
			o.own[ownHXL] = opt.HXL[i]
		}
		for j := range o.labels {
			o.labels[j].text = clipText(o.labels[j].text, bounds.valueBytes, bounds.valueBytes)
		}
		for key, text := range o.own {
			if len(text) > maxOwn || strings.ContainsAny(text, "\x00\r\n") {
				delete(o.own, key)
			}
		}
	}
	return outs, nil
}

// values decides how a column's values are written.
func (o *statOut) values(bounds *statBounds) error {
	switch c := o.c.(type) {
	case *NumberColumn:
		o.value = func(row int) float64 { return c.Values[row] }
	case *DateColumn:
		o.value, o.clock = func(row int) float64 { return float64(c.Days[row]) }, Date
	case *TimeColumn:
		o.value, o.clock = func(row int) float64 { return float64(c.Seconds[row]) }, Time
	case *BoolColumn:
		o.own[ownKind] = Bool.String()
		o.labels = []statLabel{{0, "false"}, {1, "true"}}
		o.value = func(row int) float64 {
			if c.Values[row] {
				return 1
			}
			return 0
		}
	case *CategoryColumn:
		if len(c.Levels) <= maxLabelled {
			o.category(c)
			break
		}
		o.own[ownKind] = Category.String()
		o.text = func(row int) []byte { return []byte(c.Text(row)) }
	case *SetColumn:
		o.own[ownKind], o.own[ownCodes] = Set.String(), joinCodes(c.Levels)
		o.text = func(row int) []byte {
			if c.Missing(row) != Present {
				return nil
			}
			return []byte(setText(c, row))
		}
	case *TextColumn:
		o.own[ownKind] = Text.String()
		o.text = func(row int) []byte { return c.Data[c.Offsets[row]:c.Offsets[row+1]] }
	}
	return o.measure(bounds)
}

// category writes levels as their own numbers where all codes are whole
// numbers, else as 1, 2, 3 in their order, with the codes beside them.
func (o *statOut) category(c *CategoryColumn) {
	values := make([]float64, len(c.Levels))
	numeric := true
	seen := map[int]bool{}
	for i, l := range c.Levels {
		n, err := strconv.Atoi(l.Code)
		if err != nil || strconv.Itoa(n) != l.Code || n < -2_147_483_647 || n > 2_147_483_620 || seen[n] {
			numeric = false
			break
		}
		seen[n] = true
		values[i] = float64(n)
	}
	if !numeric {
		for i := range values {
			values[i] = float64(i + 1)
		}
		o.own[ownCodes] = joinCodes(c.Levels)
	}
	if c.Ordered {
		o.own[ownOrdered] = "yes"
	}
	for i, l := range c.Levels {
		text := l.Label
		if text == "" {
			text = l.Code
		}
		o.labels = append(o.labels, statLabel{values[i], text})
	}
	o.value = func(row int) float64 {
		if l := c.Level(row); l >= 0 {
			return values[l]
		}
		return 0
	}
}

// measure finds the longest text, or the least and greatest number, and which
// reasons occur.
func (o *statOut) measure(bounds *statBounds) error {
	o.whole, o.low, o.high = true, math.Inf(1), math.Inf(-1)
	see := func(x float64) {
		o.low, o.high = min(o.low, x), max(o.high, x)
		o.whole = o.whole && x == math.Trunc(x) && !(x == 0 && math.Signbit(x))
	}
	for _, l := range o.labels {
		see(l.value)
	}
	for row := range o.c.Len() {
		if o.value == nil {
			o.width = max(o.width, len(o.text(row)))
			continue
		}
		if m := o.missing(row); m != Present {
			o.used[m] = true
			continue
		}
		x := o.value(row)
		if math.Abs(x) > bounds.maxNumber {
			return fault.New(fault.Invalid, fault.Place{Row: row + 1, Field: o.c.Name()}, "the number is greater than "+bounds.program+" holds", "write the table as CSV or Parquet")
		}
		see(x)
	}
	return nil
}

// scale turns the table's count of a date or an instant into the program's.
type scale struct{ from, times float64 }

func (s scale) of(x float64) float64 {
	if s.from == 0 { // a number, whose sign a sum could lose
		return x
	}
	return (x + s.from) * s.times
}

// missing is the reason of a row; a number that is none is blank.
func (o *statOut) missing(row int) Missing {
	m := o.c.Missing(row)
	if m == Present && math.IsNaN(o.value(row)) {
		return Blank
	}
	return m
}

// unusedName makes a name different from those before it.
func unusedName(bounds *statBounds, name string, taken map[string]bool) string {
	base := name
	for n := 2; taken[bounds.sameName(name)]; n++ {
		end := fmt.Sprintf("_%d", n)
		cut := []rune(base)
		for bounds.longest(string(cut) + end) {
			cut = cut[:len(cut)-1]
		}
		name = string(cut) + end
	}
	taken[bounds.sameName(name)] = true
	return name
}

// validName replaces what a name may not have by "_" and cuts it.
func validName(name, before string, first, inner func(r rune) bool, reserved func(string) bool, tooLong func(string) bool) string {
	var b strings.Builder
	for i, r := range name {
		if i == 0 && !first(r) {
			b.WriteString(before)
		}
		if inner(r) {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	out := []rune(b.String())
	if len(out) == 0 {
		out = []rune(before)
	}
	for tooLong(string(out)) {
		out = out[:len(out)-1]
	}
	if reserved(string(out)) {
		out = append(out, '_')
	}
	return string(out)
}

// clipText shortens a text to so many characters and bytes, with "..." where
// something was cut, and without what ends a text in the files.
func clipText(text string, characters, size int) string {
	text = strings.ReplaceAll(text, "\x00", " ")
	if len(text) <= size && len(text) <= characters {
		return text
	}
	runes := []rune(text)
	if len(runes) <= characters && len(text) <= size {
		return text
	}
	const dots = "..."
	runes = runes[:min(len(runes), characters-len(dots))]
	for len(string(runes)) > size-len(dots) {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + dots
}
