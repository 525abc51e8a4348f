// Package refer is the pages of a first responder: the national referral one question
// at a time, saved at once and gone on with later, the record of consent, the check of
// all answers, the package with its papers, and how it is handed over.
//
// What is asked, where it leads and what may be sent is data of referral/rule; the
// state machine is in referral, papers in referral/handover. It knows no service of an
// authority and not how matters are kept. Titles of pages say nothing of what is on
// them.
package refer

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

// Options say what is set up beside the pages.
type Options struct {
	// Service is the pathway whose packages can be sent to its authority's service,
	// "uk". Default: they are downloaded, and their hand-over is written down.
	Service string
	// Start asks for a round of deliveries, so that nobody waits for the next one.
	// Default: the next one is waited for.
	Start func(context.Context) error
}

type area struct {
	*matter.Kit
	o Options
}

// at is where a case's referral is.
const at = "/cases/{matter}/referral"

// begin is where a referral is begun that comes from no concern.
const begin = "/programmes/{programme}/referrals/new"

// BeginPath is the address for a network's lists.
func BeginPath(programme any) string { return page.Path(begin, "programme", programme) }

// Area is the pages.
func Area(k *matter.Kit, o Options) page.Area {
	a := &area{k, o}
	of := k.OfMatter(referral.Case)
	write := func(pattern string, do func(*page.Request) error) page.Route {
		return page.Route{Pattern: pattern, Action: access.ReferralWrite, Of: of, Do: do}
	}
	submit := func(pattern string, do func(*page.Request) error) page.Route {
		return page.Route{Pattern: pattern, Action: access.ReferralSubmit, Of: of, Do: do}
	}
	return page.Area{Name: "refer", Files: files, Uses: []string{"matter"}, Routes: []page.Route{
		{Pattern: "GET " + begin, Action: access.ReferralWrite, Of: a.ofBegin, Do: a.begin},
		{Pattern: "POST " + begin, Action: access.ReferralWrite, Of: a.ofBegin, Do: a.beginPost},
		write("GET "+at, a.list),
		write("GET "+at+"/next", a.next),
		write("GET "+at+"/questions/{question}", a.question),
		write("POST "+at+"/questions/{question}", a.questionPost),
		write("POST "+at+"/questions/{question}/files", a.uploadPost),
		write("POST "+at+"/questions/{question}/remove", a.removePost),
		write("GET "+at+"/record", a.record),
		write("POST "+at+"/record", a.recordPost),
		write("GET "+at+"/check", a.check),
		submit("POST "+at+"/check", a.checkPost),
		submit("GET "+at+"/package", a.pack),
		submit("GET "+at+"/papers/{paper}", a.paper),
		submit("POST "+at+"/send", a.sendPost),
		submit("GET "+at+"/hand-over", a.handOver),
		submit("POST "+at+"/hand-over", a.handOverPost),
		submit("GET "+at+"/thaw", a.thaw),
		submit("POST "+at+"/thaw", a.thawPost),
	}}
}

// ofBegin is a network in which the case would be: whoever begins it belongs to the
// agency that holds it, and answers for it.
func (a *area) ofBegin(ctx context.Context, r *http.Request) (access.Resource, error) {
	res, err := a.OfNetwork()(ctx, r)
	if err != nil {
		return res, err
	}
	if who := page.Asking(ctx).Account; who != 0 {
		agency, err := a.Store.AgencyOf(ctx, res.Programme, who)
		if err != nil {
			return res, err
		}
		res.Assigned, res.Agency = agency != 0, agency != 0
	}
	return res, nil
}

// below is an address of the referral of the case at hand.
func below(m *referral.Matter, path string, pairs ...any) string {
	return page.Path(at+path, append([]any{"matter", m.ID}, pairs...)...)
}
