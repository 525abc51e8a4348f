// Package referral is the way from a suspicion to the right desk and to help: what
// a concern, a referral and a case are, who holds them, what may be done next, and
// what must be left out of what is sent.
//
// It is values and pure functions. A function takes a file as it was read and a
// wish, and returns the Change that a store carries out whole, or says why not. It
// knows no database, no pages and no network; the rules of a country are data of
// referral/rule.
package referral

import (
	"time"

	"waymark/internal/ids"
	"waymark/trust/audit"
)

// Who does something, for which agency, and when.
type Who struct {
	By audit.Actor
	// Agency that the person belongs to in the network; zero for the frontline
	// worker, who has no account, and for the server itself.
	Agency ids.ID
	At     time.Time
}

// Kind of a matter.
type Kind string

// The kinds. A concern is what somebody saw; a case is one person. One concern may
// lead to several cases.
const (
	Concern Kind = "concern"
	Case    Kind = "case"
)

// State of a matter. Each kind has its own; see Steps.
type State string

// The states of a concern.
const (
	Begun    State = "begun"    // the frontline worker has not handed it over
	Received State = "received" // nobody has looked at it; the service-level clock runs
	Seen     State = "seen"     // somebody has taken it on
	Asked    State = "asked"    // a question waits for the worker
	Decided  State = "decided"
)

// The states of a case.
const (
	Draft  State = "draft"  // the referral is being written
	Ready  State = "ready"  // checked and frozen; waits to be handed over
	Sent   State = "sent"   // the authority has it
	Closed State = "closed" // nothing more is done
)

// Erased is the last state of both: the key is destroyed, the row stays as proof.
const Erased State = "erased"

// Result is what a concern was decided to be, or why a case was closed.
type Result string

// The results of a concern.
const (
	NoAction     Result = "no-action"
	Safeguarding Result = "safeguarding" // only the safeguarding way
	Intelligence Result = "intelligence" // only kept for what it tells
	Refer        Result = "refer"        // one or more cases begin from it
)

// Results lists those of a concern in the order of pages.
var Results = []Result{Refer, Safeguarding, Intelligence, NoAction}

// Why a case is closed.
const (
	Withdrawn    Result = "withdrawn"    // the person withdrew consent
	Negative     Result = "negative"     // a negative decision, and no reconsideration
	MovedOn      Result = "moved-on"     // support ended as planned
	LostContact  Result = "lost-contact" // the person cannot be reached
	Transferred  Result = "transferred"  // another network has it
	Disqualified Result = "disqualified" // protection ended by a decision
	Notified     Result = "notified"     // a notification without the person's name; nothing follows
	Mistaken     Result = "mistaken"     // begun by mistake
)

// Closings lists them in the order of pages.
var Closings = []Result{MovedOn, Negative, Withdrawn, LostContact, Transferred, Disqualified, Notified, Mistaken}

// Purpose is what for a part of a file may be shown beyond the agency that wrote it.
type Purpose string

// The purposes.
const (
	Safety        Purpose = "safety" // risk and safety plan
	Accommodation Purpose = "accommodation"
	Health        Purpose = "health"
	Legal         Purpose = "legal"
	Language      Purpose = "language" // interpreter, translation
	Family        Purpose = "family"   // tracing, reunification
	Return        Purpose = "return"   // safe return
	Investigation Purpose = "investigation"
	Coordination  Purpose = "coordination" // dates, decisions, conferences: no content of care
)

// Purposes lists them in the order of pages.
var Purposes = []Purpose{Safety, Accommodation, Health, Legal, Language, Family, Return, Investigation, Coordination}
