package matter

import (
	"time"

	"waymark/referral"
	"waymark/referral/clock"
)

// After is the time at which a desk was open for so many minutes since a time. Where
// the holidays of the year are not known, minutes of the clock count: better too
// early than never.
func (h *Here) After(x *referral.Agency, since time.Time, minutes int) time.Time {
	plain := since.Add(time.Duration(minutes) * time.Minute)
	c, err := h.Calendar()
	if err != nil {
		return plain
	}
	at, err := c.AddService(since, minutes, hours(x))
	if err != nil {
		return plain
	}
	return at
}

// OpenMinutes counts the minutes that a desk is open between two times; negative if
// to is before from.
func (h *Here) OpenMinutes(x *referral.Agency, from, to time.Time) int {
	c, err := h.Calendar()
	if err != nil {
		return int(to.Sub(from) / time.Minute)
	}
	n, err := c.ServiceMinutes(from, to, hours(x))
	if err != nil {
		return int(to.Sub(from) / time.Minute)
	}
	return n
}

func hours(x *referral.Agency) clock.Hours {
	return clock.Hours{From: x.Hours.From, To: x.Hours.To, EveryDay: x.Hours.EveryDay}
}

// SeeBy is until when a desk is to look at what comes in at a time.
func (h *Here) SeeBy(x *referral.Agency, at time.Time) time.Time { return h.After(x, at, x.SeeWithin) }

// DeputyFrom is from when a concern is also the deputy's: at once while the contact is
// away. It is zero where there is no deputy.
func (h *Here) DeputyFrom(x *referral.Agency, opened time.Time) time.Time {
	switch {
	case x.Deputy == 0:
		return time.Time{}
	case x.ContactAway:
		return opened
	}
	return h.After(x, opened, x.DeputyAfter)
}
