// Package retention is the pages of how long answers are kept: the date of a round,
// the warning before it, a proposal to delete, its approval by another person, and
// the proof.
//
// What may be proposed and decided is in monitoring/collection; the deletion itself
// is the store's. This package shows it.
package retention

import (
	"context"
	"embed"
	"net/http"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Options say how deletions are carried out.
type Options struct {
	// Start carries an approved deletion out, or makes sure that it will be soon; it
	// may be called again for one that broke off. Default: it is carried out before
	// the answer, even if the browser goes away.
	Start func(ctx context.Context, by audit.Actor, deletion ids.ID) error
}

// area is the pages with their options.
type area struct{ Options }

// Area is the pages of retention.
func Area(h *page.House, opt Options) page.Area {
	a := &area{opt}
	if a.Start == nil {
		a.Start = func(ctx context.Context, by audit.Actor, deletion ids.ID) error {
			_, err := h.Collection.DeleteRound(context.WithoutCancel(ctx), by, deletion, h.Now())
			return err
		}
	}
	inProgramme, in, of := page.OfProgramme(h), page.OfRound(h), ofDeletion(h)
	return page.Area{Name: "retention", Files: files,
		Links: []page.NavLink{
			{Level: page.Programme, Order: 60, Key: "retention.nav", Path: "/programmes/{programme}/retention", Action: access.RetentionView},
			{Level: page.Round, Order: 80, Key: "retention.nav", Path: "/rounds/{round}/retention", Action: access.RetentionView},
		},
		Routes: []page.Route{
			{Pattern: "GET /programmes/{programme}/retention", Action: access.RetentionView, Of: inProgramme, Do: overview},
			{Pattern: "GET /rounds/{round}/retention", Action: access.RetentionView, Of: in, Do: show},
			{Pattern: "GET /rounds/{round}/retention/date", Action: access.RetentionPropose, Of: in, Do: date},
			{Pattern: "POST /rounds/{round}/retention/date", Action: access.RetentionPropose, Of: in, Do: datePost},
			{Pattern: "GET /rounds/{round}/retention/propose", Action: access.RetentionPropose, Of: in, Do: propose},
			{Pattern: "POST /rounds/{round}/retention/propose", Action: access.RetentionPropose, Of: in, Do: proposePost},
			{Pattern: "GET /rounds/{round}/retention/{deletion}/approve", Action: access.RetentionApprove, Of: of, Do: approve},
			{Pattern: "POST /rounds/{round}/retention/{deletion}/approve", Action: access.RetentionApprove, Of: of, Do: a.approvePost},
			{Pattern: "GET /rounds/{round}/retention/{deletion}/refuse", Action: access.RetentionApprove, Of: of, Do: refuse},
			{Pattern: "POST /rounds/{round}/retention/{deletion}/refuse", Action: access.RetentionApprove, Of: of, Do: refusePost},
			{Pattern: "GET /rounds/{round}/retention/{deletion}/go-on", Action: access.RetentionApprove, Of: of, Do: goOn},
			{Pattern: "POST /rounds/{round}/retention/{deletion}/go-on", Action: access.RetentionApprove, Of: of, Do: a.goOnPost},
			{Pattern: "GET /rounds/{round}/retention/{deletion}/proof", Action: access.RetentionView, Of: in, Do: proof},
			{Pattern: "GET /rounds/{round}/retention/{deletion}/proof.json", Action: access.RetentionView, Of: in, Do: proofFile},
		}}
}

// ofDeletion says whose proposal it is, so that the policy keeps one person from
// both proposing and approving.
func ofDeletion(h *page.House) page.Of {
	inRound := page.OfRound(h)
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		of, err := inRound(ctx, r)
		if err != nil {
			return of, err
		}
		d, err := deletionOf(ctx, h, r)
		if err != nil {
			return access.Resource{}, err
		}
		of.Proposer = d.Proposer
		return of, nil
	}
}

// deletionOf finds the proposal of the address among those of the round of the
// address.
func deletionOf(ctx context.Context, h *page.House, r *http.Request) (*collection.Deletion, error) {
	round, err := page.PathID(r, "round")
	if err != nil {
		return nil, err
	}
	id, err := page.PathID(r, "deletion")
	if err != nil {
		return nil, err
	}
	list, err := h.Collection.ListDeletions(ctx, round)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, page.NotFound()
}

func find(r *page.Request) (*collection.Deletion, error) {
	return deletionOf(r.Context(), r.House, r.Request)
}

func roundPath(round ids.ID) string {
	return page.Path("/rounds/{round}/retention", "round", round)
}

func pathOf(d *collection.Deletion) string {
	return page.Path("/rounds/{round}/retention/{deletion}", "round", d.Round, "deletion", d.ID)
}

// mayDecide says whether the person may decide a proposal, after proving again who
// they are.
func mayDecide(r *page.Request, d *collection.Deletion) bool {
	of := r.Resource
	of.Proposer = d.Proposer
	p := r.Principal
	p.Strong, p.Fresh = true, true
	return r.House.Policies.Allow(p, access.RetentionApprove, of)
}

// people are the names of accounts in the programme, read at once.
func people(r *page.Request) (map[ids.ID]string, error) {
	names := map[ids.ID]string{}
	list, err := r.House.Accounts.Accounts(r.Context(), r.Programme.ID)
	for _, a := range list {
		names[a.ID] = a.Name
	}
	return names, err
}
