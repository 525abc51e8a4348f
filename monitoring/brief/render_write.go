package brief

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"waymark/internal/fault"
)

// sumsFile lists what Write put into a folder, in the form that sha256sum -c
// checks. The next Write knows from it which files are an earlier brief's; the
// name is ours alone, so that no one else's list is taken for it.
const sumsFile = "waymark.sha256"

// Write puts files, by relative path with slashes, into a folder, which it
// makes if need be. Either all of them are there at the end or the folder is as
// it was: everything is first written and synced in a temporary folder inside,
// then renamed into place, and a rename that fails undoes those before it.
//
// Files of an earlier brief that the new one does not have are removed if no
// one has changed them since; all other files stay as they are.
func Write(dir string, files map[string][]byte) error {
	names, err := writable(dir, files)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return folderFault(dir, "the folder could not be made", err)
	}
	tmp, err := os.MkdirTemp(dir, ".waymark-")
	if err != nil {
		return folderFault(dir, "the folder cannot be written to", err)
	}
	defer os.RemoveAll(tmp)

	all := make(map[string][]byte, len(files)+1)
	for name, data := range files {
		all[name] = data
	}
	all[sumsFile] = sums(names, files)
	stale := staleFiles(dir, all)
	names = append(names, sumsFile) // the list goes last: it vouches for the rest

	if err := stage(filepath.Join(tmp, "new"), names, all); err != nil {
		return folderFault(dir, "the files could not be written", err)
	}
	move := &mover{dir: dir, tmp: tmp}
	for _, name := range names {
		if err := move.in(name); err != nil {
			return errors.Join(fault.Wrap(fault.Unavailable, fault.Place{File: filepath.Join(dir, filepath.FromSlash(name))},
				"the file could not be replaced, so nothing was changed", "close it if it is open elsewhere, and check that you may change it", err), move.undo())
		}
	}
	for _, name := range stale {
		_ = os.Remove(filepath.Join(dir, filepath.FromSlash(name))) // no harm if it stays
	}
	syncFolders(dir, names)
	return nil
}

// writable checks all names before anything is written and returns them sorted.
func writable(dir string, files map[string][]byte) ([]string, error) {
	faults := fault.NewList(20)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || name == sumsFile {
			faults.Addf(fault.Internal, fault.Place{File: name}, "", "a file of the brief has a name that cannot be written")
		} else if info, err := os.Stat(target); err == nil && info.IsDir() {
			faults.Addf(fault.Conflict, fault.Place{File: target}, "rename the folder or choose another one for the brief", "a folder stands where a file of the brief goes")
		}
	}
	return names, faults.Err()
}

func folderFault(dir, message string, err error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{File: dir}, message,
		"check that there is room and that you may write there, or choose another folder with --out", err)
}

// stage writes and syncs all files below root.
func stage(root string, names []string, files map[string][]byte) error {
	made := map[string]bool{}
	for _, name := range names {
		sub := filepath.Join(root, filepath.FromSlash(path.Dir(name)))
		if !made[sub] {
			made[sub] = true
			if err := os.MkdirAll(sub, 0o755); err != nil {
				return err
			}
		}
	}
	var g errgroup.Group
	g.SetLimit(16) // syncs wait on the disk, which takes many at once
	for _, name := range names {
		g.Go(func() error { return writeSynced(filepath.Join(root, filepath.FromSlash(name)), files[name]) })
	}
	return g.Wait()
}

func writeSynced(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// mover renames staged files into place and remembers how to undo it.
type mover struct {
	dir, tmp string
	done     []string          // targets that are new or replaced
	kept     map[string]string // target to the earlier file, kept aside
}

func (m *mover) in(name string) error {
	from := filepath.Join(m.tmp, "new", filepath.FromSlash(name))
	to := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if m.kept == nil {
		m.kept = map[string]string{}
	}
	if _, err := os.Lstat(to); err == nil {
		aside := filepath.Join(m.tmp, fmt.Sprintf("old-%d", len(m.done)))
		// A link leaves the earlier file in its place until the very rename.
		if os.Link(to, aside) != nil {
			if err := os.Rename(to, aside); err != nil {
				return err
			}
		}
		m.kept[to] = aside
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	m.done = append(m.done, to)
	return os.Rename(from, to)
}

func (m *mover) undo() error {
	var errs []error
	for _, to := range slices.Backward(m.done) {
		if aside, ok := m.kept[to]; ok {
			errs = append(errs, os.Rename(aside, to))
		} else if err := os.Remove(to); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func sums(names []string, files map[string][]byte) []byte {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return []byte(b.String())
}

// staleFiles lists the files that an earlier Write left here, that are not
// among the new ones, and that still are as they were written.
func staleFiles(dir string, files map[string][]byte) []string {
	list, err := os.ReadFile(filepath.Join(dir, sumsFile))
	if err != nil {
		return nil
	}
	var stale []string
	for line := range strings.Lines(string(list)) {
		sum, name, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "  ")
		if _, isNew := files[name]; !ok || isNew || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			continue
		}
		if now := sha256.Sum256(data); hex.EncodeToString(now[:]) == sum {
			stale = append(stale, name)
		}
	}
	return stale
}

// syncFolders makes the renames durable where the system can; a folder that
// cannot be synced, as on Windows, is no fault.
func syncFolders(dir string, names []string) {
	folders := map[string]bool{dir: true}
	for _, name := range names {
		folders[filepath.Join(dir, filepath.FromSlash(path.Dir(name)))] = true
	}
	for folder := range folders {
		if f, err := os.Open(folder); err == nil {
			_ = f.Sync()
			_ = f.Close()
		}
	}
}
