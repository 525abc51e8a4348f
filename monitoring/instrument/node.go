package instrument

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"waymark/internal/fault"
)

// yamlReader reads a YAML document strictly and keeps the place of each part,
// so that all faults can be told at once, each with line and column.
type yamlReader struct {
	at     fault.Place
	faults *fault.List
}

// The bounds of instrument.yaml, far above what an instrument needs: the parser
// takes more than linear time and stack for what is nested deeper. The
// built-in files have under 20 KiB and 4 levels.
const (
	maxYAMLBytes  = 1 << 20
	maxYAMLIndent = 80 // signs before the first word of a line
	maxYAMLFlow   = 32 // brackets open at once
)

// bounded says whether a document is within the bounds; if not, it reports it.
func (r *yamlReader) bounded(data []byte) bool {
	at := r.at
	if len(data) > maxYAMLBytes {
		r.faults.Addf(fault.Invalid, at, "keep the questions in survey.csv and the codes in choices.csv", "the file has %d bytes; it may have %d", len(data), maxYAMLBytes)
		return false
	}
	row, column, flow, leading := 1, 0, 0, true
	for _, c := range data {
		column++
		switch c {
		case '\n':
			row, column, leading = row+1, 0, true
			continue
		case '[', '{':
			flow++
		case ']', '}':
			flow = max(0, flow-1)
		}
		leading = leading && bytes.IndexByte([]byte(" -?:\t"), c) >= 0
		if leading && column > maxYAMLIndent || flow > maxYAMLFlow {
			at.Row, at.Column = row, column
			r.faults.Addf(fault.Invalid, at, "an instrument has few levels", "the file is nested too deep here")
			return false
		}
	}
	return true
}

// root parses a document of one mapping. It returns nil after a fault.
func (r *yamlReader) root(data []byte) ast.Node {
	if !r.bounded(data) {
		return nil
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		at := r.at
		message := "the file cannot be read as YAML"
		if e, ok := err.(yaml.Error); ok {
			message += ": " + e.GetMessage()
			if token := e.GetToken(); token != nil && token.Position != nil {
				at.Row, at.Column = token.Position.Line, token.Position.Column
			}
		}
		r.faults.Add(fault.New(fault.Invalid, at, message, "check the indentation, and put texts with special signs in quotes"))
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		r.faults.Addf(fault.Invalid, r.at, "write one document", "the file has %d documents with content, not one", len(file.Docs))
		return nil
	}
	return file.Docs[0].Body
}

// place is the line and column of a node.
func (r *yamlReader) place(n ast.Node) fault.Place {
	at := r.at
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		at.Row, at.Column = n.GetToken().Position.Line, n.GetToken().Position.Column
	}
	return at
}

func (r *yamlReader) fault(n ast.Node, remedy, format string, args ...any) {
	r.faults.Addf(fault.Invalid, r.place(n), remedy, format, args...)
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	node  ast.Node // of the key
	value ast.Node
}

// entries lists a mapping in order.
func (r *yamlReader) entries(n ast.Node, what string) []entry {
	m, ok := n.(ast.MapNode)
	if !ok {
		r.fault(n, "write it as key: value lines", "%s is not a mapping", what)
		return nil
	}
	var list []entry
	for it := m.MapRange(); it.Next(); {
		list = append(list, entry{it.Key().String(), it.Key(), it.Value()})
		if s, ok := it.Key().(*ast.StringNode); ok {
			list[len(list)-1].key = s.Value
		}
	}
	return list
}

// fields reads a mapping whose keys are all known; an unknown one is a fault.
func (r *yamlReader) fields(n ast.Node, what string, known ...string) map[string]ast.Node {
	fields := map[string]ast.Node{}
	for _, e := range r.entries(n, what) {
		if !slices.Contains(known, e.key) {
			remedy := "the keys are: " + strings.Join(known, ", ")
			if near := fault.Nearest(e.key, known); near != "" {
				remedy = "did you mean " + near + "?"
			}
			r.fault(e.node, remedy, "%s has no key %q", what, e.key)
			continue
		}
		fields[e.key] = e.value
	}
	return fields
}

// text reads a scalar as it is written; an absent node is "".
func (r *yamlReader) text(n ast.Node, what string) string {
	switch v := n.(type) {
	case nil, *ast.NullNode:
		return ""
	case *ast.StringNode:
		return strings.TrimSpace(v.Value)
	case *ast.LiteralNode:
		return strings.TrimSpace(v.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value
	}
	r.fault(n, "write one value; anchors and aliases are not used here", "%s is not a text", what)
	return ""
}

// number reads a number, or nil if the node is absent.
func (r *yamlReader) number(n ast.Node, what string) *float64 {
	if n == nil {
		return nil
	}
	text := r.text(n, what)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v != v || v-v != 0 {
		r.fault(n, "write a number such as 14 or 0.5", "%s is %q, not a number", what, text)
		return nil
	}
	return &v
}

// truth reads true or false; absent is false.
func (r *yamlReader) truth(n ast.Node, what string) bool {
	if n == nil {
		return false
	}
	if b, ok := n.(*ast.BoolNode); ok {
		return b.Value
	}
	r.fault(n, "write true or false", "%s is neither true nor false", what)
	return false
}

// list reads a sequence; absent is empty.
func (r *yamlReader) list(n ast.Node, what string) []ast.Node {
	switch v := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		return v.Values
	}
	r.fault(n, "write it as a list: [a, b]", "%s is not a list", what)
	return nil
}

// translated reads a text in several languages, or a bare text in the default one.
func (r *yamlReader) translated(n ast.Node, what, defaultLanguage string) Text {
	if n == nil {
		return nil
	}
	if _, ok := n.(ast.MapNode); !ok {
		if s := r.text(n, what); s != "" {
			return Text{defaultLanguage: s}
		}
		return nil
	}
	t := Text{}
	for _, e := range r.entries(n, what) {
		if s := r.text(e.value, fmt.Sprintf("%s in %q", what, e.key)); s != "" {
			t[e.key] = s
		}
	}
	return t
}
