package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"

	"waymark/internal/fault"
)

// S3Options say where a bucket of an S3-compatible storage is.
type S3Options struct {
	// Endpoint is host and port, "s3.eu-west-2.amazonaws.com": Required.
	Endpoint string
	// Bucket must exist: Required.
	Bucket string
	// Prefix of every key, "waymark/". Default none.
	Prefix string
	// Region. Default: asked of the storage.
	Region string
	// PathStyle puts the bucket into the path and not into the host's name.
	PathStyle bool
	// Insecure speaks HTTP, for storage on the same machine. What is sent is sealed
	// all the same; the key's signature is not the key.
	Insecure bool
	// Encrypt asks the storage to encrypt again: "" does not, "AES256" by its own
	// key, "aws:kms:ID" by a key of its key service.
	Encrypt string
	// Credentials is a file in the format of ~/.aws/credentials. Default: the
	// environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), then the machine's role.
	Credentials string
	// Transport is for tests. Default: the library's own.
	Transport http.RoundTripper
}

// S3 is a bucket of an S3-compatible storage.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
	sse    encrypt.ServerSide // nil for none
}

var _ Bucket = (*S3)(nil)

// OpenS3 returns the bucket. It asks the storage nothing yet; Ping does.
func OpenS3(o S3Options) (*S3, error) {
	if o.Endpoint == "" || o.Bucket == "" {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the storage of files has no endpoint or no bucket", "set both")
	}
	b := &S3{bucket: o.Bucket, prefix: o.Prefix}
	switch id, kms := strings.CutPrefix(o.Encrypt, "aws:kms:"); {
	case o.Encrypt == "AES256":
		b.sse = encrypt.NewSSE()
	case kms && id != "":
		sse, err := encrypt.NewSSEKMS(id, nil)
		if err != nil {
			return nil, err
		}
		b.sse = sse
	case o.Encrypt != "":
		return nil, fault.New(fault.Invalid, fault.Place{}, "the storage of files cannot encrypt like that", "write AES256 or aws:kms:KEY")
	}
	sources := []credentials.Provider{&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.IAM{}}
	if o.Credentials != "" {
		sources = []credentials.Provider{&credentials.FileAWSCredentials{Filename: o.Credentials}}
	}
	lookup := minio.BucketLookupAuto
	if o.PathStyle {
		lookup = minio.BucketLookupPath
	}
	var err error
	b.client, err = minio.New(o.Endpoint, &minio.Options{Creds: credentials.NewChainCredentials(sources), Secure: !o.Insecure,
		Region: o.Region, BucketLookup: lookup, Transport: o.Transport, MaxRetries: 4})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the settings of the storage of files cannot be used", "give its endpoint as HOST or HOST:PORT", err)
	}
	return b, nil
}

// Put implements Bucket.
func (b *S3) Put(ctx context.Context, address string, r io.Reader, size int64) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	switch _, err := b.stat(ctx, b.key(address)); {
	case err == nil:
		return nil
	case fault.KindOf(err) != fault.NotFound:
		return err
	}
	_, err := b.client.PutObject(ctx, b.bucket, b.key(address), r, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", ServerSideEncryption: b.sse, SendContentMd5: true})
	if err != nil {
		return unkept("a file could not be written", err)
	}
	return nil
}

// Open implements Bucket.
func (b *S3) Open(ctx context.Context, address string) (io.ReadCloser, error) {
	if err := checkAddress(address); err != nil {
		return nil, err
	}
	o, err := b.open(ctx, address)
	if fault.KindOf(err) == fault.NotFound && b.BringBack(ctx, address) == nil {
		o, err = b.open(ctx, address)
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

func (b *S3) open(ctx context.Context, address string) (*minio.Object, error) {
	o, err := b.client.GetObject(ctx, b.bucket, b.key(address), minio.GetObjectOptions{})
	if err == nil {
		_, err = o.Stat() // GetObject itself asks nothing
		if err != nil {
			o.Close()
		}
	}
	if err != nil {
		return nil, missing(err)
	}
	return o, nil
}

// Stat implements Bucket.
func (b *S3) Stat(ctx context.Context, address string) (int64, error) {
	if err := checkAddress(address); err != nil {
		return 0, err
	}
	size, err := b.stat(ctx, b.key(address))
	if fault.KindOf(err) == fault.NotFound && b.BringBack(ctx, address) == nil {
		size, err = b.stat(ctx, b.key(address))
	}
	return size, err
}

func (b *S3) stat(ctx context.Context, key string) (int64, error) {
	info, err := b.client.StatObject(ctx, b.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return 0, missing(err)
	}
	return info.Size, nil
}

// Delete implements Bucket. A bucket that keeps versions keeps them: it must be
// set to expire them, or destruction of the keys is what makes them unreadable.
func (b *S3) Delete(ctx context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	if err := b.remove(ctx, b.shelf(address)); err != nil {
		return err
	}
	return b.remove(ctx, b.key(address))
}

func (b *S3) remove(ctx context.Context, key string) error {
	if err := b.client.RemoveObject(ctx, b.bucket, key, minio.RemoveObjectOptions{}); err != nil && fault.KindOf(missing(err)) != fault.NotFound {
		return unkept("a file could not be removed", err)
	}
	return nil
}

// List implements Bucket.
func (b *S3) List(ctx context.Context, use func(address string, size int64) error) error {
	return b.walk(ctx, b.prefix, func(key string, o *minio.ObjectInfo) error {
		if address := trimSpread(key); address != "" {
			return use(address, o.Size)
		}
		return nil
	})
}

// walk calls use for every object below a prefix, with its key behind that.
func (b *S3) walk(ctx context.Context, prefix string, use func(key string, o *minio.ObjectInfo) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the listing where use ends it
	for o := range b.client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return unkept("the storage of files could not be listed", o.Err)
		}
		if err := use(strings.TrimPrefix(o.Key, prefix), &o); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Ping implements Bucket.
func (b *S3) Ping(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.bucket)
	if err == nil && !there {
		err = errors.New("there is no such bucket")
	}
	if err != nil {
		return unkept(fmt.Sprintf("the bucket %q of the storage of files cannot be used", b.bucket), err)
	}
	return nil
}

func (b *S3) key(address string) string { return b.prefix + spread(address) }

// missing turns the storage's way of saying that there is no such object into ours.
func missing(err error) error {
	if r := minio.ToErrorResponse(err); r.Code == minio.NoSuchKey || r.Code != minio.NoSuchBucket && r.StatusCode == http.StatusNotFound {
		return noContent()
	}
	return unkept("a file could not be read", err)
}
