package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"waymark/internal/durable"
	"waymark/trust/vault"
)

// syncing is how many files are written at once: each waits for the disk.
const syncing = 16

// caseStaging is a folder beside the keys that the keys of cases of a backup go to
// before any of them counts: there may be hundreds of thousands, and whether they
// are all good is known at the end.
type caseStaging struct {
	dir, tmp string
	any      bool
	work     chan stagedFile
	group    sync.WaitGroup
	mu       sync.Mutex
	failed   error
	ended    bool
}

type stagedFile struct {
	name string
	data []byte
}

func newCaseStaging(dir string) (*caseStaging, error) {
	tmp, err := os.MkdirTemp(dir, ".restoring-")
	if err != nil {
		return nil, unwritable(dir, err)
	}
	s := &caseStaging{dir: dir, tmp: tmp, work: make(chan stagedFile, syncing)}
	for range syncing {
		s.group.Go(func() {
			for f := range s.work {
				if err := s.write(f); err != nil {
					s.mu.Lock()
					s.failed = errors.Join(s.failed, err)
					s.mu.Unlock()
				}
			}
		})
	}
	return s, nil
}

// put takes a file of a case's keys. Its faults come out of a later put, or of wait.
func (s *caseStaging) put(name string, data []byte) error {
	s.any = true
	s.work <- stagedFile{name, data}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

func (s *caseStaging) write(f stagedFile) error {
	path := filepath.Join(s.tmp, filepath.FromSlash(f.name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unwritable(s.dir, err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return damaged("the file of keys names one twice", err)
	}
	if err == nil {
		_, err = file.Write(f.data)
		err = errors.Join(err, file.Sync(), file.Close())
	}
	if err != nil {
		return unwritable(s.dir, err)
	}
	return nil
}

// wait ends the writing.
func (s *caseStaging) wait() error {
	if !s.ended {
		s.ended = true
		close(s.work)
		s.group.Wait()
	}
	return s.failed
}

func (s *caseStaging) remove() {
	s.wait()
	os.RemoveAll(s.tmp)
}

// check finds out whether a key is there that is another.
func (s *caseStaging) check() error {
	return eachCaseFile(s.tmp, func(name string, destroyed bool) error {
		path := filepath.Join(s.dir, filepath.FromSlash(name))
		here, err := os.ReadFile(path)
		switch {
		case destroyed || errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return unwritable(path, err)
		}
		there, err := os.ReadFile(filepath.Join(s.tmp, filepath.FromSlash(name)))
		if err != nil {
			return unwritable(s.tmp, err)
		}
		if !vault.SameCaseKeys(here, there) {
			return anotherKey(path)
		}
		return nil
	})
}

// settle moves the files into their places, marks of destroyed ones first; a key
// that was destroyed, here or there, stays away.
func (s *caseStaging) settle(done *Restored) error {
	touched := map[string]bool{}
	for _, marks := range []bool{true, false} {
		err := eachCaseFile(s.tmp, func(name string, destroyed bool) error {
			if destroyed != marks {
				return nil
			}
			from, to := filepath.Join(s.tmp, filepath.FromSlash(name)), filepath.Join(s.dir, filepath.FromSlash(name))
			mark := strings.TrimSuffix(to, filepath.Ext(to)) + tombstone
			if _, err := os.Lstat(mark); err == nil && !destroyed {
				done.Destroyed++
				return nil
			}
			if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
				return unwritable(s.dir, err)
			}
			// A link replaces nothing.
			switch err := os.Link(from, to); {
			case errors.Is(err, fs.ErrExist):
				done.Same++
				return nil
			case err != nil:
				return unwritable(s.dir, err)
			}
			done.Written++
			touched[filepath.Dir(to)] = true
			// Destroyed by another process meanwhile: its mark was first.
			if _, err := os.Lstat(mark); err == nil && !destroyed {
				return os.Remove(to)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for dir := range touched {
		if err := durable.SyncDir(dir); err != nil {
			return unwritable(s.dir, err)
		}
	}
	if len(touched) == 0 {
		return nil
	}
	return errors.Join(durable.SyncDir(filepath.Join(s.dir, casesDir)), durable.SyncDir(s.dir))
}
