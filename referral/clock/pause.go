package clock

import "waymark/referral/rule"

// Pause is a stretch of days that do not count for clocks that may pause.
type Pause struct {
	// From is the first day that does not count. Until is the first day that
	// counts again, or no day while the pause goes on.
	From, Until rule.Date
	// Clock is the group of the clock that it is for; empty means all.
	Clock string
}

// pauses are those of one clock, with open ones ended after today.
type pauses []Pause

func pausesOf(c *rule.Clock, all []Pause, today rule.Date) pauses {
	if !c.Pause {
		return nil
	}
	var list pauses
	for _, p := range all {
		if p.Clock != "" && p.Clock != c.Clock || p.From.IsZero() {
			continue
		}
		if p.Until.IsZero() {
			p.Until = today.Add(1)
		}
		if p.From.Before(p.Until) {
			list = append(list, p)
		}
	}
	return list
}

func (ps pauses) covers(d rule.Date) bool {
	for _, p := range ps {
		if !d.Before(p.From) && d.Before(p.Until) {
			return true
		}
	}
	return false
}
