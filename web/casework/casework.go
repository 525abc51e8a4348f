// Package casework is the pages of a case: who is helped, what they need, what was
// offered and what became of it, dates that bind, partners, documents, the person's
// rights, and how a file changes hands or is erased.
//
// What may be done and written is in referral; who may do it in trust/access. Titles
// of pages say nothing of what is on them, since they stay in a browser's history.
package casework

import (
	"context"
	"embed"
	"net/http"

	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

type area struct {
	*matter.Kit
	house *page.House
}

// Area is the pages of cases.
func Area(h *page.House, k *matter.Kit) page.Area {
	a := &area{k, h}
	in, of, concern := k.OfNetwork(), k.OfMatter(referral.Case), k.OfMatter(referral.Concern)
	return page.Area{Name: "casework", Files: files, Uses: []string{"matter"},
		Links: []page.NavLink{
			{Level: page.Site, Order: 22, Key: "casework.nav", Path: "/cases", Action: access.CaseList},
			{Level: page.Site, Order: 24, Key: "casework.reminders.nav", Path: "/reminders", Action: access.CaseList},
			{Level: page.Programme, Order: 30, Key: "casework.nav", Path: "/programmes/{programme}/cases", Action: access.CaseList},
			{Level: page.Programme, Order: 40, Key: "casework.emergency.nav", Path: "/programmes/{programme}/emergencies", Action: access.GlassReview},
			{Level: page.Programme, Order: 50, Key: "casework.erasure.nav", Path: "/programmes/{programme}/erasures", Action: access.CaseAssign},
		},
		Routes: []page.Route{
			{Pattern: "GET /cases", Action: access.Home, Of: safely, Do: a.mine},
			{Pattern: "GET /reminders", Action: access.Home, Of: safely, Do: a.reminders},
			{Pattern: "GET /programmes/{programme}/cases", Action: access.CaseList, Of: in, Do: a.list},
			{Pattern: "GET /cases/{matter}", Action: access.CaseRead, Of: of, Do: a.show},
			{Pattern: "GET /cases/{matter}/new/{kind}", Action: access.CaseWrite, Of: of, Do: a.add},
			{Pattern: "POST /cases/{matter}/new/{kind}", Action: access.CaseWrite, Of: of, Do: a.addPost},
			{Pattern: "GET /cases/{matter}/parts/{part}", Action: access.CaseWrite, Of: of, Do: a.edit},
			{Pattern: "POST /cases/{matter}/parts/{part}", Action: access.CaseWrite, Of: of, Do: a.editPost},
			{Pattern: "POST /cases/{matter}/parts/{part}/done", Action: access.CaseWrite, Of: of, Do: a.donePost},
			{Pattern: "GET /cases/{matter}/parts/{part}/course", Action: access.CaseWrite, Of: of, Do: a.course},
			{Pattern: "POST /cases/{matter}/parts/{part}/course", Action: access.CaseWrite, Of: of, Do: a.coursePost},
			{Pattern: "GET /cases/{matter}/event", Action: access.CaseWrite, Of: of, Do: a.event},
			{Pattern: "POST /cases/{matter}/event", Action: access.CaseWrite, Of: of, Do: a.eventPost},
			{Pattern: "GET /cases/{matter}/document", Action: access.CaseWrite, Of: of, Do: a.document},
			{Pattern: "POST /cases/{matter}/document", Action: access.CaseWrite, Of: of, Do: a.documentPost},
			{Pattern: "GET /cases/{matter}/parts/{part}/file", Action: access.CaseRead, Of: of, Do: a.file},
			{Pattern: "GET /cases/{matter}/share", Action: access.CaseShare, Of: of, Do: a.share},
			{Pattern: "POST /cases/{matter}/share", Action: access.CaseShare, Of: of, Do: a.sharePost},
			{Pattern: "POST /cases/{matter}/share/{grant}/end", Action: access.CaseShare, Of: of, Do: a.unsharePost},
			{Pattern: "GET /cases/{matter}/state/{verb}", Action: access.CaseRights, Of: of, Do: a.state},
			{Pattern: "POST /cases/{matter}/state/{verb}", Action: access.CaseRights, Of: of, Do: a.statePost},
			{Pattern: "GET /cases/{matter}/history", Action: access.CaseHistory, Of: of, Do: a.history},
			{Pattern: "GET /cases/{matter}/right", Action: access.CaseRights, Of: of, Do: a.right},
			{Pattern: "POST /cases/{matter}/right", Action: access.CaseRights, Of: of, Do: a.rightPost},
			{Pattern: "GET /cases/{matter}/right/{part}", Action: access.CaseRights, Of: of, Do: a.answer},
			{Pattern: "POST /cases/{matter}/right/{part}", Action: access.CaseRights, Of: of, Do: a.answerPost},
			{Pattern: "GET /cases/{matter}/withdrawal", Action: access.CaseRights, Of: of, Do: a.withdrawal},
			{Pattern: "POST /cases/{matter}/withdrawal", Action: access.CaseRights, Of: of, Do: a.withdrawalPost},
			{Pattern: "GET /cases/{matter}/held", Action: access.CaseRights, Of: of, Do: a.held},
			{Pattern: "GET /cases/{matter}/erasure", Action: access.ErasePropose, Of: of, Do: a.propose},
			{Pattern: "POST /cases/{matter}/erasure", Action: access.ErasePropose, Of: of, Do: a.proposePost},
			{Pattern: "GET /cases/{matter}/emergency", Action: access.CaseBreakGlass, Of: of, Do: a.glass},
			{Pattern: "POST /cases/{matter}/emergency", Action: access.CaseBreakGlass, Of: of, Do: a.glassPost},
			{Pattern: "GET /cases/{matter}/assign", Action: access.CaseAssign, Of: of, Do: a.assign},
			{Pattern: "POST /cases/{matter}/assign", Action: access.CaseAssign, Of: of, Do: a.assignPost},
			{Pattern: "GET /programmes/{programme}/hand-over", Action: access.CaseAssign, Of: in, Do: a.leaver},
			{Pattern: "POST /programmes/{programme}/hand-over", Action: access.CaseAssign, Of: in, Do: a.leaverPost},
			{Pattern: "GET /programmes/{programme}/emergencies", Action: access.GlassReview, Of: in, Do: a.glasses},
			{Pattern: "GET /cases/{matter}/emergencies/{grant}", Action: access.GlassReview, Of: a.ofGlass, Do: a.reviewGlass},
			{Pattern: "POST /cases/{matter}/emergencies/{grant}", Action: access.GlassReview, Of: a.ofGlass, Do: a.reviewGlassPost},
			{Pattern: "GET /programmes/{programme}/erasures", Action: access.CaseAssign, Of: in, Do: a.erasures},
			{Pattern: "GET /cases/{matter}/erase", Action: access.EraseApprove, Of: a.ofErasure(referral.Case), Do: a.erase},
			{Pattern: "POST /cases/{matter}/erase", Action: access.EraseApprove, Of: a.ofErasure(referral.Case), Do: a.erasePost},
			{Pattern: "POST /cases/{matter}/keep", Action: access.EraseApprove, Of: a.ofErasure(referral.Case), Do: a.keepPost},
			{Pattern: "GET /cases/{matter}/proof", Action: access.NetworkView, Of: of, Do: a.proof},
			{Pattern: "GET /concerns/{matter}/erasure", Action: access.ErasePropose, Of: concern, Do: a.propose},
			{Pattern: "POST /concerns/{matter}/erasure", Action: access.ErasePropose, Of: concern, Do: a.proposePost},
			{Pattern: "GET /concerns/{matter}/erase", Action: access.EraseApprove, Of: a.ofErasure(referral.Concern), Do: a.erase},
			{Pattern: "POST /concerns/{matter}/erase", Action: access.EraseApprove, Of: a.ofErasure(referral.Concern), Do: a.erasePost},
			{Pattern: "POST /concerns/{matter}/keep", Action: access.EraseApprove, Of: a.ofErasure(referral.Concern), Do: a.keepPost},
			{Pattern: "GET /concerns/{matter}/proof", Action: access.NetworkView, Of: concern, Do: a.proof},
		}}
}

// safely makes a page that is about no matter as neutral as the others.
func safely(ctx context.Context, r *http.Request) (access.Resource, error) {
	page.KeepSafe(ctx, page.Safe{})
	return page.OfSystem(ctx, r)
}

// ofGlass also says who broke the glass, who may not review it.
func (a *area) ofGlass(ctx context.Context, r *http.Request) (access.Resource, error) {
	res, err := a.OfMatter(referral.Case)(ctx, r)
	if err != nil {
		return res, err
	}
	g, err := a.grantOf(ctx, r)
	if err != nil {
		return access.Resource{}, err
	}
	res.Proposer = g.By
	return res, nil
}

// ofErasure also says who proposed the erasure, who may not approve it. Where the
// time to keep a file has run out, the rule proposes: then whoever answers for the
// file may not approve. What the person restricted is held as it is.
func (a *area) ofErasure(kind referral.Kind) page.Of {
	of := a.OfMatter(kind)
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		res, err := of(ctx, r)
		if err != nil || res.Proposer != 0 {
			return res, err
		}
		id, err := page.PathID(r, "matter")
		if err != nil {
			return access.Resource{}, err
		}
		m, err := a.Store.Matter(ctx, id)
		if err == nil && expired(m, a.house.Now()) && !m.Restricted {
			res.Proposer = m.Owner
		}
		return res, err
	}
}

func (a *area) grantOf(ctx context.Context, r *http.Request) (*referral.Grant, error) {
	of, err := page.PathID(r, "matter")
	if err != nil {
		return nil, err
	}
	id, err := page.PathID(r, "grant")
	if err != nil {
		return nil, err
	}
	list, err := a.Store.Grants(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, g := range list {
		if g.ID == id {
			return g, nil
		}
	}
	return nil, page.NotFound()
}
