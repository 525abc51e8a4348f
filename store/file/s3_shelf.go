package file

import (
	"context"
	"time"

	"github.com/minio/minio-go/v7"

	"waymark/internal/fault"
)

// Ages implements Shelf.
func (b *S3) Ages(ctx context.Context, use func(address string, put time.Time) error) error {
	return b.walk(ctx, b.prefix, func(key string, o *minio.ObjectInfo) error {
		if address := trimSpread(key); address != "" {
			return use(address, o.LastModified)
		}
		return nil
	})
}

// SetAside implements Shelf. The copy is there before the content goes.
func (b *S3) SetAside(ctx context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	if err := b.copy(ctx, b.key(address), b.shelf(address)); err != nil {
		if fault.KindOf(err) == fault.NotFound { // someone else did
			return nil
		}
		return err
	}
	return b.remove(ctx, b.key(address))
}

// Aside implements Shelf.
func (b *S3) Aside(ctx context.Context, use func(address string, since time.Time) error) error {
	return b.walk(ctx, b.shelf(""), func(key string, o *minio.ObjectInfo) error {
		if !Valid(key) {
			return nil
		}
		return use(key, o.LastModified)
	})
}

// BringBack implements Shelf. What was put meanwhile is the same content.
func (b *S3) BringBack(ctx context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	if err := b.copy(ctx, b.shelf(address), b.key(address)); err != nil {
		return err
	}
	return b.remove(ctx, b.shelf(address))
}

// Discard implements Shelf.
func (b *S3) Discard(ctx context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	return b.remove(ctx, b.shelf(address))
}

func (b *S3) shelf(address string) string { return b.prefix + aside + "/" + address }

// copy copies an object inside the storage.
func (b *S3) copy(ctx context.Context, from, to string) error {
	_, err := b.client.CopyObject(ctx, minio.CopyDestOptions{Bucket: b.bucket, Object: to, Encryption: b.sse}, minio.CopySrcOptions{Bucket: b.bucket, Object: from})
	if err != nil {
		return missing(err)
	}
	return nil
}
