package dta

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// openTagged reads the description of formats 117 to 119.
func (f *File) openTagged(c *cursor) error {
	if err := f.header(c); err != nil {
		return err
	}
	if err := f.expectAll(c, "<map>"); err != nil {
		return err
	}
	// Everything can be found without the map: it is passed over.
	if err := c.skip(14*8, "<map>"); err != nil {
		return err
	}
	if err := f.expectAll(c, "</map>", "<variable_types>"); err != nil {
		return err
	}
	for i := range f.Variables {
		code, err := c.unsigned(2, "<variable_types>")
		if err != nil {
			return err
		}
		v := &f.Variables[i]
		switch {
		case code >= 1 && code <= 2045:
			v.Type, v.Width = Str, int(code)
		case code == 32768:
			v.Type, v.Width = StrL, 8
		case code >= 65526 && code <= 65530:
			v.Type = Type(65531 - code)
			v.Width = numberWidth[v.Type]
		default:
			return damaged("variable %d has the type %d, which does not exist", i+1, code)
		}
	}
	if err := f.place(); err != nil {
		return err
	}
	if err := f.expectAll(c, "</variable_types>", "<varnames>"); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.name, "<varnames>", (*Variable).setName); err != nil {
		return err
	}
	if err := f.expectAll(c, "</varnames>", "<sortlist>"); err != nil {
		return err
	}
	if err := c.skip(int64(f.layout.sort)*int64(len(f.Variables)+1), "<sortlist>"); err != nil {
		return err
	}
	if err := f.expectAll(c, "</sortlist>", "<formats>"); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.format, "<formats>", (*Variable).setFormat); err != nil {
		return err
	}
	if err := f.expectAll(c, "</formats>", "<value_label_names>"); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.name, "<value_label_names>", (*Variable).setLabelSet); err != nil {
		return err
	}
	if err := f.expectAll(c, "</value_label_names>", "<variable_labels>"); err != nil {
		return err
	}
	if err := f.texts(c, f.layout.label, "<variable_labels>", (*Variable).setLabel); err != nil {
		return err
	}
	if err := f.expectAll(c, "</variable_labels>"); err != nil {
		return err
	}
	if err := f.characteristics(c); err != nil {
		return err
	}
	if err := f.expectAll(c, "<data>"); err != nil {
		return err
	}
	f.data = c.at
	if err := f.checkRoom(); err != nil {
		return err
	}
	after := newCursor(f.r, f.data+f.Rows*int64(f.width), f.size, f.layout.order)
	if err := f.expectAll(after, "</data>"); err != nil {
		return err
	}
	if err := f.objects(after); err != nil {
		return err
	}
	return f.valueLabels(after)
}

func (f *File) expectAll(c *cursor, tags ...string) error {
	for _, tag := range tags {
		if err := c.expect(tag); err != nil {
			return err
		}
	}
	return nil
}

func (f *File) header(c *cursor) error {
	if err := f.expectAll(c, opening, "<header>", "<release>"); err != nil {
		return err
	}
	b, err := c.bytes(3, "<release>")
	if err != nil {
		return err
	}
	f.Version, _ = strconv.Atoi(string(b)) // 0 is no version
	known := false
	if f.layout, known = layouts[f.Version]; !known || !f.layout.tagged {
		return unknownVersion(f.Version)
	}
	if err := f.expectAll(c, "</release>", "<byteorder>"); err != nil {
		return err
	}
	if b, err = c.bytes(3, "<byteorder>"); err != nil {
		return err
	}
	switch string(b) {
	case "LSF":
		f.layout.order = binary.LittleEndian
	case "MSF":
		f.BigEndian, f.layout.order = true, binary.BigEndian
	default:
		return damaged("its byte order is neither LSF nor MSF")
	}
	c.order = f.layout.order
	if err := f.expectAll(c, "</byteorder>", "<K>"); err != nil {
		return err
	}
	variables, err := c.unsigned(f.layout.variables, "<K>")
	if err != nil {
		return err
	}
	if err := f.expectAll(c, "</K>", "<N>"); err != nil {
		return err
	}
	rows, err := c.unsigned(f.layout.rows, "<N>")
	if err != nil {
		return err
	}
	if err := f.count(variables, rows); err != nil {
		return err
	}
	if err := f.expectAll(c, "</N>", "<label>"); err != nil {
		return err
	}
	if f.Label, err = f.counted(c, f.layout.labelLen, "<label>"); err != nil {
		return err
	}
	if err := f.expectAll(c, "</label>", "<timestamp>"); err != nil {
		return err
	}
	if f.Stamp, err = f.counted(c, 1, "<timestamp>"); err != nil {
		return err
	}
	return f.expectAll(c, "</timestamp>", "</header>")
}

// counted reads a text with its length before it.
func (f *File) counted(c *cursor, lengthBytes int, what string) (string, error) {
	n, err := c.unsigned(lengthBytes, what)
	if err != nil {
		return "", err
	}
	b, err := c.bytes(int64(n), what)
	if err != nil {
		return "", err
	}
	return f.text(b), nil
}

// tag reads one of two tags of different first letters after "<", and says
// whether it was the first.
func (c *cursor) tag(first, second string) (bool, error) {
	b, err := c.r.Peek(len(first))
	if err == nil && string(b) == first {
		return true, c.expect(first)
	}
	return false, c.expect(second)
}

// maxCharacteristic bounds a characteristic's text: Stata's own bound is 67,784.
const maxCharacteristic = 1 << 20

func (f *File) characteristics(c *cursor) error {
	if err := c.expect("<characteristics>"); err != nil {
		return err
	}
	index := make(map[string]*Variable, len(f.Variables))
	for i := range f.Variables {
		index[f.Variables[i].Name] = &f.Variables[i]
	}
	for {
		one, err := c.tag("<ch>", "</characteristics>")
		if err != nil || !one {
			return err
		}
		n, err := c.unsigned(4, "<ch>")
		if err != nil {
			return err
		}
		names := 2 * f.layout.name
		switch {
		case n > uint64(names+maxCharacteristic): // not one of ours, and of no use
			err = c.skip(int64(n), "<ch>")
		case n < uint64(names):
			err = damaged("a characteristic is too short")
		default:
			var b []byte
			if b, err = c.bytes(int64(n), "<ch>"); err == nil {
				if v := index[f.text(b[:f.layout.name])]; v != nil {
					if v.Characteristics == nil {
						v.Characteristics = map[string]string{}
					}
					v.Characteristics[f.text(b[f.layout.name:names])] = f.text(b[names:])
				}
			}
		}
		if err != nil {
			return err
		}
		if err := c.expect("</ch>"); err != nil {
			return err
		}
	}
}

func (f *File) valueLabels(c *cursor) error {
	if err := c.expect("<value_labels>"); err != nil {
		return err
	}
	for {
		one, err := c.tag("<lbl>", "</value_labels>")
		if err != nil {
			return err
		}
		if !one {
			return c.expect("</stata_dta>")
		}
		n, err := c.unsigned(4, "<lbl>")
		if err != nil {
			return err
		}
		if err := f.labelTable(c, int64(n)); err != nil {
			return err
		}
		if err := c.expect("</lbl>"); err != nil {
			return err
		}
	}
}

// labelTable reads one set of value labels whose table has n bytes.
func (f *File) labelTable(c *cursor, n int64) error {
	const what = "the value labels"
	b, err := c.bytes(int64(f.layout.name)+3, what)
	if err != nil {
		return err
	}
	name := f.text(b[:f.layout.name])
	if b, err = c.bytes(n, what); err != nil {
		return err
	}
	if n < 8 {
		return damaged("a table of value labels is too short")
	}
	order := f.layout.order
	entries, length := int64(order.Uint32(b)), int64(order.Uint32(b[4:]))
	if entries > (n-8)/8 || length > n-8-8*entries {
		return damaged("a table of value labels is longer than its bytes")
	}
	offsets, values, texts := b[8:], b[8+4*entries:], b[8+8*entries:]
	texts = texts[:length]
	// Texts may not overlap: else a small file could ask for much memory.
	room := length
	labels := make([]Label, 0, entries)
	for i := range entries {
		from := int64(order.Uint32(offsets[4*i:]))
		if from >= length {
			return damaged("a value label has no text")
		}
		text := texts[from:]
		if end := bytes.IndexByte(text, 0); end >= 0 {
			text = text[:end]
		}
		if room -= int64(len(text)) + 1; room < -1 {
			return damaged("the texts of value labels overlap")
		}
		l := Label{Value: int32(order.Uint32(values[4*i:])), Text: string(f.decode(text))}
		if l.Value > maxLong {
			l.Mark = uint8(l.Value - maxLong)
		}
		labels = append(labels, l)
	}
	f.Labels[name] = labels
	return nil
}
