// Package desk holds the pages of a network's coordinator and of its single points
// of contact: which agencies there are, who belongs to them, organisations' links;
// the concerns that came in, what was decided about them and why.
//
// It knows no answer of a frontline worker but what it shows, and not how matters are
// kept. Concerns come from web/concern; referrals are web/refer's.
package desk

import (
	"embed"
	"io"
	"time"

	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Options are what the pages need of others.
type Options struct {
	Kit *matter.Kit // Required
	// QR writes a text as a picture with a label for screen readers. Required.
	QR func(w io.Writer, text, label string) error
	// Stop ends streams of news when the server stops. Default never.
	Stop <-chan struct{}
	// Every is how often a network that is watched is looked at. Default 2 seconds.
	Every time.Duration
	// Streams is how many pages of one person may wait for news. Default 6.
	Streams int
}

type area struct {
	Options
	store referral.Store
	live  *hubs
}

// root is where a network is set up.
const root = "/programmes/{programme}/network"

// Area is the pages.
func Area(o Options) page.Area {
	if o.Every == 0 {
		o.Every = 2 * time.Second
	}
	if o.Streams == 0 {
		o.Streams = 6
	}
	a := &area{Options: o, store: o.Kit.Store}
	a.live = newHubs(a)
	programme, network := page.OfProgramme(o.Kit.House), o.Kit.OfSettings()
	desk, concern := o.Kit.OfNetwork(), o.Kit.OfMatter(referral.Concern)
	view, set := access.NetworkView, access.NetworkSet
	return page.Area{Name: "desk", Files: files, Uses: []string{"matter"},
		Links: []page.NavLink{
			{Level: page.Site, Order: 20, Key: "desk.nav.concerns", Path: "/concerns", Action: access.ConcernList},
			{Level: page.Programme, Order: 20, Key: "desk.nav.concerns", Path: "/programmes/{programme}/concerns", Action: access.ConcernList},
			{Level: page.Programme, Order: 70, Key: "desk.nav.network", Path: root, Action: view},
		},
		Routes: []page.Route{
			{Pattern: "GET " + root, Action: view, Of: programme, Do: a.network},
			{Pattern: "GET " + root + "/new", Action: set, Of: programme, Do: a.make},
			{Pattern: "POST " + root + "/new", Action: set, Of: programme, Do: a.makePost},
			{Pattern: "GET " + root + "/change", Action: set, Of: network, Do: a.change},
			{Pattern: "POST " + root + "/change", Action: set, Of: network, Do: a.changePost},
			{Pattern: "GET " + root + "/agencies/new", Action: set, Of: network, Do: a.agencyNew},
			{Pattern: "POST " + root + "/agencies/new", Action: set, Of: network, Do: a.agencyPost},
			{Pattern: "GET " + root + "/agencies/{agency}", Action: view, Of: network, Do: a.agency},
			{Pattern: "GET " + root + "/agencies/{agency}/change", Action: set, Of: network, Do: a.agencyChange},
			{Pattern: "POST " + root + "/agencies/{agency}/change", Action: set, Of: network, Do: a.agencyPost},
			{Pattern: "GET " + root + "/members", Action: set, Of: network, Do: a.members},
			{Pattern: "POST " + root + "/members", Action: set, Of: network, Do: a.membersPost},
			{Pattern: "GET " + root + "/links/new", Action: set, Of: network, Do: a.linkNew},
			{Pattern: "POST " + root + "/links/new", Action: set, Of: network, Do: a.linkPost},
			{Pattern: "GET " + root + "/links/{link}/revoke", Action: set, Of: network, Do: a.revoke},
			{Pattern: "POST " + root + "/links/{link}/revoke", Action: set, Of: network, Do: a.revokePost},

			{Pattern: "GET /concerns", Action: access.Home, Do: a.mine},
			{Pattern: "GET /programmes/{programme}/concerns", Action: access.ConcernList, Of: desk, Do: a.list},
			{Pattern: "GET /programmes/{programme}/concerns/news", Action: access.ConcernList, Of: desk, Do: a.news},
			{Pattern: "POST /programmes/{programme}/concerns/away", Action: access.ConcernList, Of: desk, Do: a.away},
			{Pattern: "GET /concerns/{matter}", Action: access.ConcernRead, Of: concern, Do: a.show},
			{Pattern: "POST /concerns/{matter}/take", Action: access.ConcernDecide, Of: concern, Do: a.take},
			{Pattern: "GET /concerns/{matter}/ask", Action: access.ConcernDecide, Of: concern, Do: a.ask},
			{Pattern: "POST /concerns/{matter}/ask", Action: access.ConcernDecide, Of: concern, Do: a.askPost},
			{Pattern: "GET /concerns/{matter}/decide", Action: access.ConcernDecide, Of: concern, Do: a.decide},
			{Pattern: "POST /concerns/{matter}/decide", Action: access.ConcernDecide, Of: concern, Do: a.decidePost},
			{Pattern: "GET /concerns/{matter}/reopen", Action: access.ConcernDecide, Of: concern, Do: a.reopen},
			{Pattern: "POST /concerns/{matter}/reopen", Action: access.ConcernDecide, Of: concern, Do: a.reopenPost},
			{Pattern: "GET /concerns/{matter}/assign", Action: access.ConcernDecide, Of: concern, Do: a.assign},
			{Pattern: "POST /concerns/{matter}/assign", Action: access.ConcernDecide, Of: concern, Do: a.assignPost},
			{Pattern: "POST /concerns/{matter}/refer", Action: access.ReferralWrite, Of: concern, Do: a.refer},
		}}
}

// of is an address below the network at hand.
func of(r *page.Request, below string, pairs ...any) string {
	return page.Path(root+below, append([]any{"programme", r.Programme.ID}, pairs...)...)
}
