package store

import (
	"context"
	"slices"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
)

// prepared is a change with what can be done before the transaction: identifiers and
// sealed contents.
type prepared struct {
	c       *referral.Change
	m       referral.Matter
	parts   []*referral.Part // as they are to be; Body is sealed
	grants  []*referral.Grant
	message *referral.Message // Body is sealed
	at      time.Time
}

// Do implements referral.Matters.
func (r *Referral) Do(ctx context.Context, c *referral.Change) (ids.ID, error) {
	p, err := r.prepare(c)
	if err != nil {
		return 0, err
	}
	if err := r.db.Write(ctx, func(t *Tx) error { return t.carryOut(p) }); err != nil {
		return 0, err
	}
	p.settle()
	return p.m.ID, nil
}

// prepare seals what a change writes. A new matter's key is durable before anything
// is sealed under it.
func (r *Referral) prepare(c *referral.Change) (*prepared, error) {
	p := &prepared{c: c, m: c.Matter, at: r.db.now()}
	if c.New {
		if p.m.ID == 0 {
			p.m.ID = r.db.NewID()
		}
		if err := r.keys.Create(caseScope(p.m.ID)); err != nil {
			return nil, err
		}
		print, err := r.keys.Fingerprint(caseScope(p.m.ID))
		if err != nil {
			return nil, err
		}
		p.m.Print, p.m.Etag = print, 0
	}
	scope := caseScope(p.m.ID)
	for _, given := range c.Put {
		part := *given
		part.Matter, part.Changed = p.m.ID, p.at
		if part.ID == 0 {
			part.ID, part.Made, part.Etag = r.db.NewID(), p.at, 0
		}
		part.Etag++
		sealed, err := r.keys.Seal(scope, given.Body, boundPart(&part))
		if err != nil {
			return nil, err
		}
		part.Body = sealed
		p.parts = append(p.parts, &part)
	}
	for _, given := range c.Give {
		g := *given
		g.Matter = p.m.ID
		if g.ID == 0 {
			g.ID = r.db.NewID()
		}
		p.grants = append(p.grants, &g)
	}
	if c.Send != nil {
		m := *c.Send
		m.Matter, m.State = p.m.ID, referral.Waiting
		if m.ID == 0 {
			m.ID = r.db.NewID()
		}
		sealed, err := r.keys.Seal(scope, c.Send.Body, boundMessage(m.ID))
		if err != nil {
			return nil, err
		}
		m.Body = sealed
		p.message = &m
	}
	return p, nil
}

// settle tells the caller what was made.
func (p *prepared) settle() {
	for i, part := range p.parts {
		body := p.c.Put[i].Body
		*p.c.Put[i] = *part
		p.c.Put[i].Body = body
	}
	for i, g := range p.grants {
		*p.c.Give[i] = *g
	}
	if p.message != nil {
		p.c.Send.ID, p.c.Send.Matter, p.c.Send.State = p.message.ID, p.message.Matter, p.message.State
	}
}

// carryOut writes a change. It may run more than once.
func (t *Tx) carryOut(p *prepared) error {
	if err := t.matterRow(p); err != nil {
		return err
	}
	for i, part := range p.parts {
		reminds := part.For
		if reminds == 0 {
			reminds = p.m.Owner
		}
		if err := t.putPart(part, reminds, p.c.Put[i].ID == 0); err != nil {
			return err
		}
	}
	for _, d := range p.c.Drop {
		n, err := t.Exec("DELETE FROM matter_part WHERE id = $1 AND matter = $2 AND etag = $3", d.ID, p.m.ID, d.Etag)
		if err != nil {
			return err
		}
		if n == 0 {
			return changedMeanwhile("file")
		}
	}
	if err := t.grants(p); err != nil {
		return err
	}
	if err := t.messages(p); err != nil {
		return err
	}
	if err := t.codes(p); err != nil {
		return err
	}
	for _, e := range p.c.Entries {
		e.Programme, e.Subject = p.m.Network, matterSubject(&p.m)
		t.Record(e)
	}
	return nil
}

// matterRow makes, changes or checks the row.
func (t *Tx) matterRow(p *prepared) error {
	m := &p.m
	args := []any{string(m.State), string(m.Result), m.Outcome, m.Agency, m.Owner, m.Origin, m.Link, truth(m.Urgent), truth(m.Child), millis(m.Opened), millis(m.Changed),
		dueMillis(m.Due), m.DueRule, m.Rules, truth(m.Restricted), millis(m.KeepUntil), m.EraseAsked}
	if p.c.New {
		_, err := t.Exec("INSERT INTO matter (state, result, outcome, agency, owner, origin, link, urgent, child, opened, changed, due, due_rule, rules, restricted, keep_until, erase_asked, "+
			"id, network, kind, erased_at, print, etag) VALUES ("+marks(1, 20)+", 0, $21, 1)", append(args, m.ID, m.Network, string(m.Kind), m.Print)...)
		switch {
		case isTwice(err):
			return changedMeanwhile("matter")
		case isOrphan(err):
			return notFound("network")
		}
		t.countMatter(m, 1)
		return err
	}
	now, err := one(t, "matter", "SELECT "+matterColumns+" FROM matter m WHERE m.id = $1 {LOCK}", []any{m.ID}, scanMatter)
	switch {
	case err != nil:
		return err
	case now.State == referral.Erased:
		return referral.Gone(now.ErasedAt)
	case !p.c.Row && (!now.Open() || now.Restricted && p.c.Writes()):
		return changedMeanwhile("matter")
	}
	m.Network, m.Kind = now.Network, now.Kind
	if !p.c.Row {
		m.Owner, m.State = now.Owner, now.State
		return nil
	}
	if now.Etag != p.c.Matter.Etag {
		return changedMeanwhile("matter")
	}
	t.countMatter(now, -1)
	t.countMatter(m, 1)
	if now.Owner != m.Owner { // who is reminded of what is the owner's
		if _, err := t.Exec("UPDATE matter_part SET reminds = $1 WHERE matter = $2 AND for_account = 0 AND due > 0", m.Owner, m.ID); err != nil {
			return err
		}
	}
	if now.State != m.State {
		if _, err := t.Exec("UPDATE matter_grant SET of_state = $1 WHERE matter = $2", string(m.State), m.ID); err != nil {
			return err
		}
	}
	_, err = t.Exec("UPDATE matter SET state = $1, result = $2, outcome = $3, agency = $4, owner = $5, origin = $6, link = $7, urgent = $8, child = $9, opened = $10, changed = $11, "+
		"due = $12, due_rule = $13, rules = $14, restricted = $15, keep_until = $16, erase_asked = $17, etag = etag + 1 WHERE id = $18", append(args, m.ID)...)
	return err
}

func (t *Tx) putPart(p *referral.Part, reminds ids.ID, made bool) error {
	args := []any{p.Agency, string(p.Purpose), truth(p.Private), millis(p.Due), p.For, truth(p.Done), millis(p.Changed), p.By, p.Etag, p.Body, reminds, p.ID, p.Matter}
	if made {
		return t.Later("INSERT INTO matter_part (agency, purpose, private, due, for_account, done, changed, by_account, etag, body, reminds, id, matter, kind, made) VALUES ("+marks(1, 15)+")",
			append(args, string(p.Kind), millis(p.Made))...)
	}
	n, err := t.Exec("UPDATE matter_part SET agency = $1, purpose = $2, private = $3, due = $4, for_account = $5, done = $6, changed = $7, by_account = $8, etag = $9, body = $10, reminds = $11 "+
		"WHERE id = $12 AND matter = $13 AND kind = $14 AND etag = $15", append(args, string(p.Kind), p.Etag-1)...)
	if err == nil && n == 0 {
		return changedMeanwhile("part")
	}
	return err
}

func (t *Tx) grants(p *prepared) error {
	for _, id := range slices.Concat(p.c.End, p.c.Review) {
		var there ids.ID
		if err := t.One("SELECT id FROM matter_grant WHERE id = $1 AND matter = $2", []any{id, p.m.ID}, &there); err != nil {
			return found(err, "grant")
		}
	}
	for _, id := range p.c.End {
		if _, err := t.Exec("UPDATE matter_grant SET ended = $1 WHERE id = $2 AND ended = 0", millis(p.at), id); err != nil {
			return err
		}
	}
	for _, id := range p.c.Review {
		var reviewer ids.ID
		if len(p.c.Entries) > 0 {
			reviewer = p.c.Entries[0].Actor.ID
		}
		n, err := t.Exec("UPDATE matter_grant SET reviewed = $1, reviewer = $2 WHERE id = $3 AND reviewed = 0", millis(p.at), reviewer, id)
		if err == nil && n == 0 {
			err = changedMeanwhile("access")
		}
		if err != nil {
			return err
		}
	}
	for _, g := range p.grants {
		if err := t.Later("INSERT INTO matter_grant ("+grantColumns+", network, of_kind, of_state) VALUES ("+marks(1, 15)+")", g.ID, g.Matter, string(g.Kind), g.Account, g.Agency,
			joinPurposes(g.Purposes), g.By, millis(g.From), millis(g.Until), millis(g.Ended), millis(g.Reviewed), g.Reviewer, p.m.Network, string(p.m.Kind), string(p.m.State)); err != nil {
			return err
		}
	}
	return nil
}

// codes replaces what lets somebody without an account come back, kind by kind.
func (t *Tx) codes(p *prepared) error {
	for kind, digest := range p.c.Codes {
		if _, err := t.Exec("DELETE FROM matter_code WHERE matter = $1 AND kind = $2", p.m.ID, string(kind)); err != nil {
			return err
		}
		if len(digest) == 0 {
			continue
		}
		_, err := t.Exec("INSERT INTO matter_code (kind, digest, matter) VALUES ($1, $2, $3)", string(kind), digest, p.m.ID)
		if isTwice(err) {
			return changedMeanwhile("code")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// countMatter changes the totals by which matters are counted.
func (t *Tx) countMatter(m *referral.Matter, by int64) {
	t.counts.matter(matterCell{m.Network, string(m.Kind), m.Agency, string(m.State)}, by)
}
