package monitoring

import (
	"errors"
	"reflect"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
)

// planLimit bounds a plan file, in bytes.
const planLimit = 1 << 20

// planFaults bounds the faults reported for one plan.
const planFaults = 50

// ReadPlan parses a plan for an instrument. It is strict: unknown keys, wrong
// types and names that the instrument does not have are faults with line and
// column, all at once. What the plan leaves out gets its documented default,
// and lists that it leaves out stay empty.
func ReadPlan(name string, data []byte, in *instrument.Instrument) (*Plan, error) {
	at := fault.Place{File: name}
	if len(data) > planLimit {
		return nil, fault.New(fault.Invalid, at, "the plan is larger than 1 MiB", "a plan is a short YAML file; `waymark brief --plan default` prints one")
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlFault(name, err)
	}
	p := &Plan{}
	faults := fault.NewList(planFaults)
	var root *ast.MappingNode
	for _, doc := range file.Docs {
		switch body := doc.Body.(type) {
		case *ast.MappingNode:
			root = body
		case *ast.MappingValueNode:
			root = &ast.MappingNode{Values: []*ast.MappingValueNode{body}}
		}
	}
	if root == nil {
		return nil, fault.New(fault.Invalid, at, "the plan has no keys", "`waymark brief --plan default > plan.yaml` writes one to edit")
	}
	fields := planFields(p)
	for _, pair := range root.Values {
		key := pair.Key.String()
		target, known := fields[key]
		if !known {
			place := at
			place.Row, place.Column, place.Field = pair.Key.GetToken().Position.Line, pair.Key.GetToken().Position.Column, key
			faults.Addf(fault.Invalid, place, "the keys are "+strings.Join(sortedKeys(fields), ", "), "unknown key")
			continue
		}
		if v := reflect.ValueOf(target).Elem(); v.Kind() == reflect.Pointer {
			v.Set(reflect.New(v.Type().Elem()))
			target = v.Interface()
		}
		if err := yaml.NodeToValue(pair.Value, target, yaml.DisallowUnknownField()); err != nil {
			faults.Add(yamlFault(name, err))
		}
	}
	if faults.Len() > 0 {
		return nil, faults
	}
	p.fillDefaults()
	if err := p.validate(in, &locator{file: file, name: name}); err != nil {
		return nil, err
	}
	return p, nil
}

func planFields(p *Plan) map[string]any {
	fields := map[string]any{}
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		fields[v.Type().Field(i).Tag.Get("yaml")] = v.Field(i).Addr().Interface()
	}
	return fields
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// yamlFault turns a YAML error into a fault with line and column.
func yamlFault(name string, err error) *fault.Fault {
	place := fault.Place{File: name}
	message := err.Error()
	var y yaml.Error
	if errors.As(err, &y) {
		message = y.GetMessage()
		if t := y.GetToken(); t != nil && t.Position != nil {
			place.Row, place.Column = t.Position.Line, t.Position.Column
		}
	}
	return fault.Wrap(fault.Invalid, place, message, "compare with `waymark brief --plan default`", err)
}

// locator finds the line and column of a path in a plan, such as
// "$.groups[1][0]"; a path that is not in the file has no position.
type locator struct {
	file *ast.File
	name string
}

func (l *locator) at(path, field string) fault.Place {
	place := fault.Place{File: l.name, Field: field}
	if l.file == nil {
		return place
	}
	p, err := yaml.PathString(path)
	if err != nil {
		return place
	}
	node, err := p.FilterFile(l.file)
	if err != nil || node == nil || node.GetToken() == nil {
		return place
	}
	pos := node.GetToken().Position
	place.Row, place.Column = pos.Line, pos.Column
	return place
}

// fillDefaults gives scalars that are zero their documented default.
func (p *Plan) fillDefaults() {
	if p.Version == 0 {
		p.Version = 1
	}
	if len(p.Languages) == 0 {
		p.Languages = []string{"en"}
	}
	if p.Confidence == 0 {
		p.Confidence = 0.95
	}
	if p.Interval == "" {
		p.Interval = "wilson"
	}
	if p.MinimumBase == 0 {
		p.MinimumBase = 30
	}
	if p.MaskBelow == 0 {
		p.MaskBelow = 10
	}
	if p.Design.LonelyPSU == "" {
		p.Design.LonelyPSU = "fail"
	}
	if p.Places.Top == 0 {
		p.Places.Top = 12
	}
	if p.Profile.Top == 0 {
		p.Profile.Top = 12
	}
	if p.Multiple.Method == "" {
		p.Multiple.Method = "holm"
	}
	if p.Multiple.Family == "" {
		p.Multiple.Family = "kind"
	}
	if p.Multiple.Level == 0 {
		p.Multiple.Level = 0.05
	}
	if w := p.Weighting; w != nil {
		if w.Method == "" {
			w.Method = "rake"
		}
		if w.Other == "" {
			w.Other = "OTH"
		}
		if w.MinimumCell == 0 {
			w.MinimumCell = 10
		}
	}
}
