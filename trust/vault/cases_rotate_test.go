package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"waymark/internal/fault"
)

func TestRotate(t *testing.T) {
	c, ids, sealed := filled(t, 600)
	other := cases(t, open(t, c.vault.dir))
	other.limit = 10 // so that it reads files again
	before := c.wrapping.Load().primary
	old, err := os.ReadFile(c.path(ids[0], suffixCase))
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	n, err := c.Rotate(t.Context(), func(done, total int) {
		if told++; done > total || total < 600 {
			t.Errorf("%d of %d", done, total)
		}
	})
	if err != nil || n != 600 || told == 0 {
		t.Fatalf("rotated %d, told %d times, %v", n, told, err)
	}
	w := c.wrapping.Load()
	if w.primary == before || len(w.keys) != 1 {
		t.Errorf("the keys %v wrap now, %d before", w.keys, before)
	}
	for i, id := range ids { // a process that knows the old key alone
		if plain, err := other.Open(id, sealed[i], "part:1"); err != nil || string(plain) != canary {
			t.Fatalf("%s opens as %q, %v", id, plain, err)
		}
	}
	wantOpen(t, c, ids[5], sealed[5])
	// Makes with what it has in memory what everybody can open.
	stale := cases(t, open(t, c.vault.dir))
	if _, err := c.Rotate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := stale.Create("case-late"); err != nil {
		t.Fatal(err)
	}
	if _, err := cases(t, open(t, c.vault.dir)).Seal("case-late", nil, ""); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(c.path(ids[0], suffixCase), old, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cases(t, open(t, c.vault.dir)).Open(ids[0], sealed[0], "part:1"); !errors.Is(err, ErrNoKey) {
		t.Errorf("a file from before the rotation: %v", err)
	}
}

// TestRotateWhileCasesComeAndGo is for the race detector too.
func TestRotateWhileCasesComeAndGo(t *testing.T) {
	c, ids, sealed := filled(t, 200)
	other := cases(t, open(t, c.vault.dir))
	other.limit = 20
	var group sync.WaitGroup
	for i := range 3 {
		group.Go(func() {
			if _, err := other.Rotate(t.Context(), nil); err != nil && fault.KindOf(err) != fault.Conflict {
				t.Errorf("rotation %d: %v", i, err)
			}
		})
	}
	group.Go(func() {
		for i := range 100 {
			id := Scope(fmt.Sprintf("new-%d", i))
			who := []*Cases{c, other}[i%2]
			err := who.Create(id)
			if err == nil && i%3 == 0 {
				err = who.Destroy(id)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	group.Go(func() {
		for i, id := range ids {
			if i%10 == 3 {
				if err := c.Destroy(id); err != nil {
					t.Error(err)
				}
			} else if _, err := other.Open(id, sealed[i], "part:1"); err != nil {
				t.Error(err)
			}
		}
	})
	group.Wait()
	last := cases(t, open(t, c.vault.dir))
	if _, err := last.Rotate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		_, err := last.Open(id, sealed[i], "part:1")
		if gone := errors.Is(err, ErrDestroyed); gone != (i%10 == 3) || err != nil && !gone {
			t.Errorf("%s: %v", id, err)
		}
		if _, err := os.Stat(c.path(id, suffixCase)); (err == nil) == (i%10 == 3) {
			t.Errorf("the file of %s: %v", id, err)
		}
	}
	for i := range 100 {
		_, err := last.Seal(Scope(fmt.Sprintf("new-%d", i)), nil, "")
		if gone := errors.Is(err, ErrDestroyed); gone != (i%3 == 0) || err != nil && !gone {
			t.Errorf("new %d: %v", i, err)
		}
	}
}

func TestRotateStopsAndGoesOn(t *testing.T) {
	c, ids, sealed := filled(t, 600)
	ctx, stop := context.WithCancel(t.Context())
	if _, err := c.Rotate(ctx, func(int, int) { stop() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	half := c.wrapping.Load()
	if len(half.keys) != 2 {
		t.Fatalf("the keys %v wrap in the middle of a rotation", half.keys)
	}
	for i, id := range ids {
		if i%50 == 0 {
			wantOpen(t, c, id, sealed[i])
		}
	}
	again := cases(t, open(t, c.vault.dir))
	if n, err := again.Rotate(t.Context(), nil); err != nil || n != 600 {
		t.Fatalf("%d, %v", n, err)
	}
	if w := again.wrapping.Load(); w.primary != half.primary || len(w.keys) != 1 {
		t.Errorf("it began anew: %v, %v", half.keys, w.keys)
	}
	wantOpen(t, c, ids[599], sealed[599])
}

func TestRotateRemovesWhatKilledProcessesLeft(t *testing.T) {
	c, ids, _ := filled(t, 1)
	dir := filepath.Join(c.dir, shard(ids[0]))
	old, young := filepath.Join(dir, string(ids[0])+".00.new"), filepath.Join(dir, string(ids[0])+".01.new")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * staleAfter)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Rotate(t.Context(), nil); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was left is still there: %v", err)
	}
	if _, err := os.Stat(young); err != nil { // somebody may be writing it
		t.Error(err)
	}
}

func TestOneRotationAtATime(t *testing.T) {
	c, _, _ := filled(t, 1)
	release, err := HoldRotation(c.vault.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Rotate(t.Context(), nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("two at once: %v", err)
	}
	release()
	// A copy of the folder that is being made keeps the wrapping key as it is.
	hold, err := HoldCases(c.vault.dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := c.Rotate(ctx, nil); !errors.Is(err, context.Canceled) || len(c.wrapping.Load().keys) != 1 {
		t.Errorf("during a copy: %v", err)
	}
	if err := c.Create("case-2"); err != nil {
		t.Error(err)
	}
	hold()
	if n, err := c.Rotate(t.Context(), nil); err != nil || n != 2 {
		t.Errorf("%d, %v", n, err)
	}
}
