package sav

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// extend takes the records that name variables by their long names: labels and
// missing values of long strings, attributes, multiple response sets. What is
// not understood there is left out: none of it changes a value.
func (f *File) extend(d *dictionary, order binary.ByteOrder) {
	byName := make(map[string]*Variable, len(f.Variables))
	byShort := make(map[string]string, len(f.Variables))
	for i := range f.Variables {
		byName[strings.ToUpper(f.Variables[i].Name)] = &f.Variables[i]
		byShort[strings.ToUpper(f.Variables[i].short)] = f.Variables[i].Name
	}
	for _, x := range d.extensions {
		switch x.subtype {
		case 7, 19:
			f.responseSets(x.data, byShort)
		case 18:
			f.attributes(x.data, byName)
		case 21:
			f.longLabels(&reader{b: x.data, order: order}, byName)
		case 22:
			f.longMissing(&reader{b: x.data, order: order}, byName)
		}
	}
}

func (f *File) longLabels(r *reader, byName map[string]*Variable) {
	for len(r.b) > 0 {
		v := byName[strings.ToUpper(f.string(r.bytes(r.int())))]
		r.int() // the width, which is known
		count := r.int()
		for i := 0; i < count && !r.short; i++ {
			value := strings.TrimRight(f.string(r.bytes(r.int())), " \x00")
			text := strings.TrimRight(f.string(r.bytes(r.int())), " \x00")
			if v != nil && v.Width > 0 && !r.short {
				v.Labels = append(v.Labels, Label{Value: value, Text: text})
			}
		}
	}
}

func (f *File) longMissing(r *reader, byName map[string]*Variable) {
	for len(r.b) > 0 {
		v := byName[strings.ToUpper(f.string(r.bytes(r.int())))]
		count := r.bytes(1)
		length := r.int()
		if count == nil {
			return
		}
		for i := 0; i < int(count[0]) && !r.short; i++ {
			value := strings.TrimRight(f.string(r.bytes(length)), " \x00")
			if v != nil && v.Width > 0 && !r.short {
				v.Missing.Texts = append(v.Missing.Texts, value)
			}
		}
	}
}

// attributes reads var:name('value'\n'value'\n)name(...)/var:...
func (f *File) attributes(data []byte, byName map[string]*Variable) {
	text := f.string(data)
	for text != "" {
		name, rest, ok := strings.Cut(text, ":")
		if !ok {
			return
		}
		v := byName[strings.ToUpper(name)]
		for text = rest; text != "" && text[0] != '/'; {
			attribute, rest, ok := strings.Cut(text, "(")
			if !ok {
				return
			}
			var values []string
			for strings.HasPrefix(rest, "'") {
				value, after, ok := strings.Cut(rest[1:], "'\n")
				if !ok {
					return
				}
				values, rest = append(values, value), after
			}
			if !strings.HasPrefix(rest, ")") {
				return
			}
			text = rest[1:]
			if v != nil {
				if v.Attributes == nil {
					v.Attributes = map[string][]string{}
				}
				v.Attributes[attribute] = values
			}
		}
		text = strings.TrimPrefix(text, "/")
	}
}

// responseSets reads lines such as "$a=C 7 a label q1 q2" and
// "$b=D1 1 7 a label q1 q2": the counted value of dichotomies, the label, each
// with its length before it, and the short names of the variables.
func (f *File) responseSets(data []byte, byShort map[string]string) {
	for line := range strings.SplitSeq(string(data), "\n") {
		name, rest, ok := strings.Cut(line, "=")
		if !ok || rest == "" {
			continue
		}
		s := Set{Name: f.string([]byte(name))}
		kind := rest[0]
		rest = rest[1:]
		if kind == 'E' { // a flag and a number stand before the counted value
			rest = strings.TrimPrefix(rest, " ")
			_, rest, _ = strings.Cut(rest, " ")
		}
		if kind == 'D' || kind == 'E' {
			_, rest = counted(rest)
		}
		var label string
		label, rest = counted(rest)
		s.Label = f.string([]byte(label))
		for word := range strings.FieldsSeq(rest) {
			word = f.string([]byte(word))
			if long := byShort[strings.ToUpper(word)]; long != "" {
				word = long
			}
			s.Variables = append(s.Variables, word)
		}
		f.Sets = append(f.Sets, s)
	}
}

// counted cuts "7 a label" from the beginning of a text.
func counted(text string) (value, rest string) {
	text = strings.TrimPrefix(text, " ")
	number, rest, ok := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 0 || n > len(rest) {
		return "", ""
	}
	return rest[:n], rest[n:]
}
