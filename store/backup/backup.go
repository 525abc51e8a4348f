// Package backup writes everything that a server keeps into one encrypted file,
// and reads it back: tables, contents of files, the state of the audit log. Keys
// go into another file of their own.
//
// The file is age(zstd(tar)): age opens it, and the rest is read by tools that
// every system has. What is sealed in the database stays sealed in it. Nothing
// plain is written to a disk on the way. It must not know what the rows mean.
package backup

import (
	"regexp"
	"time"

	"waymark/internal/fault"
)

// format names the layout of a backup's archive:
//
//	manifest.json            what it is a backup of
//	tables/NAME/N.jsonl      rows: a line of columns, then a line for each row
//	files/ADDRESS            sealed contents
//	end.json                 counts; without it the backup is not whole
const format = "waymark-backup-1"

// Manifest says what a backup is of.
type Manifest struct {
	Format  string    `json:"format"`
	Program string    `json:"program"` // that made it
	Made    time.Time `json:"made"`
	Engine  string    `json:"engine"` // that it was made from
	Schema  int64     `json:"schema"` // version of the tables
	Audit   Audit     `json:"audit"`
}

// Audit is the state of the log.
type Audit struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
}

// Summary is what a backup was found to hold.
type Summary struct {
	Manifest
	Tables map[string]int64 `json:"tables"` // rows by table
	Files  int64            `json:"files"`
	Bytes  int64            `json:"bytes"` // of sealed contents
	// Missing counts contents that rows name and that were not in storage when the
	// backup was made.
	Missing int64 `json:"missing"`
}

// end is the last entry of the archive.
type end struct {
	Tables  map[string]int64 `json:"tables"`
	Files   int64            `json:"files"`
	Bytes   int64            `json:"bytes"`
	Missing int64            `json:"missing"`
}

const (
	nameManifest = "manifest.json"
	nameEnd      = "end.json"
	// chunk is how much of a table is one entry of the archive, in bytes; one row
	// may be larger.
	chunk = 1 << 20
	// maxRow bounds a row as text: the largest is a version of a form with its
	// workbook.
	maxRow = 512 << 20
	// maxSmall bounds the manifest and the end.
	maxSmall = 1 << 20
	// maxContent bounds one content.
	maxContent = 16 << 30
)

var nameTable = regexp.MustCompile(`^tables/([a-z_]{1,40})/[0-9]{1,9}\.jsonl$`)

// damaged is the fault of a file that is no whole backup.
func damaged(message string, cause error) error {
	return fault.Wrap(fault.Invalid, fault.Place{}, message, "use another backup; this one was cut or is not of waymark", cause)
}
