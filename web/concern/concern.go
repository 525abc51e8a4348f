// Package concern holds the pages of frontline workers: somebody without an account
// opens their organisation's link on a phone, says what they see, reads what to do
// now, hands it to a single point of contact, and may come back with a code when
// that has a question.
//
// It knows no desk and not how matters are kept. What was answered stands on the
// server alone, under the concern's own key; the browser holds a secret that finds it
// again.
package concern

import (
	"embed"

	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

type area struct {
	kit   *matter.Kit
	store referral.Store
	slow  *throttle
}

// root is where an organisation's link leads.
const root = "/report/{token}"

// Area is the pages.
func Area(k *matter.Kit) page.Area {
	a := &area{kit: k, store: k.Store, slow: newThrottle(k.House.Now, k.Secret)}
	of := k.OfLink()
	route := func(pattern string, do func(*page.Request) error) page.Route {
		return page.Route{Pattern: pattern, Action: access.ConcernSend, Visitors: true, Of: of, Do: spoken(do)}
	}
	return page.Area{Name: "concern", Files: files, Uses: []string{"matter"}, Routes: []page.Route{
		route("GET "+root, a.start),
		route("POST "+root+"/start", a.startPost),
		route("GET "+root+"/form", a.next),
		route("GET "+root+"/form/{step}", a.form),
		route("POST "+root+"/form/{step}", a.formPost),
		route("GET "+root+"/advice", a.advice),
		route("POST "+root+"/hand", a.hand),
		route("GET "+root+"/receipt", a.receipt),
		route("POST "+root+"/done", a.done),
		route("GET "+root+"/back", a.back),
		route("POST "+root+"/back", a.backPost),
		route("GET "+root+"/paper", a.paper),
	}}
}

// spoken uses the link's language unless the worker chose another.
func spoken(do func(*page.Request) error) func(*page.Request) error {
	return func(r *page.Request) error {
		r.Prefer(matter.At(r).Link.Lang)
		return do(r)
	}
}

// of is an address below the link at hand.
func of(r *page.Request, below string, pairs ...any) string {
	return page.Path(root+below, append([]any{"token", matter.At(r).Token}, pairs...)...)
}

// desk is the agency that gets what comes over the link.
func (a *area) desk(r *page.Request) (*referral.Agency, error) {
	return a.store.Agency(r.Context(), matter.At(r).Link.Desk)
}
