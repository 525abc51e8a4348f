package dta

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf8"

	"waymark/internal/fault"
)

// layout is what differs between the formats.
type layout struct {
	order                     binary.ByteOrder
	name, format, label, data int // widths in bytes of names, formats, variable labels, the data set's label
	variables, rows           int // bytes of the counts
	sort                      int // bytes of an entry of the sort order
	labelLen                  int // bytes of the length of the data set's label
	referV                    int // bytes of a strL's variable within a row; the rest of 8 is the observation
	objectO                   int // bytes of a strL's observation where it is stored
	tagged                    bool
}

var layouts = map[int]layout{
	113: {name: 33, format: 12, label: 81, data: 81, variables: 2, rows: 4, sort: 2},
	114: {name: 33, format: 49, label: 81, data: 81, variables: 2, rows: 4, sort: 2},
	115: {name: 33, format: 49, label: 81, data: 81, variables: 2, rows: 4, sort: 2},
	117: {name: 33, format: 49, label: 81, variables: 2, rows: 4, sort: 2, labelLen: 1, referV: 4, objectO: 4, tagged: true},
	118: {name: 129, format: 57, label: 321, variables: 2, rows: 8, sort: 2, labelLen: 2, referV: 2, objectO: 8, tagged: true},
	119: {name: 129, format: 57, label: 321, variables: 4, rows: 8, sort: 4, labelLen: 2, referV: 3, objectO: 8, tagged: true},
}

// Sniff says whether a file's first bytes are those of a .dta file of a format
// that Open reads or refuses with a reason.
func Sniff(head []byte) bool {
	if bytes.HasPrefix(head, []byte(opening)) {
		return true
	}
	// Before 117: the version, the byte order, file type 1, and an unused zero.
	return len(head) >= 109 && head[0] >= 102 && head[0] <= 115 && (head[1] == 1 || head[1] == 2) && head[2] == 1 && head[3] == 0
}

const opening = "<stata_dta>"

// Open reads a file's dictionary.
func Open(r io.ReaderAt, size int64, limits Limits) (*File, error) {
	f := &File{r: r, size: size, limits: limits, Labels: map[string][]Label{}, long: map[reference]span{}}
	c := newCursor(r, 0, size, binary.LittleEndian)
	first, err := c.r.Peek(1)
	if err != nil {
		return nil, c.readFault(err, "its first byte")
	}
	if first[0] == '<' {
		err = f.openTagged(c)
	} else {
		err = f.openOld(c)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// count checks the numbers of variables and rows.
func (f *File) count(variables, rows uint64) error {
	if variables == 0 {
		return fault.New(fault.Invalid, fault.Place{}, "the Stata file has no variable", "save it again with the data")
	}
	if variables > uint64(f.limits.Columns) {
		return beyond("the file has %d variables; at most %d are read", variables, f.limits.Columns)
	}
	if rows > uint64(f.limits.Rows) {
		return beyond("the file says that it has %d observations; at most %d are read", rows, f.limits.Rows)
	}
	f.Rows = int64(rows)
	f.Variables = make([]Variable, variables)
	return nil
}

// place gives each variable its offset in a row.
func (f *File) place() error {
	width := int64(0)
	for i := range f.Variables {
		f.Variables[i].offset = int(width)
		width += int64(f.Variables[i].Width)
	}
	if width > f.limits.RowBytes {
		return beyond("an observation has %d bytes; at most %d are read", width, f.limits.RowBytes)
	}
	f.width = int(width)
	return nil
}

// text reads a zero-ended text of a fixed width.
func (f *File) text(b []byte) string {
	if n := bytes.IndexByte(b, 0); n >= 0 {
		b = b[:n]
	}
	return string(f.decode(b))
}

// decode gives UTF-8: what is not is taken for Windows-1252, which Stata's
// files were written in before format 118.
func (f *File) decode(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	f.Foreign++
	return decode1252(b)
}

// texts reads one text a variable.
func (f *File) texts(c *cursor, width int, what string, put func(v *Variable, text string)) error {
	for i := range f.Variables {
		b, err := c.bytes(int64(width), what)
		if err != nil {
			return err
		}
		put(&f.Variables[i], f.text(b))
	}
	return nil
}

func (v *Variable) setName(text string)     { v.Name = text }
func (v *Variable) setFormat(text string)   { v.Format = text }
func (v *Variable) setLabel(text string)    { v.Label = text }
func (v *Variable) setLabelSet(text string) { v.LabelSet = text }
