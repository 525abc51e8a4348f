package durable_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"waymark/internal/durable"
)

func TestWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	read := func(want string) {
		t.Helper()
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Fatalf("the file holds %q (%v), not %q", got, err, want)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Fatalf("the folder holds %v (%v), not the file alone", entries, err)
		}
	}
	if err := durable.Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	read("first")
	if info, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("others may read it: %v %v", info.Mode(), err)
	}
	if err := durable.Create(path, []byte("second")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file that is there was no obstacle: %v", err)
	}
	read("first")
	if err := durable.Replace(path, []byte("third")); err != nil {
		t.Fatal(err)
	}
	read("third")

	cut := errors.New("cut")
	other := filepath.Join(dir, "other")
	_, err := durable.CreateFrom(other, func(w io.Writer) error {
		if _, err := w.Write([]byte("half")); err != nil {
			t.Fatal(err)
		}
		return cut
	})
	if err != cut {
		t.Errorf("the writer's own error came back as %v", err)
	}
	read("third")
	size, err := durable.CreateFrom(other, func(w io.Writer) error { _, err := w.Write([]byte("whole")); return err })
	if err != nil || size != 5 {
		t.Errorf("%d bytes, %v", size, err)
	}
	if err := durable.Replace(filepath.Join(dir, "none", "key"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
