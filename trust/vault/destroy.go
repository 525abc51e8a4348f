package vault

import (
	"encoding/json"
	"errors"
	"io/fs"

	"waymark/internal/durable"
)

// tombstone is what is left of a scope.
type tombstone struct {
	Scope       Scope  `json:"scope"`
	Destroyed   string `json:"destroyed"` // RFC 3339, UTC
	Fingerprint string `json:"fingerprint,omitempty"`
}

// Destroy removes a scope's keyset for ever. The tombstone is durable before the
// keyset goes: after a crash in between, the keyset is refused and a second call
// removes it. A copy of the keyset that is put back is refused as well.
// Processes that hold the keys in memory stop using them within a second.
func (v *Vault) Destroy(scope Scope) error {
	if !validScope(scope) {
		return badScope()
	}
	if !v.tombstoned(scope) {
		t := tombstone{Scope: scope, Destroyed: now()}
		// The fingerprint stands in clear in the keyset's file, so that keys which
		// the master key no longer opens can be destroyed too.
		if data, err := readPrivate(v.path(scope, suffixKeyset)); err == nil {
			var f keysetFile
			if json.Unmarshal(data, &f) == nil {
				t.Fingerprint = f.Fingerprint
			}
		}
		data, err := json.Marshal(t)
		if err != nil {
			return err
		}
		if err := durable.Create(v.path(scope, suffixDestroyed), data); err != nil && !errors.Is(err, fs.ErrExist) {
			return unusable(v.dir, "the destruction of keys could not be written down; nothing was destroyed", err)
		}
	}
	v.mu.Lock()
	v.loaded.Delete(scope)
	v.mu.Unlock()
	if err := erase(v.path(scope, suffixKeyset)); err != nil {
		return unusable(v.dir, "the keys are refused from now on, but their file could not be removed", err)
	}
	return nil
}

// Destroyed says whether a scope was destroyed.
func (v *Vault) Destroyed(scope Scope) bool { return validScope(scope) && v.tombstoned(scope) }

func (v *Vault) tombstone(scope Scope) (t tombstone, ok bool) {
	data, err := readPrivate(v.path(scope, suffixDestroyed))
	return t, err == nil && json.Unmarshal(data, &t) == nil
}
