package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/trust/audit"
)

const networkColumns = "programme, pathway, nation, version, accept_within, etag"

func scanNetwork(s scan) (*referral.Network, error) {
	var n referral.Network
	return &n, s(&n.Programme, &n.Pathway, &n.Nation, &n.Version, &n.AcceptWithin, &n.Etag)
}

// Network implements referral.Networks, as do the methods of this file.
func (r *Referral) Network(ctx context.Context, programme ids.ID) (*referral.Network, error) {
	return one(r.db.on(ctx), "network", "SELECT "+networkColumns+" FROM referral_network WHERE programme = $1", []any{programme}, scanNetwork)
}

func (r *Referral) ListNetworks(ctx context.Context) ([]*referral.Network, error) {
	return list(r.db.on(ctx), "SELECT "+networkColumns+" FROM referral_network ORDER BY programme", nil, scanNetwork)
}

func (r *Referral) PutNetwork(ctx context.Context, by audit.Actor, n *referral.Network) error {
	row := *n
	row.Etag++
	err := r.db.Write(ctx, func(t *Tx) error {
		t.Record(entry(by, access.NetworkSet, row.Programme, "network", row.Programme))
		if n.Etag == 0 {
			_, err := t.Exec("INSERT INTO referral_network ("+networkColumns+") VALUES ($1, $2, $3, $4, $5, $6)",
				row.Programme, row.Pathway, row.Nation, row.Version, row.AcceptWithin, row.Etag)
			switch {
			case isTwice(err):
				return changedMeanwhile("network")
			case isOrphan(err):
				return notFound("programme")
			}
			return err
		}
		changed, err := t.Exec("UPDATE referral_network SET pathway = $1, nation = $2, version = $3, accept_within = $4, etag = $5 WHERE programme = $6 AND etag = $7",
			row.Pathway, row.Nation, row.Version, row.AcceptWithin, row.Etag, row.Programme, n.Etag)
		if err == nil && changed == 0 {
			return changedMeanwhile("network")
		}
		return err
	})
	if err == nil {
		*n = row
	}
	return err
}

const agencyColumns = "id, network, name, kind, desk, contact, deputy, away, deputy_after, see_within, hours_from, hours_to, every_day, closed, etag"

func scanAgency(s scan) (*referral.Agency, error) {
	var a referral.Agency
	return &a, s(&a.ID, &a.Network, &a.Name, &a.Kind, &a.Desk, &a.Contact, &a.Deputy, &a.ContactAway, &a.DeputyAfter, &a.SeeWithin,
		&a.Hours.From, &a.Hours.To, &a.Hours.EveryDay, &a.Closed, &a.Etag)
}

func (r *Referral) Agencies(ctx context.Context, network ids.ID) ([]*referral.Agency, error) {
	return list(r.db.on(ctx), "SELECT "+agencyColumns+" FROM referral_agency WHERE network = $1 ORDER BY name, id", []any{network}, scanAgency)
}

func (r *Referral) Agency(ctx context.Context, id ids.ID) (*referral.Agency, error) {
	return one(r.db.on(ctx), "agency", "SELECT "+agencyColumns+" FROM referral_agency WHERE id = $1", []any{id}, scanAgency)
}

func (r *Referral) PutAgency(ctx context.Context, by audit.Actor, a *referral.Agency) error {
	row := *a
	if row.ID == 0 {
		row.ID = r.db.NewID()
	}
	row.Etag++
	err := r.db.Write(ctx, func(t *Tx) error {
		t.Record(entry(by, access.NetworkSet, row.Network, "agency", row.ID))
		args := []any{row.Name, row.Kind, truth(row.Desk), row.Contact, row.Deputy, truth(row.ContactAway), row.DeputyAfter, row.SeeWithin,
			row.Hours.From, row.Hours.To, truth(row.Hours.EveryDay), truth(row.Closed), row.Etag, row.ID, row.Network}
		if a.ID == 0 {
			_, err := t.Exec("INSERT INTO referral_agency (name, kind, desk, contact, deputy, away, deputy_after, see_within, hours_from, hours_to, every_day, closed, etag, id, network) VALUES ("+marks(1, 15)+")", args...)
			if isOrphan(err) {
				return notFound("network")
			}
			return err
		}
		changed, err := t.Exec("UPDATE referral_agency SET name = $1, kind = $2, desk = $3, contact = $4, deputy = $5, away = $6, deputy_after = $7, see_within = $8, "+
			"hours_from = $9, hours_to = $10, every_day = $11, closed = $12, etag = $13 WHERE id = $14 AND network = $15 AND etag = $16", append(args, a.Etag)...)
		if err == nil && changed == 0 {
			return changedMeanwhile("agency")
		}
		return err
	})
	if err == nil {
		*a = row
	}
	return err
}

func (r *Referral) Members(ctx context.Context, network ids.ID) ([]referral.Member, error) {
	return list(r.db.on(ctx), "SELECT account, agency FROM referral_member WHERE network = $1 ORDER BY account", []any{network},
		func(s scan) (m referral.Member, err error) { return m, s(&m.Account, &m.Agency) })
}

func (r *Referral) SetMember(ctx context.Context, by audit.Actor, network, account, agency ids.ID) error {
	return r.db.Write(ctx, func(t *Tx) error {
		t.Record(entry(by, access.NetworkSet, network, "account", account, "agency", orNone(agency)))
		var there ids.ID
		if err := t.One("SELECT programme FROM referral_network WHERE programme = $1", []any{network}, &there); err != nil {
			return found(err, "network")
		}
		if agency == 0 {
			_, err := t.Exec("DELETE FROM referral_member WHERE network = $1 AND account = $2", network, account)
			return err
		}
		if err := t.One("SELECT id FROM referral_agency WHERE id = $1 AND network = $2", []any{agency, network}, &there); err != nil {
			return found(err, "agency")
		}
		_, err := t.Exec("INSERT INTO referral_member (network, account, agency) VALUES ($1, $2, $3) ON CONFLICT (network, account) DO UPDATE SET agency = excluded.agency",
			network, account, agency)
		return err
	})
}

func orNone(id ids.ID) string {
	if id == 0 {
		return "none"
	}
	return id.String()
}

func (r *Referral) AgencyOf(ctx context.Context, network, account ids.ID) (agency ids.ID, err error) {
	err = r.db.on(ctx).One("SELECT agency FROM referral_member WHERE network = $1 AND account = $2", []any{network, account}, &agency)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return agency, err
}

const linkColumns = "id, network, desk, name, kind, lang, made, revoked"

func scanLink(s scan) (*referral.Link, error) {
	var l referral.Link
	var made, revoked int64
	err := s(&l.ID, &l.Network, &l.Desk, &l.Name, &l.Kind, &l.Lang, &made, &revoked)
	l.Made, l.Revoked = fromMillis(made), fromMillis(revoked)
	return &l, err
}

func (r *Referral) Links(ctx context.Context, network ids.ID) ([]*referral.Link, error) {
	return list(r.db.on(ctx), "SELECT "+linkColumns+" FROM referral_link WHERE network = $1 ORDER BY id DESC", []any{network}, scanLink)
}

func (r *Referral) Link(ctx context.Context, id ids.ID) (*referral.Link, error) {
	return one(r.db.on(ctx), "link", "SELECT "+linkColumns+" FROM referral_link WHERE id = $1", []any{id}, scanLink)
}

func (r *Referral) LinkByToken(ctx context.Context, digest []byte) (*referral.Link, error) {
	return one(r.db.on(ctx), "link", "SELECT "+linkColumns+" FROM referral_link WHERE digest = $1 AND revoked = 0", []any{digest}, scanLink)
}

func (r *Referral) PutLink(ctx context.Context, by audit.Actor, l *referral.Link, digest []byte) error {
	row := *l
	if row.ID == 0 {
		row.ID, row.Made = r.db.NewID(), r.db.now()
	}
	err := r.db.Write(ctx, func(t *Tx) error {
		t.Record(entry(by, access.NetworkSet, row.Network, "link", row.ID))
		if l.ID == 0 {
			if len(digest) == 0 {
				return fault.New(fault.Internal, fault.Place{}, "a link needs the digest of its token", "")
			}
			_, err := t.Exec("INSERT INTO referral_link ("+linkColumns+", digest) VALUES ("+marks(1, 9)+")",
				row.ID, row.Network, row.Desk, row.Name, row.Kind, row.Lang, millis(row.Made), millis(row.Revoked), digest)
			switch {
			case isTwice(err):
				return changedMeanwhile("link")
			case isOrphan(err):
				return notFound("network or agency")
			}
			return err
		}
		var network ids.ID
		var kept []byte
		if err := t.One("SELECT network, digest FROM referral_link WHERE id = $1 {LOCK}", []any{row.ID}, &network, &kept); err != nil {
			return found(err, "link")
		}
		if network != row.Network {
			return changedMeanwhile("link")
		}
		if len(digest) > 0 {
			kept = bytes.Clone(digest)
		}
		_, err := t.Exec("UPDATE referral_link SET desk = $1, name = $2, kind = $3, lang = $4, revoked = $5, digest = $6 WHERE id = $7",
			row.Desk, row.Name, row.Kind, row.Lang, millis(row.Revoked), kept, row.ID)
		return err
	})
	if err == nil {
		*l = row
	}
	return err
}

// KeepRules keeps the first text of a version: a version names its text.
func (r *Referral) KeepRules(ctx context.Context, version string, text []byte) error {
	return r.db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("INSERT INTO referral_rules (version, bundle) VALUES ($1, $2) ON CONFLICT (version) DO NOTHING", version, text)
		return err
	})
}

func (r *Referral) Rules(ctx context.Context, version string) ([]byte, error) {
	var text []byte
	err := r.db.on(ctx).One("SELECT bundle FROM referral_rules WHERE version = $1", []any{version}, &text)
	return text, found(err, "version of the rules")
}
