package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/fault"
)

func cases(t testing.TB, v *Vault) *Cases {
	t.Helper()
	c, err := OpenCases(v)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// filled returns keys of n cases, and something sealed under each.
func filled(t testing.TB, n int) (c *Cases, ids []Scope, sealed [][]byte) {
	t.Helper()
	c = cases(t, fresh(t))
	for i := range n {
		id := Scope(fmt.Sprintf("case-%d", i))
		if err := c.Create(id); err != nil {
			t.Fatal(err)
		}
		s, err := c.Seal(id, []byte(canary), "part:1")
		if err != nil {
			t.Fatal(err)
		}
		ids, sealed = append(ids, id), append(sealed, s)
	}
	return c, ids, sealed
}

// wantOpen checks that a case opens for somebody who has nothing in memory.
func wantOpen(t *testing.T, c *Cases, id Scope, sealed []byte) {
	t.Helper()
	if plain, err := cases(t, open(t, c.vault.dir)).Open(id, sealed, "part:1"); err != nil || string(plain) != canary {
		t.Errorf("%s opens as %q, %v", id, plain, err)
	}
}

func TestCases(t *testing.T) {
	c, ids, sealed := filled(t, 3)
	for i, id := range ids {
		wantOpen(t, c, id, sealed[i])
		if err := c.Create(id); err != nil {
			t.Errorf("made twice: %v", err)
		}
	}
	for what, try := range map[string]func() ([]byte, error){
		"another case's": func() ([]byte, error) { return c.Open(ids[1], sealed[0], "part:1") },
		"another part's": func() ([]byte, error) { return c.Open(ids[0], sealed[0], "part:2") },
		"cut":            func() ([]byte, error) { return c.Open(ids[0], sealed[0][:9], "part:1") },
	} {
		if _, err := try(); !errors.Is(err, ErrAltered) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := c.Seal("case-9", nil, ""); !errors.Is(err, ErrNoKey) || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a case without keys: %v", err)
	}
	for _, bad := range []Scope{"", "../x", "A", "a.b", Scope(strings.Repeat("a", 65))} {
		if err := c.Create(bad); err == nil || c.Destroy(bad) == nil || c.Destroyed(bad) {
			t.Errorf("the identifier %q was taken", bad)
		}
	}
	err := filepath.WalkDir(c.vault.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %s", path)
		}
		if data, readErr := os.ReadFile(path); readErr == nil && bytes.Contains(data, []byte(canary)) {
			t.Errorf("%s holds what was sealed", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDocumentsOfCases(t *testing.T) {
	c, ids, _ := filled(t, 2)
	plain := bytes.Repeat([]byte("page "), 60_000)
	var b bytes.Buffer
	w, err := c.SealTo(ids[0], &b, "file")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	read := func(id Scope, sealed []byte) ([]byte, error) {
		r, err := c.OpenFrom(id, bytes.NewReader(sealed), "file")
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	}
	if back, err := read(ids[0], b.Bytes()); err != nil || !bytes.Equal(back, plain) {
		t.Errorf("%d bytes came back, %v", len(back), err)
	}
	if _, err := read(ids[1], b.Bytes()); !errors.Is(err, ErrAltered) {
		t.Errorf("another case's: %v", err)
	}
	if _, err := read(ids[0], b.Bytes()[:segment]); !errors.Is(err, ErrAltered) {
		t.Errorf("cut: %v", err)
	}
	one, err := c.Token(ids[0], []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if two, err := c.Token(ids[1], []byte("x")); err != nil || bytes.Equal(one, two) || len(two) != 32 {
		t.Errorf("two cases have the same token %x, %v", two, err)
	}
}

func TestDestroyedCasesStayDestroyed(t *testing.T) {
	c, ids, sealed := filled(t, 2)
	other := cases(t, open(t, c.vault.dir))
	if _, err := other.Open(ids[0], sealed[0], "part:1"); err != nil {
		t.Fatal(err)
	}
	print, err := c.Fingerprint(ids[0])
	if err != nil || len(print) != 2*fingerprintSize {
		t.Fatalf("%q, %v", print, err)
	}
	kept, err := os.ReadFile(c.path(ids[0], suffixCase))
	if err != nil {
		t.Fatal(err)
	}
	// What a process that was killed while it wrote left behind goes too.
	leftover := filepath.Join(c.dir, shard(ids[0]), string(ids[0])+".0123456789abcdef.new")
	if err := os.WriteFile(leftover, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Destroy(ids[0]); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{leftover, c.path(ids[0], suffixCase)} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
	refused := func(what string, c *Cases) {
		t.Helper()
		if _, err := c.Open(ids[0], sealed[0], "part:1"); !errors.Is(err, ErrDestroyed) {
			t.Errorf("%s: opening: %v", what, err)
		}
		if err := c.Create(ids[0]); !errors.Is(err, ErrDestroyed) || !c.Destroyed(ids[0]) {
			t.Errorf("%s: making anew: %v", what, err)
		}
	}
	refused("here", c)
	at := time.Now()
	other.vault.clock = func() time.Time { return at.Add(recheck) }
	refused("another process, a second later", other)
	if err := os.WriteFile(c.path(ids[0], suffixCase), kept, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("the old file put back", cases(t, open(t, c.vault.dir)))
	if n, err := c.Rotate(t.Context(), nil); err != nil || n != 1 {
		t.Errorf("rotated %d, %v", n, err)
	}
	if _, err := os.Stat(c.path(ids[0], suffixCase)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file that was put back outlived a rotation: %v", err)
	}
	if again, err := other.Fingerprint(ids[0]); err != nil || again != print {
		t.Errorf("the proof says %q, %v", again, err)
	}
	if _, again, ok := c.DestroyedAt(ids[0]); !ok || again != print {
		t.Errorf("the proof says %q, %v", again, ok)
	}
	wantOpen(t, c, ids[1], sealed[1])
	// A case that never had keys can be refused for ever too.
	if err := c.Destroy("case-8"); err != nil || !errors.Is(c.Create("case-8"), ErrDestroyed) {
		t.Errorf("a case without keys: %v", err)
	}
}

func TestAlteredFilesOfCases(t *testing.T) {
	c, ids, sealed := filled(t, 2)
	read := func(i int) []byte {
		data, err := os.ReadFile(c.path(ids[i], suffixCase))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	first, second := read(0), read(1)
	try := func(what string, data []byte) {
		t.Helper()
		if err := os.WriteFile(c.path(ids[0], suffixCase), data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := cases(t, open(t, c.vault.dir)).Open(ids[0], sealed[0], "part:1")
		if !errors.Is(err, ErrNoKey) || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
	try("two files swapped", second)
	try("empty", nil)
	for i := range first {
		if i%7 == 0 || i < len(formatCase)+fingerprintSize+4 {
			changed := bytes.Clone(first)
			changed[i] ^= 4
			try(fmt.Sprintf("byte %d changed", i), changed)
			try(fmt.Sprintf("cut at %d", i), first[:i])
		}
	}
	try("bytes added", append(bytes.Clone(first), 0))
	// The keys of one use do not pass for those of another.
	parts, _ := sections(first)
	swapped := bytes.Clone(first)
	if len(parts[0]) != len(parts[1]) {
		head := len(formatCase) + fingerprintSize
		swapped = swapped[:head]
		for _, i := range []int{1, 0, 2} {
			swapped = append(append(swapped, byte(len(parts[i])>>8), byte(len(parts[i]))), parts[i]...)
		}
		try("uses swapped", swapped)
	}
	// A rotation keeps the old key for what it could not open, and says so.
	if _, err := c.Rotate(t.Context(), nil); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), "keys of 1 cases do not open") {
		t.Errorf("a rotation over a file that does not open: %v", err)
	}
	if err := os.WriteFile(c.path(ids[0], suffixCase), first, 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Rotate(t.Context(), nil); err != nil || n != 2 {
		t.Errorf("once the file was back: %d, %v", n, err)
	}
	wantOpen(t, c, ids[0], sealed[0])
}

// TestTheFirstOfManyAtOnce: the keys that wrap are made once, whoever comes first.
func TestTheFirstOfManyAtOnce(t *testing.T) {
	for range 20 {
		v := fresh(t)
		all := []*Cases{cases(t, v), cases(t, open(t, v.dir))}
		var group sync.WaitGroup
		for i := range 16 {
			group.Go(func() {
				id := Scope(fmt.Sprintf("case-%d", i/2))
				err := all[i%2].Create(id)
				if err == nil {
					_, err = all[1-i%2].Seal(id, nil, "")
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
}

func TestNoCasesNoKeys(t *testing.T) {
	v := fresh(t)
	c := cases(t, v)
	if n, err := c.Rotate(t.Context(), nil); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
	if scopes, err := v.Scopes(); err != nil || len(scopes) != 0 {
		t.Errorf("a house without cases has the keys %v, %v", scopes, err)
	}
}

func TestLostWrappingKeysAreNotMadeAnew(t *testing.T) {
	c, ids, _ := filled(t, 2)
	path := c.vault.path(Wrapping, suffixKeyset)
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	v := open(t, c.vault.dir)
	if _, err := OpenCases(v); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), "the keys that open them are not there") {
		t.Errorf("at the start: %v", err)
	}
	again := &Cases{vault: v, dir: c.dir, limit: 9, cached: c.cached, order: c.order}
	if err := again.Create("case-7"); !errors.Is(err, ErrNoKey) {
		t.Errorf("a new case: %v", err)
	}
	if _, err := again.Rotate(t.Context(), nil); !errors.Is(err, ErrNoKey) {
		t.Errorf("a rotation: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the keys were made anew: %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if err := cases(t, open(t, c.vault.dir)).Create(ids[0]); err != nil {
		t.Error(err)
	}
}

func TestRewrapTakesCasesAlong(t *testing.T) {
	c, ids, sealed := filled(t, 3)
	next, err := NewFile(filepath.Join(t.TempDir(), "next.key"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := c.vault.Rewrap(next); err != nil || n != 1 {
		t.Fatalf("%d files, %v", n, err)
	}
	v, err := Open(c.vault.dir, next)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := cases(t, v).Open(ids[2], sealed[2], "part:1"); err != nil || string(plain) != canary {
		t.Errorf("%q, %v", plain, err)
	}
	if _, err := cases(t, v).Rotate(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestFewKeysStayInMemory(t *testing.T) {
	full, ids, sealed := filled(t, 20)
	c := cases(t, full.vault)
	c.limit = 5
	for range 2 {
		for i, id := range ids {
			if _, err := c.Open(id, sealed[i], "part:1"); err != nil {
				t.Fatal(err)
			}
			if len(c.cached) > 5 || len(c.cached) != c.order.Len() {
				t.Fatalf("%d keys, %d in order", len(c.cached), c.order.Len())
			}
		}
	}
}

func TestNamesOfCaseFiles(t *testing.T) {
	good := "cases/" + shard("case-1") + "/case-1"
	if id, gone, ok := CaseFile(good + ".key"); id != "case-1" || gone || !ok {
		t.Error(id, gone, ok)
	}
	if id, gone, ok := CaseFile(good + ".destroyed"); id != "case-1" || !gone || !ok {
		t.Error(id, gone, ok)
	}
	for _, bad := range []string{good, good + ".json", "cases/zz/case-1.key", "case-1.key", "cases/" + shard("x") + "/case-1.key", "cases/../../x.key", good + ".0123.new", "/" + good + ".key"} {
		if _, _, ok := CaseFile(bad); ok {
			t.Errorf("%q passes", bad)
		}
	}
}

func BenchmarkCaseCreate(b *testing.B) {
	c := cases(b, fresh(b))
	n := 0
	for b.Loop() {
		n++
		if err := c.Create(Scope(fmt.Sprintf("case-%d", n))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCaseOpenCold is of a case whose keys are not in memory.
func BenchmarkCaseOpenCold(b *testing.B) {
	full, ids, sealed := filled(b, 100)
	c := cases(b, full.vault)
	c.limit = 1
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = (n + 1) % len(ids)
		if _, err := c.Open(ids[n], sealed[n], "part:1"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCaseOpen(b *testing.B) {
	c, ids, sealed := filled(b, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Open(ids[0], sealed[0], "part:1"); err != nil {
			b.Fatal(err)
		}
	}
}
