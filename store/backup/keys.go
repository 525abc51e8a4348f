package backup

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"waymark/internal/durable"
	"waymark/internal/fault"
)

// formatKeys names the layout of a file of keys: files of the folder of keys,
// one an entry, behind an entry that says so.
const formatKeys = "waymark-keys-1"

// maxKeyFile bounds a file of keys, in bytes.
const maxKeyFile = 64 << 10

// nameKey is what a file of the folder of keys is called.
var nameKey = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}\.(json|destroyed|secret|key)$`)

// tombstone marks a scope whose keys were destroyed.
const tombstone = ".destroyed"

// WriteKeys writes the files of the folder of keys to w, encrypted to the
// recipients, and returns how many there are. Whoever opens it and has a backup
// reads everything, unless the master key is in a key service.
func WriteKeys(w io.Writer, dir string, now time.Time, to ...age.Recipient) (int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fault.Wrap(fault.NotFound, fault.Place{File: dir}, "there is no folder of keys", "name it with keys.dir in the settings", err)
	}
	a, err := newArchive(w, now, to)
	if err != nil {
		return 0, err
	}
	if err := a.bytes(formatKeys, nil); err != nil {
		return 0, err
	}
	n := 0
	for _, e := range entries {
		if !nameKey.MatchString(e.Name()) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) { // destroyed meanwhile
			continue
		}
		if err == nil {
			err = a.bytes(e.Name(), data)
		}
		if err != nil {
			return 0, err
		}
		n++
	}
	if n == 0 {
		return 0, fault.New(fault.NotFound, fault.Place{File: dir}, "there are no keys in the folder of keys", "start the server once, or name the right folder")
	}
	return n, a.Close()
}

// Restored says what became of a file of keys.
type Restored struct {
	Written int `json:"written"`
	// Same were there already.
	Same int `json:"same"`
	// Destroyed were left out, since their keys were destroyed here.
	Destroyed int `json:"destroyed"`
}

// ReadKeys puts the keys of a file into a folder. A key that was destroyed in the
// folder stays destroyed, and one that is there with another content is a fault
// of kind Conflict; then nothing is written.
func ReadKeys(r io.Reader, by []age.Identity, dir string) (*Restored, error) {
	found, err := readKeyFiles(r, by)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unwritable(dir, err)
	}
	used, err := wraps(dir)
	if err != nil {
		return nil, unwritable(dir, err)
	}
	gone := map[string]bool{}
	for name := range found {
		if scope, ok := strings.CutSuffix(name, tombstone); ok {
			gone[scope] = true
		}
	}
	var done Restored
	write := map[string][]byte{}
	for name, data := range found {
		path := filepath.Join(dir, name)
		scope, keyset := strings.CutSuffix(name, ".json")
		if _, err := os.Lstat(filepath.Join(dir, scope+tombstone)); keyset && (err == nil || gone[scope]) {
			done.Destroyed++
			continue
		}
		here, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			write[name] = data
		case err != nil:
			return nil, unwritable(path, err)
		case bytes.Equal(here, data):
			done.Same++
		case strings.HasSuffix(name, tombstone): // both say the same
			done.Same++
		case !used: // a master key that nothing was wrapped by yet
			write[name] = data
		default:
			return nil, fault.New(fault.Conflict, fault.Place{File: path}, "there is another key of this name already: keys are never replaced", "restore into an empty folder of keys")
		}
	}
	// Tombstones first, the rest in their order.
	names := make([]string, 0, len(write))
	for name := range write {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		ta, tb := strings.HasSuffix(a, tombstone), strings.HasSuffix(b, tombstone)
		switch {
		case ta && !tb:
			return -1
		case tb && !ta:
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		if err := durable.Replace(filepath.Join(dir, name), write[name]); err != nil {
			return nil, unwritable(dir, err)
		}
		done.Written++
	}
	return &done, nil
}

func readKeyFiles(r io.Reader, by []age.Identity) (map[string][]byte, error) {
	packed, err := openArchive(r, by)
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	t := tar.NewReader(packed)
	h, err := t.Next()
	if err != nil || h.Name != formatKeys {
		return nil, damaged("this is no file of keys of waymark", err)
	}
	found := map[string][]byte{}
	for {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil || !nameKey.MatchString(h.Name) || h.Size > maxKeyFile || len(found) > 100_000 {
			return nil, damaged("the file of keys is damaged", err)
		}
		data, err := io.ReadAll(t)
		if err != nil {
			return nil, damaged("the file of keys is damaged", err)
		}
		found[h.Name] = data
	}
	if _, err := io.Copy(io.Discard, packed); err != nil {
		return nil, damaged("the file of keys is cut", err)
	}
	return found, nil
}

// wraps says whether the folder holds anything that a master key wraps. A master
// key that was made by mistake at a start without keys does not.
func wraps(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if data, err := os.ReadFile(filepath.Join(dir, e.Name())); err == nil && bytes.Contains(data, []byte(`"format": "waymark-`)) {
			return true, nil
		}
	}
	return false, nil
}
