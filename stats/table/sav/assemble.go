package sav

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
)

// veryLong is the part of a very long string that each of its segments but the
// last stands for; segment is how many bytes such a segment has.
const (
	veryLong = 252
	segment  = 255
	// maxSegments is how many segments the widest string has.
	maxSegments = (maxWidth + veryLong - 1) / veryLong
	// maxWidth is the widest string, in bytes.
	maxWidth = 32_767
)

func (f *File) order() binary.ByteOrder {
	if f.BigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// assemble makes the variables of the records.
func (f *File) assemble(d *dictionary, weight int32) error {
	f.chooseCharset(d)
	f.Label = strings.TrimSpace(f.string([]byte(f.Label)))
	f.Product = strings.TrimSpace(strings.TrimPrefix(f.string([]byte(f.Product)), "@(#)"))
	order := f.order()
	bySlot := make([]int, len(d.slots)) // variable + 1
	byShort := map[string]int{}
	for i := 0; i < len(d.slots); {
		s := &d.slots[i]
		if s.width < 0 {
			return damaged("a string continues that has not begun")
		}
		if len(f.Variables) > maxSegments*f.limits.Columns {
			return beyond("the file has more than %d variables, which are the most that are read", f.limits.Columns)
		}
		v := Variable{short: strings.TrimRight(f.string(s.name), " \x00"), Width: int(s.width), Label: strings.TrimRight(f.string(s.label), " \x00"),
			Format: Format{Type: uint8(s.print >> 16), Width: uint8(s.print >> 8), Decimals: uint8(s.print)}}
		v.Name = v.short
		slots := 1
		if s.width > 0 {
			slots = (int(s.width) + 7) / 8
		}
		if i+slots > len(d.slots) {
			return damaged("a string is longer than its records")
		}
		for _, more := range d.slots[i+1 : i+slots] {
			if more.width >= 0 {
				return damaged("a string is longer than its records")
			}
		}
		v.parts = []part{{8 * i, int(s.width)}}
		f.declareMissing(&v, s, order)
		if int(weight) == i+1 && s.width == 0 {
			f.Weight = v.short
		}
		byShort[strings.ToUpper(v.short)] = len(f.Variables)
		bySlot[i] = len(f.Variables) + 1
		f.Variables = append(f.Variables, v)
		i += slots
	}
	if err := f.joinSegments(d, byShort); err != nil {
		return err
	}
	f.labelValues(d, bySlot, order)
	f.describe(d, order)
	f.rename(d, byShort)
	f.extend(d, order)
	kept := f.Variables[:0]
	for i := range f.Variables {
		if !f.Variables[i].hidden {
			kept = append(kept, f.Variables[i])
		}
	}
	f.Variables = kept
	if len(kept) > f.limits.Columns {
		return beyond("the file has %d variables; at most %d are read", len(kept), f.limits.Columns)
	}
	return nil
}

func (f *File) declareMissing(v *Variable, s *slot, order binary.ByteOrder) {
	n := int(max(s.missing, -s.missing))
	first := 0
	if s.missing < 0 && s.width == 0 {
		v.Missing.Range = true
		v.Missing.Low, v.Missing.Top = float(s.values, order), float(s.values[8:], order)
		first = 2
	}
	for i := first; i < n; i++ {
		if s.width == 0 {
			v.Missing.Numbers = append(v.Missing.Numbers, float(s.values[8*i:], order))
		} else {
			v.Missing.Texts = append(v.Missing.Texts, strings.TrimRight(f.string(s.values[8*i:8*i+8]), " \x00"))
		}
	}
}

// joinSegments makes one variable of the segments of each very long string.
func (f *File) joinSegments(d *dictionary, byShort map[string]int) error {
	for _, x := range d.extensions {
		if x.subtype != 14 {
			continue
		}
		for entry := range bytes.SplitSeq(x.data, []byte{'\t'}) {
			name, text, ok := strings.Cut(strings.TrimRight(f.string(entry), "\x00"), "=")
			if !ok {
				continue
			}
			width, err := strconv.Atoi(strings.TrimRight(text, "\x00"))
			first, known := byShort[strings.ToUpper(name)]
			if err != nil || !known || width <= segment || width > maxWidth {
				return damaged("a very long string is described wrongly")
			}
			count := (width + veryLong - 1) / veryLong
			if first+count > len(f.Variables) {
				return damaged("a very long string has fewer parts than its width needs")
			}
			left := width
			var parts []part
			for i, p := range f.Variables[first : first+count] {
				if len(p.parts) != 1 || p.hidden || p.Width == 0 || i < count-1 && p.Width != segment {
					return damaged("a very long string has a part of another width")
				}
				n := min(left, p.parts[0].width)
				parts = append(parts, part{p.parts[0].at, n})
				left -= n
				if i > 0 {
					f.Variables[first+i].hidden = true
				}
			}
			f.Variables[first].parts, f.Variables[first].Width = parts, width
		}
	}
	return nil
}

func (f *File) labelValues(d *dictionary, bySlot []int, order binary.ByteOrder) {
	for _, l := range d.labels {
		var numbers, texts []Label
		for _, s := range l.slots {
			if s < 1 || int(s) > len(bySlot) || bySlot[s-1] == 0 {
				continue
			}
			v := &f.Variables[bySlot[s-1]-1]
			if v.Width == 0 {
				if numbers == nil {
					for _, p := range l.values {
						numbers = append(numbers, Label{Number: float(p[0], order), Text: strings.TrimRight(f.string(p[1]), " \x00")})
					}
				}
				v.Labels = numbers
			} else {
				if texts == nil {
					for _, p := range l.values {
						texts = append(texts, Label{Value: strings.TrimRight(f.string(p[0]), " \x00"), Text: strings.TrimRight(f.string(p[1]), " \x00")})
					}
				}
				v.Labels = texts
			}
		}
	}
}

// describe takes the measurement levels: of each variable, hidden ones
// included, two or three numbers.
func (f *File) describe(d *dictionary, order binary.ByteOrder) {
	for _, x := range d.extensions {
		if x.subtype != 11 {
			continue
		}
		n := ints(x.data, order)
		each := 0
		if count := len(f.Variables); len(n) == 3*count {
			each = 3
		} else if len(n) == 2*count {
			each = 2
		}
		for i := 0; each > 0 && i < len(f.Variables); i++ {
			if m := int(n[each*i]); m >= 0 && m <= 3 {
				f.Variables[i].Measure, f.Variables[i].Measured = m, true
			}
		}
	}
}

// rename gives the variables their long names.
func (f *File) rename(d *dictionary, byShort map[string]int) {
	for _, x := range d.extensions {
		if x.subtype != 13 {
			continue
		}
		for entry := range strings.SplitSeq(f.string(x.data), "\t") {
			short, long, ok := strings.Cut(entry, "=")
			if i, known := byShort[strings.ToUpper(short)]; ok && known && strings.TrimSpace(long) != "" {
				f.Variables[i].Name = strings.TrimRight(long, " \x00")
			}
		}
	}
	for i := range f.Variables {
		if v := &f.Variables[i]; v.short == f.Weight && f.Weight != "" {
			f.Weight = v.Name
			break
		}
	}
}
