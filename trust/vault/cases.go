package vault

import (
	"container/list"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/tink"

	"waymark/internal/durable"
	"waymark/internal/fault"
)

// Wrapping is the scope whose keys wrap the keys of cases. Nothing else is sealed
// under it.
const Wrapping Scope = "cases"

// casesHeld is how many cases' keys are kept in memory.
const casesHeld = 4096

// Cases holds the keys of hundreds of thousands of cases, one small file each, in
// the folder "cases" of a vault's folder: scopes too many to be scopes of the
// vault itself. A Scope here is a case's identifier. The files are wrapped by the
// vault's scope Wrapping, so that the master key is asked once and not once a case.
//
// It implements Sealer, may be used by many goroutines, and several processes may
// share the folder.
type Cases struct {
	vault    *Vault
	dir      string
	limit    int
	wrapping atomic.Pointer[wrapping]
	mu       sync.Mutex
	cached   map[Scope]*list.Element // of *heldCase
	order    *list.List              // the last used first
	rooms    sync.Map                // the shards that are there, durably
}

type heldCase struct {
	id Scope
	held
}

// wrapping is the keyset that wraps, as it was read.
type wrapping struct {
	tink.AEAD
	primary uint32
	keys    []uint32 // the primary's among them
	file    os.FileInfo
	digest  [sha256.Size]byte
}

var _ Sealer = (*Cases)(nil)

// OpenCases returns the keys of cases in a vault's folder; there need not be any
// yet. It fails if there are some and the keys that wrap them are missing or do
// not open: those are never made anew.
func OpenCases(v *Vault) (*Cases, error) {
	c := &Cases{vault: v, dir: filepath.Join(v.dir, casesDir), limit: casesHeld, cached: map[Scope]*list.Element{}, order: list.New()}
	_, err := c.wrap(false)
	if errors.Is(err, fs.ErrNotExist) {
		err = c.orphans()
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// orphans is a fault if there are keys of cases without those that wrap them.
func (c *Cases) orphans() error {
	shards, err := os.ReadDir(c.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, s := range shards {
		if err != nil || !s.IsDir() {
			break
		}
		var files []os.DirEntry
		files, err = os.ReadDir(filepath.Join(c.dir, s.Name()))
		for _, f := range files {
			if strings.HasSuffix(f.Name(), suffixCase) {
				// Another may have made both since it was found that there are none.
				if _, err := os.Lstat(c.vault.path(Wrapping, suffixKeyset)); err == nil {
					return nil
				}
				return fault.Wrap(fault.Unavailable, fault.Place{File: string(Wrapping) + suffixKeyset},
					"there are keys of cases, and the keys that open them are not there", remedyLost, ErrNoKey)
			}
		}
	}
	if err != nil {
		return unusable(c.dir, "the folder of the keys of cases could not be read", err)
	}
	return nil
}

// wrap returns the keys that wrap: those in memory, or with again those on the
// disk, if they are others.
func (c *Cases) wrap(again bool) (*wrapping, error) {
	if w := c.wrapping.Load(); w != nil && !again {
		return w, nil
	}
	v := c.vault
	v.mu.Lock()
	defer v.mu.Unlock()
	return c.readWrapping()
}

// readWrapping is called with the vault's lock held.
func (c *Cases) readWrapping() (*wrapping, error) {
	v := c.vault
	if v.tombstoned(Wrapping) {
		return nil, destroyed(Wrapping)
	}
	path := v.path(Wrapping, suffixKeyset)
	info, err := os.Stat(path)
	var data []byte
	if err == nil {
		data, err = readPrivate(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noKey(Wrapping, err)
	}
	if err != nil {
		return nil, located(path, err)
	}
	digest := sha256.Sum256(data)
	if w := c.wrapping.Load(); w != nil && w.digest == digest {
		same := *w
		same.file = info
		c.wrapping.Store(&same)
		return &same, nil
	}
	h, _, err := unwrap(filepath.Base(path), data, Wrapping, v.master)
	if err != nil {
		return nil, err
	}
	w := &wrapping{primary: h.data.KeysetInfo().GetPrimaryKeyId(), file: info, digest: digest}
	for _, k := range h.data.KeysetInfo().GetKeyInfo() {
		w.keys = append(w.keys, k.GetKeyId())
	}
	if w.AEAD, err = aead.New(h.data); err != nil {
		return nil, err
	}
	c.wrapping.Store(w)
	return w, nil
}

// Create makes the keys of a case, durably; it is no error if there are some,
// whoever made them.
func (c *Cases) Create(id Scope) error {
	if _, err := c.keys(id); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := c.room(id); err != nil {
		return err
	}
	// While this is held, no rotation goes from one wrapping key to the next, and
	// the one that is read now is not dropped before it has seen the new file.
	release, err := c.lock(fileChange, shared)
	if err != nil {
		return err
	}
	defer release()
	w, err := c.current()
	if err != nil {
		return err
	}
	h, err := newHandles()
	if err != nil {
		return err
	}
	p, err := h.primitives()
	if err != nil {
		return err
	}
	data, err := wrapCase(h, p.fingerprint, id, w)
	if err == nil {
		err = c.write(id, data, os.Link)
	}
	if err == nil || errors.Is(err, fs.ErrExist) { // another's, who may not have come so far
		err = durable.SyncDir(filepath.Join(c.dir, shard(id)))
	}
	if err != nil {
		return unusable(c.dir, "the new keys of a case could not be written", err)
	}
	if c.Destroyed(id) { // while they were made
		return errors.Join(destroyed(id), c.remove(id))
	}
	_, err = c.keys(id)
	return err
}

// room makes the folder for a case's files. The first time that this process needs
// it, its name is made durable, whoever made it.
func (c *Cases) room(id Scope) error {
	name := shard(id)
	if _, ok := c.rooms.Load(name); ok {
		return nil
	}
	err := os.MkdirAll(filepath.Join(c.dir, name), 0o700)
	if err == nil {
		err = errors.Join(durable.SyncDir(c.dir), durable.SyncDir(c.vault.dir))
	}
	if err != nil {
		return unusable(c.dir, "the folder of the keys of cases could not be made", err)
	}
	c.rooms.Store(name, true)
	return nil
}

// current returns the wrapping keys of this moment, which it makes for the first
// case of all.
func (c *Cases) current() (*wrapping, error) {
	if w := c.wrapping.Load(); w != nil {
		info, err := os.Stat(c.vault.path(Wrapping, suffixKeyset))
		if err == nil && os.SameFile(info, w.file) && info.ModTime().Equal(w.file.ModTime()) {
			return w, nil
		}
	}
	w, err := c.wrap(true)
	if errors.Is(err, fs.ErrNotExist) {
		if err := c.orphans(); err != nil {
			return nil, err
		}
		if err := c.vault.Create(Wrapping); err != nil {
			return nil, err
		}
		w, err = c.wrap(true)
	}
	return w, err
}

// write puts a file of keys in place by way of one beside it that is whole and
// synced; place is os.Link, which replaces nothing, or os.Rename.
func (c *Cases) write(id Scope, data []byte, place func(from, to string) error) error {
	var random [8]byte
	rand.Read(random[:])
	tmp := filepath.Join(c.dir, shard(id), string(id)+"."+hex.EncodeToString(random[:])+suffixNew)
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return place(tmp, c.path(id, suffixCase))
}

// keys returns a case's keys from memory or from its file.
func (c *Cases) keys(id Scope) (*heldCase, error) {
	now := int64(c.vault.clock().Sub(c.vault.born))
	c.mu.Lock()
	e, ok := c.cached[id]
	if ok {
		c.order.MoveToFront(e)
	}
	c.mu.Unlock()
	if ok {
		h := e.Value.(*heldCase)
		last := h.checked.Load()
		if now-last < int64(recheck) || !h.checked.CompareAndSwap(last, now) || !c.Destroyed(id) {
			return h, nil
		}
		c.forget(id)
		return nil, destroyed(id)
	}
	if !validScope(id) {
		return nil, badScope()
	}
	if c.Destroyed(id) {
		return nil, destroyed(id)
	}
	h := &heldCase{id: id}
	h.checked.Store(now)
	var err error
	if _, h.primitives, err = c.read(id); err != nil {
		return nil, err
	}
	c.keep(h)
	return h, nil
}

// read reads the file of a case. If it does not open, the wrapping keys may have
// been changed by another process.
func (c *Cases) read(id Scope) (h handles, p primitives, err error) {
	path := c.path(id, suffixCase)
	for again := false; ; again = true {
		w, err := c.wrap(again)
		var data []byte
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			var readErr error
			data, readErr = readPrivate(path)
			if errors.Is(readErr, fs.ErrNotExist) {
				return h, p, noCaseFile(id, readErr)
			}
			if readErr != nil {
				return h, p, located(path, readErr)
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // the file is there, what wraps it is not
			if !again {
				continue
			}
			return h, p, errors.Join(c.orphans(), noCaseFile(id, err))
		}
		if err != nil {
			return h, p, err
		}
		h, p, err = unwrapCase(data, id, w)
		if err == nil || again {
			return h, p, err
		}
	}
}

// keep puts keys into memory, and the one used longest ago out of it.
func (c *Cases) keep(h *heldCase) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.cached[h.id]; ok {
		c.order.Remove(e)
	}
	c.cached[h.id] = c.order.PushFront(h)
	for c.order.Len() > c.limit {
		last := c.order.Back()
		delete(c.cached, last.Value.(*heldCase).id)
		c.order.Remove(last)
	}
}

func (c *Cases) forget(id Scope) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.cached[id]; ok {
		c.order.Remove(e)
		delete(c.cached, id)
	}
}

func (c *Cases) path(id Scope, suffix string) string {
	return filepath.Join(c.dir, shard(id), string(id)+suffix)
}

// Fingerprint tells a case's keys apart from all others and tells nothing of them.
// It stays after their destruction, as proof.
func (c *Cases) Fingerprint(id Scope) (string, error) {
	k, err := c.keys(id)
	if err != nil {
		if _, print, ok := c.DestroyedAt(id); ok {
			return print, nil
		}
		return "", err
	}
	return k.fingerprint, nil
}

// Seal seals a piece of at most 64 MB.
func (c *Cases) Seal(id Scope, plain []byte, bound string) ([]byte, error) {
	k, err := c.keys(id)
	if err != nil {
		return nil, err
	}
	return k.seal(plain, bound)
}

// Open opens what Seal made, or fails with ErrAltered.
func (c *Cases) Open(id Scope, sealed []byte, bound string) ([]byte, error) {
	k, err := c.keys(id)
	if err != nil {
		return nil, err
	}
	return k.open(id, sealed, bound)
}

// SealTo is Vault.SealTo for a case: documents of any size.
func (c *Cases) SealTo(id Scope, w io.Writer, bound string) (io.WriteCloser, error) {
	k, err := c.keys(id)
	if err != nil {
		return nil, err
	}
	return k.sealTo(w, bound)
}

// OpenFrom is Vault.OpenFrom for a case.
func (c *Cases) OpenFrom(id Scope, r io.Reader, bound string) (io.Reader, error) {
	k, err := c.keys(id)
	if err != nil {
		return nil, err
	}
	return k.openFrom(id, r, bound)
}

// Token is HMAC-SHA-256 under a key of the case, 32 bytes.
func (c *Cases) Token(id Scope, value []byte) ([]byte, error) {
	k, err := c.keys(id)
	if err != nil {
		return nil, err
	}
	return k.token.ComputePrimaryPRF(value, 32)
}

func joinNoKey(cause error) error { return errors.Join(ErrNoKey, cause) }

func noCaseFile(id Scope, cause error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{File: string(id) + suffixCase}, fmt.Sprintf("there are no keys of case %q", id), remedyLost, joinNoKey(cause))
}
