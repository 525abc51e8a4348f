// Package audit holds the log of who read or changed what: an append-only
// Merkle tree (golang.org/x/mod/sumdb/tlog) whose checkpoints are signed notes,
// so that a change, a removal, a new order or a cut of past entries is found
// offline by anyone who kept a checkpoint.
//
// It knows no database and no page; an entry holds identifiers and codes, never
// an answer, a name or an address of a person.
package audit

import (
	"time"

	"waymark/internal/ids"
)

// ActorKind says what kind of actor did something.
type ActorKind string

// The kinds of actor.
const (
	Account    ActorKind = "account"    // a person who signed in
	Enumerator ActorKind = "enumerator" // a phone with an enumerator's token
	System     ActorKind = "system"     // the server itself, or a command at its console
	Visitor    ActorKind = "visitor"    // nobody known
)

// Actor is who did something. ID is of the account or the enumerator, zero for
// the system and visitors.
type Actor struct {
	Kind ActorKind `json:"kind"`
	ID   ids.ID    `json:"id,omitempty"`
	// Via is how: "web", "openrosa", "command", "job". Required.
	Via string `json:"via"`
}

// Entry is one line of the log.
type Entry struct {
	// At is when, UTC, to the millisecond.
	At    time.Time `json:"at"`
	Actor Actor     `json:"actor"`
	// Action is an action of trust/access, or of this package's list for what is
	// not a request: "key.destroyed", "store.restored". Required.
	Action string `json:"action"`
	// Programme that it was in; zero for the whole system.
	Programme ids.ID `json:"programme,omitempty"`
	// Subject is "kind:id" of what was read or changed: "submission:0c5...".
	Subject string `json:"subject,omitempty"`
	// Detail is short facts in codes: old and new state, counts, field names. No
	// answers, no names, no free text.
	Detail map[string]string `json:"detail,omitempty"`
}

// Sequenced is an entry with its place in the log, from 0.
type Sequenced struct {
	Number int64 `json:"number"`
	Entry
}

// Actions of entries that no request made. Those of requests are in
// trust/access.
const (
	KeyDestroyed = "key.destroyed"
	KeyRewrapped = "key.rewrapped"
	Restored     = "store.restored"
	BackedUp     = "store.backed-up"
	Exported     = "audit.exported"
	// FilesCollected says that contents of files which nothing names were removed.
	FilesCollected = "file.collected"
)
