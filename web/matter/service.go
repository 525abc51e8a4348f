package matter

import (
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/clock"
)

// SeeBy is until when a desk is to look at what comes in at a time. Where the holidays
// of the year are not known, minutes of the clock count: better too early than never.
func (h *Here) SeeBy(x *referral.Agency, at time.Time) time.Time {
	by, err := x.SeeBy(h.Pathway, h.Nation().ID, at)
	if err != nil {
		return at.Add(time.Duration(x.SeeWithin) * time.Minute)
	}
	return by
}

// Turn is who is to look at a concern now. Where holidays are not known it is both.
func (h *Here) Turn(x *referral.Agency, received, now time.Time) []ids.ID {
	who, err := x.Turn(h.Pathway, h.Nation().ID, received, now)
	if err != nil {
		return []ids.ID{x.Contact, x.Deputy}
	}
	return who
}

// OpenMinutes counts the minutes that a desk is open between two times; negative if
// to is before from.
func (h *Here) OpenMinutes(x *referral.Agency, from, to time.Time) int {
	plain := int(to.Sub(from) / time.Minute)
	c, err := clock.CalendarOf(h.Pathway, h.Nation().ID)
	if err != nil {
		return plain
	}
	open := clock.Hours(x.Hours)
	if open == (clock.Hours{}) {
		open = clock.OfficeHours
	}
	n, err := c.ServiceMinutes(from, to, open)
	if err != nil {
		return plain
	}
	return n
}
