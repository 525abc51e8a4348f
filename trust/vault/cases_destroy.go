package vault

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waymark/internal/durable"
)

// Destroy removes a case's keys for ever, as Vault.Destroy does a scope's. It also
// holds for a case that has none, and takes what an interrupted write left.
func (c *Cases) Destroy(id Scope) error {
	if !validScope(id) {
		return badScope()
	}
	if !c.Destroyed(id) {
		t := tombstone{Scope: id, Destroyed: now()}
		if data, err := readPrivate(c.path(id, suffixCase)); err == nil {
			t.Fingerprint, _ = printOf(data)
		}
		data, err := json.Marshal(t)
		if err != nil {
			return err
		}
		if err = c.room(id); err == nil {
			err = durable.Create(c.path(id, suffixDestroyed), data)
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return unusable(c.dir, "the destruction of keys could not be written down; nothing was destroyed", err)
		}
	}
	c.forget(id)
	return c.remove(id)
}

// remove erases a case's key file, and every unfinished one.
func (c *Cases) remove(id Scope) error {
	dir := filepath.Join(c.dir, shard(id))
	entries, err := os.ReadDir(dir)
	err = errors.Join(err, erase(c.path(id, suffixCase)))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), string(id)+".") && strings.HasSuffix(e.Name(), suffixNew) {
			err = errors.Join(err, erase(filepath.Join(dir, e.Name())))
		}
	}
	if err != nil {
		return unusable(dir, "the keys are refused from now on, but their file could not be removed", err)
	}
	return nil
}

// Destroyed says whether a case's keys were destroyed.
func (c *Cases) Destroyed(id Scope) bool {
	if !validScope(id) {
		return false
	}
	_, err := os.Lstat(c.path(id, suffixDestroyed))
	return err == nil
}

// DestroyedAt says when, and which keys they were; ok is false if they were not.
func (c *Cases) DestroyedAt(id Scope) (at time.Time, fingerprint string, ok bool) {
	if !validScope(id) {
		return at, "", false
	}
	var t tombstone
	data, err := readPrivate(c.path(id, suffixDestroyed))
	if err != nil || json.Unmarshal(data, &t) != nil {
		return at, "", c.Destroyed(id)
	}
	at, _ = time.Parse(time.RFC3339, t.Destroyed)
	return at, t.Fingerprint, true
}

// EachDestroyed calls do for every case whose keys were destroyed.
func (c *Cases) EachDestroyed(do func(Scope) error) error {
	shards, err := os.ReadDir(c.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, s := range shards {
		if err != nil {
			break
		}
		if !s.IsDir() {
			continue
		}
		var files []os.DirEntry
		files, err = os.ReadDir(filepath.Join(c.dir, s.Name()))
		for _, f := range files {
			if id, destroyed, ok := CaseFile(casesDir + "/" + s.Name() + "/" + f.Name()); ok && destroyed {
				if err := do(id); err != nil {
					return err
				}
			}
		}
	}
	if err != nil {
		return unusable(c.dir, "the folder of the keys of cases could not be read", err)
	}
	return nil
}
