package file

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/vault"
)

// boundTo is what sealed contents are bound to. The rest is in the address: it
// is a digest of the content under a key of the round.
const boundTo = "file"

// Contents seals what it is given and keeps it in a bucket. It does what
// collection.Files asks for.
type Contents struct {
	bucket Bucket
	sealer vault.Sealer
	scope  func(ids.ID) vault.Scope
	tmp    *Disk
}

// New returns contents in a bucket. tmp is a folder for what is being received,
// on a disk with room for the largest file; only sealed bytes are written there.
// For a Disk it is the disk itself, and tmp is not used.
func New(bucket Bucket, sealer vault.Sealer, tmp string) (*Contents, error) {
	disk, ok := bucket.(*Disk)
	if !ok {
		var err error
		if disk, err = OpenDisk(tmp); err != nil {
			return nil, err
		}
	}
	return &Contents{bucket, sealer, scopeOf, disk}, nil
}

// With returns contents in the same bucket that are sealed by other keys; scope says
// by which those of a thing are.
func (c *Contents) With(sealer vault.Sealer, scope func(ids.ID) vault.Scope) *Contents {
	return &Contents{c.bucket, sealer, scope, c.tmp}
}

// Bucket is what the sealed contents are in.
func (c *Contents) Bucket() Bucket { return c.bucket }

// Content is what is known of a content that was put.
type Content struct {
	Address string
	Size    int64
	MD5     string // hex, of the plain content; OpenRosa wants it
	Type    string // media type, by content
}

// PutFile implements collection.Files.
func (c *Contents) PutFile(ctx context.Context, round ids.ID, r io.Reader, limit int64) (address string, size int64, md5 string, err error) {
	content, err := c.Put(ctx, round, r, limit)
	return content.Address, content.Size, content.MD5, err
}

// Put seals at most limit bytes of r under the round's keys and returns when
// they are durable. It reads r once and keeps none of it in the clear. More than
// limit is a fault of kind Invalid; an error of r is returned as it is.
func (c *Contents) Put(ctx context.Context, round ids.ID, r io.Reader, limit int64) (Content, error) {
	scope := c.scope(round)
	f, err := c.tmp.create()
	if err != nil {
		return Content{}, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	in := &received{r: io.LimitReader(r, limit+1), sha: sha256.New(), md5: md5.New()}
	if err := c.seal(scope, f, in); err != nil {
		return Content{}, err
	}
	if in.size > limit {
		return Content{}, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the file is larger than %d bytes, which is the most", limit), "send a smaller one")
	}
	token, err := c.sealer.Token(scope, in.sha.Sum(nil))
	if err != nil {
		return Content{}, err
	}
	content := Content{hex.EncodeToString(token), in.size, hex.EncodeToString(in.md5.Sum(nil)), collection.MediaType(in.head)}
	return content, c.keep(ctx, f, content.Address)
}

func (c *Contents) seal(scope vault.Scope, f *os.File, in *received) error {
	w, err := c.sealer.SealTo(scope, f, boundTo)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, in)
	if in.err != nil {
		return in.err
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return unkept("a file could not be written", err)
	}
	return nil
}

// keep moves the sealed file into the bucket.
func (c *Contents) keep(ctx context.Context, f *os.File, address string) error {
	if disk, ok := c.bucket.(*Disk); ok {
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return unkept("a file could not be written", err)
		}
		return disk.adopt(f.Name(), address)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return unkept("a file could not be read back", err)
	}
	return c.bucket.Put(ctx, address, f, size)
}

// OpenFile implements collection.Files. A content that was changed, cut, or put
// under another's address gives vault.ErrAltered, at the latest at its end.
func (c *Contents) OpenFile(ctx context.Context, round ids.ID, address string) (io.ReadCloser, error) {
	scope := c.scope(round)
	sealed, err := c.bucket.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	plain, err := c.sealer.OpenFrom(scope, sealed, boundTo)
	if err != nil {
		sealed.Close()
		return nil, err
	}
	return &opened{plain: plain, sealed: sealed, sha: sha256.New(), scope: scope, sealer: c.sealer, address: address}, nil
}

// Delete removes a content; it is no error if there is none.
func (c *Contents) Delete(ctx context.Context, address string) error {
	return c.bucket.Delete(ctx, address)
}

// scopeOf is the scope of everything that identifies people of a round.
func scopeOf(round ids.ID) vault.Scope { return vault.Scope("round-" + round.String()) }

// received counts and digests what is read through it, and keeps its beginning.
type received struct {
	r        io.Reader
	sha, md5 hash.Hash
	head     []byte
	size     int64
	err      error
}

func (r *received) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.sha.Write(p[:n])
	r.md5.Write(p[:n])
	if want := 4096 - len(r.head); want > 0 {
		r.head = append(r.head, p[:min(n, want)]...)
	}
	r.size += int64(n)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// opened checks at its end that the content is the one of its address.
type opened struct {
	plain   io.Reader
	sealed  io.Closer
	sha     hash.Hash
	scope   vault.Scope
	sealer  vault.Sealer
	address string
}

func (o *opened) Read(p []byte) (int, error) {
	n, err := o.plain.Read(p)
	o.sha.Write(p[:n])
	if err == io.EOF {
		token, tokenErr := o.sealer.Token(o.scope, o.sha.Sum(nil))
		if tokenErr != nil {
			return n, tokenErr
		}
		if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(token)), []byte(o.address)) == 0 {
			return n, fault.Wrap(fault.Internal, fault.Place{}, "the content of a file is that of another", "restore it from a backup", vault.ErrAltered)
		}
	}
	return n, err
}

func (o *opened) Close() error { return o.sealed.Close() }
