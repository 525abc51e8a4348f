package brief

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// folder reads all files below a folder.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(files, sumsFile)
	return files
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	first := map[string][]byte{"brief.html": []byte("1"), "tables/a.csv": []byte("a"), "tables/b.csv": []byte("b")}
	if err := Write(dir, first); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "mine.txt", "mine")
	put(t, dir, "tables/mine.csv", "mine")
	put(t, dir, "tables/b.csv", "changed by hand")
	if err := Write(dir, map[string][]byte{"brief.html": []byte("2")}); err != nil {
		t.Fatal(err)
	}
	// a.csv was the earlier brief's and is gone; b.csv was changed and stays.
	want := map[string]string{"brief.html": "2", "mine.txt": "mine", "tables/mine.csv": "mine", "tables/b.csv": "changed by hand"}
	if got := folder(t, dir); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWriteHeedsOnlyItsOwnList holds that a list of sums that someone else
// made, in whatever name is usual, does not cost them a file.
func TestWriteHeedsOnlyItsOwnList(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "interviews.csv", "abc")
	for _, name := range []string{"SHA256SUMS", "sha256sum.txt"} {
		put(t, dir, name, string(sums([]string{"interviews.csv"}, map[string][]byte{"interviews.csv": []byte("abc")})))
	}
	before := folder(t, dir)
	for range 2 {
		if err := Write(dir, map[string][]byte{"brief.html": []byte("1")}); err != nil {
			t.Fatal(err)
		}
	}
	before["brief.html"] = "1"
	if after := folder(t, dir); !maps.Equal(before, after) {
		t.Errorf("the folder was %q and is %q", before, after)
	}
}

func TestWriteFailsWhole(t *testing.T) {
	files := map[string][]byte{"a.html": []byte("new"), "b/c.csv": []byte("new"), "d.svg": []byte("new")}
	for name, spoil := range map[string]func(dir string){
		"a folder in the place of a file": func(dir string) { put(t, dir, "d.svg/x", "x") },
		"a file in the place of a folder": func(dir string) { put(t, dir, "b", "x") },
	} {
		dir := t.TempDir()
		put(t, dir, "a.html", "old")
		spoil(dir)
		before := folder(t, dir)
		err := Write(dir, files)
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		var f *fault.Fault
		if !errors.As(err, &f) || f.Remedy == "" || f.Place.File == "" {
			t.Errorf("%s: %v has no place or remedy", name, err)
		}
		if after := folder(t, dir); !maps.Equal(before, after) {
			t.Errorf("%s: the folder was %q and is %q", name, before, after)
		}
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".waymark-") {
				t.Errorf("%s: %s is left behind", name, e.Name())
			}
		}
	}
}

func TestWriteIntoAFile(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "out", "x")
	err := Write(filepath.Join(dir, "out"), map[string][]byte{"a": nil})
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "--out") {
		t.Errorf("got %v", err)
	}
}

func TestWriteIntoAFolderWithoutRights(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "locked")
	if err := os.Mkdir(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if f, err := os.CreateTemp(dir, ""); err == nil {
		f.Close()
		if dir = "/proc/self"; runtime.GOOS != "linux" { // where not even root may write
			dir = string([]byte{'a', 0, 'b'}) // no name of a folder
		}
	}
	if err := Write(dir, map[string][]byte{"a": nil}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
}

// TestMoverUndoes breaks the renames at every step in turn: a file that was not
// staged cannot be moved in.
func TestMoverUndoes(t *testing.T) {
	names := []string{"a", "b/c", "d", "missing"}
	for stop := 1; stop <= 3; stop++ {
		dir, tmp := t.TempDir(), t.TempDir()
		put(t, dir, "a", "old a")
		put(t, dir, "d", "old d")
		put(t, dir, "missing", "old")
		for _, n := range names[:3] {
			put(t, filepath.Join(tmp, "new"), n, "new "+n)
		}
		before := folder(t, dir)
		m := &mover{dir: dir, tmp: tmp}
		for _, n := range names[:stop] {
			if err := m.in(n); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.in("missing"); err == nil {
			t.Fatal("a file that is not there was moved")
		}
		if err := m.undo(); err != nil {
			t.Fatal(err)
		}
		if after := folder(t, dir); !maps.Equal(before, after) {
			t.Errorf("after %d renames: the folder was %q and is %q", stop, before, after)
		}
	}
}

func TestWriteRefusesNamesOutside(t *testing.T) {
	for _, name := range []string{"../a", "/a", "a//b", "", ".", sumsFile} {
		dir := t.TempDir()
		if err := Write(dir, map[string][]byte{name: nil, "ok": nil}); err == nil {
			t.Errorf("%q passes", name)
		}
		if got := slices.Collect(maps.Keys(folder(t, dir))); len(got) > 0 {
			t.Errorf("%q: wrote %q", name, got)
		}
	}
}

func TestSumsCheckOut(t *testing.T) {
	// sha256sum of "abc": FIPS 180-2, appendix B.1.
	got := string(sums([]string{"x"}, map[string][]byte{"x": []byte("abc")}))
	if want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  x\n"; got != want {
		t.Errorf("got %q", got)
	}
}
