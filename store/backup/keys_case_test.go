package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/trust/vault"
)

func openCases(t *testing.T, dir string) *vault.Cases {
	t.Helper()
	master, err := vault.File(filepath.Join(dir, "master.key"), dir)
	no(t, err)
	v, err := vault.Open(dir, master)
	no(t, err)
	c, err := vault.OpenCases(v)
	no(t, err)
	return c
}

func caseKey(n int) vault.Scope { return vault.Scope(fmt.Sprintf("case-%04d", n)) }

func TestKeysOfCasesComeBack(t *testing.T) {
	to, by := keyPair(t)
	dir := filepath.Join(t.TempDir(), "keys")
	c := openCases(t, dir)
	sealed := map[int][]byte{}
	for i := range 300 {
		no(t, c.Create(caseKey(i)))
		s, err := c.Seal(caseKey(i), []byte(canary), "part")
		no(t, err)
		sealed[i] = s
	}
	no(t, c.Destroy(caseKey(7)))
	kept := func() []byte {
		t.Helper()
		var b bytes.Buffer
		if n, err := WriteKeys(&b, dir, made, to); err != nil || n < 300 {
			t.Fatalf("%d files, %v", n, err)
		}
		return b.Bytes()
	}
	opens := func(dir string, gone ...int) {
		t.Helper()
		c := openCases(t, dir)
		for i, s := range sealed {
			plain, err := c.Open(caseKey(i), s, "part")
			destroyed := false
			for _, g := range gone {
				destroyed = destroyed || g == i
			}
			if destroyed != errors.Is(err, vault.ErrDestroyed) || !destroyed && (err != nil || string(plain) != canary) {
				t.Fatalf("%s: %q, %v", caseKey(i), plain, err)
			}
		}
	}
	first := kept()
	empty := filepath.Join(t.TempDir(), "keys")
	done, err := ReadKeys(bytes.NewReader(first), by, empty)
	if err != nil || done.Written < 302 || done.Same != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	opens(empty, 7)

	// Into the folder that it came from: nothing is new, and what was destroyed
	// since stays destroyed.
	no(t, c.Destroy(caseKey(8)))
	no(t, c.Destroy(caseKey(9)))
	again, err := ReadKeys(bytes.NewReader(first), by, dir)
	if err != nil || again.Written != 0 || again.Destroyed != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	opens(dir, 7, 8, 9)
	if _, err := os.Stat(filepath.Join(dir, ".restoring-")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".restoring-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}

	// A file that was cut brings nothing, and one of other keys is refused whole.
	cut := filepath.Join(t.TempDir(), "keys")
	if _, err := ReadKeys(bytes.NewReader(first[:len(first)/2]), by, cut); err == nil {
		t.Error("a cut file was taken")
	}
	if entries, err := os.ReadDir(cut); err != nil || len(entries) != 0 {
		t.Errorf("a cut file left %v, %v", entries, err)
	}
	other := filepath.Join(t.TempDir(), "keys")
	no(t, openCases(t, other).Create(caseKey(1)))
	if _, err := ReadKeys(bytes.NewReader(first), by, other); fault.KindOf(err) != fault.Conflict {
		t.Errorf("keys over others: %v", err)
	}

	// Once rotated, the old file does not go over the new keys; a new one opens.
	if _, err := c.Rotate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKeys(bytes.NewReader(first), by, dir); fault.KindOf(err) != fault.Conflict {
		t.Errorf("old keys over rotated ones: %v", err)
	}
	opens(dir, 7, 8, 9)
	rotated := filepath.Join(t.TempDir(), "keys")
	if _, err := ReadKeys(bytes.NewReader(kept()), by, rotated); err != nil {
		t.Fatal(err)
	}
	opens(rotated, 7, 8, 9)
}

// TestKeysKeptDuringARotation: whatever moment a copy is made at, it opens.
func TestKeysKeptDuringARotation(t *testing.T) {
	to, by := keyPair(t)
	dir := filepath.Join(t.TempDir(), "keys")
	c := openCases(t, dir)
	sealed := map[int][]byte{}
	for i := range 400 {
		no(t, c.Create(caseKey(i)))
		s, err := c.Seal(caseKey(i), []byte(canary), "part")
		no(t, err)
		sealed[i] = s
	}
	var copies [][]byte
	for range 3 {
		_, err := c.Rotate(t.Context(), func(int, int) {
			var b bytes.Buffer
			if _, err := WriteKeys(&b, dir, time.Now(), to); err != nil {
				t.Error(err)
			}
			copies = append(copies, b.Bytes())
		})
		no(t, err)
	}
	if len(copies) < 3 {
		t.Fatalf("%d copies", len(copies))
	}
	for _, copy := range copies {
		back := filepath.Join(t.TempDir(), "keys")
		if _, err := ReadKeys(bytes.NewReader(copy), by, back); err != nil {
			t.Fatal(err)
		}
		again := openCases(t, back)
		for i, s := range sealed {
			if _, err := again.Open(caseKey(i), s, "part"); err != nil {
				t.Fatal(err)
			}
		}
	}
}
