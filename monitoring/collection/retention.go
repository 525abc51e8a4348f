package collection

import (
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

const hour = time.Hour

// WarningDays is how long before its date a round is warned of.
const WarningDays = 30

// RetentionState says how far a round is from the day of its deletion.
type RetentionState string

// The states of retention.
const (
	RetentionUnset RetentionState = "unset" // no date
	RetentionFar   RetentionState = "far"   // more than WarningDays away
	RetentionSoon  RetentionState = "soon"  // within WarningDays
	RetentionDue   RetentionState = "due"   // the date has passed
	RetentionDone  RetentionState = "done"  // deleted
)

// Retention returns the state on a civil date.
func (r *Round) Retention(today string) RetentionState {
	switch {
	case r.State == Deleted:
		return RetentionDone
	case r.Retain == "":
		return RetentionUnset
	case r.Retain < today:
		return RetentionDue
	case r.Retain <= AddDays(today, WarningDays):
		return RetentionSoon
	}
	return RetentionFar
}

// AddDays adds days to a civil date; what is no date comes back as it is.
func AddDays(day string, n int) string {
	t, ok := Day(day)
	if !ok {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// DaysUntil counts the days from one civil date to another.
func DaysUntil(today, day string) int {
	a, okA := Day(today)
	b, okB := Day(day)
	if !okA || !okB {
		return 0
	}
	return int(b.Sub(a) / (24 * hour))
}

// CheckRetain says what is wrong with a date of deletion, by the field "retain";
// "" takes the date away.
func CheckRetain(r *Round, retain, today string) error {
	b := newBreaches()
	if retain == "" {
		return nil
	}
	if _, ok := Day(retain); !ok {
		b.field("retain", "date")
		return b.err()
	}
	if retain <= today {
		b.field("retain", "retain.past")
	}
	if r.To != "" && retain <= r.To {
		b.field("retain", "retain.early", "to", r.To)
	}
	return b.err()
}

// DeletionStage says how far a proposal to delete is.
type DeletionStage string

// The stages of a deletion.
const (
	DeletionProposed DeletionStage = "proposed"
	DeletionRefused  DeletionStage = "refused"
	DeletionApproved DeletionStage = "approved" // and still to be carried out
	DeletionDone     DeletionStage = "done"
)

// Stage returns how far the deletion is.
func (d *Deletion) Stage() DeletionStage {
	switch {
	case !d.Done.IsZero():
		return DeletionDone
	case d.Decided.IsZero():
		return DeletionProposed
	case d.Approved:
		return DeletionApproved
	}
	return DeletionRefused
}

// CheckProposal says what is wrong with a proposal to delete a round's answers,
// by the field "reason". former are the round's proposals so far.
func CheckProposal(r *Round, d *Deletion, former []*Deletion) error {
	b := newBreaches()
	b.text(fault.Place{Field: "reason"}, d.Reason, true, MostAbout, true)
	if r.State != Closed {
		b.field("state", "round.open")
	}
	for _, f := range former {
		if s := f.Stage(); s == DeletionProposed || s == DeletionApproved {
			b.field("state", "deletion.pending")
			break
		}
	}
	return b.err()
}

// CheckDecision says why a person may not decide a proposal, or nil.
func CheckDecision(d *Deletion, approver ids.ID) error {
	if d.Stage() != DeletionProposed {
		return breach(fault.Conflict, fault.Place{}, "deletion.decided")
	}
	if d.Proposer == approver {
		return breach(fault.Denied, fault.Place{}, "deletion.own")
	}
	return nil
}
