package audit

import (
	"context"
	"io"
	"time"

	"waymark/internal/ids"
)

// Filter says which entries are wanted. Zero fields do not restrict.
type Filter struct {
	Programme ids.ID
	Subject   string // whole, "submission:ID"
	// Actor restricts by Kind, and by ID if that is set. Via does not count.
	Actor Actor
	// Actions are whole actions.
	Actions []string
	// From and To bound At: From is inclusive, To is not.
	From, To time.Time
	// Before asks for the page behind an entry: numbers smaller than this. Zero
	// begins with the newest.
	Before int64
	Limit  int // entries of a page; default 50, at most 500
}

// Page is one page of entries, newest first.
type Page struct {
	Entries []Sequenced
	More    bool // there are older ones behind the last
}

// Kept is a signed checkpoint that the store keeps, for people to take away.
type Kept struct {
	Size   int64
	At     time.Time
	Signed []byte // a signed note, as Evidence takes it
}

// Store is what pages and jobs need of the log.
type Store interface {
	// ListEntries answers a page. It writes no entry: pages that show the log
	// record that they did.
	ListEntries(ctx context.Context, f Filter) (*Page, error)
	// SignCheckpoint signs the log as it is and keeps that. If nothing was added
	// since the last, it returns the last. A log that is shorter than it was is a
	// fault of kind Internal, and is not signed.
	SignCheckpoint(ctx context.Context) (*Kept, error)
	// Checkpoints lists the newest that were kept, newest first.
	Checkpoints(ctx context.Context, limit int) ([]Kept, error)
	// Export records that it is made and writes the whole log for Verify. With a
	// programme, entries that are not of it are there by their hash only.
	Export(ctx context.Context, by Actor, programme ids.ID, w io.Writer) error
	// Key is the public line that verifies checkpoints.
	Key() string
}
