package referraltest

import (
	"context"
	"slices"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
)

// ListMatters implements referral.Matters, as does CountMatters.
func (m *Memory) ListMatters(_ context.Context, f referral.Filter) (*referral.Page, error) {
	defer m.lock()()
	all := m.chosen(f)
	slices.SortFunc(all, func(a, b *referral.Matter) int {
		if f.ByDue {
			da, db := a.Due, b.Due
			if da.IsZero() {
				da = never
			}
			if db.IsZero() {
				db = never
			}
			if c := da.Compare(db); c != 0 {
				return c
			}
		}
		return int(max(-1, min(1, b.ID-a.ID)))
	})
	if f.After != "" {
		at := slices.IndexFunc(all, func(mt *referral.Matter) bool { return mt.ID.String() == f.After })
		all = all[at+1:]
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	p := &referral.Page{Matters: all[:min(len(all), limit, 200)]}
	if n := len(p.Matters); n < len(all) {
		p.Next = all[n-1].ID.String()
	}
	return p, nil
}

func (m *Memory) CountMatters(_ context.Context, f referral.Filter) (map[referral.State]int, error) {
	defer m.lock()()
	n := map[referral.State]int{}
	for _, mt := range m.chosen(f) {
		n[mt.State]++
	}
	return n, nil
}

func (m *Memory) chosen(f referral.Filter) []*referral.Matter {
	var all []*referral.Matter
	for _, mt := range m.matters {
		if m.fits(mt, f) {
			all = append(all, copied(mt))
		}
	}
	return all
}

func (m *Memory) fits(mt *referral.Matter, f referral.Filter) bool {
	switch {
	case mt.Network != f.Network || mt.Kind != f.Kind,
		len(f.States) > 0 && !slices.Contains(f.States, mt.State),
		f.Owner != 0 && mt.Owner != f.Owner,
		f.Unowned && mt.Owner != 0,
		f.Urgent && !mt.Urgent,
		f.EraseAsked && mt.EraseAsked == 0,
		!f.KeepBefore.IsZero() && (mt.KeepUntil.IsZero() || !mt.KeepUntil.Before(f.KeepBefore)),
		f.Origin != 0 && mt.Origin != f.Origin,
		!f.Overdue.IsZero() && (mt.Due.IsZero() || !mt.Due.Before(f.Overdue)):
		return false
	case f.SharedWith != 0:
		return m.shares(mt.ID, f)
	}
	return f.Agency == 0 || mt.Agency == f.Agency
}

func (m *Memory) shares(matter ids.ID, f referral.Filter) bool {
	return slices.ContainsFunc(m.grants, func(g *referral.Grant) bool {
		return g.Matter == matter && g.Kind == referral.Share && g.InForce(f.At) &&
			(g.Agency == f.SharedWith || g.Account == f.SharedWith)
	})
}

// never is a time that no test reaches: what has no date comes last.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
