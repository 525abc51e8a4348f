package dta

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"io"
	"slices"
)

// Output is a data set to be written.
type Output struct {
	Label     string // at most 80 characters
	Rows      int
	Variables []OutVariable
	Labels    map[string][]Label // sets of value labels, by name
}

// OutVariable is a column to be written. Names, label sets and texts must keep
// to the bounds of Stata; the caller sees to that.
type OutVariable struct {
	Variable
	// Number gives a numeric variable's value and mark in a row.
	Number func(row int) (float64, uint8)
	// Text gives a string variable's text in a row.
	Text func(row int) []byte
}

// MaxStr is the longest text, in bytes, that is held in the rows.
const MaxStr = 2045

// wide is the number of variables from which format 119 is needed.
const wide = 32_767

// Write writes format 118, or 119 for more than 32,767 variables, with the
// least significant byte first. The time of writing is left out, so that the
// same data give the same bytes.
func Write(w io.Writer, o *Output) error {
	e := &encoder{w: bufio.NewWriterSize(w, 256<<10), o: o, version: 118}
	if len(o.Variables) > wide {
		e.version = 119
	}
	e.layout = layouts[e.version]
	for i := range o.Variables {
		v := &o.Variables[i]
		switch {
		case v.Type.Numeric():
			v.Width = numberWidth[v.Type]
		case v.Type == StrL:
			v.Width = 8
		}
		v.offset = e.width
		e.width += v.Width
	}
	e.header()
	e.dictionary()
	e.rows()
	e.objects()
	e.valueLabels()
	e.string("</stata_dta>")
	if e.err == nil {
		e.err = e.w.Flush()
	}
	return e.err
}

// encoder writes and counts, and keeps the first error.
type encoder struct {
	w       *bufio.Writer
	o       *Output
	version int
	layout  layout
	width   int
	at      int64
	err     error
	buf     [8]byte
}

func (e *encoder) bytes(b []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(b)
	}
	e.at += int64(len(b))
}

func (e *encoder) string(s string) {
	if e.err == nil {
		_, e.err = e.w.WriteString(s)
	}
	e.at += int64(len(s))
}

// unsigned writes a whole number of 1 to 8 bytes.
func (e *encoder) unsigned(v uint64, n int) {
	binary.LittleEndian.PutUint64(e.buf[:], v)
	e.bytes(e.buf[:n])
}

// fixed writes a text in a field of n bytes that ends in at least one zero.
func (e *encoder) fixed(s string, n int) {
	s = s[:min(len(s), n-1)]
	e.string(s)
	for range n - len(s) {
		e.string("\x00")
	}
}

// header writes the header and the map of where the parts lie.
func (e *encoder) header() {
	k := int64(len(e.o.Variables))
	version := "118"
	if e.version == 119 {
		version = "119"
	}
	e.string("<stata_dta><header><release>" + version + "</release><byteorder>LSF</byteorder><K>")
	e.unsigned(uint64(k), e.layout.variables)
	e.string("</K><N>")
	e.unsigned(uint64(e.o.Rows), e.layout.rows)
	e.string("</N><label>")
	e.unsigned(uint64(len(e.o.Label)), e.layout.labelLen)
	e.string(e.o.Label)
	e.string("</label><timestamp>\x00</timestamp></header>")
	sizes := []int64{
		tagged("map", 14*8),
		tagged("variable_types", 2*k),
		tagged("varnames", k*int64(e.layout.name)),
		tagged("sortlist", (k+1)*int64(e.layout.sort)),
		tagged("formats", k*int64(e.layout.format)),
		tagged("value_label_names", k*int64(e.layout.name)),
		tagged("variable_labels", k*int64(e.layout.label)),
		tagged("characteristics", e.characteristicBytes()),
		tagged("data", int64(e.o.Rows)*int64(e.width)),
		tagged("strls", e.objectBytes()),
		tagged("value_labels", e.labelBytes()),
		int64(len("</stata_dta>")),
	}
	at := e.at
	e.string("<map>")
	e.unsigned(0, 8) // <stata_dta> is at the beginning
	for _, size := range sizes {
		e.unsigned(uint64(at), 8)
		at += size
	}
	e.unsigned(uint64(at), 8) // the file's end
	e.string("</map>")
}

func tagged(tag string, size int64) int64 { return int64(2*len(tag)+len("<></>")) + size }

func (e *encoder) dictionary() {
	each := func(tag string, do func(v *OutVariable)) {
		e.string("<" + tag + ">")
		for i := range e.o.Variables {
			do(&e.o.Variables[i])
		}
		e.string("</" + tag + ">")
	}
	each("variable_types", func(v *OutVariable) {
		switch v.Type {
		case Str:
			e.unsigned(uint64(v.Width), 2)
		case StrL:
			e.unsigned(32768, 2)
		default:
			e.unsigned(65531-uint64(v.Type), 2)
		}
	})
	each("varnames", func(v *OutVariable) { e.fixed(v.Name, e.layout.name) })
	e.string("<sortlist>")
	for range len(e.o.Variables) + 1 {
		e.unsigned(0, e.layout.sort)
	}
	e.string("</sortlist>")
	each("formats", func(v *OutVariable) { e.fixed(v.Format, e.layout.format) })
	each("value_label_names", func(v *OutVariable) { e.fixed(v.LabelSet, e.layout.name) })
	each("variable_labels", func(v *OutVariable) { e.fixed(v.Label, e.layout.label) })
	e.string("<characteristics>")
	e.eachCharacteristic(func(variable, name, text string) {
		e.string("<ch>")
		e.unsigned(uint64(2*e.layout.name+len(text)+1), 4)
		e.fixed(variable, e.layout.name)
		e.fixed(name, e.layout.name)
		e.string(text + "\x00")
		e.string("</ch>")
	})
	e.string("</characteristics>")
}

func (e *encoder) eachCharacteristic(do func(variable, name, text string)) {
	for i := range e.o.Variables {
		v := &e.o.Variables[i]
		for _, name := range sorted(v.Characteristics) {
			do(v.Name, name, v.Characteristics[name])
		}
	}
}

func (e *encoder) characteristicBytes() int64 {
	n := int64(0)
	e.eachCharacteristic(func(_, _, text string) { n += tagged("ch", int64(4+2*e.layout.name+len(text)+1)) })
	return n
}

func (e *encoder) rows() {
	e.string("<data>")
	row := make([]byte, e.width)
	for r := range e.o.Rows {
		clear(row)
		for i := range e.o.Variables {
			v := &e.o.Variables[i]
			field := row[v.offset : v.offset+v.Width]
			switch v.Type {
			case Str:
				copy(field, v.Text(r))
			case StrL:
				if len(v.Text(r)) > 0 {
					e.refer(field, i, r)
				}
			default:
				x, mark := v.Number(r)
				putNumber(field, v.Type, x, mark)
			}
		}
		e.bytes(row)
		if e.err != nil {
			return
		}
	}
	e.string("</data>")
}

// refer writes the (v,o) of a long text into its row.
func (e *encoder) refer(field []byte, variable, row int) {
	binary.LittleEndian.PutUint64(e.buf[:], uint64(variable+1))
	cut := e.layout.referV
	copy(field[:cut], e.buf[:cut])
	binary.LittleEndian.PutUint64(e.buf[:], uint64(row+1))
	copy(field[cut:], e.buf[:8-cut])
}

// eachObject goes through the long texts that are not empty. Stata wants them
// in the order of observations, then variables.
func (e *encoder) eachObject(do func(variable, row int, text []byte)) {
	var long []int
	for i := range e.o.Variables {
		if e.o.Variables[i].Type == StrL {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return
	}
	for r := range e.o.Rows {
		for _, i := range long {
			if text := e.o.Variables[i].Text(r); len(text) > 0 {
				do(i, r, text)
			}
		}
	}
}

// objectHead is the bytes of a long text beside the text and its zero.
const objectHead = 3 + 4 + 8 + 1 + 4

func (e *encoder) objectBytes() int64 {
	n := int64(0)
	e.eachObject(func(_, _ int, text []byte) { n += objectHead + int64(len(text)) + 1 })
	return n
}

func (e *encoder) objects() {
	e.string("<strls>")
	e.eachObject(func(variable, row int, text []byte) {
		e.string("GSO")
		e.unsigned(uint64(variable+1), 4)
		e.unsigned(uint64(row+1), 8)
		e.unsigned(130, 1)
		e.unsigned(uint64(len(text)+1), 4)
		e.bytes(text)
		e.string("\x00")
	})
	e.string("</strls>")
}

func (e *encoder) labelBytes() int64 {
	n := int64(0)
	for _, labels := range e.o.Labels {
		n += tagged("lbl", int64(4+e.layout.name+3)+tableBytes(labels))
	}
	return n
}

func tableBytes(labels []Label) int64 {
	n := int64(8)
	for _, l := range labels {
		n += 8 + int64(len(l.Text)) + 1
	}
	return n
}

func (e *encoder) valueLabels() {
	e.string("<value_labels>")
	for _, name := range sorted(e.o.Labels) {
		labels := slices.Clone(e.o.Labels[name])
		for i := range labels {
			if labels[i].Mark > 0 {
				labels[i].Value = maxLong + int32(labels[i].Mark)
			}
		}
		slices.SortFunc(labels, func(a, b Label) int { return cmp.Compare(a.Value, b.Value) })
		e.string("<lbl>")
		size := tableBytes(labels)
		e.unsigned(uint64(size), 4)
		e.fixed(name, e.layout.name)
		e.string("\x00\x00\x00")
		e.unsigned(uint64(len(labels)), 4)
		e.unsigned(uint64(size-8-8*int64(len(labels))), 4)
		at := 0
		for _, l := range labels {
			e.unsigned(uint64(at), 4)
			at += len(l.Text) + 1
		}
		for _, l := range labels {
			e.unsigned(uint64(uint32(l.Value)), 4)
		}
		for _, l := range labels {
			e.string(l.Text + "\x00")
		}
		e.string("</lbl>")
	}
	e.string("</value_labels>")
}

func sorted[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
