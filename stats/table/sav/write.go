package sav

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Output is a data set to be written.
type Output struct {
	Label     string
	Rows      int
	Variables []OutVariable
	// Zlib writes .zsav; else the file is compressed by bytes.
	Zlib bool
}

// OutVariable is a column to be written. Names, widths and texts must keep to
// the bounds of SPSS; the caller sees to that.
type OutVariable struct {
	Variable
	// Number gives a numeric variable's value in a row, or false if it is
	// system-missing.
	Number func(row int) (float64, bool)
	// Text gives a string variable's text in a row.
	Text func(row int) []byte

	segments []int // widths
}

// MaxWidth is the longest text, in bytes, that a file holds.
const MaxWidth = maxWidth

// bias is what is added to a small whole number to make its code.
const bias = 100

// Write writes a system file in UTF-8 with the least significant byte first.
// The time of writing is left out, so that the same data give the same bytes.
// A .zsav file is held in memory, compressed, until it is whole, since its
// first part says where the last lies.
func Write(w io.Writer, o *Output) error {
	e := &encoder{w: bufio.NewWriterSize(w, 256<<10), o: o}
	serial := 0
	for i := range o.Variables {
		v := &o.Variables[i]
		v.segments = segmentsOf(v.Width)
		for range v.segments {
			serial++
		}
		v.short = shortName(serial - len(v.segments) + 1)
	}
	e.header()
	e.variables()
	e.valueLabels()
	e.extensions()
	e.ints(999, 0)
	if e.err == nil {
		e.err = e.cases()
	}
	if e.err == nil {
		e.err = e.w.Flush()
	}
	return e.err
}

// segmentsOf is the widths of the variable records that a width needs.
func segmentsOf(width int) []int {
	if width <= segment {
		return []int{width}
	}
	var widths []int
	for ; width > veryLong; width -= veryLong {
		widths = append(widths, segment)
	}
	return append(widths, width)
}

// shortName is the name of eight bytes that the records use. What people see is
// the long name.
func shortName(n int) string { return "V" + strconv.Itoa(n) }

// encoder keeps the first error.
type encoder struct {
	w     *bufio.Writer
	o     *Output
	at    int64
	slots int
	err   error
	buf   [8]byte
}

func (e *encoder) bytes(b []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(b)
	}
	e.at += int64(len(b))
}

func (e *encoder) string(s string) { e.bytes([]byte(s)) }

func (e *encoder) ints(values ...int) {
	for _, v := range values {
		binary.LittleEndian.PutUint32(e.buf[:], uint32(int32(v)))
		e.bytes(e.buf[:4])
	}
}

func (e *encoder) float(v float64) {
	binary.LittleEndian.PutUint64(e.buf[:], math.Float64bits(v))
	e.bytes(e.buf[:])
}

// fixed writes a text in a field of n bytes, filled up with spaces.
func (e *encoder) fixed(s string, n int) {
	s = s[:min(len(s), n)]
	e.string(s + strings.Repeat(" ", n-len(s)))
}

func (e *encoder) header() {
	for i := range e.o.Variables {
		for _, width := range e.o.Variables[i].segments {
			e.slots += slotsOf(width)
		}
	}
	magic, compression, rows := "$FL2", 1, e.o.Rows
	if e.o.Zlib {
		magic, compression = "$FL3", 2
	}
	if rows > math.MaxInt32 {
		rows = -1
	}
	e.string(magic)
	e.fixed("@(#) SPSS DATA FILE - Waymark", 60)
	e.ints(2, e.slots, compression, 0, rows)
	e.float(bias)
	e.fixed("01 Jan 70", 9)
	e.fixed("00:00:00", 8)
	e.fixed(cut(e.o.Label, 64), 64)
	e.fixed("", 3)
}

func slotsOf(width int) int { return max(1, (width+7)/8) }

func (e *encoder) variables() {
	serial := 0
	for i := range e.o.Variables {
		v := &e.o.Variables[i]
		for s, width := range v.segments {
			serial++
			format := int(v.Format.Type)<<16 | int(v.Format.Width)<<8 | int(v.Format.Decimals)
			if v.Width > 0 {
				format = FormatA<<16 | width<<8
			}
			label, missing := "", 0
			if s == 0 {
				label = v.Label
				missing = len(v.Missing.Numbers)
				if v.Missing.Range {
					missing = -2 - missing
				}
			}
			e.ints(2, width, min(1, len(label)), missing, format, format)
			e.fixed(shortName(serial), 8)
			if label != "" {
				e.ints(len(label))
				e.fixed(label, (len(label)+3)/4*4)
			}
			if s == 0 && v.Missing.Range {
				e.float(v.Missing.Low)
				e.float(v.Missing.Top)
			}
			for _, m := range v.Missing.Numbers[:max(0, missing, -2-missing)] {
				e.float(m)
			}
			for range slotsOf(width) - 1 {
				e.ints(2, -1, 0, 0, 0, 0)
				e.fixed("", 8)
			}
		}
	}
}

// valueLabels writes the labels of numbers, one record a variable.
func (e *encoder) valueLabels() {
	at := 1
	for i := range e.o.Variables {
		v := &e.o.Variables[i]
		if len(v.Labels) > 0 && v.Width == 0 {
			e.ints(3, len(v.Labels))
			for _, l := range v.Labels {
				text := cut(l.Text, 255)
				e.float(l.Number)
				e.bytes([]byte{byte(len(text))})
				e.fixed(text, (len(text)+1+7)/8*8-1)
			}
			e.ints(4, 1, at)
		}
		for _, width := range v.segments {
			at += slotsOf(width)
		}
	}
}

func (e *encoder) extension(subtype, size int, data []byte) {
	if len(data) > 0 {
		e.ints(7, subtype, size, len(data)/size)
		e.bytes(data)
	}
}

func (e *encoder) extensions() {
	le := binary.LittleEndian
	var machine, floats, display []byte
	for _, v := range []int32{1, 0, 0, -1, 1, 1, 2, 65001} {
		machine = le.AppendUint32(machine, uint32(v))
	}
	for _, v := range []float64{-math.MaxFloat64, math.MaxFloat64, math.Nextafter(-math.MaxFloat64, 0)} {
		floats = le.AppendUint64(floats, math.Float64bits(v))
	}
	var names, long, attributes bytes.Buffer
	for i := range e.o.Variables {
		v := &e.o.Variables[i]
		for range v.segments {
			alignment := uint32(1) // right
			if v.Width > 0 {
				alignment = 0
			}
			display = le.AppendUint32(display, uint32(v.Measure))
			display = le.AppendUint32(display, uint32(min(40, max(8, int(v.Format.Width)))))
			display = le.AppendUint32(display, alignment)
		}
		if i > 0 {
			names.WriteByte('\t')
		}
		names.WriteString(v.short + "=" + v.Name)
		if v.Width > segment {
			width := strconv.Itoa(v.Width)
			long.WriteString(v.short + "=" + strings.Repeat("0", 5-len(width)) + width + "\x00\t")
		}
		writeAttributes(&attributes, v)
	}
	e.extension(3, 4, machine)
	e.extension(4, 8, floats)
	e.extension(11, 4, display)
	e.extension(13, 1, names.Bytes())
	e.extension(14, 1, long.Bytes())
	cases := le.AppendUint64(nil, 1)
	e.extension(16, 8, le.AppendUint64(cases, uint64(e.o.Rows)))
	e.extension(18, 1, attributes.Bytes())
	e.extension(20, 1, []byte("UTF-8"))
}

func writeAttributes(b *bytes.Buffer, v *OutVariable) {
	if len(v.Attributes) == 0 {
		return
	}
	if b.Len() > 0 {
		b.WriteByte('/')
	}
	b.WriteString(v.Name + ":")
	names := make([]string, 0, len(v.Attributes))
	for name := range v.Attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(name + "(")
		for _, value := range v.Attributes[name] {
			b.WriteString("'" + value + "'\n")
		}
		b.WriteByte(')')
	}
}

// cut shortens a text to at most size bytes, at a character's end.
func cut(text string, size int) string {
	if len(text) <= size {
		return text
	}
	for size > 0 && text[size]&0xc0 == 0x80 {
		size--
	}
	return text[:size]
}
