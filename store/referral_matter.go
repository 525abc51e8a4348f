package store

import (
	"context"
	"strings"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

// noDue is how a matter without a date sorts behind all others: the end of the year
// 9999, in milliseconds.
const noDue = 253402300799000

func dueMillis(t time.Time) int64 {
	if t.IsZero() {
		return noDue
	}
	return t.UnixMilli()
}

const matterColumns = "m.id, m.network, m.kind, m.state, m.result, m.outcome, m.agency, m.owner, m.origin, m.link, m.urgent, m.child, m.opened, m.changed, " +
	"m.due, m.due_rule, m.rules, m.restricted, m.keep_until, m.erase_asked, m.erased_at, m.print, m.etag"

// matterRow is a matter as the database keeps it.
type matterRow struct {
	m                                      referral.Matter
	opened, changed, due, keep, erasedTime int64
}

// columns are where to put those of matterColumns.
func (w *matterRow) columns() []any {
	m := &w.m
	return []any{&m.ID, &m.Network, &m.Kind, &m.State, &m.Result, &m.Outcome, &m.Agency, &m.Owner, &m.Origin, &m.Link, &m.Urgent, &m.Child, &w.opened, &w.changed,
		&w.due, &m.DueRule, &m.Rules, &m.Restricted, &w.keep, &m.EraseAsked, &w.erasedTime, &m.Print, &m.Etag}
}

func (w *matterRow) matter() *referral.Matter {
	w.m.Opened, w.m.Changed, w.m.KeepUntil, w.m.ErasedAt = fromMillis(w.opened), fromMillis(w.changed), fromMillis(w.keep), fromMillis(w.erasedTime)
	if w.due != noDue {
		w.m.Due = fromMillis(w.due)
	}
	return &w.m
}

func scanMatter(s scan) (*referral.Matter, error) {
	var w matterRow
	err := s(w.columns()...)
	return w.matter(), err
}

// Matter implements referral.Matters, as do the methods of this file.
func (r *Referral) Matter(ctx context.Context, id ids.ID) (*referral.Matter, error) {
	return one(r.db.on(ctx), "matter", "SELECT "+matterColumns+" FROM matter m WHERE m.id = $1", []any{id}, scanMatter)
}

func (r *Referral) MatterByCode(ctx context.Context, kind referral.CodeKind, digest []byte) (*referral.Matter, error) {
	return one(r.db.on(ctx), "matter", "SELECT "+matterColumns+" FROM matter_code c JOIN matter m ON m.id = c.matter WHERE c.kind = $1 AND c.digest = $2",
		[]any{string(kind), digest}, scanMatter)
}

const grantColumns = "id, matter, kind, account, agency, purposes, by_account, from_at, until_at, ended, reviewed, reviewer"

func scanGrant(s scan) (*referral.Grant, error) {
	var g referral.Grant
	var purposes string
	var from, until, ended, reviewed int64
	err := s(&g.ID, &g.Matter, &g.Kind, &g.Account, &g.Agency, &purposes, &g.By, &from, &until, &ended, &reviewed, &g.Reviewer)
	g.From, g.Until, g.Ended, g.Reviewed = fromMillis(from), fromMillis(until), fromMillis(ended), fromMillis(reviewed)
	for _, p := range strings.Fields(purposes) {
		g.Purposes = append(g.Purposes, referral.Purpose(p))
	}
	return &g, err
}

func joinPurposes(all []referral.Purpose) string {
	text := make([]string, len(all))
	for i, p := range all {
		text[i] = string(p)
	}
	return strings.Join(text, " ")
}

func (r *Referral) Grants(ctx context.Context, matter ids.ID) ([]*referral.Grant, error) {
	return list(r.db.on(ctx), "SELECT "+grantColumns+" FROM matter_grant WHERE matter = $1 ORDER BY id", []any{matter}, scanGrant)
}

func (r *Referral) Glasses(ctx context.Context, network ids.ID, limit int) ([]*referral.Grant, error) {
	return list(r.db.on(ctx), "SELECT "+grantColumns+" FROM matter_grant WHERE network = $1 AND kind = 'glass' ORDER BY CASE WHEN reviewed = 0 THEN 0 ELSE 1 END, id DESC LIMIT $2",
		[]any{network, limit}, scanGrant)
}

func (r *Referral) Standing(ctx context.Context, m *referral.Matter, account ids.ID, at time.Time) (referral.Standing, error) {
	agency, err := r.AgencyOf(ctx, m.Network, account)
	if err != nil {
		return referral.Standing{}, err
	}
	grants, err := r.Grants(ctx, m.ID)
	if err != nil {
		return referral.Standing{}, err
	}
	return referral.Stand(m, grants, account, agency, at), nil
}

func (r *Referral) MatterHistory(ctx context.Context, id ids.ID) ([]audit.Sequenced, error) {
	m, err := r.Matter(ctx, id)
	if err != nil {
		return nil, err
	}
	return list(r.db.on(ctx), "SELECT number, entry FROM audit_entry WHERE subject = $1 ORDER BY number LIMIT 10000", []any{matterSubject(m)}, scanEntry)
}

func matterSubject(m *referral.Matter) string { return string(m.Kind) + ":" + m.ID.String() }

func (r *Referral) Expired(ctx context.Context, at time.Time, limit int) ([]*referral.Matter, error) {
	return list(r.db.on(ctx), "SELECT "+matterColumns+" FROM matter m WHERE m.keep_until > 0 AND m.keep_until <= $1 AND m.state <> 'erased' ORDER BY m.keep_until, m.id LIMIT $2",
		[]any{millis(at), limit}, scanMatter)
}
