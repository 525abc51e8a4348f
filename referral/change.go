package referral

import (
	"waymark/internal/ids"
	"waymark/trust/audit"
)

// Change is all that one act does to one matter. A store carries it out whole or
// not at all: it is a Conflict if the matter, or a part that it changes, is not as
// it was read (Etag).
type Change struct {
	// Matter is the row as it is to be. With New it is made, and so is its key.
	Matter Matter
	New    bool
	// Row says that the row changes; without it only the matter's state is checked
	// to be open and its Etag is not compared, so that people who write different
	// parts at once do not stand in each other's way.
	Row bool
	// Put are parts to make (ID zero; the store sets ID, Made, Etag) or to change
	// (ID and Etag as read).
	Put []*Part
	// Drop are parts to remove for ever.
	Drop []Dropped
	// Give are grants to make; End are those to take back; Review are broken
	// glasses that were looked at.
	Give   []*Grant
	End    []ids.ID
	Review []ids.ID
	// Send goes into the outbox. Recall takes back the messages of the matter that
	// wait there.
	Send   *Message
	Recall bool
	// Codes lets somebody without an account come back to a concern: keyed digests,
	// see Store.MatterByCode. A kind that is named is replaced, or with an empty digest
	// removed; the others stay.
	Codes map[CodeKind][]byte
	// Entries are for the audit, with Actor, Action and Detail; a store adds the
	// time, the programme and the subject.
	Entries []audit.Entry
}

// Writes says whether the change puts down anything about the person. A person's own
// request, and a reminder of the program, are none.
func (c *Change) Writes() bool {
	for _, p := range c.Put {
		if p.Kind != PartRight && p.Kind != PartTask {
			return true
		}
	}
	return len(c.Drop) > 0
}

// Dropped names a part as it was read.
type Dropped struct {
	ID   ids.ID
	Etag int64
}

// CodeKind is what a code opens.
type CodeKind string

// The kinds of code.
const (
	Resume  CodeKind = "resume"  // goes on with a concern that was begun
	Receipt CodeKind = "receipt" // answers what the desk asks, after it was handed over
)

// Message is a package on its way to an authority's service.
type Message struct {
	ID      ids.ID
	Matter  ids.ID
	Package ids.ID // part
	// Key is the same at every attempt, so that the service takes it once.
	Key   string
	State MessageState
	Tries int
	// Code is what the last attempt came to, of a fixed list; never a text of the
	// service.
	Code string
	// Body is what is sent, sealed at rest.
	Body []byte
}

// MessageState is how far a message is.
type MessageState string

// The states of a message.
const (
	Waiting   MessageState = "waiting"
	Delivered MessageState = "delivered"
	Refused   MessageState = "refused" // the service will not take it; a person must act
	Recalled  MessageState = "recalled"
)
