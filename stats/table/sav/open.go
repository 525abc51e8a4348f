package sav

import (
	"encoding/binary"
	"io"
	"math"
	"strings"

	"waymark/internal/fault"
)

// dictionary is what the records say, before it is put together: texts in the
// file's encoding, value labels by slot.
type dictionary struct {
	slots      []slot // one for each 8 bytes of a case
	labels     []labelRecord
	extensions []extension
}

// slot is one variable record; continuation records have no name.
type slot struct {
	width   int32 // 0 number, 1 to 255 string, -1 continuation
	name    []byte
	label   []byte
	print   uint32
	missing int32
	values  []byte // of missing, 8 bytes each
}

type labelRecord struct {
	values [][2][]byte // value of 8 bytes, text
	slots  []int32     // from 1
}

type extension struct {
	subtype int32
	data    []byte
}

// Open reads a file's dictionary.
func Open(r io.ReaderAt, size int64, limits Limits) (*File, error) {
	f := &File{r: r, size: size, limits: limits, missing: -math.MaxFloat64}
	c := newCursor(r, 0, size)
	weight, err := f.header(c)
	if err != nil {
		return nil, err
	}
	d, err := f.records(c)
	if err != nil {
		return nil, err
	}
	f.data = c.at
	if err := f.assemble(d, weight); err != nil {
		return nil, err
	}
	if f.compression == 2 {
		if err := f.openBlocks(); err != nil {
			return nil, err
		}
	}
	if f.compression == 0 && f.Rows > (size-f.data)/int64(8*f.slots) {
		return nil, damaged("it says that it has %d cases, and ends before the last", f.Rows)
	}
	return f, nil
}

const headerBytes = 176

// header reads the file header and returns the slot of the weight variable,
// from 1, or 0.
func (f *File) header(c *cursor) (weight int32, err error) {
	b, err := c.bytes(headerBytes, "the header")
	if err != nil {
		return 0, err
	}
	if !Sniff(b) {
		return 0, damaged("it does not begin as an SPSS file does")
	}
	layout := b[64:68]
	switch {
	case binary.LittleEndian.Uint32(layout) == 2, binary.LittleEndian.Uint32(layout) == 3:
	case binary.BigEndian.Uint32(layout) == 2, binary.BigEndian.Uint32(layout) == 3:
		c.order, f.BigEndian = binary.BigEndian, true
	default:
		return 0, damaged("its byte order is not known")
	}
	n := ints(b[68:84], c.order) // case size, compression, weight, cases
	f.compression = int(n[1])
	if zlib := string(b[:4]) == "$FL3"; f.compression < 0 || f.compression > 2 || zlib != (f.compression == 2) {
		return 0, fault.New(fault.Invalid, fault.Place{}, "the SPSS file is compressed in a way that is not known", "save it again as .sav")
	}
	f.Rows = int64(n[3])
	if f.Rows < 0 {
		f.Rows = -1
	}
	f.bias = float(b[84:92], c.order)
	if math.IsNaN(f.bias) || math.IsInf(f.bias, 0) {
		return 0, damaged("its compression has no bias")
	}
	f.Product = string(b[4:64])
	f.Created = strings.TrimSpace(string(b[92:109]))
	f.Label = string(b[109:173])
	return n[2], nil
}

// records reads all records up to the one that ends the dictionary.
func (f *File) records(c *cursor) (*dictionary, error) {
	d := &dictionary{}
	for {
		kind, err := c.int("the dictionary")
		if err != nil {
			return nil, err
		}
		switch kind {
		case 2:
			err = f.variableRecord(c, d)
		case 3:
			err = f.labelRecord(c, d)
		case 6:
			var lines int32
			if lines, err = c.int("the documents"); err == nil {
				_, err = c.bytes(80*int64(lines), "the documents")
				f.Documents += int(lines)
			}
		case 7:
			var head []int32
			if head, err = c.ints(3, "an extension"); err == nil {
				size, count := int64(head[1]), int64(head[2])
				if size < 0 || count < 0 || size > 0 && count > (c.size-c.at)/size {
					return nil, damaged("an extension is longer than the file")
				}
				var data []byte
				if data, err = c.bytes(size*count, "an extension"); err == nil {
					d.extensions = append(d.extensions, extension{head[0], data})
				}
			}
		case 999:
			_, err = c.int("the end of the dictionary")
			if err != nil {
				return nil, err
			}
			f.slots = len(d.slots)
			return d, f.settle(d, c.order)
		default:
			return nil, damaged("its dictionary has a record of the unknown type %d", kind)
		}
		if err != nil {
			return nil, err
		}
	}
}

// settle takes what decides how the rest is read.
func (f *File) settle(d *dictionary, order binary.ByteOrder) error {
	for _, x := range d.extensions {
		switch {
		case x.subtype == 4 && len(x.data) >= 24:
			f.missing = float(x.data, order)
		case x.subtype == 16 && len(x.data) >= 16:
			if n := int64(order.Uint64(x.data[8:])); n >= 0 {
				f.Rows = n
			}
		}
	}
	if f.Rows > f.limits.Rows {
		return beyond("the file says that it has %d cases; at most %d are read", f.Rows, f.limits.Rows)
	}
	if f.slots == 0 {
		return fault.New(fault.Invalid, fault.Place{}, "the SPSS file has no variable", "save it again with the data")
	}
	if int64(f.slots) > f.limits.CaseBytes/8 {
		return beyond("a case has %d bytes; at most %d are read", 8*f.slots, f.limits.CaseBytes)
	}
	return nil
}

func (f *File) variableRecord(c *cursor, d *dictionary) error {
	const what = "the variables"
	n, err := c.ints(5, what)
	if err != nil {
		return err
	}
	name, err := c.bytes(8, what)
	if err != nil {
		return err
	}
	s := slot{width: n[0], missing: n[2], print: uint32(n[3]), name: name}
	if s.width < -1 || s.width > 255 {
		return damaged("variable %d has the width %d", len(d.slots)+1, s.width)
	}
	if s.missing < -3 || s.missing > 3 || s.missing == -1 {
		return damaged("variable %d has %d missing values", len(d.slots)+1, s.missing)
	}
	if n[1] != 0 {
		length, err := c.int(what)
		if err != nil {
			return err
		}
		if length < 0 {
			return damaged("a variable label has a negative length")
		}
		b, err := c.bytes((int64(length)+3)/4*4, what)
		if err != nil {
			return err
		}
		s.label = b[:length]
	}
	if s.values, err = c.bytes(8*int64(max(s.missing, -s.missing)), what); err != nil {
		return err
	}
	if int64(len(d.slots)) >= f.limits.CaseBytes/8 {
		return beyond("a case has more than %d bytes, which are the most that are read", f.limits.CaseBytes)
	}
	d.slots = append(d.slots, s)
	return nil
}

func (f *File) labelRecord(c *cursor, d *dictionary) error {
	const what = "the value labels"
	count, err := c.int(what)
	if err != nil {
		return err
	}
	if count < 0 || int64(count) > (c.size-c.at)/16 {
		return damaged("it has fewer value labels than it says")
	}
	l := labelRecord{values: make([][2][]byte, 0, count)}
	for range count {
		b, err := c.bytes(9, what)
		if err != nil {
			return err
		}
		length := int64(b[8])
		text, err := c.bytes((length+1+7)/8*8-1, what)
		if err != nil {
			return err
		}
		l.values = append(l.values, [2][]byte{b[:8], text[:length]})
	}
	head, err := c.ints(2, what)
	if err != nil {
		return err
	}
	if head[0] != 4 {
		return damaged("value labels are not followed by their variables")
	}
	if l.slots, err = c.ints(int64(head[1]), what); err != nil {
		return err
	}
	d.labels = append(d.labels, l)
	return nil
}
