package enginetest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"waymark/forms/xform"
)

// entry is one element of a document: its path without positions, and its text
// if it holds no elements.
type entry struct{ path, value string }

// flat lists the elements of a document in order, by local name.
func flat(data []byte) ([]entry, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var list []entry
	var open []int
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			path := "/" + token.Name.Local
			if len(open) > 0 {
				path = list[open[len(open)-1]].path + path
			}
			open = append(open, len(list))
			list = append(list, entry{path: path})
		case xml.CharData:
			if len(open) > 0 {
				list[open[len(open)-1]].value += string(token)
			}
		case xml.EndElement:
			last := &list[open[len(open)-1]]
			last.value = strings.TrimSpace(last.value)
			open = open[:len(open)-1]
		}
	}
}

func at(list []entry, i int) entry {
	if i < len(list) {
		return list[i]
	}
	return entry{path: "nothing"}
}

// without takes the positions out of a path.
func without(path string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(path, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}

// passing tells whether a value comes from the moment, the machine or chance, so
// that two fillings differ in it.
func passing(form *xform.Form, path string) bool {
	d := form.Node(without(path))
	if d == nil {
		return false
	}
	if d.Preload == "timestamp" || d.Preload == "date" || d.Preload == "uid" {
		return true
	}
	sources := []string{d.Calculate}
	for _, a := range form.Actions {
		if a.Ref == d.Path {
			sources = append(sources, a.Value)
		}
	}
	for _, source := range sources {
		for _, call := range []string{"now(", "random(", "uuid("} {
			if strings.Contains(source, call) {
				return true
			}
		}
		for _, other := range form.Nodes {
			if other.Preload != "" && other.Preload != "property" && strings.Contains(source, other.Path) {
				return true
			}
		}
	}
	return false
}

func typeOf(form *xform.Form, path string) string {
	if d := form.Node(path); d != nil {
		return d.Type
	}
	return ""
}

// alike tells whether two written values mean the same: numbers by value, times
// by moment, everything else letter by letter.
func alike(kind, a, b string) bool {
	if a == b {
		return true
	}
	switch kind {
	case "int", "decimal":
		x, err1 := strconv.ParseFloat(a, 64)
		y, err2 := strconv.ParseFloat(b, 64)
		return err1 == nil && err2 == nil && x == y
	case "dateTime":
		x, err1 := time.Parse(time.RFC3339, a)
		y, err2 := time.Parse(time.RFC3339, b)
		return err1 == nil && err2 == nil && x.Equal(y)
	case "geopoint", "geotrace", "geoshape":
		x, y := strings.FieldsFunc(a, space), strings.FieldsFunc(b, space)
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !alike("decimal", x[i], y[i]) {
				return false
			}
		}
		return true
	}
	return false
}

func space(r rune) bool { return r == ' ' || r == ';' }
