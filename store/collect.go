package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"waymark/internal/fault"
	"waymark/trust/audit"
)

// manyUnnamed is how many contents may go at once whatever their share of all.
const manyUnnamed = 100

// Collected is what CollectFiles did.
type Collected struct{ SetAside, BroughtBack, Discarded int }

// CollectFiles removes contents that no row names: of posts that were cut off and
// never came again, of drafts that were thrown away. What is older than age is
// set aside, and discarded after the same time again, if it was not asked for.
// age must be much longer than an upload takes.
//
// Where more than half of the contents belong to nothing, the storage is rather
// another database's: that is a fault of kind Conflict, and nothing is done.
func (db *DB) CollectFiles(ctx context.Context, by audit.Actor, age time.Duration) (done Collected, err error) {
	if db.contents == nil {
		return done, nil
	}
	bucket := db.contents.Bucket()
	before := db.now().Add(-age)
	// The contents first, then the rows: what arrives in between is young.
	type one struct {
		address [32]byte
		since   time.Time
	}
	var old, aside []one
	all := 0
	read := func(into *[]one, since time.Time, address string) error {
		c := one{since: since}
		if _, err := hex.Decode(c.address[:], []byte(address)); err != nil {
			return err
		}
		*into = append(*into, c)
		return nil
	}
	if err := bucket.Ages(ctx, func(address string, put time.Time) error {
		all++
		if !put.Before(before) {
			return nil
		}
		return read(&old, put, address)
	}); err != nil {
		return done, err
	}
	if err := bucket.Aside(ctx, func(address string, since time.Time) error { return read(&aside, since, address) }); err != nil {
		return done, err
	}
	if len(old)+len(aside) == 0 {
		return done, nil
	}
	s, err := db.Snapshot(ctx)
	if err != nil {
		return done, err
	}
	names, err := s.Addresses(ctx)
	s.Close()
	if err != nil {
		return done, err
	}
	named := func(c one) bool {
		_, found := slices.BinarySearchFunc(names, c.address, func(a, b [32]byte) int { return slices.Compare(a[:], b[:]) })
		return found
	}
	old = slices.DeleteFunc(old, named)
	if len(old) > manyUnnamed && len(old) > all/2 {
		return done, fault.New(fault.Conflict, fault.Place{}, fmt.Sprintf("%d of %d contents of files belong to nothing in this database, so none was removed", len(old), all),
			"see whether another database uses the same storage of files: each needs a bucket, a prefix or a folder of its own")
	}
	for _, c := range old {
		if err = bucket.SetAside(ctx, hex.EncodeToString(c.address[:])); err != nil {
			break
		}
		done.SetAside++
	}
	for _, c := range aside {
		address := hex.EncodeToString(c.address[:])
		switch {
		case err != nil:
		case named(c):
			if err = bucket.BringBack(ctx, address); fault.KindOf(err) == fault.NotFound && err != nil {
				err = nil // a reader did
			}
			done.BroughtBack++
		case c.since.Before(before):
			err = bucket.Discard(ctx, address)
			done.Discarded++
		}
	}
	if done != (Collected{}) {
		note := db.Note(ctx, audit.Entry{Actor: by, Action: audit.FilesCollected, Detail: map[string]string{"aside": strconv.Itoa(done.SetAside),
			"back": strconv.Itoa(done.BroughtBack), "discarded": strconv.Itoa(done.Discarded)}})
		if err == nil {
			err = note
		}
	}
	return done, err
}
