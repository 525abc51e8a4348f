package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"waymark/internal/durable"
)

// What the files in the folder of keys are called.
const (
	suffixKeyset    = ".json"
	suffixDestroyed = ".destroyed"
	suffixSecret    = ".secret"
)

// recheck is how long a process may go on with a keyset that another process
// destroyed. A look at the disk at every call costs more than the sealing.
const recheck = time.Second

// Vault is a folder of keysets, one file a scope, that several processes may
// share. It implements Sealer and is safe for concurrent use.
type Vault struct {
	dir    string
	mu     sync.Mutex // held while a scope is loaded or made
	master Master
	loaded sync.Map // Scope to *held
	clock  func() time.Time
	born   time.Time
}

// held is a scope's keys in memory.
type held struct {
	primitives
	// checked is when the tombstone was last looked for, since the vault's birth.
	checked atomic.Int64
}

var _ Sealer = (*Vault)(nil)

// Open returns the vault in a folder, which it makes if need be. Both are
// required. It fails if others may read the folder or if master does not open
// the keysets that are there.
func Open(dir string, master Master) (*Vault, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(dir, "the folder of keys could not be made", err)
	}
	d, err := os.Open(dir)
	if err == nil {
		err = private(d, dir)
		d.Close()
	}
	if err != nil {
		return nil, located(dir, err)
	}
	v := &Vault{dir: dir, master: master, clock: time.Now}
	v.born = v.clock()
	return v, v.probe()
}

// probe opens one keyset, so that a wrong master key is found at start and not
// at the first submission.
func (v *Vault) probe() error {
	scopes, err := v.Scopes()
	if err != nil {
		return err
	}
	if len(scopes) == 0 {
		return nil
	}
	probe := scopes[0]
	for _, s := range scopes {
		if s == Accounts {
			probe = s
		}
	}
	if _, err := v.keys(probe); err != nil && !errors.Is(err, ErrDestroyed) {
		return err
	}
	return nil
}

// Scopes lists the scopes that have a keyset, by name.
func (v *Vault) Scopes() ([]Scope, error) {
	names, err := heldFiles(v.dir)
	if err != nil {
		return nil, unusable(v.dir, "the folder of keys could not be read", err)
	}
	var scopes []Scope
	for _, name := range names {
		if s, ok := strings.CutSuffix(name, suffixKeyset); ok && !v.tombstoned(Scope(s)) {
			scopes = append(scopes, Scope(s))
		}
	}
	return scopes, nil
}

// heldFiles lists the files in a folder that a master key opens; a folder that
// is not there has none.
func heldFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		for _, suffix := range []string{suffixKeyset, suffixSecret} {
			if s, ok := strings.CutSuffix(e.Name(), suffix); ok && validScope(Scope(s)) {
				names = append(names, e.Name())
			}
		}
	}
	return names, err
}

// Create makes a keyset for a scope; it is no error if there is one. Of several
// processes that make it at once, one does and the others use it.
func (v *Vault) Create(scope Scope) error {
	_, err := v.keys(scope)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	v.mu.Lock()
	master := v.master
	v.mu.Unlock()
	h, err := newHandles()
	if err != nil {
		return err
	}
	data, err := wrap(h, scope, now(), master)
	if err != nil {
		return unusable(v.dir, "the new keys could not be wrapped by the master key", err)
	}
	if err := durable.Create(v.path(scope, suffixKeyset), data); err != nil && !errors.Is(err, fs.ErrExist) {
		return unusable(v.dir, "the new keys could not be written", err)
	}
	_, err = v.keys(scope)
	return err
}

// keys returns a scope's keys from memory, or from its file.
func (v *Vault) keys(scope Scope) (*held, error) {
	if k, ok := v.loaded.Load(scope); ok {
		h := k.(*held)
		at := int64(v.clock().Sub(v.born))
		if last := h.checked.Load(); at-last < int64(recheck) || !h.checked.CompareAndSwap(last, at) {
			return h, nil
		}
		if !v.tombstoned(scope) {
			return h, nil
		}
		v.loaded.Delete(scope)
		return nil, destroyed(scope)
	}
	return v.load(scope)
}

func (v *Vault) load(scope Scope) (*held, error) {
	if !validScope(scope) {
		return nil, badScope()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if k, ok := v.loaded.Load(scope); ok {
		return k.(*held), nil
	}
	k := &held{}
	k.checked.Store(int64(v.clock().Sub(v.born)))
	if v.tombstoned(scope) {
		return nil, destroyed(scope)
	}
	path := v.path(scope, suffixKeyset)
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noKey(scope, err)
	}
	if err != nil {
		return nil, located(path, err)
	}
	h, _, err := unwrap(filepath.Base(path), data, scope, v.master)
	if err != nil {
		return nil, err
	}
	if k.primitives, err = h.primitives(); err != nil {
		return nil, err
	}
	v.loaded.Store(scope, k)
	return k, nil
}

// tombstoned says whether a scope was destroyed. If the disk cannot say, it was
// not: the keyset itself is on the same disk.
func (v *Vault) tombstoned(scope Scope) bool {
	_, err := os.Lstat(v.path(scope, suffixDestroyed))
	return err == nil
}

func (v *Vault) path(scope Scope, suffix string) string {
	return filepath.Join(v.dir, string(scope)+suffix)
}

func validScope(s Scope) bool {
	if len(s) == 0 || len(s) > 64 || s[0] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
