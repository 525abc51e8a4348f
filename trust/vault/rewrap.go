package vault

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"waymark/internal/durable"
)

// Rewrap is Vault.Rewrap for a folder of which a part may be wrapped by the new
// master key already, so that it does not open as a whole.
func Rewrap(dir string, from, to Master) (int, error) {
	v := &Vault{dir: dir, master: from}
	return v.Rewrap(to)
}

// Rewrap wraps everything in the folder by another master key, file by file, and
// uses it from then on; it returns how many files there are. What was sealed
// stays as it is. After a crash or a fault, call it again with the same two
// keys: what the new one opens already is left alone. Other processes on the
// folder must be stopped, and the old master key kept until this has returned.
func (v *Vault) Rewrap(to Master) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	names, err := heldFiles(v.dir)
	if err != nil {
		return 0, unusable(v.dir, "the folder of keys could not be read", err)
	}
	files := 0
	for _, name := range names {
		switch done, err := v.rewrapFile(name, to); {
		case err != nil:
			return files, err
		case done:
			files++
		}
	}
	v.master = to
	return files, nil
}

// rewrapFile says whether the file is wrapped by the new key now; a keyset that
// was destroyed, or is destroyed meanwhile, is left out.
func (v *Vault) rewrapFile(name string, to Master) (bool, error) {
	path := filepath.Join(v.dir, name)
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, located(path, err)
	}
	var again []byte
	if secret, ok := strings.CutSuffix(name, suffixSecret); ok {
		again, err = v.rewrapSecret(name, data, secret, to)
	} else {
		scope := Scope(strings.TrimSuffix(name, suffixKeyset))
		if v.tombstoned(scope) {
			return false, nil
		}
		again, err = v.rewrapKeyset(name, data, scope, to)
	}
	if err != nil || again == nil {
		return err == nil, err
	}
	if err := durable.Replace(path, again); err != nil {
		return false, unusable(path, "the keys could not be written anew", err)
	}
	return true, nil
}

// rewrapKeyset returns nil where the new key opens the keyset already.
func (v *Vault) rewrapKeyset(name string, data []byte, scope Scope, to Master) ([]byte, error) {
	h, f, err := unwrap(name, data, scope, v.master)
	if err != nil {
		if _, _, already := unwrap(name, data, scope, to); already == nil {
			return nil, nil
		}
		return nil, err
	}
	again, err := wrap(h, scope, f.Made, to)
	if err == nil {
		_, _, err = unwrap(name, again, scope, to)
	}
	if err != nil {
		return nil, unusable(name, "the keys could not be wrapped by the new master key", err)
	}
	return again, nil
}

func (v *Vault) rewrapSecret(name string, data []byte, secret string, to Master) ([]byte, error) {
	plain, err := unwrapSecret(name, data, secret, v.master)
	if err != nil {
		if _, already := unwrapSecret(name, data, secret, to); already == nil {
			return nil, nil
		}
		return nil, err
	}
	again, err := wrapSecret(plain, secret, to)
	if err == nil {
		_, err = unwrapSecret(name, again, secret, to)
	}
	if err != nil {
		return nil, unusable(name, "the secret could not be wrapped by the new master key", err)
	}
	return again, nil
}
