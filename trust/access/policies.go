package access

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sync"

	"github.com/cedar-policy/cedar-go"

	"waymark/internal/fault"
)

//go:embed policy/*.cedar policy/schema.cedarschema
var files embed.FS

// Policies are the rules in force. They are made by Load, do not change, and may
// be used by many goroutines.
type Policies struct {
	set      *cedar.PolicySet
	declared map[Action]bool
	number   map[Action]question
	// decided keeps what Cedar answered. The number of different questions is
	// small, since people and programmes are not in them.
	decided sync.Map // question -> bool
}

// Load reads and checks the policies that are built into the program. Its error
// holds every fault.
func Load() (*Policies, error) {
	folder, err := fs.Sub(files, "policy")
	if err != nil {
		return nil, err
	}
	return load(folder)
}

// load reads the policies of a folder. Every policy must parse, name only known
// roles and actions, and fit the schema; every action must be permitted by one.
func load(folder fs.FS) (*Policies, error) {
	names, err := fs.Glob(folder, "*.cedar")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fault.New(fault.Internal, fault.Place{}, "there are no policies", "build the program from its whole source")
	}
	check, err := newChecker(folder)
	if err != nil {
		return nil, err
	}
	p := &Policies{set: cedar.NewPolicySet(), declared: map[Action]bool{}, number: map[Action]question{}}
	for i, a := range Actions {
		p.number[a] = question(i)
	}
	faults := fault.NewList(100)
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		list, err := cedar.NewPolicyListFromBytes(name, text)
		if err != nil {
			faults.Add(fault.Wrap(fault.Invalid, fault.Place{File: name}, "this is not Cedar", err.Error(), err))
			continue
		}
		for i, policy := range list {
			id := fmt.Sprintf("%s/%d", name[:len(name)-len(path.Ext(name))], i+1)
			faults.Merge(check.policy(id, policy))
			p.set.Add(cedar.PolicyID(id), policy)
			if policy.Effect() == cedar.Permit {
				for _, a := range actionsOf(policy) {
					p.declared[a] = true
				}
			}
		}
	}
	for _, a := range Actions {
		if !p.declared[a] {
			faults.Addf(fault.Invalid, fault.Place{Field: string(a)}, "permit it to a role, or take it out of the list of actions", "no policy permits this action")
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// Declared says whether a policy permits the action to anyone.
func (p *Policies) Declared(a Action) bool { return p.declared[a] }
