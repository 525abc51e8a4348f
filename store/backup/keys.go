package backup

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"waymark/internal/durable"
	"waymark/internal/fault"
	"waymark/trust/vault"
)

// formatKeys names the layout of a file of keys: files of the folder of keys,
// one an entry, behind an entry that says so.
const formatKeys = "waymark-keys-1"

// maxKeyFile bounds a file of keys, in bytes.
const maxKeyFile = 64 << 10

// maxKeyFiles bounds the files of the folder itself. The keys of cases, in folders
// of their own, have no bound.
const maxKeyFiles = 100_000

// casesDir is the folder of the keys of cases in the folder of keys.
const casesDir = "cases"

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
	// The keys of cases and those that wrap them belong together.
	release, err := vault.HoldCases(dir)
	if err != nil {
		return 0, err
	}
	defer release()
	n := 0
	for _, e := range entries {
		if !nameKey.MatchString(e.Name()) {
			continue
		}
		wrote, err := a.keyFile(dir, e.Name())
		if err != nil {
			return 0, err
		}
		n += wrote
	}
	if n == 0 {
		return 0, fault.New(fault.NotFound, fault.Place{File: dir}, "there are no keys in the folder of keys", "start the server once, or name the right folder")
	}
	// Marks of destroyed ones first, so that who reads this knows them all before
	// the first key.
	for _, marks := range []bool{true, false} {
		cases, err := a.caseFiles(dir, marks)
		if err != nil {
			return 0, err
		}
		n += cases
	}
	return n, a.Close()
}

// keyFile writes one file of the folder, unless it was destroyed meanwhile.
func (a *archive) keyFile(dir, name string) (int, error) {
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err == nil {
		err = a.bytes(name, data)
	}
	return 1, err
}

// caseFiles writes the keys of cases, or the marks of those that were destroyed,
// one folder after the other.
func (a *archive) caseFiles(dir string, marks bool) (int, error) {
	n := 0
	return n, eachCaseFile(dir, func(name string, destroyed bool) error {
		if destroyed != marks {
			return nil
		}
		wrote, err := a.keyFile(dir, name)
		n += wrote
		return err
	})
}

// eachCaseFile calls do for every file of a case's keys, by name.
func eachCaseFile(dir string, do func(name string, destroyed bool) error) error {
	shards, err := os.ReadDir(filepath.Join(dir, casesDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unwritable(dir, err)
	}
	for _, s := range shards {
		if !s.IsDir() {
			continue
		}
		files, err := os.ReadDir(filepath.Join(dir, casesDir, s.Name()))
		if err != nil {
			return unwritable(dir, err)
		}
		for _, f := range files {
			name := path.Join(casesDir, s.Name(), f.Name())
			if _, destroyed, ok := vault.CaseFile(name); ok {
				if err := do(name, destroyed); err != nil {
					return err
				}
			}
		}
	}
	return nil
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
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unwritable(dir, err)
	}
	s, err := newCaseStaging(dir)
	if err != nil {
		return nil, err
	}
	defer s.remove()
	found, err := readKeyFiles(r, by, s)
	if err != nil {
		return nil, err
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
			return nil, anotherKey(path)
		}
	}
	if s.any {
		// What is put in stays wrapped by the keys that are there or come with it.
		release, err := vault.HoldRotation(dir)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	if err := s.check(); err != nil {
		return nil, err
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
	return &done, s.settle(&done)
}

func anotherKey(path string) error {
	return fault.New(fault.Conflict, fault.Place{File: path}, "there is another key of this name already: keys are never replaced", "restore into an empty folder of keys")
}

// readKeyFiles returns the files of the folder itself, which are few; the keys of
// cases go to the staging folder as they come.
func readKeyFiles(r io.Reader, by []age.Identity, s *caseStaging) (map[string][]byte, error) {
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
		if err != nil || h.Size > maxKeyFile || len(found) > maxKeyFiles {
			return nil, damaged("the file of keys is damaged", err)
		}
		_, _, ofCase := vault.CaseFile(h.Name)
		if !ofCase && !nameKey.MatchString(h.Name) {
			return nil, damaged("the file of keys is damaged", err)
		}
		data, err := io.ReadAll(t)
		if err != nil {
			return nil, damaged("the file of keys is damaged", err)
		}
		if !ofCase {
			found[h.Name] = data
		} else if err := s.put(h.Name, data); err != nil {
			return nil, err
		}
	}
	if _, err := io.Copy(io.Discard, packed); err != nil {
		return nil, damaged("the file of keys is cut", err)
	}
	return found, s.wait()
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
