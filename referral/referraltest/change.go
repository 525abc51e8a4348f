package referraltest

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

// Do implements referral.Matters.
func (m *Memory) Do(_ context.Context, c *referral.Change) (ids.ID, error) {
	defer m.lock()()
	if m.fail != nil {
		return 0, m.fail
	}
	mt, err := m.row(c)
	if err != nil {
		return 0, err
	}
	if err := m.check(c, mt); err != nil {
		return 0, err
	}
	m.carryOut(c, mt)
	return mt.ID, nil
}

// row finds the row as it is to be, without storing it.
func (m *Memory) row(c *referral.Change) (*referral.Matter, error) {
	mt := copied(&c.Matter)
	if c.New {
		if mt.ID == 0 {
			mt.ID = m.ids.New()
		}
		if m.matters[mt.ID] != nil {
			return nil, conflict()
		}
		mt.Print = "key-" + mt.ID.String()
		mt.Etag = 1
		return mt, nil
	}
	now := m.matters[c.Matter.ID]
	switch {
	case now == nil:
		return nil, missing()
	case now.State == referral.Erased:
		return nil, referral.Gone(now.ErasedAt)
	case !c.Row && (!now.Open() || now.Restricted && c.Writes()):
		return nil, conflict()
	case !c.Row:
		return copied(now), nil
	case now.Etag != c.Matter.Etag:
		return nil, conflict()
	}
	mt.Etag++
	return mt, nil
}

// check refuses what clashes before anything is written, and entries that could not
// stand in the audit.
func (m *Memory) check(c *referral.Change, mt *referral.Matter) error {
	for _, e := range c.Entries {
		e.Subject = subject(mt)
		if e.At.IsZero() {
			e.At = m.now()
		}
		if _, err := audit.Encode(e); err != nil {
			return err
		}
	}
	for _, p := range c.Put {
		if p.ID == 0 {
			continue
		}
		if now := m.part(mt.ID, p.ID); now == nil || now.Etag != p.Etag {
			return conflict()
		}
	}
	for _, d := range c.Drop {
		if now := m.part(mt.ID, d.ID); now == nil || now.Etag != d.Etag {
			return conflict()
		}
	}
	for kind, digest := range c.Codes {
		if holder, taken := m.codes[kind][string(digest)]; taken && holder != mt.ID {
			return conflict()
		}
	}
	for _, id := range slices.Concat(c.End, c.Review) {
		if !slices.ContainsFunc(m.grants, func(g *referral.Grant) bool { return g.ID == id && g.Matter == mt.ID }) {
			return missing()
		}
	}
	return nil
}

func (m *Memory) part(matter, id ids.ID) *referral.Part {
	for _, p := range m.parts[matter] {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (m *Memory) carryOut(c *referral.Change, mt *referral.Matter) {
	at := m.now()
	m.matters[mt.ID] = mt
	for _, p := range c.Put {
		p.Matter, p.Changed = mt.ID, at
		p.Etag++
		if p.ID == 0 {
			p.ID, p.Made, p.Etag = m.ids.New(), at, 1
			m.parts[mt.ID] = append(m.parts[mt.ID], &referral.Part{})
			*m.parts[mt.ID][len(m.parts[mt.ID])-1] = *p
		} else {
			*m.part(mt.ID, p.ID) = *p
		}
		m.part(mt.ID, p.ID).Body = bytes.Clone(p.Body)
	}
	for _, d := range c.Drop {
		m.parts[mt.ID] = slices.DeleteFunc(m.parts[mt.ID], func(p *referral.Part) bool { return p.ID == d.ID })
	}
	for _, g := range c.Give {
		g.Matter = mt.ID
		if g.ID == 0 {
			g.ID = m.ids.New()
		}
		m.grants = append(m.grants, copied(g))
	}
	for _, g := range m.grants {
		if slices.Contains(c.End, g.ID) && g.Ended.IsZero() {
			g.Ended = at
		}
		if slices.Contains(c.Review, g.ID) {
			g.Reviewed = at
			if len(c.Entries) > 0 {
				g.Reviewer = c.Entries[0].Actor.ID
			}
		}
	}
	for _, s := range m.messages {
		if c.Recall && s.Matter == mt.ID && s.State == referral.Waiting {
			s.State, s.Body = referral.Recalled, nil
		}
	}
	if c.Send != nil {
		s := &sending{Message: *c.Send}
		if s.ID == 0 {
			s.ID = m.ids.New()
		}
		s.Matter, s.State = mt.ID, referral.Waiting
		m.messages = append(m.messages, s)
		c.Send.ID = s.ID
	}
	for kind, digest := range c.Codes {
		maps.DeleteFunc(m.codes[kind], func(_ string, of ids.ID) bool { return of == mt.ID })
		if m.codes[kind] == nil {
			m.codes[kind] = map[string]ids.ID{}
		}
		if len(digest) > 0 {
			m.codes[kind][string(digest)] = mt.ID
		}
	}
	for _, e := range c.Entries {
		m.record(e, mt.Network, subject(mt))
	}
}

// Grants implements referral.Matters, as do the methods below.
func (m *Memory) Grants(_ context.Context, matter ids.ID) ([]*referral.Grant, error) {
	defer m.lock()()
	return m.grantsOf(matter), nil
}

func (m *Memory) grantsOf(matter ids.ID) []*referral.Grant {
	var of []*referral.Grant
	for _, g := range m.grants {
		if g.Matter == matter {
			of = append(of, copied(g))
		}
	}
	return of
}

func (m *Memory) Glasses(_ context.Context, network ids.ID, limit int) ([]*referral.Grant, error) {
	defer m.lock()()
	var open, reviewed []*referral.Grant
	for _, g := range slices.Backward(m.grants) {
		switch mt := m.matters[g.Matter]; {
		case g.Kind != referral.Glass || mt == nil || mt.Network != network:
		case g.Reviewed.IsZero():
			open = append(open, copied(g))
		default:
			reviewed = append(reviewed, copied(g))
		}
	}
	all := append(open, reviewed...)
	return all[:min(len(all), limit)], nil
}

func (m *Memory) Standing(_ context.Context, mt *referral.Matter, account ids.ID, at time.Time) (referral.Standing, error) {
	defer m.lock()()
	return referral.Stand(mt, m.grantsOf(mt.ID), account, m.members[mt.Network][account], at), nil
}

func (m *Memory) Reminders(_ context.Context, account ids.ID, until time.Time, limit int) ([]*referral.Reminder, error) {
	defer m.lock()()
	var due []*referral.Reminder
	for id, parts := range m.parts {
		mt := m.matters[id]
		for _, p := range parts {
			mine := p.For == account || p.For == 0 && mt.Owner == account
			if account == 0 || !mine || p.Done || p.Due.IsZero() || p.Due.After(until) || !mt.Open() {
				continue
			}
			r := &referral.Reminder{Matter: *mt, Part: *p}
			r.Part.Body = nil
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b *referral.Reminder) int { return a.Part.Due.Compare(b.Part.Due) })
	return due[:min(len(due), limit)], nil
}
