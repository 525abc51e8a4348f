package dta

import (
	"encoding/binary"
	"fmt"

	"waymark/internal/fault"
)

// openOld reads the description of formats 113 to 115.
func (f *File) openOld(c *cursor) error {
	b, err := c.bytes(4, "the header")
	if err != nil {
		return err
	}
	f.Version = int(b[0])
	known := false
	if f.layout, known = layouts[f.Version]; !known || f.layout.tagged {
		return unknownVersion(f.Version)
	}
	switch b[1] {
	case 1:
		f.BigEndian, f.layout.order = true, binary.BigEndian
	case 2:
		f.layout.order = binary.LittleEndian
	default:
		return damaged("its byte order is neither of the two")
	}
	c.order = f.layout.order
	variables, err := c.unsigned(2, "the header")
	if err != nil {
		return err
	}
	rows, err := c.unsigned(4, "the header")
	if err != nil {
		return err
	}
	if err := f.count(variables, rows); err != nil {
		return err
	}
	if b, err = c.bytes(int64(f.layout.data), "the header"); err != nil {
		return err
	}
	f.Label = f.text(b)
	if b, err = c.bytes(18, "the header"); err != nil {
		return err
	}
	f.Stamp = f.text(b)
	if b, err = c.bytes(int64(variables), "the types of the variables"); err != nil {
		return err
	}
	for i, code := range b {
		v := &f.Variables[i]
		switch {
		case code >= 251:
			v.Type = Type(code - 250)
			v.Width = numberWidth[v.Type]
		case code >= 1 && code <= 244:
			v.Type, v.Width = Str, int(code)
		default:
			return damaged("variable %d has the type %d, which does not exist", i+1, code)
		}
	}
	if err := f.place(); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.name, "the names", (*Variable).setName); err != nil {
		return err
	}
	if err := c.skip(int64(f.layout.sort)*int64(variables+1), "the sort order"); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.format, "the formats", (*Variable).setFormat); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.name, "the names of value labels", (*Variable).setLabelSet); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.label, "the variable labels", (*Variable).setLabel); err != nil {
		return err
	}
	for {
		b, err := c.bytes(1, "the expansion fields")
		if err != nil {
			return err
		}
		kind := b[0]
		n, err := c.unsigned(4, "the expansion fields")
		if err != nil {
			return err
		}
		if kind == 0 && n == 0 {
			break
		}
		if err := c.skip(int64(n), "the expansion fields"); err != nil {
			return err
		}
	}
	f.data = c.at
	if err := f.checkRoom(); err != nil {
		return err
	}
	after := newCursor(f.r, f.data+f.Rows*int64(f.width), f.size, f.layout.order)
	for after.at < f.size {
		n, err := after.unsigned(4, "the value labels")
		if err != nil {
			return err
		}
		if err := f.labelTable(after, int64(n)); err != nil {
			return err
		}
	}
	return nil
}

// checkRoom holds the number of rows against the bytes that there are.
func (f *File) checkRoom() error {
	if f.Rows > (f.size-f.data)/int64(f.width) {
		return damaged("it says that it has %d observations, and ends before the last", f.Rows)
	}
	return nil
}

func unknownVersion(version int) error {
	return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("this is a Stata file of format %d, which is not read", version),
		"in Stata: save it again with saveold or save; formats 113 to 115 and 117 to 119 are read")
}
