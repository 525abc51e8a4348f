// Package collectiontest keeps programmes, rounds, forms and people with phones in
// memory, with the conflicts that the real store has, so that pages can be tested
// without a database. Tests only.
//
// It holds no submissions but those that a test puts into Tests.
package collectiontest

import (
	"encoding/json"
	"sync"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// Store is in memory. Methods of collection.Store that it does not have panic.
type Store struct {
	collection.Store
	mu          sync.Mutex
	ids         ids.ID
	programmes  map[ids.ID]*collection.Programme
	rounds      map[ids.ID]*collection.Round
	points      map[ids.ID]*collection.Point
	periods     map[ids.ID][]*collection.Period // by round
	targets     map[ids.ID][]collection.Target
	forms       map[ids.ID]*collection.Form
	versions    map[ids.ID]*collection.Version
	draftTokens map[string]ids.ID
	enumerators map[ids.ID]*collection.FieldEnumerator
	tokens      map[string]ids.ID
	deletions   map[ids.ID]*collection.Deletion
	files       map[string][]byte
	// Tests are what ListSubmissions answers for drafts.
	Tests []*collection.Submission
	// Log has the name of each change that was made.
	Log []string
}

// New returns an empty store.
func New() *Store {
	return &Store{ids: 1000, programmes: map[ids.ID]*collection.Programme{}, rounds: map[ids.ID]*collection.Round{},
		points: map[ids.ID]*collection.Point{}, periods: map[ids.ID][]*collection.Period{}, targets: map[ids.ID][]collection.Target{},
		forms: map[ids.ID]*collection.Form{}, versions: map[ids.ID]*collection.Version{}, draftTokens: map[string]ids.ID{},
		enumerators: map[ids.ID]*collection.FieldEnumerator{}, tokens: map[string]ids.ID{},
		deletions: map[ids.ID]*collection.Deletion{}, files: map[string][]byte{}}
}

// begin locks, and notes a change.
func (s *Store) begin(change string) func() {
	s.mu.Lock()
	if change != "" {
		s.Log = append(s.Log, change)
	}
	return s.mu.Unlock
}

// next is the next identifier; they grow.
func (s *Store) next() ids.ID {
	s.ids++
	return s.ids
}

// copied returns a deep copy, so that nobody changes what is stored.
func copied[T any](v *T) *T {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	out := new(T)
	if err := json.Unmarshal(text, out); err != nil {
		panic(err)
	}
	return out
}

func missing() error {
	return fault.New(fault.NotFound, fault.Place{}, "there is no such thing", "")
}

func conflict() error {
	return fault.New(fault.Conflict, fault.Place{}, "it changed meanwhile", "load the page again")
}

func find[T any](m map[ids.ID]*T, id ids.ID) (*T, error) {
	if v, ok := m[id]; ok {
		return copied(v), nil
	}
	return nil, missing()
}

// put inserts or changes a value that has an ID and an Etag.
func put[T any](s *Store, m map[ids.ID]*T, v *T, id *ids.ID, etag *int64, stored func(*T) int64) error {
	if *id == 0 {
		*id = s.next()
	} else if was, ok := m[*id]; ok && stored(was) != *etag {
		return conflict()
	} else if !ok {
		return missing()
	}
	*etag++
	m[*id] = copied(v)
	return nil
}

// sorted lists those that are wanted, by ID.
func sorted[T any](m map[ids.ID]*T, want func(*T) bool, before func(a, b *T) bool) []*T {
	var list []*T
	for _, v := range m {
		if want(v) {
			list = append(list, copied(v))
		}
	}
	for i := range list { // insertion: lists of tests are short
		for j := i; j > 0 && before(list[j], list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

var _ collection.Store = (*Store)(nil)
