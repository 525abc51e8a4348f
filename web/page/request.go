package page

import (
	"net/http"

	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
)

// Request is a request whose policy has been decided.
type Request struct {
	*http.Request
	W     http.ResponseWriter
	House *House
	// Account is nil for visitors.
	Account   *account.Account
	Principal access.Principal
	Resource  access.Resource
	// By is the actor for audit entries.
	By audit.Actor
	// Lang is the language of the page: "en", "fr", "ar".
	Lang string
}

// May says whether this person may also do another action on the same thing, for
// what a page offers.
func (r *Request) May(a access.Action) bool {
	return r.House.Policies.Allow(r.Principal, a, r.Resource)
}
