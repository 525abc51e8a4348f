package access

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"

	"waymark/internal/fault"
)

// checker holds policies against the schema and the lists of roles and actions.
type checker struct{ types *validate.Validator }

func newChecker(folder fs.FS) (*checker, error) {
	const name = "schema.cedarschema"
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, err
	}
	var whole strings.Builder
	whole.Write(text)
	for _, a := range Actions {
		fmt.Fprintf(&whole, "action %q appliesTo { principal: [Account, Phone, Visitor], resource: [System, Programme], context: Facts };\n", a)
	}
	var s schema.Schema
	s.SetFilename(name)
	if err := s.UnmarshalCedar([]byte(whole.String())); err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{File: name}, "this is not a schema of Cedar", err.Error(), err)
	}
	resolved, err := s.Resolve()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{File: name}, "the schema does not hold together", err.Error(), err)
	}
	return &checker{types: validate.New(resolved)}, nil
}

// policy says what is wrong with one policy.
func (c *checker) policy(id string, policy *cedar.Policy) *fault.List {
	faults := fault.NewList(0)
	at := fault.Place{File: policy.Position().Filename, Row: policy.Position().Line, Field: id}
	// The validator speaks only of types: which roles there are is ours to check.
	for _, e := range entitiesOf(policy) {
		switch e.Type {
		case "Action":
			if !slices.Contains(Actions, Action(e.ID)) {
				faults.Addf(fault.Invalid, at, "name one of the list of actions", "there is no action %q", e.ID)
			}
		case "Role":
			if !slices.Contains(Roles, Role(e.ID)) && Role(e.ID) != Tour {
				faults.Addf(fault.Invalid, at, "name one of the list of roles", "there is no role %q", e.ID)
			}
		default:
			faults.Addf(fault.Invalid, at, "policies name roles and actions, never a person or a programme", "a policy names one %s", e.Type)
		}
	}
	if err := c.types.Policy(id, (*ast.Policy)(policy.AST())); err != nil {
		faults.Add(fault.Wrap(fault.Invalid, at, "the policy does not fit the schema", err.Error(), err))
	}
	return faults
}

// entity is how Cedar's JSON names one.
type entity struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// entitiesOf lists the entities that a policy names anywhere.
func entitiesOf(policy *cedar.Policy) []entity {
	var tree any
	decode(policy, &tree)
	var found []entity
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			typ, isType := v["type"].(string)
			id, isID := v["id"].(string)
			if isType && isID {
				found = append(found, entity{typ, id})
				return
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(tree)
	return found
}

// actionsOf lists the actions in a policy's scope.
func actionsOf(policy *cedar.Policy) []Action {
	var p struct {
		Action struct {
			Entity   *entity  `json:"entity"`
			Entities []entity `json:"entities"`
		} `json:"action"`
	}
	decode(policy, &p)
	var actions []Action
	if p.Action.Entity != nil {
		actions = append(actions, Action(p.Action.Entity.ID))
	}
	for _, e := range p.Action.Entities {
		actions = append(actions, Action(e.ID))
	}
	return actions
}

// decode reads a policy's own JSON, which Cedar wrote a moment ago.
func decode(policy *cedar.Policy, into any) {
	text, err := policy.MarshalJSON()
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		panic("access: Cedar wrote a policy that cannot be read: " + err.Error())
	}
}
