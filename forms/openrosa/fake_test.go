package openrosa_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// house is a collection in memory with the promises of collection.Store: one
// lock stands for the transaction. What a test does not need is nil and panics.
type house struct {
	collection.Forms
	collection.Enumerators
	mu          sync.Mutex
	rounds      map[ids.ID]*collection.Round
	forms       map[ids.ID]*collection.Form
	versions    map[ids.ID]*collection.Version
	enumerators map[string]*collection.FieldEnumerator
	drafts      map[string]ids.ID
	contents    map[string][]byte
	stored      map[string]*stored // by instanceID
	touched     int
	asked       int
	by          []audit.Actor
	// down, if set, is what every call returns.
	down error
	// short makes PutFile fail.
	short error
}

// stored is a submission as the fake keeps it.
type stored struct {
	id         ids.ID
	current    string // instanceID of the current revision
	xml        map[string][]byte
	names      []string
	files      map[string]collection.Attachment
	draft      bool
	encrypted  bool
	enumerator ids.ID
	day        string
	revisions  int
}

func (s *stored) complete() bool {
	return !slices.ContainsFunc(s.names, func(n string) bool { _, ok := s.files[n]; return !ok })
}

func newHouse() *house {
	return &house{
		rounds: map[ids.ID]*collection.Round{}, forms: map[ids.ID]*collection.Form{}, versions: map[ids.ID]*collection.Version{},
		enumerators: map[string]*collection.FieldEnumerator{}, drafts: map[string]ids.ID{}, contents: map[string][]byte{}, stored: map[string]*stored{},
	}
}

func none(what string) error {
	return fault.New(fault.NotFound, fault.Place{}, "there is no such "+what, "")
}

func look[K comparable, V any](h *house, m map[K]*V, key K, what string) (*V, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	if h.down != nil {
		return nil, h.down
	}
	v := m[key]
	if v == nil {
		return nil, none(what)
	}
	c := *v
	return &c, nil
}

func (h *house) Round(_ context.Context, id ids.ID) (*collection.Round, error) {
	return look(h, h.rounds, id, "round")
}

func (h *house) Form(_ context.Context, id ids.ID) (*collection.Form, error) {
	return look(h, h.forms, id, "form")
}

func (h *house) Version(_ context.Context, id ids.ID) (*collection.Version, error) {
	return look(h, h.versions, id, "version")
}

func (h *house) EnumeratorByToken(_ context.Context, hash []byte) (*collection.FieldEnumerator, error) {
	return look(h, h.enumerators, string(hash), "enumerator")
}

func (h *house) FormByDraftToken(ctx context.Context, hash []byte) (*collection.Form, error) {
	h.mu.Lock()
	id := h.drafts[string(hash)]
	h.mu.Unlock()
	return h.Form(ctx, id)
}

func (h *house) TouchEnumerator(_ context.Context, id ids.ID, at time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.touched++
	return nil
}

func (h *house) FormByFormID(ctx context.Context, round ids.ID, formID string) (*collection.Form, error) {
	forms, err := h.ListForms(ctx, round)
	for _, f := range forms {
		if f.FormID == formID {
			return f, nil
		}
	}
	if err == nil {
		err = none("form")
	}
	return nil, err
}

func (h *house) ListForms(_ context.Context, round ids.ID) ([]*collection.Form, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*collection.Form
	for _, id := range slices.Sorted(maps.Keys(h.forms)) {
		if f := *h.forms[id]; f.Round == round {
			out = append(out, &f)
		}
	}
	return out, h.down
}

func (h *house) ListVersions(_ context.Context, form ids.ID) ([]*collection.Version, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*collection.Version
	for _, id := range slices.Sorted(maps.Keys(h.versions)) {
		if v := *h.versions[id]; v.Form == form {
			v.XForm, v.Source = nil, nil
			out = append(out, &v)
		}
	}
	return out, h.down
}

func (h *house) VersionByName(_ context.Context, form ids.ID, version string) (*collection.Version, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range h.versions {
		if v.Form == form && v.Version == version {
			c := *v
			return &c, h.down
		}
	}
	return nil, none("version")
}

func (h *house) PutFile(_ context.Context, round ids.ID, r io.Reader, limit int64) (string, int64, string, error) {
	if h.short != nil {
		return "", 0, "", h.short
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, "", fmt.Errorf("the content was not stored: %v", err) // hides its cause, as a store may
	}
	if int64(len(b)) > limit {
		return "", 0, "", fault.New(fault.Invalid, fault.Place{}, "the file is too large", "")
	}
	sum := sha256.Sum256(b)
	address := round.String() + "/" + hex.EncodeToString(sum[:])
	h.mu.Lock()
	defer h.mu.Unlock()
	h.contents[address] = b
	hash := md5.Sum(b)
	return address, int64(len(b)), hex.EncodeToString(hash[:]), h.down
}

func (h *house) OpenFile(_ context.Context, round ids.ID, address string) (io.ReadCloser, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b, ok := h.contents[address]
	if !ok {
		return nil, none("content")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (h *house) Arrive(_ context.Context, by audit.Actor, a *collection.Arrival) (*collection.Arrived, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down != nil {
		return nil, h.down
	}
	conflict := func(m string) error { return fault.New(fault.Conflict, fault.Place{}, m, "") }
	s, fresh := h.stored[a.InstanceID], false
	switch {
	case s != nil:
		if s.current != a.InstanceID || !bytes.Equal(s.xml[a.InstanceID], a.XML) {
			return nil, conflict("other answers")
		}
	case a.Deprecated != "":
		if s = h.stored[a.Deprecated]; s == nil {
			return nil, none("submission")
		}
		if s.current != a.Deprecated {
			return nil, conflict("it was replaced")
		}
		fresh = true
	default:
		s, fresh = &stored{id: ids.New(), xml: map[string][]byte{}, files: map[string]collection.Attachment{}}, true
	}
	if fresh {
		s.current, s.names, s.draft, s.encrypted, s.enumerator, s.day = a.InstanceID, a.Names, a.Draft, a.Encrypted, a.Enumerator, a.Day
		s.xml[a.InstanceID] = bytes.Clone(a.XML)
		s.revisions++
		h.stored[a.InstanceID] = s
	}
	for _, f := range a.Files {
		if h.contents[f.Address] == nil && f.Size > 0 {
			return nil, fault.New(fault.Internal, fault.Place{}, "the content is not there", "")
		}
		s.files[f.Name] = f
	}
	h.by = append(h.by, by)
	return &collection.Arrived{Submission: s.id, New: fresh, Complete: s.complete()}, nil
}

// submissions counts the submissions that can be seen.
func (h *house) submissions() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[*stored]bool{}
	for _, s := range h.stored {
		seen[s] = true
	}
	return len(seen)
}

func (h *house) get(instance string) *stored {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stored[instance]
}
