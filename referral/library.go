package referral

import (
	"context"
	"sync"

	"waymark/internal/fault"
	"waymark/referral/rule"
)

// Library gives the rules that apply: those in force for what begins now, and those
// of a version for what began before.
type Library struct {
	store   Networks
	current map[string]*rule.Pathway // by id
	read    sync.Map                 // version to *rule.Pathway
	kept    sync.Map                 // versions that the store has
}

// NewLibrary is a library of the pathways in force. It is safe for concurrent use.
func NewLibrary(store Networks, inForce ...*rule.Pathway) *Library {
	l := &Library{store: store, current: map[string]*rule.Pathway{}}
	for _, p := range inForce {
		l.current[p.ID] = p
		l.read.Store(p.Version, p)
	}
	return l
}

// Pathways lists those in force, for who sets a network up.
func (l *Library) Pathways() map[string]*rule.Pathway { return l.current }

// InForce returns the rules for what begins now in a network, and keeps their text, so
// that they can be read when they are in force no more.
func (l *Library) InForce(ctx context.Context, n *Network) (*rule.Pathway, error) {
	p := l.current[n.Pathway]
	if p == nil {
		return nil, fault.New(fault.Unavailable, fault.Place{}, "the rules of this network are not there", "put the folder of the pathway back, or choose another in the network's settings")
	}
	if _, ok := l.kept.Load(p.Version); !ok {
		if err := l.store.KeepRules(ctx, p.Version, p.Bundle()); err != nil {
			return nil, err
		}
		l.kept.Store(p.Version, true)
	}
	return p, nil
}

// Version returns the rules of a version that applied once.
func (l *Library) Version(ctx context.Context, version string) (*rule.Pathway, error) {
	if p, ok := l.read.Load(version); ok {
		return p.(*rule.Pathway), nil
	}
	text, err := l.store.Rules(ctx, version)
	if err != nil {
		return nil, err
	}
	p, err := rule.Parse(text)
	if err != nil {
		return nil, err
	}
	l.read.Store(version, p)
	return p, nil
}
