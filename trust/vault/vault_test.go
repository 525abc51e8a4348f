package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/fault"
)

// canary stands for an answer; it must never be found on disk.
const canary = "synthetic-canary-answer"

func open(t testing.TB, dir string) *Vault {
	t.Helper()
	m, err := File(filepath.Join(dir, "master.key"), dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Open(dir, m)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func fresh(t testing.TB, scopes ...Scope) *Vault {
	t.Helper()
	v := open(t, filepath.Join(t.TempDir(), "keys"))
	for _, s := range scopes {
		if err := v.Create(s); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func TestSealedOpensOnlyWhereItBelongs(t *testing.T) {
	v := fresh(t, "round-a", "round-b")
	again := open(t, v.dir)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		bound := rapid.String().Draw(t, "bound")
		sealed, err := v.Seal("round-a", plain, bound)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := again.Open("round-a", sealed, bound); err != nil || !bytes.Equal(back, plain) {
			t.Fatalf("another process reads %q, %v", back, err)
		}
		refuse := func(what string, scope Scope, sealed []byte, bound string) {
			if _, err := v.Open(scope, sealed, bound); !errors.Is(err, ErrAltered) {
				t.Fatalf("%s: %v", what, err)
			}
		}
		refuse("another row's", "round-a", sealed, bound+"x")
		refuse("another round's", "round-b", sealed, bound)
		refuse("cut", "round-a", sealed[:rapid.IntRange(0, len(sealed)-1).Draw(t, "cut")], bound)
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		refuse("changed", "round-a", sealed, bound)
	})
}

func TestStreams(t *testing.T) {
	v := fresh(t, "round-a", "round-b")
	for _, size := range []int{0, 1, 2048, segment - 100, segment, segment + 1, 3*segment + 17} {
		plain := bytes.Repeat([]byte{'a', 0, 0xff}, size/3+1)[:size]
		var b bytes.Buffer
		w, err := v.SealTo("round-a", &b, "file:1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, bytes.NewReader(plain)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		read := func(scope Scope, sealed []byte, bound string) ([]byte, error) {
			r, err := v.OpenFrom(scope, bytes.NewReader(sealed), bound)
			if err != nil {
				t.Fatal(err)
			}
			return io.ReadAll(r)
		}
		if back, err := read("round-a", b.Bytes(), "file:1"); err != nil || !bytes.Equal(back, plain) {
			t.Fatalf("%d bytes came back as %d, %v", size, len(back), err)
		}
		for what, try := range map[string]func() ([]byte, error){
			"another file's":  func() ([]byte, error) { return read("round-a", b.Bytes(), "file:2") },
			"another round's": func() ([]byte, error) { return read("round-b", b.Bytes(), "file:1") },
			"a byte cut":      func() ([]byte, error) { return read("round-a", b.Bytes()[:b.Len()-1], "file:1") },
			"half cut":        func() ([]byte, error) { return read("round-a", b.Bytes()[:b.Len()/2], "file:1") },
			"all cut":         func() ([]byte, error) { return read("round-a", nil, "file:1") },
			"bytes added":     func() ([]byte, error) { return read("round-a", append(bytes.Clone(b.Bytes()), 0), "file:1") },
			"last byte changed": func() ([]byte, error) {
				c := bytes.Clone(b.Bytes())
				c[len(c)-1] ^= 1
				return read("round-a", c, "file:1")
			},
		} {
			if _, err := try(); !errors.Is(err, ErrAltered) {
				t.Errorf("%d bytes, %s: %v", size, what, err)
			}
		}
		if size > segment {
			// A cut at the end of a segment leaves whole segments.
			if _, err := read("round-a", b.Bytes()[:segment], "file:1"); !errors.Is(err, ErrAltered) {
				t.Errorf("%d bytes, cut between segments: %v", size, err)
			}
		}
	}
}

func TestAFailingDiskIsNoAlteration(t *testing.T) {
	v := fresh(t, "round-a")
	var b bytes.Buffer
	w, err := v.SealTo("round-a", &b, "file:1")
	if err != nil {
		t.Fatal(err)
	}
	w.Write(make([]byte, segment))
	broken := errors.New("input/output error")
	r, err := v.OpenFrom("round-a", io.MultiReader(&b, &failing{broken}), "file:1")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := io.ReadAll(r); !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestTokensAreOfTheirScope(t *testing.T) {
	v := fresh(t, "round-a", "round-b")
	a, err := v.Token("round-a", []byte("value"))
	if err != nil || len(a) != 32 {
		t.Fatalf("%x, %v", a, err)
	}
	again, _ := open(t, v.dir).Token("round-a", []byte("value"))
	other, _ := v.Token("round-b", []byte("value"))
	if !bytes.Equal(a, again) || bytes.Equal(a, other) {
		t.Error("a token must be the same in its scope, and only there")
	}
}

func TestDestroyed(t *testing.T) {
	v := fresh(t, "round-a", "round-b")
	other := open(t, v.dir)
	at := time.Now()
	other.clock = func() time.Time { return at }
	sealed, err := v.Seal("round-a", []byte(canary), "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open("round-a", sealed, "x"); err != nil {
		t.Fatal(err)
	}
	print, err := v.Fingerprint("round-a")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(v.dir, "round-a.json")
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := v.Destroy("round-a"); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(who string, v *Vault) {
		t.Helper()
		_, e1 := v.Open("round-a", sealed, "x")
		_, e2 := v.Seal("round-a", nil, "x")
		_, e3 := v.Token("round-a", nil)
		_, e4 := v.OpenFrom("round-a", bytes.NewReader(sealed), "x")
		_, e5 := v.SealTo("round-a", io.Discard, "x")
		for i, err := range []error{e1, e2, e3, e4, e5, v.Create("round-a")} {
			if !errors.Is(err, ErrDestroyed) {
				t.Errorf("%s: call %d after destruction: %v", who, i, err)
			}
		}
	}
	refused("the process that destroyed", v)
	at = at.Add(recheck)
	refused("a process with the keys in memory, a second later", other)
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the keyset is still there: %v", err)
	}
	if err := os.WriteFile(path, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("after the keyset was put back", open(t, v.dir))
	if scopes, err := v.Scopes(); err != nil || len(scopes) != 1 || scopes[0] != "round-b" {
		t.Errorf("scopes are %v, %v", scopes, err)
	}
	if still, err := open(t, v.dir).Fingerprint("round-a"); err != nil || still != print {
		t.Errorf("the proof says %q, not %q; %v", still, print, err)
	}
	if !v.Destroyed("round-a") || v.Destroyed("round-b") || v.Destroyed("../round-b") {
		t.Error("Destroyed does not say what is so")
	}
}

func TestDestructionCutShort(t *testing.T) {
	v := fresh(t, "round-a")
	if err := os.WriteFile(filepath.Join(v.dir, "round-a.destroyed"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	v = open(t, v.dir)
	if _, err := v.Seal("round-a", nil, ""); !errors.Is(err, ErrDestroyed) {
		t.Fatalf("between tombstone and removal: %v", err)
	}
	if err := v.Destroy("round-a"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(v.dir, "round-a.json")); !os.IsNotExist(err) {
		t.Errorf("a second call must end it: %v", err)
	}
}

func TestLostKeys(t *testing.T) {
	v := fresh(t, "round-a")
	master := filepath.Join(v.dir, "master.key")
	said := func(err error, sentinel error, words ...string) {
		t.Helper()
		var f *fault.Fault
		if !errors.Is(err, sentinel) || !errors.As(err, &f) || f.Remedy == "" {
			t.Fatalf("no fault with a remedy: %v", err)
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q is not said: %v", w, err)
			}
		}
	}
	_, err := v.Seal("round-none", nil, "")
	said(err, ErrNoKey, "round-none", "backup")
	if err := os.Rename(master, master+".away"); err != nil {
		t.Fatal(err)
	}
	_, err = File(master, v.dir)
	said(err, ErrNoKey, "master key is lost", "backup")
	foreign, err := File(filepath.Join(t.TempDir(), "k"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(v.dir, foreign)
	said(err, ErrNoKey, foreign.Name(), "backup")
	if err := os.WriteFile(master, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = File(master, v.dir)
	said(err, ErrNoKey, "no master key")
	if err := os.Rename(master+".away", master); err != nil {
		t.Fatal(err)
	}
	open(t, v.dir)
}

func TestAMasterKeyIsNotCalledLikeAKeyset(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"master.json", "master.secret"} {
		if _, err := File(filepath.Join(dir, name), dir); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysetsCannotBeSwapped(t *testing.T) {
	v := fresh(t, "round-a", "round-b")
	a, b := filepath.Join(v.dir, "round-a.json"), filepath.Join(v.dir, "round-b.json")
	data, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	for what, altered := range map[string][]byte{
		"as it is":   data,
		"renamed":    bytes.ReplaceAll(data, []byte("round-a"), []byte("round-b")),
		"cut":        data[:len(data)/2],
		"empty":      nil,
		"too large":  bytes.Repeat([]byte(" "), maxFile+1),
		"other uses": bytes.Replace(bytes.Replace(data, []byte(`"data"`), []byte(`"stream"`), 1), []byte(`"stream": {`), []byte(`"data": {`), 2),
	} {
		if err := os.WriteFile(b, altered, 0o600); err != nil {
			t.Fatal(err)
		}
		fresh := &Vault{dir: v.dir, master: v.master, clock: time.Now}
		if _, err := fresh.Seal("round-b", nil, ""); err == nil || fault.KindOf(err) == fault.Internal {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestNamesOfScopesStayInTheFolder(t *testing.T) {
	v := fresh(t)
	for _, s := range []Scope{"", "-a", "A", "a/b", "../a", "a.b", "a b", "é", Scope(strings.Repeat("a", 65)), "a\x00"} {
		if err := v.Create(s); err == nil {
			t.Errorf("%q was made", s)
		}
		if err := v.Destroy(s); err == nil {
			t.Errorf("%q was destroyed", s)
		}
		if _, err := v.Secret(string(s), func() ([]byte, error) { return nil, nil }); err == nil {
			t.Errorf("%q was kept", s)
		}
	}
	if err := v.Create(Scope(strings.Repeat("a", 64))); err != nil {
		t.Error(err)
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("Windows keeps rights elsewhere")
		return
	}
	v := fresh(t, "round-a")
	if _, err := v.Secret("signer", func() ([]byte, error) { return []byte(canary), nil }); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(v.dir)
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		path := filepath.Join(v.dir, e.Name())
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, %v", e.Name(), info.Mode(), err)
		}
		data, err := os.ReadFile(path)
		if err != nil || bytes.Contains(data, []byte(canary)) {
			t.Errorf("%s holds a secret in clear; %v", e.Name(), err)
		}
		for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			if err := reopen(v.dir); fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), "chmod 600") {
				t.Errorf("%s with %v: %v", e.Name(), mode, err)
			}
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(v.dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := reopen(v.dir); fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("an open folder: %v", err)
	}
}

func reopen(dir string) error {
	m, err := File(filepath.Join(dir, "master.key"), dir)
	if err != nil {
		return err
	}
	v, err := Open(dir, m)
	if err != nil {
		return err
	}
	_, err = v.Secret("signer", func() ([]byte, error) { return nil, errors.New("it is there") })
	return err
}

func TestSecretsStayTheSame(t *testing.T) {
	v := fresh(t)
	n := 0
	make := func() ([]byte, error) { n++; return fmt.Appendf(nil, "secret %d", n), nil }
	for _, v := range []*Vault{v, v, open(t, v.dir)} {
		if s, err := v.Secret("signer", make); err != nil || string(s) != "secret 1" {
			t.Fatalf("%q, %v", s, err)
		}
	}
	if err := os.Rename(filepath.Join(v.dir, "signer.secret"), filepath.Join(v.dir, "other.secret")); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Secret("other", make); !errors.Is(err, ErrNoKey) {
		t.Errorf("a secret under another's name: %v", err)
	}
}

func TestRewrap(t *testing.T) {
	v := fresh(t, "round-a", "round-b", "round-c")
	sealed, err := v.Seal("round-a", []byte(canary), "x")
	if err != nil {
		t.Fatal(err)
	}
	make := func() ([]byte, error) { return []byte("signing key"), nil }
	if _, err := v.Secret("signer", make); err != nil {
		t.Fatal(err)
	}
	if err := v.Destroy("round-c"); err != nil {
		t.Fatal(err)
	}
	old := v.master
	next, err := File(filepath.Join(t.TempDir(), "next.key"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	// As after a crash: one file is wrapped anew already.
	if done, err := v.rewrapFile("round-b.json", next); err != nil || !done {
		t.Fatal(err)
	}
	if n, err := v.Rewrap(next); err != nil || n != 3 {
		t.Fatalf("%d files, %v", n, err)
	}
	if _, err := Open(v.dir, old); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), next.Name()) {
		t.Errorf("the old master key: %v", err)
	}
	again, err := Open(v.dir, next)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open("round-a", sealed, "x"); err != nil || string(plain) != canary {
		t.Errorf("%q, %v", plain, err)
	}
	if s, err := again.Secret("signer", make); err != nil || string(s) != "signing key" {
		t.Errorf("%q, %v", s, err)
	}
	if err := v.Create("round-d"); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Seal("round-d", nil, ""); err != nil {
		t.Errorf("what is made after the change must be wrapped by the new key: %v", err)
	}
	third, err := File(filepath.Join(t.TempDir(), "third.key"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	stranger := &Vault{dir: v.dir, master: old, clock: time.Now}
	if _, err := stranger.Rewrap(third); !errors.Is(err, ErrNoKey) {
		t.Errorf("rewrapped without the key that wraps: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	v := fresh(f, "round-a")
	sealed, err := v.Seal("round-a", []byte(canary), "submission:1")
	if err != nil {
		f.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(v.dir, "round-a.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, "submission:1")
	f.Add(sealed[:20], "submission:1")
	f.Add(file, "")
	f.Fuzz(func(t *testing.T, data []byte, bound string) {
		if plain, err := v.Open("round-a", data, bound); err == nil && (!bytes.Equal(data, sealed) || bound != "submission:1") {
			t.Errorf("opened as %q", plain)
		}
		if r, err := v.OpenFrom("round-a", bytes.NewReader(data), bound); err != nil {
			t.Error(err)
		} else if plain, err := io.ReadAll(r); err == nil {
			t.Errorf("a stream opened as %q", plain)
		}
		if _, _, err := unwrap("f", data, "round-a", v.master); err == nil {
			if again, _, err := unwrap("f", data, "round-b", v.master); err == nil {
				t.Errorf("a keyset opened for another scope: %v", again)
			}
		}
	})
}
