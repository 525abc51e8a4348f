package xform

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// table collects rows as root/item.
type table struct {
	builder
	doc, root *xpath.Node
}

func newTable() *table {
	t := &table{}
	t.doc, t.root = t.node(), t.node()
	t.doc.Kind = xpath.Document
	t.root.Name, t.root.Parent = "root", t.doc
	t.doc.Children = []*xpath.Node{t.root}
	return t
}

func (t *table) item() *xpath.Node {
	n := t.node()
	n.Name, n.Parent = "item", t.root
	t.root.Children = append(t.root.Children, n)
	return n
}

func (t *table) field(item *xpath.Node, name, value string) {
	n := t.node()
	n.Name, n.Value, n.Parent = name, value, item
	item.Children = append(item.Children, n)
}

func readCSV(data []byte) (*xpath.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	if head, _, _ := bytes.Cut(data, []byte("\n")); bytes.IndexByte(head, ';') >= 0 {
		r.Comma = ';'
	}
	header, err := r.Read()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{Row: 1}, "the file has no header", "name the columns in the first row", err)
	}
	t := newTable()
	cells := len(header)
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t.doc, nil
		}
		if err != nil {
			line, column := r.FieldPos(0)
			return nil, fault.Wrap(fault.Invalid, fault.Place{Row: line, Column: column}, "the row cannot be read", "are its quotation marks closed?", err)
		}
		if cells += len(header); cells > MaxElements {
			return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the file has more than %d cells", MaxElements), "leave out the columns that the form does not use")
		}
		item := t.item()
		for i, name := range header {
			value := ""
			if i < len(row) {
				value = row[i]
			}
			t.field(item, name, value)
		}
	}
}
