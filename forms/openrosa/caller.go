package openrosa

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// caller is who asks: a phone of an enumerator, or one that tests a draft.
type caller struct {
	round *collection.Round
	// base begins the addresses that the caller is given.
	base string
	by   audit.Actor
	// enumerator is nil, and draft the form, for a test.
	enumerator *collection.FieldEnumerator
	draft      *collection.Form
}

// caller finds out who asks. A token that is malformed, unknown or revoked takes
// the same work and gets the same answer: 403, since 401 makes Collect ask the
// enumerator for a password that there is none of; 429 where too many came from
// one address.
func (d *door) caller(r *http.Request, action string) (*caller, *refusal) {
	token := r.PathValue("token")
	hash, good := HashToken(token), wellFormed(token)
	ctx := r.Context()
	c := &caller{}
	var round ids.ID
	var err error
	if strings.HasPrefix(r.URL.Path, TestPath) {
		c.base = d.Base + TestPath + token
		c.by = audit.Actor{Kind: audit.Visitor, Via: "openrosa"}
		if c.draft, err = d.Store.FormByDraftToken(ctx, hash); err == nil {
			round = c.draft.Round
		}
	} else {
		c.base = d.Base + KeyPath + token
		if c.enumerator, err = d.Store.EnumeratorByToken(ctx, hash); err == nil {
			round = c.enumerator.Round
			c.by = audit.Actor{Kind: audit.Enumerator, ID: c.enumerator.ID, Via: "openrosa"}
		}
	}
	if err == nil && good {
		c.round, err = d.Store.Round(ctx, round)
	}
	switch {
	case err != nil && fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Denied:
		return nil, d.failed(err)
	case err != nil, !good:
		return nil, d.unknown(r)
	case c.round.State == collection.Deleted:
		return nil, refuse(http.StatusForbidden, sayDenied)
	}
	if c.enumerator != nil {
		if !c.enumerator.Revoked.IsZero() || !d.May(ctx, c.enumerator.ID, c.round.Programme, action) {
			return nil, refuse(http.StatusForbidden, sayDenied)
		}
		d.touch(ctx, c.enumerator)
	}
	return c, nil
}

// touched remembers in which hour a phone was last noted as used, so that it is
// written once an hour and not at every request.
type touched struct {
	sync.Mutex
	hours map[ids.ID]int64
}

// touchedKept bounds what is remembered.
const touchedKept = 100_000

func (d *door) touch(ctx context.Context, e *collection.FieldEnumerator) {
	now := d.Now().UTC().Truncate(time.Hour)
	if !e.Used.Before(now) {
		return
	}
	d.touched.Lock()
	seen := d.touched.hours[e.ID] == now.Unix()
	if !seen {
		if len(d.touched.hours) >= touchedKept {
			clear(d.touched.hours)
		}
		d.touched.hours[e.ID] = now.Unix()
	}
	d.touched.Unlock()
	if seen {
		return
	}
	if err := d.Store.TouchEnumerator(ctx, e.ID, now); err != nil {
		d.Log.Warn("the last use of a phone was not noted", "err", err)
	}
}
