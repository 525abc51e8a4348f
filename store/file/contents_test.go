package file

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/vault"
)

// canary stands for what is in a file; it must never be found on disk.
const canary = "synthetic-canary-in-a-file"

const round, otherRound ids.ID = 101, 102

func newVault(t testing.TB) *vault.Vault {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	m, err := vault.File(filepath.Join(dir, "master.key"), dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(dir, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []ids.ID{round, otherRound} {
		if err := v.Create(scopeOf(r)); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

// fill is a content with the canary in every part.
func fill(size int) string {
	return strings.Repeat(canary+" ", size/len(canary)+1)[:size]
}

func eachContents(t *testing.T, do func(t *testing.T, c *Contents, v *vault.Vault)) {
	each(t, func(t *testing.T, b Bucket) {
		v := newVault(t)
		c, err := New(b, v, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		do(t, c, v)
	})
}

func read(c *Contents, round ids.ID, address string) (string, error) {
	r, err := c.OpenFile(context.Background(), round, address)
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	return string(data), err
}

func count(t *testing.T, b Bucket) (n int) {
	t.Helper()
	if err := b.List(context.Background(), func(string, int64) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestContentsComeBack(t *testing.T) {
	var _ collection.Files = (*Contents)(nil)
	eachContents(t, func(t *testing.T, c *Contents, _ *vault.Vault) {
		ctx := context.Background()
		for i, size := range []int{0, 1, 5000, 300_000} {
			plain := fill(size)
			got, err := c.Put(ctx, round, strings.NewReader(plain), int64(size))
			if err != nil {
				t.Fatal(err)
			}
			sum := md5.Sum([]byte(plain))
			if !Valid(got.Address) || got.Size != int64(size) || got.MD5 != hex.EncodeToString(sum[:]) || got.Type != "text/plain" {
				t.Errorf("%d bytes: %+v", size, got)
			}
			if back, err := read(c, round, got.Address); err != nil || back != plain {
				t.Errorf("%d bytes came back as %d, %v", size, len(back), err)
			}
			again, n, _, err := c.PutFile(ctx, round, strings.NewReader(plain), 1<<20)
			if err != nil || again != got.Address || n != int64(size) {
				t.Errorf("the same content has the address %s, then %s; %v", got.Address, again, err)
			}
			other, err := c.Put(ctx, otherRound, strings.NewReader(plain), 1<<20)
			if err != nil || other.Address == got.Address {
				t.Errorf("an address tells that two rounds have the same file; %v", err)
			}
			if n := count(t, c.bucket); n != 2*(i+1) {
				t.Errorf("%d contents are stored, not %d", n, 2*(i+1))
			}
		}
	})
}

func TestTooLargeIsInvalidAndLeavesNothing(t *testing.T) {
	eachContents(t, func(t *testing.T, c *Contents, _ *vault.Vault) {
		ctx := context.Background()
		if _, err := c.Put(ctx, round, strings.NewReader(fill(1001)), 1000); fault.KindOf(err) != fault.Invalid {
			t.Errorf("got %v", err)
		}
		endless := &counted{}
		if _, err := c.Put(ctx, round, endless, 1<<20); fault.KindOf(err) != fault.Invalid || endless.n > 2<<20 {
			t.Errorf("%d bytes were read, %v", endless.n, err)
		}
		broken := errors.New("the line was cut")
		if _, err := c.Put(ctx, round, io.MultiReader(strings.NewReader(fill(5000)), &failing{broken}), 1<<20); !errors.Is(err, broken) {
			t.Errorf("the reader's own error is lost: %v", err)
		}
		if n := count(t, c.bucket); n != 0 {
			t.Errorf("%d contents are stored", n)
		}
		if left, err := os.ReadDir(filepath.Join(c.tmp.root, temporary)); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
}

type counted struct{ n int }

func (c *counted) Read(p []byte) (int, error) { c.n += len(p); return len(p), nil }

// Promise 1: nothing plain is ever on the disk, also while a file comes in.
func TestNothingPlainOnDisk(t *testing.T) {
	eachContents(t, func(t *testing.T, c *Contents, _ *vault.Vault) {
		search := func(when string) (files int) {
			err := filepath.WalkDir(c.tmp.root, func(path string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() {
					return err
				}
				files++
				data, err := os.ReadFile(path)
				if bytes.Contains(data, []byte(canary)) || strings.Contains(path, canary) {
					t.Errorf("%s: %s holds the content in clear", when, filepath.Base(path))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return files
		}
		half := &pausing{r: strings.NewReader(fill(400_000)), after: 200_000, do: func() {
			if search("half way") == 0 {
				t.Error("there was nothing to look at half way")
			}
		}}
		got, err := c.Put(context.Background(), round, half, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		search("at the end")
		r, err := c.bucket.Open(context.Background(), got.Address)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if sealed, err := io.ReadAll(r); err != nil || bytes.Contains(sealed, []byte(canary)) {
			t.Errorf("the bucket holds the content in clear; %v", err)
		}
	})
}

// pausing calls do once, after some bytes.
type pausing struct {
	r     io.Reader
	after int
	do    func()
}

func (p *pausing) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if p.after -= n; p.after <= 0 && p.do != nil {
		p.do()
		p.do = nil
	}
	return n, err
}

func TestContentsCannotBeSwapped(t *testing.T) {
	eachContents(t, func(t *testing.T, c *Contents, v *vault.Vault) {
		ctx := context.Background()
		var at [2]string
		var sealed [2][]byte
		for i := range at {
			got, err := c.Put(ctx, round, strings.NewReader(fill(2000+i)), 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			at[i] = got.Address
			r, err := c.bucket.Open(ctx, got.Address)
			if err != nil {
				t.Fatal(err)
			}
			if sealed[i], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
			r.Close()
		}
		replace := func(address string, with []byte) {
			if err := c.bucket.Delete(ctx, address); err != nil {
				t.Fatal(err)
			}
			put(t, c.bucket, address, string(with))
		}
		if _, err := read(c, otherRound, at[0]); !errors.Is(err, vault.ErrAltered) {
			t.Errorf("read for another round: %v", err)
		}
		replace(at[0], sealed[1])
		if _, err := read(c, round, at[0]); !errors.Is(err, vault.ErrAltered) {
			t.Errorf("the content of another file: %v", err)
		}
		replace(at[0], sealed[0][:len(sealed[0])-1])
		if _, err := read(c, round, at[0]); !errors.Is(err, vault.ErrAltered) {
			t.Errorf("a content that was cut: %v", err)
		}
		if err := v.Destroy(scopeOf(round)); err != nil {
			t.Fatal(err)
		}
		if _, err := read(c, round, at[1]); !errors.Is(err, vault.ErrDestroyed) {
			t.Errorf("after the keys were destroyed: %v", err)
		}
		if _, err := c.Put(ctx, round, strings.NewReader("x"), 10); !errors.Is(err, vault.ErrDestroyed) {
			t.Errorf("after the keys were destroyed: %v", err)
		}
	})
}

func TestTheTypeIsThatOfTheContent(t *testing.T) {
	c, err := New(newDisk(t), newVault(t), "")
	if err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]string{"%PDF-1.7\n": "application/pdf", "<html><script>": collection.Unknown} {
		if got, err := c.Put(context.Background(), round, strings.NewReader(content), 100); err != nil || got.Type != want {
			t.Errorf("%q is %s, %v", content, got.Type, err)
		}
	}
}

func BenchmarkPut50kB(b *testing.B) {
	c, err := New(newDisk(b), newVault(b), "")
	if err != nil {
		b.Fatal(err)
	}
	data := bytes.Repeat([]byte{1, 2, 3, 4}, 12800)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		data[0], data[1], data[2] = byte(i), byte(i>>8), byte(i>>16)
		if _, err := c.Put(context.Background(), round, bytes.NewReader(data), 1<<20); err != nil {
			b.Fatal(err)
		}
	}
}
