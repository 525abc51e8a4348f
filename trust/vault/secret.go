package vault

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"

	"waymark/internal/durable"
	"waymark/internal/fault"
)

const formatSecret = "waymark-secret-1"

// secretFile is one secret that is no keyset, such as the key that signs
// checkpoints.
type secretFile struct {
	Format  string `json:"format"`
	Name    string `json:"name"`
	Master  string `json:"master"`
	Wrapped []byte `json:"wrapped"`
}

// Secret returns the secret of a name, which keeps the rules of a Scope. The
// first call for a name makes it: what make returns, at most 16 kB, is wrapped
// by the master key and kept in the folder of keys. Of several processes that
// make it at once, all get the same.
func (v *Vault) Secret(name string, make func() ([]byte, error)) ([]byte, error) {
	if !validScope(Scope(name)) {
		return nil, badScope()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	path := v.path(Scope(name), suffixSecret)
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := v.makeSecret(path, name, make); err != nil {
			return nil, err
		}
		data, err = readPrivate(path)
	}
	if err != nil {
		return nil, located(path, err)
	}
	return unwrapSecret(filepath.Base(path), data, name, v.master)
}

func (v *Vault) makeSecret(path, name string, make func() ([]byte, error)) error {
	secret, err := make()
	if err != nil {
		return err
	}
	if len(secret) > 16<<10 {
		return errors.New("vault: the secret is too large")
	}
	data, err := wrapSecret(secret, name, v.master)
	if err != nil {
		return unusable(v.dir, "the new secret could not be wrapped by the master key", err)
	}
	if err := durable.Create(path, data); err != nil && !errors.Is(err, fs.ErrExist) {
		return unusable(v.dir, "the new secret could not be written", err)
	}
	return nil
}

func wrapSecret(secret []byte, name string, master Master) ([]byte, error) {
	wrapped, err := master.Encrypt(secret, []byte(formatSecret+":"+name))
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(secretFile{formatSecret, name, master.Name(), wrapped}, "", " ")
}

func unwrapSecret(file string, data []byte, name string, master Master) ([]byte, error) {
	var f secretFile
	if err := json.Unmarshal(data, &f); err != nil || f.Format != formatSecret || f.Name != name {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: file}, "this is not the secret that it is named for", remedyLost, ErrNoKey)
	}
	secret, err := master.Decrypt(f.Wrapped, []byte(formatSecret+":"+name))
	if err != nil {
		return nil, wrongMaster(file, f.Master, master.Name(), err)
	}
	return secret, nil
}
