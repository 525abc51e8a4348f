package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/store/file/filetest"
)

// buckets are those that the contract holds for.
var buckets = map[string]func(t testing.TB) Bucket{
	"disk": func(t testing.TB) Bucket { return newDisk(t) },
	"s3":   func(t testing.TB) Bucket { return newS3(t, "") },
	"s3 with a prefix and encryption": func(t testing.TB) Bucket {
		return newS3(t, "waymark/")
	},
}

func newDisk(t testing.TB) *Disk {
	t.Helper()
	d, err := OpenDisk(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// newS3 starts an S3 server in this process.
func newS3(t testing.TB, prefix string) *S3 {
	t.Helper()
	s := filetest.S3(t)
	o := S3Options{Endpoint: s.Endpoint, Bucket: s.Bucket, Prefix: prefix, Region: s.Region, PathStyle: true, Credentials: s.Credentials, Transport: s.Transport}
	if prefix != "" {
		o.Encrypt = "AES256"
	}
	b, err := OpenS3(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// addressOf is a synthetic address.
func addressOf(n int) string { return fmt.Sprintf("%064x", n+0xabc) }

func each(t *testing.T, do func(t *testing.T, b Bucket)) {
	for name, open := range buckets {
		t.Run(name, func(t *testing.T) { do(t, open(t)) })
	}
}

func put(t testing.TB, b Bucket, address, content string) {
	t.Helper()
	if err := b.Put(context.Background(), address, strings.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, b Bucket, address string) string {
	t.Helper()
	r, err := b.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestContract(t *testing.T) {
	each(t, func(t *testing.T, b Bucket) {
		ctx := context.Background()
		if err := b.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		a := addressOf(1)
		for what, err := range map[string]error{
			"open": func() error { _, err := b.Open(ctx, a); return err }(),
			"stat": func() error { _, err := b.Stat(ctx, a); return err }(),
		} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s of what is not there: %v", what, err)
			}
		}
		if err := b.Delete(ctx, a); err != nil {
			t.Errorf("delete of what is not there: %v", err)
		}
		put(t, b, a, "first")
		put(t, b, a, "other") // one address has one content
		if got := get(t, b, a); got != "first" {
			t.Errorf("got %q", got)
		}
		if n, err := b.Stat(ctx, a); err != nil || n != 5 {
			t.Errorf("%d bytes, %v", n, err)
		}
		put(t, b, addressOf(2), "")
		if got := get(t, b, addressOf(2)); got != "" {
			t.Errorf("got %q for nothing", got)
		}
		large := strings.Repeat("0123456789abcdef", 1<<16+3)
		put(t, b, addressOf(3), large)
		if get(t, b, addressOf(3)) != large {
			t.Error("a megabyte came back changed")
		}
		if err := b.Delete(ctx, a); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Stat(ctx, a); fault.KindOf(err) != fault.NotFound {
			t.Errorf("deleted, and still there: %v", err)
		}
		found := map[string]int64{}
		if err := b.List(ctx, func(address string, size int64) error { found[address] = size; return nil }); err != nil {
			t.Fatal(err)
		}
		if len(found) != 2 || found[addressOf(3)] != int64(len(large)) {
			t.Errorf("listed %v", found)
		}
		stop := errors.New("enough")
		n := 0
		if err := b.List(ctx, func(string, int64) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
			t.Errorf("%d were listed after the end was asked for, %v", n, err)
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := b.List(gone, func(string, int64) error { return nil }); err == nil {
			t.Error("a listing that nobody waits for succeeded")
		}
	})
}

// What is set aside is seen by nobody who lists, and comes back when it is asked
// for.
func TestShelf(t *testing.T) {
	each(t, func(t *testing.T, b Bucket) {
		ctx := context.Background()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		listed := func() (out string) {
			t.Helper()
			ages, shelf := 0, 0
			must(b.Ages(ctx, func(_ string, put time.Time) error {
				if d := time.Since(put); d < -time.Minute || d > time.Hour {
					t.Errorf("put %v ago", d)
				}
				ages++
				return nil
			}))
			must(b.Aside(ctx, func(a string, since time.Time) error {
				if d := time.Since(since); !Valid(a) || d < -time.Minute || d > time.Hour {
					t.Errorf("%q was set aside %v ago", a, d)
				}
				shelf++
				return nil
			}))
			n := 0
			must(b.List(ctx, func(string, int64) error { n++; return nil }))
			if n != ages {
				t.Errorf("%d are listed, %d have an age", n, ages)
			}
			return fmt.Sprint(ages, shelf)
		}
		for n := range 5 {
			put(t, b, addressOf(n), fmt.Sprint("content ", n))
		}
		for n := range 5 {
			must(b.SetAside(ctx, addressOf(n)))
			must(b.SetAside(ctx, addressOf(n))) // twice, as after a crash
		}
		must(b.SetAside(ctx, addressOf(9))) // what is not there
		if got := listed(); got != "0 5" {
			t.Fatalf("set aside: %s", got)
		}
		if got := get(t, b, addressOf(0)); got != "content 0" {
			t.Errorf("got %q", got)
		}
		if n, err := b.Stat(ctx, addressOf(1)); err != nil || n != 9 {
			t.Errorf("%d bytes, %v", n, err)
		}
		must(b.BringBack(ctx, addressOf(2)))
		if err := b.BringBack(ctx, addressOf(2)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("brought back twice: %v", err)
		}
		put(t, b, addressOf(3), "content 3") // the same again, while the other is aside
		if got := listed(); got != "4 2" {
			t.Errorf("brought back: %s", got)
		}
		must(b.Discard(ctx, addressOf(3)))
		must(b.Discard(ctx, addressOf(3)))
		if got := get(t, b, addressOf(3)); got != "content 3" {
			t.Errorf("got %q", got)
		}
		must(b.Delete(ctx, addressOf(4))) // it was aside
		if _, err := b.Open(ctx, addressOf(4)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("deleted while it was aside, and there: %v", err)
		}
		if got := listed(); got != "4 0" {
			t.Errorf("at the end: %s", got)
		}
		for _, a := range []string{"", "../" + addressOf(1)[3:]} {
			for i, err := range []error{b.SetAside(ctx, a), b.BringBack(ctx, a), b.Discard(ctx, a)} {
				if fault.KindOf(err) != fault.Invalid {
					t.Errorf("call %d with %q: %v", i, a, err)
				}
			}
		}
	})
}

// While contents are put, read, set aside and brought back, each is always there.
func TestShelfRaces(t *testing.T) {
	each(t, func(t *testing.T, b Bucket) {
		ctx := context.Background()
		put(t, b, addressOf(1), "content")
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() {
				for range 20 {
					if err := b.SetAside(ctx, addressOf(1)); err != nil {
						t.Error(err)
					}
				}
			})
			group.Go(func() {
				for range 20 {
					if err := b.Put(ctx, addressOf(1), strings.NewReader("content"), 7); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if got := get(t, b, addressOf(1)); got != "content" {
			t.Errorf("got %q", got)
		}
	})
}

func TestShortContentsAreNotStored(t *testing.T) {
	each(t, func(t *testing.T, b Bucket) {
		ctx := context.Background()
		if err := b.Put(ctx, addressOf(1), strings.NewReader("half"), 8); err == nil {
			t.Error("half a content was stored")
		}
		broken := errors.New("the line was cut")
		if err := b.Put(ctx, addressOf(1), io.MultiReader(strings.NewReader("half"), &failing{broken}), 8); err == nil {
			t.Error("a broken content was stored")
		}
		if _, err := b.Stat(ctx, addressOf(1)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("something is there: %v", err)
		}
	})
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestOnlyAddressesBecomePaths(t *testing.T) {
	each(t, func(t *testing.T, b Bucket) {
		ctx := context.Background()
		for _, a := range []string{"", "..", "../../etc/passwd", strings.Repeat("a", 63), strings.Repeat("A", 64), strings.Repeat("../", 21) + "a",
			"..\\" + strings.Repeat("a", 61), strings.Repeat("a", 63) + "\x00", strings.Repeat("a", 65), strings.Repeat("%2e", 21) + "a"} {
			_, openErr := b.Open(ctx, a)
			_, statErr := b.Stat(ctx, a)
			for i, err := range []error{openErr, statErr, b.Delete(ctx, a), b.Put(ctx, a, strings.NewReader("x"), 1)} {
				if fault.KindOf(err) != fault.Invalid {
					t.Errorf("call %d with %q: %v", i, a, err)
				}
			}
		}
	})
}

func TestTheSameFromTenAtOnce(t *testing.T) {
	each(t, func(t *testing.T, b Bucket) {
		content := strings.Repeat("same", 5000)
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				if err := b.Put(context.Background(), addressOf(1), strings.NewReader(content), int64(len(content))); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if get(t, b, addressOf(1)) != content {
			t.Error("it came back changed")
		}
		n := 0
		if err := b.List(context.Background(), func(string, int64) error { n++; return nil }); err != nil || n != 1 {
			t.Errorf("%d contents, %v", n, err)
		}
	})
}

func TestDiskKeepsItsOwnFolder(t *testing.T) {
	d := newDisk(t)
	put(t, d, addressOf(1), "x")
	info, err := os.Stat(filepath.Join(d.root, "00", "00", addressOf(1)))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	left := filepath.Join(d.root, temporary, "left")
	young := filepath.Join(d.root, temporary, "young")
	for _, path := range []string{left, young, filepath.Join(d.root, "00", "00", "notes.txt"), filepath.Join(d.root, addressOf(2))} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-2 * stale)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	again, err := OpenDisk(d.root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("what a crash left is still there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("what another process writes was removed: %v", err)
	}
	n := 0
	if err := again.List(context.Background(), func(string, int64) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("%d contents, %v", n, err)
	}
}

func TestStorageThatFailsIsUnavailable(t *testing.T) {
	b := newS3(t, "")
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer broken.Close()
	o := S3Options{Endpoint: strings.TrimPrefix(broken.URL, "http://"), Bucket: b.bucket, Region: "eu-west-2", PathStyle: true, Insecure: true,
		Credentials: filepath.Join(t.TempDir(), "none")}
	refused, err := OpenS3(o)
	if err != nil {
		t.Fatal(err)
	}
	nowhere := *b
	nowhere.bucket = "not-there"
	ctx := context.Background()
	for name, b := range map[string]*S3{"refused": refused, "no bucket": &nowhere} {
		_, openErr := b.Open(ctx, addressOf(1))
		_, statErr := b.Stat(ctx, addressOf(1))
		errs := []error{b.Ping(ctx), b.List(ctx, func(string, int64) error { return nil }), b.Put(ctx, addressOf(1), strings.NewReader("x"), 1)}
		if name == "refused" { // an answer without a body does not tell a missing bucket from a missing object
			errs = append(errs, openErr, statErr)
		}
		for i, err := range errs {
			if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("%s, call %d: %v", name, i, err)
			}
		}
	}
	for _, o := range []S3Options{{}, {Endpoint: "a", Bucket: "b", Encrypt: "aws:kms:"}, {Endpoint: "a", Bucket: "b", Encrypt: "x"}, {Endpoint: "https://a/b", Bucket: "b"}} {
		if _, err := OpenS3(o); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
