package rule

import (
	"bytes"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"waymark/internal/fault"
)

// The bounds of one rule file, far above what one needs: the parser takes more
// than linear time and stack for what is nested deeper.
const (
	maxFileBytes = 512 << 10
	maxIndent    = 60 // signs before the first word of a line
	maxFlow      = 16 // brackets open at once
	maxList      = 2000
)

// reader reads a YAML file strictly into structs by their "rule" tags and
// keeps the place of each part, so that all faults are told at once.
//
// A tag is `rule:"key,required"`, `rule:",inline"` for an embedded struct, or
// `rule:"-"`. A field At of type fault.Place gets the struct's place. A list of
// texts may be written as one text, a Text as a bare English text, a Condition
// as one map.
type reader struct {
	file   string
	faults *fault.List
}

func (r *reader) fault(n ast.Node, remedy, format string, args ...any) {
	r.faults.Addf(fault.Invalid, r.place(n), remedy, format, args...)
}

// place is the line and column of a node.
func (r *reader) place(n ast.Node) fault.Place {
	at := fault.Place{File: r.file}
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key // the token of a block mapping is its first colon
	} else if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		at.Row, at.Column = n.GetToken().Position.Line, n.GetToken().Position.Column
	}
	return at
}

// read fills into, a pointer to a struct, from a file's bytes.
func (r *reader) read(data []byte, into any) {
	root := r.root(data)
	if root == nil {
		return
	}
	r.value(root, reflect.ValueOf(into).Elem(), "the file")
}

// root parses a document of one mapping, or returns nil after a fault.
func (r *reader) root(data []byte) ast.Node {
	if !r.bounded(data) {
		return nil
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		at := fault.Place{File: r.file}
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
		r.faults.Addf(fault.Invalid, fault.Place{File: r.file}, "write one document", "the file has %d documents with content, not one", len(file.Docs))
		return nil
	}
	return file.Docs[0].Body
}

func (r *reader) bounded(data []byte) bool {
	at := fault.Place{File: r.file}
	if len(data) > maxFileBytes {
		r.faults.Addf(fault.Invalid, at, "", "the file has %d bytes; it may have %d", len(data), maxFileBytes)
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
		if leading && column > maxIndent || flow > maxFlow {
			at.Row, at.Column = row, column
			r.faults.Addf(fault.Invalid, at, "rules have few levels", "the file is nested too deep here")
			return false
		}
	}
	return true
}

type entry struct {
	key   string
	node  ast.Node // of the key
	value ast.Node
}

func (r *reader) entries(n ast.Node, what string) []entry {
	m, ok := n.(ast.MapNode)
	if !ok {
		r.fault(n, "write it as key: value lines", "%s is not a mapping", what)
		return nil
	}
	var list []entry
	for it := m.MapRange(); it.Next(); {
		e := entry{it.Key().String(), it.Key(), it.Value()}
		if s, ok := it.Key().(*ast.StringNode); ok {
			e.key = s.Value
		}
		if slices.ContainsFunc(list, func(o entry) bool { return o.key == e.key }) {
			r.fault(e.node, "leave one", "the key %q is there twice", e.key)
			continue
		}
		list = append(list, e)
	}
	if len(list) > maxList {
		r.fault(n, "", "%s has %d keys; it may have %d", what, len(list), maxList)
		return nil
	}
	return list
}

var (
	textType      = reflect.TypeFor[Text]()
	dateType      = reflect.TypeFor[Date]()
	placeType     = reflect.TypeFor[fault.Place]()
	conditionType = reflect.TypeFor[Condition]()
)

// value reads a node into a value of any type that rules have.
func (r *reader) value(n ast.Node, v reflect.Value, what string) {
	switch v.Type() {
	case textType:
		r.translated(n, v, what)
		return
	case dateType:
		r.date(n, v, what)
		return
	case conditionType:
		if _, ok := n.(ast.MapNode); ok {
			one := reflect.New(conditionType.Elem()).Elem()
			r.value(n, one, what)
			v.Set(reflect.Append(v, one))
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(n, v.Elem(), what)
	case reflect.Struct:
		r.fields(n, v, what)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, e := range r.entries(n, what) {
			one := reflect.New(v.Type().Elem()).Elem()
			r.value(e.value, one, e.key)
			v.SetMapIndex(reflect.ValueOf(e.key).Convert(v.Type().Key()), one)
		}
	case reflect.Slice:
		r.list(n, v, what)
	case reflect.String:
		v.SetString(r.text(n, what))
	case reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			r.fault(n, "write true or false", "%s is neither true nor false", what)
			return
		}
		v.SetBool(b.Value)
	case reflect.Int:
		text := r.text(n, what)
		i, err := strconv.Atoi(text)
		if err != nil || i < -1_000_000 || i > 1_000_000 {
			r.fault(n, "write a whole number", "%s is no whole number that rules use", what)
			return
		}
		v.SetInt(int64(i))
	}
}

// fields reads a mapping into a struct; an unknown key is a fault, and so is a
// required one that is missing or empty.
func (r *reader) fields(n ast.Node, v reflect.Value, what string) {
	entries := r.entries(n, what)
	if entries == nil {
		if _, ok := n.(ast.MapNode); !ok {
			return
		}
	}
	known := map[string]reflect.Value{}
	var names, required []string
	var collect func(v reflect.Value)
	collect = func(v reflect.Value) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Name == "At" && f.Type == placeType {
				v.Field(i).Set(reflect.ValueOf(r.place(n)))
				continue
			}
			tag, ok := f.Tag.Lookup("rule")
			if !ok || tag == "-" {
				continue
			}
			name, option, _ := strings.Cut(tag, ",")
			if option == "inline" {
				collect(v.Field(i))
				continue
			}
			known[name] = v.Field(i)
			names = append(names, name)
			if option == "required" {
				required = append(required, name)
			}
		}
	}
	collect(v)
	if len(entries) > 0 && entries[0].key == "id" {
		what += " " + entries[0].value.String()
	}
	present := map[string]bool{}
	for _, e := range entries {
		field, ok := known[e.key]
		if !ok {
			remedy := "the keys are: " + strings.Join(names, ", ")
			if near := fault.Nearest(e.key, names); near != "" {
				remedy = "did you mean " + near + "?"
			}
			r.fault(e.node, remedy, "%s has no key %q", clip(what), clip(e.key))
			continue
		}
		if _, null := e.value.(*ast.NullNode); null || e.value == nil {
			continue
		}
		before := r.faults.Len()
		r.value(e.value, field, e.key)
		present[e.key] = r.faults.Len() > before || !field.IsZero() || field.Type() == dateType
	}
	for _, name := range required {
		if !present[name] {
			r.fault(n, "", "%s has no %s", clip(what), name)
		}
	}
}

// clip keeps what a file says short in messages.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "..."
	}
	return s
}

func (r *reader) list(n ast.Node, v reflect.Value, what string) {
	var nodes []ast.Node
	switch s := n.(type) {
	case *ast.SequenceNode:
		nodes = s.Values
	default:
		if k := v.Type().Elem().Kind(); k != reflect.String {
			r.fault(n, "write it as a list", "%s is not a list", what)
			return
		}
		nodes = []ast.Node{n}
	}
	if len(nodes) > maxList {
		r.fault(n, "", "%s has %d entries; it may have %d", what, len(nodes), maxList)
		return
	}
	for _, one := range nodes {
		item := reflect.New(v.Type().Elem()).Elem()
		if _, null := one.(*ast.NullNode); null || one == nil {
			r.fault(n, "take it away", "%s has an empty entry", what)
			continue
		}
		before := r.faults.Len()
		r.value(one, item, strings.TrimSuffix(what, "s"))
		if item.Kind() == reflect.String && item.String() == "" && r.faults.Len() == before {
			r.fault(one, "take it away", "%s has an empty entry", what)
		}
		v.Set(reflect.Append(v, item))
	}
}

// text reads a scalar as it is written.
func (r *reader) text(n ast.Node, what string) string {
	switch v := n.(type) {
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

func (r *reader) translated(n ast.Node, v reflect.Value, what string) {
	t := Text{}
	if _, ok := n.(ast.MapNode); !ok {
		t["en"] = r.text(n, what)
	} else {
		for _, e := range r.entries(n, what) {
			if !languageForm().MatchString(e.key) {
				r.fault(e.node, "write a code such as en or ar", "%q is no language", clip(e.key))
				continue
			}
			t[e.key] = r.text(e.value, what+" in "+e.key)
		}
	}
	for language, s := range t {
		if s == "" {
			r.fault(n, "", "%s has no text in %s", what, language)
		}
		if len(s) > 8000 {
			r.fault(n, "shorten it", "%s is too long", what)
		}
	}
	if _, ok := t["en"]; !ok {
		r.fault(n, "write it in English too", "%s has no text in en", what)
	}
	v.Set(reflect.ValueOf(t))
}

// date reads a day; "unknown" is no day.
func (r *reader) date(n ast.Node, v reflect.Value, what string) {
	s := r.text(n, what)
	if s == "unknown" || s == "" {
		return
	}
	d, err := ParseDate(s)
	if err != nil {
		r.fault(n, "write YYYY-MM-DD, or unknown", "%s is no day of the calendar", what)
		return
	}
	v.Set(reflect.ValueOf(d))
}
