package system

import (
	"context"
	"time"
)

// Source tells how the system is. Whoever starts the server implements it.
type Source interface {
	// State answers within a few seconds. What it could not find out is left at zero
	// or, for sizes, at -1.
	State(ctx context.Context) (*State, error)
	// Ask puts a job of State.Jobs into the queue, unless it waits already.
	Ask(ctx context.Context, job string) error
}

// State is how the system is at a moment.
type State struct {
	// Version of the program, and what it was built with: "1.0.0", "go1.26 linux/amd64".
	Version, Build string
	Started        time.Time
	// Engine is the database's: "SQLite 3.51.0", "PostgreSQL 15.8".
	Engine string
	// Schema is the number of the newest migration.
	Schema int64
	// Database and Files are sizes in bytes; -1 if not known. Store is where files are:
	// "disk" or "s3".
	Database, Files int64
	Store           string
	// Free and Total are of the disk that the data are on, in bytes; Total 0 if there is
	// none, or it is not known.
	Free, Total int64
	// Unchecked counts submissions that wait for their check.
	Unchecked int
	// Entries of the audit log, and when it was signed last.
	Entries int64
	Signed  time.Time
	// Backup is when the last was made, zero for never; BackupSize in bytes.
	Backup     time.Time
	BackupSize int64
	Jobs       []Job
	Keys       []Key
}

// Job is a kind of background work.
type Job struct {
	Name string
	// Every is how often it is due; 0 for when asked.
	Every time.Duration
	// Last is when it was done last, Next when it is due.
	Last, Next time.Time
	// Failures counts the attempts that failed since it was done last.
	Failures int
}

// Key is a scope's keyset.
type Key struct {
	Scope string
	State KeyState
	Made  time.Time
}

// KeyState says whether a keyset can be used.
type KeyState string

// The states of keys. Only a destroyed key was meant to be gone.
const (
	KeyGood      KeyState = "good"
	KeyDestroyed KeyState = "destroyed"
	KeyMissing   KeyState = "missing"
)
