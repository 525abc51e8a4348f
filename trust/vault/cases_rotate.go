package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"waymark/internal/durable"
	"waymark/internal/fault"
)

// rotators is how many files are wrapped anew at once. Most of the time of each is
// waiting for the disk.
const rotators = 4

// Rotate wraps the keys of every case by a new key and then drops the old one;
// cases are made, opened and destroyed meanwhile, by any process. It returns how
// many files there are. progress, if not nil, is told of it now and then, from one
// goroutine at a time.
//
// After a crash, a fault or the end of ctx, call it again: it goes on with the same
// new key and leaves alone what is done. The old key stays as long as one file does
// not open: that is a fault, which says how many. A rotation that another process
// has under way is a fault of kind Conflict.
func (c *Cases) Rotate(ctx context.Context, progress func(done, total int)) (int, error) {
	if _, err := os.Stat(c.dir); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	release, err := takeRotation(c.dir)
	if err != nil {
		return 0, err
	}
	defer release()
	w, err := c.advance(ctx)
	if err != nil || w == nil {
		return 0, err
	}
	r := &rotation{cases: c, wrapping: w, progress: progress}
	if err := r.run(ctx); err != nil {
		return r.done, err
	}
	return r.done, c.settle(ctx, w)
}

// advance adds the new key, unless an earlier rotation did; nil if there are no
// keys of cases.
func (c *Cases) advance(ctx context.Context) (*wrapping, error) {
	return c.change(ctx, func(m *keyset.Manager, keys []uint32, _ uint32) (bool, error) {
		if len(keys) > 1 {
			return false, nil
		}
		id, err := m.Add(aead.AES256GCMKeyTemplate())
		if err != nil {
			return false, err
		}
		return true, m.SetPrimary(id)
	})
}

// settle drops every key but the primary one.
func (c *Cases) settle(ctx context.Context, w *wrapping) error {
	_, err := c.change(ctx, func(m *keyset.Manager, keys []uint32, primary uint32) (bool, error) {
		if primary != w.primary {
			return false, errors.New("vault: the keys that wrap those of cases were changed by others")
		}
		for _, k := range keys {
			if k != primary {
				if err := m.Delete(k); err != nil {
					return false, err
				}
			}
		}
		return len(keys) > 1, nil
	})
	return err
}

// change changes the keyset that wraps, alone: nobody makes a key or copies the
// folder meanwhile.
func (c *Cases) change(ctx context.Context, how func(m *keyset.Manager, keys []uint32, primary uint32) (changed bool, err error)) (*wrapping, error) {
	release, err := c.waitAlone(ctx, fileChange)
	if err != nil {
		return nil, err
	}
	defer release()
	v := c.vault
	v.mu.Lock()
	defer v.mu.Unlock()
	path := v.path(Wrapping, suffixKeyset)
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, c.orphans()
	}
	if err != nil {
		return nil, located(path, err)
	}
	h, f, err := unwrap(filepath.Base(path), data, Wrapping, v.master)
	if err != nil {
		return nil, err
	}
	info := h.data.KeysetInfo()
	var keys []uint32
	for _, k := range info.GetKeyInfo() {
		keys = append(keys, k.GetKeyId())
	}
	m := keyset.NewManagerFromHandle(h.data)
	changed, err := how(m, keys, info.GetPrimaryKeyId())
	if err != nil {
		return nil, err
	}
	if changed {
		if h.data, err = m.Handle(); err != nil {
			return nil, err
		}
		again, err := wrap(h, Wrapping, f.Made, v.master)
		if err == nil { // what cannot be read again must not replace what can
			_, _, err = unwrap(filepath.Base(path), again, Wrapping, v.master)
		}
		if err == nil {
			err = durable.Replace(path, again)
		}
		if err != nil {
			return nil, unusable(path, "the keys that wrap those of cases could not be written", err)
		}
	}
	v.loaded.Delete(Wrapping)
	return c.readWrapping()
}

// rotation is one pass over all files.
type rotation struct {
	cases    *Cases
	wrapping *wrapping
	progress func(done, total int)

	mu       sync.Mutex
	done     int
	unopened int
	first    error
}

func (r *rotation) run(ctx context.Context) error {
	names, err := os.ReadDir(r.cases.dir)
	if err != nil {
		return unusable(r.cases.dir, "the folder of the keys of cases could not be read", err)
	}
	var shards []string
	total := 0
	for _, n := range names {
		if n.IsDir() {
			files, err := os.ReadDir(filepath.Join(r.cases.dir, n.Name()))
			if err != nil {
				return unusable(r.cases.dir, "the folder of the keys of cases could not be read", err)
			}
			shards, total = append(shards, n.Name()), total+len(files)
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work := make(chan string)
	var group sync.WaitGroup
	var failed error
	for range rotators {
		group.Go(func() {
			for name := range work {
				if err := r.shard(ctx, name, total); err != nil {
					r.mu.Lock()
					if failed == nil {
						failed = err
					}
					r.mu.Unlock()
					stop()
				}
			}
		})
	}
	for _, s := range shards {
		select {
		case work <- s:
		case <-ctx.Done():
		}
	}
	close(work)
	group.Wait()
	switch {
	case failed != nil:
		return failed
	case ctx.Err() != nil:
		return ctx.Err()
	case r.unopened > 0:
		return fault.Wrap(fault.Unavailable, fault.Place{File: r.cases.dir}, fmt.Sprintf("the keys of %d cases do not open, so the old key that wraps them was kept", r.unopened), remedyLost, r.first)
	}
	return nil
}

// shard wraps the files of one folder anew, and then makes their names durable
// together.
func (r *rotation) shard(ctx context.Context, name string, total int) error {
	dir := filepath.Join(r.cases.dir, name)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unusable(dir, "the folder of the keys of cases could not be read", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if strings.HasSuffix(e.Name(), suffixNew) {
			if err := removeStale(filepath.Join(dir, e.Name())); err != nil {
				return unusable(dir, "what an interrupted write left could not be removed", err)
			}
			continue
		}
		id, _, ok := CaseFile(casesDir + "/" + name + "/" + e.Name())
		if !ok || !strings.HasSuffix(e.Name(), suffixCase) {
			continue
		}
		there, err := r.file(id)
		if err != nil && !errors.Is(err, ErrNoKey) {
			return err
		}
		r.mu.Lock()
		switch {
		case err != nil:
			r.unopened++
			if r.first == nil {
				r.first = err
			}
		case there:
			r.done++
			if r.progress != nil && r.done%256 == 0 {
				r.progress(r.done, max(total, r.done))
			}
		}
		r.mu.Unlock()
	}
	if err := durable.SyncDir(dir); err != nil {
		return unusable(dir, "the keys of cases could not be made durable", err)
	}
	return nil
}

// file wraps one file anew; there is false if the case was destroyed.
func (r *rotation) file(id Scope) (there bool, err error) {
	c := r.cases
	path := c.path(id, suffixCase)
	if c.Destroyed(id) { // a copy that was put back
		return false, c.remove(id)
	}
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, located(path, err)
	}
	if wrappedBy(data, r.wrapping.primary) {
		return true, nil
	}
	h, p, err := unwrapCase(data, id, r.wrapping)
	if err != nil {
		return false, err
	}
	again, err := wrapCase(h, p.fingerprint, id, r.wrapping)
	if err == nil {
		_, _, err = unwrapCase(again, id, r.wrapping)
	}
	if err == nil {
		err = c.write(id, again, os.Rename)
	}
	if err != nil {
		return false, unusable(path, "the keys of a case could not be wrapped anew", err)
	}
	// Destroying writes its mark first and erases then: either it erased this file,
	// or its mark is seen here.
	if c.Destroyed(id) {
		return false, c.remove(id)
	}
	return true, nil
}

// staleAfter is how old a file is that was being written by a process that was killed.
const staleAfter = time.Hour

func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || time.Since(info.ModTime()) < staleAfter {
		return err
	}
	return erase(path)
}
