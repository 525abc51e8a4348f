// Package file keeps the contents of files, sealed under the keys of their
// round and named by a keyed digest of what is in them, in a folder or in
// storage that speaks S3.
//
// It must not know which submission or form a file belongs to; the database
// says so.
package file

import (
	"context"
	"io"
	"time"

	"waymark/internal/fault"
)

// Bucket keeps sealed contents by address. It sees no plain text. Each call is
// safe beside others, also of other processes.
type Bucket interface {
	// Put stores size bytes of r under an address and returns when they are
	// durable. What is there already stays: one address has one content.
	Put(ctx context.Context, address string, r io.Reader, size int64) error
	// Open returns the content, or a fault of kind NotFound. One that was set aside
	// is brought back.
	Open(ctx context.Context, address string) (io.ReadCloser, error)
	// Stat returns the size, or a fault of kind NotFound; it brings back as Open does.
	Stat(ctx context.Context, address string) (int64, error)
	// Delete removes a content, set aside or not; it is no error if there is none.
	Delete(ctx context.Context, address string) error
	// List calls use for every content, in no order, until it returns an error.
	List(ctx context.Context, use func(address string, size int64) error) error
	Shelf
	// Ping says whether contents can be kept.
	Ping(ctx context.Context) error
}

// Shelf is where contents wait that nothing names. Whoever collects them may be
// wrong: between the look at the database and the removal, the same content may
// have been put again. So it is set aside first, comes back when it is asked for,
// and is removed only when it was not for a long time.
type Shelf interface {
	// Ages calls use for every content that is not set aside, with when it was put.
	Ages(ctx context.Context, use func(address string, put time.Time) error) error
	// SetAside takes a content out of the others' sight.
	SetAside(ctx context.Context, address string) error
	// Aside calls use for every content that is set aside, with since when.
	Aside(ctx context.Context, use func(address string, since time.Time) error) error
	// BringBack undoes SetAside, or gives a fault of kind NotFound.
	BringBack(ctx context.Context, address string) error
	// Discard removes what was set aside for good.
	Discard(ctx context.Context, address string) error
}

// aside is the folder of contents that were set aside.
const aside = "aside"

// addressLength is that of 32 bytes in hex.
const addressLength = 64

// Valid says whether a text is an address: 64 lower-case hex digits. Nothing
// else ever becomes a part of a path.
func Valid(address string) bool {
	if len(address) != addressLength {
		return false
	}
	for i := range len(address) {
		if c := address[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func checkAddress(address string) error {
	if !Valid(address) {
		return fault.New(fault.Invalid, fault.Place{}, "this is no address of a file", "")
	}
	return nil
}

// spread puts contents into 65,536 folders, so that none grows too large.
func spread(address string) string {
	return address[:2] + "/" + address[2:4] + "/" + address
}

func noContent() error {
	return fault.New(fault.NotFound, fault.Place{}, "the content of this file is not there", "if it was not deleted, restore it from a backup")
}

// unkept is the fault of storage that fails.
func unkept(message string, cause error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{}, message, "check that the storage of files answers and has room, then try again", cause)
}
