package table

import (
	"math"
	"strconv"
	"time"
)

// Kind is the type of a column.
type Kind uint8

// The kinds of column.
const (
	Category Kind = iota + 1 // one of a dictionary of levels (select_one)
	Number                   // float64
	Date                     // a calendar day
	Time                     // an instant with its offset from UTC
	Bool                     // false or true
	Set                      // any number of a dictionary of levels (select_multiple)
	Text                     // free text or an identifier
)

var kindNames = [...]string{"", "category", "number", "date", "time", "boolean", "set", "text"}

// String returns the kind in lower case.
func (k Kind) String() string { return kindNames[k] }

// Missing says why there is no value. Present is the zero value.
type Missing uint8

// The reasons for a missing value.
const (
	Present       Missing = iota
	Blank                 // nothing recorded, reason not known
	NotAsked              // skipped by the form's logic, or not in this version
	Refused               // the person preferred not to answer
	DontKnow              // the person did not know
	NotApplicable         // the question does not apply
	Unreadable            // something was recorded that the dictionary or type does not know
)

var missingNames = [...]string{"present", "blank", "not asked", "refused", "don't know", "not applicable", "unreadable"}

// String returns the reason in words.
func (m Missing) String() string { return missingNames[m] }

// FirstLevel is the code of a category's first level. Codes 1 to FirstLevel-1
// are reasons for a missing value, equal to the Missing constants; 0 does not
// occur. So one look-up table by code serves both.
const FirstLevel = 8

// Level is one entry of a dictionary: the stored code and its label.
type Level struct {
	Code  string
	Label string
}

// Column is one typed column. Columns are immutable after they are built.
type Column interface {
	Name() string
	Kind() Kind
	Len() int
	// Missing says why row has no value, or Present.
	Missing(row int) Missing
	// Text renders the value of a row for people and for CSV: the level's
	// code, the number, the ISO date, codes separated by spaces. Missing
	// values are the empty text.
	Text(row int) string
	// Bytes is the memory that the column holds, dictionary included.
	Bytes() int
	// Rename returns the same data under another name.
	Rename(name string) Column
}

// CategoryColumn holds one level a row, dictionary-coded. Exactly one of
// Codes8, Codes16, Codes32 is set: the narrowest that fits. A code is a
// Missing reason if it is below FirstLevel, else level code-FirstLevel.
type CategoryColumn struct {
	name    string
	Levels  []Level
	Ordered bool // levels have an order of their own
	Codes8  []uint8
	Codes16 []uint16
	Codes32 []uint32
}

// NewCategory makes a category column from codes (see FirstLevel) and narrows
// them. It keeps levels as given.
func NewCategory(name string, levels []Level, codes []uint32) *CategoryColumn {
	c := &CategoryColumn{name: name, Levels: levels}
	switch n := len(levels) + FirstLevel; {
	case n <= 1<<8:
		c.Codes8 = make([]uint8, len(codes))
		for i, v := range codes {
			c.Codes8[i] = uint8(v)
		}
	case n <= 1<<16:
		c.Codes16 = make([]uint16, len(codes))
		for i, v := range codes {
			c.Codes16[i] = uint16(v)
		}
	default:
		c.Codes32 = codes
	}
	return c
}

// NewCategory8 makes a category column of at most 248 levels without a copy.
func NewCategory8(name string, levels []Level, codes []uint8) *CategoryColumn {
	return &CategoryColumn{name: name, Levels: levels, Codes8: codes}
}

func (c *CategoryColumn) Name() string { return c.name }
func (c *CategoryColumn) Kind() Kind   { return Category }

// Len is the number of rows.
func (c *CategoryColumn) Len() int { return max(len(c.Codes8), len(c.Codes16), len(c.Codes32)) }

// Code returns the stored code of a row.
func (c *CategoryColumn) Code(row int) uint32 {
	switch {
	case c.Codes8 != nil:
		return uint32(c.Codes8[row])
	case c.Codes16 != nil:
		return uint32(c.Codes16[row])
	default:
		return c.Codes32[row]
	}
}

// Level returns the level's index of a row, or -1 if it is missing.
func (c *CategoryColumn) Level(row int) int {
	if code := c.Code(row); code >= FirstLevel {
		return int(code - FirstLevel)
	}
	return -1
}

// Index returns the index of the level with this code, or -1.
func (c *CategoryColumn) Index(code string) int {
	for i, l := range c.Levels {
		if l.Code == code {
			return i
		}
	}
	return -1
}

// DecodeInto writes the codes of rows from..from+len(dst)-1 to dst.
func (c *CategoryColumn) DecodeInto(dst []uint32, from int) {
	switch {
	case c.Codes8 != nil:
		for i, v := range c.Codes8[from : from+len(dst)] {
			dst[i] = uint32(v)
		}
	case c.Codes16 != nil:
		for i, v := range c.Codes16[from : from+len(dst)] {
			dst[i] = uint32(v)
		}
	default:
		copy(dst, c.Codes32[from:])
	}
}

// Missing says why the row has no level.
func (c *CategoryColumn) Missing(row int) Missing {
	if code := c.Code(row); code < FirstLevel {
		return Missing(code)
	}
	return Present
}

// Text is the level's code.
func (c *CategoryColumn) Text(row int) string {
	if i := c.Level(row); i >= 0 {
		return c.Levels[i].Code
	}
	return ""
}

// Bytes is the memory held.
func (c *CategoryColumn) Bytes() int {
	n := len(c.Codes8) + 2*len(c.Codes16) + 4*len(c.Codes32)
	for _, l := range c.Levels {
		n += 32 + len(l.Code) + len(l.Label)
	}
	return n
}

// Rename returns the same data under another name.
func (c *CategoryColumn) Rename(name string) Column { d := *c; d.name = name; return &d }

// reasons is the part that all other columns share: one reason a row, or nil
// if every row is present.
type reasons struct {
	name    string
	missing []Missing
}

func (r *reasons) Name() string { return r.name }

// Missing says why the row has no value.
func (r *reasons) Missing(row int) Missing {
	if r.missing == nil {
		return Present
	}
	return r.missing[row]
}

// Reasons returns one reason a row, or nil if every row is present.
func (r *reasons) Reasons() []Missing { return r.missing }

// NumberColumn holds float64 values; a missing one is NaN, with its reason beside.
type NumberColumn struct {
	reasons
	Values []float64
}

// NewNumber makes a number column; missing may be nil. Where missing says that
// a value is not present, the value becomes NaN.
func NewNumber(name string, values []float64, missing []Missing) *NumberColumn {
	for i, m := range missing {
		if m != Present {
			values[i] = math.NaN()
		}
	}
	return &NumberColumn{reasons{name, missing}, values}
}

func (c *NumberColumn) Kind() Kind { return Number }

// Len is the number of rows.
func (c *NumberColumn) Len() int { return len(c.Values) }

// Text is the shortest decimal that reads back as the same number.
func (c *NumberColumn) Text(row int) string {
	if c.Missing(row) != Present {
		return ""
	}
	return strconv.FormatFloat(c.Values[row], 'f', -1, 64)
}

// Bytes is the memory held.
func (c *NumberColumn) Bytes() int { return 8*len(c.Values) + len(c.missing) }

// Rename returns the same data under another name.
func (c *NumberColumn) Rename(name string) Column { d := *c; d.name = name; return &d }

// DateColumn holds calendar days as days since 1970-01-01.
type DateColumn struct {
	reasons
	Days []int32
}

// NewDate makes a date column; missing may be nil.
func NewDate(name string, days []int32, missing []Missing) *DateColumn {
	return &DateColumn{reasons{name, missing}, days}
}

func (c *DateColumn) Kind() Kind { return Date }

// Len is the number of rows.
func (c *DateColumn) Len() int { return len(c.Days) }

// At returns the day as midnight UTC.
func (c *DateColumn) At(row int) time.Time { return time.Unix(int64(c.Days[row])*86400, 0).UTC() }

// Text is the date as 2016-10-06.
func (c *DateColumn) Text(row int) string {
	if c.Missing(row) != Present {
		return ""
	}
	return c.At(row).Format(time.DateOnly)
}

// Bytes is the memory held.
func (c *DateColumn) Bytes() int { return 4*len(c.Days) + len(c.missing) }

// Rename returns the same data under another name.
func (c *DateColumn) Rename(name string) Column { d := *c; d.name = name; return &d }

// TimeColumn holds instants as seconds since 1970-01-01T00:00:00Z and the
// offset from UTC, in minutes, of the clock that recorded them.
type TimeColumn struct {
	reasons
	Seconds []int64
	Offset  []int16
}

// NewTime makes a time column; missing may be nil.
func NewTime(name string, seconds []int64, offset []int16, missing []Missing) *TimeColumn {
	return &TimeColumn{reasons{name, missing}, seconds, offset}
}

func (c *TimeColumn) Kind() Kind { return Time }

// Len is the number of rows.
func (c *TimeColumn) Len() int { return len(c.Seconds) }

// At returns the instant on the clock that recorded it.
func (c *TimeColumn) At(row int) time.Time {
	return time.Unix(c.Seconds[row], 0).In(time.FixedZone("", 60*int(c.Offset[row])))
}

// Text is the instant as 2016-10-06T09:30:00+02:00.
func (c *TimeColumn) Text(row int) string {
	if c.Missing(row) != Present {
		return ""
	}
	return c.At(row).Format(time.RFC3339)
}

// Bytes is the memory held.
func (c *TimeColumn) Bytes() int { return 10*len(c.Seconds) + len(c.missing) }

// Rename returns the same data under another name.
func (c *TimeColumn) Rename(name string) Column { d := *c; d.name = name; return &d }

// BoolColumn holds truth values, one byte a row.
type BoolColumn struct {
	reasons
	Values []bool
}

// NewBool makes a boolean column; missing may be nil.
func NewBool(name string, values []bool, missing []Missing) *BoolColumn {
	return &BoolColumn{reasons{name, missing}, values}
}

func (c *BoolColumn) Kind() Kind { return Bool }

// Len is the number of rows.
func (c *BoolColumn) Len() int { return len(c.Values) }

// Text is true or false.
func (c *BoolColumn) Text(row int) string {
	if c.Missing(row) != Present {
		return ""
	}
	return strconv.FormatBool(c.Values[row])
}

// Bytes is the memory held.
func (c *BoolColumn) Bytes() int { return len(c.Values) + len(c.missing) }

// Rename returns the same data under another name.
func (c *BoolColumn) Rename(name string) Column { d := *c; d.name = name; return &d }

// SetColumn holds any number of levels a row, as Words 64-bit words a row:
// level l is bit l%64 of word l/64. An empty set is a present value.
type SetColumn struct {
	reasons
	Levels []Level
	Words  int
	Bits   []uint64
}

// NewSet makes a set column; bits holds words(levels) words a row; missing may be nil.
func NewSet(name string, levels []Level, bits []uint64, missing []Missing) *SetColumn {
	return &SetColumn{reasons{name, missing}, levels, SetWords(len(levels)), bits}
}

// SetWords is the number of 64-bit words that a set of n levels needs: at least 1.
func SetWords(n int) int { return max(1, (n+63)/64) }

func (c *SetColumn) Kind() Kind { return Set }

// Len is the number of rows.
func (c *SetColumn) Len() int { return len(c.Bits) / c.Words }

// Has says whether the row's set holds a level.
func (c *SetColumn) Has(row, level int) bool {
	return c.Bits[row*c.Words+level/64]>>(level%64)&1 == 1
}

// Index returns the index of the level with this code, or -1.
func (c *SetColumn) Index(code string) int {
	for i, l := range c.Levels {
		if l.Code == code {
			return i
		}
	}
	return -1
}

// Text is the codes of the row's levels, separated by spaces.
func (c *SetColumn) Text(row int) string {
	if c.Missing(row) != Present {
		return ""
	}
	var b []byte
	for l := range c.Levels {
		if c.Has(row, l) {
			if len(b) > 0 {
				b = append(b, ' ')
			}
			b = append(b, c.Levels[l].Code...)
		}
	}
	return string(b)
}

// Bytes is the memory held.
func (c *SetColumn) Bytes() int { return 8*len(c.Bits) + len(c.missing) }

// Rename returns the same data under another name.
func (c *SetColumn) Rename(name string) Column { d := *c; d.name = name; return &d }

// TextColumn holds free text or identifiers: one buffer and row offsets.
type TextColumn struct {
	reasons
	Data    []byte
	Offsets []uint64 // len = rows+1
}

// NewText makes a text column over data; row r is data[offsets[r]:offsets[r+1]].
func NewText(name string, data []byte, offsets []uint64, missing []Missing) *TextColumn {
	return &TextColumn{reasons{name, missing}, data, offsets}
}

func (c *TextColumn) Kind() Kind { return Text }

// Len is the number of rows.
func (c *TextColumn) Len() int { return len(c.Offsets) - 1 }

// Text is the text of the row.
func (c *TextColumn) Text(row int) string { return string(c.Data[c.Offsets[row]:c.Offsets[row+1]]) }

// Bytes is the memory held.
func (c *TextColumn) Bytes() int { return len(c.Data) + 8*len(c.Offsets) + len(c.missing) }

// Rename returns the same data under another name.
func (c *TextColumn) Rename(name string) Column { d := *c; d.name = name; return &d }
