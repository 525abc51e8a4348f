package page

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/internal/lang"
	"waymark/monitoring/collection"
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
	// Programme and Round are what the page is in, set by OfProgramme, OfRound,
	// OfForm, OfSubmission or Place; nil elsewhere.
	Programme *collection.Programme
	Round     *collection.Round
	// Crumbs stand behind those of programme and round.
	Crumbs []Crumb
	// Found is what the route's Of found, if it says so: see Find.
	Found any
	// Safe is set on pages that it may not be safe to be seen with: see KeepSafe.
	Safe *Safe

	site *site
}

// May says whether this person may also do another action on the same thing, for
// what a page offers. An action that only needs a fresh proof of who they are is
// offered: its page asks for it.
func (r *Request) May(a access.Action) bool { return r.MayOn(a, r.Resource) }

// MayOn is May for another thing.
func (r *Request) MayOn(a access.Action, on access.Resource) bool {
	p := r.Principal
	if p.Account != 0 {
		p.Fresh, p.Strong = true, true
	}
	return r.House.Policies.Allow(p, a, on)
}

// Crumb adds a breadcrumb.
func (r *Request) Crumb(text, href string) {
	r.Crumbs = append(r.Crumbs, Crumb{Text: text, Href: href})
}

// PathID reads an identifier from the path, or fails as NotFound.
func (r *Request) PathID(name string) (ids.ID, error) { return PathID(r.Request, name) }

// PathID reads an identifier from the path of a request, or fails as NotFound.
func PathID(r *http.Request, name string) (ids.ID, error) {
	id, err := ids.Parse(r.PathValue(name))
	if err != nil || id == 0 {
		return 0, NotFound()
	}
	return id, nil
}

// NotFound is the fault of a thing that is not there, or that one may not see.
func NotFound() error {
	return fault.New(fault.NotFound, fault.Place{}, "there is no such thing", "")
}

// LocalPath says whether a text is a path of this site, and nothing that a
// browser would take for another site.
func LocalPath(s string) bool {
	if len(s) > 2000 || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") {
		return false
	}
	// Browsers read a backslash as a slash and drop tabs and line ends.
	if strings.ContainsFunc(s, func(c rune) bool { return c == '\\' || c < ' ' || c == 0x7f }) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil
}

// Redirect sends the person on with 303. Only paths of this site are taken.
func (r *Request) Redirect(path string) error {
	if !LocalPath(path) {
		return fault.New(fault.Internal, fault.Place{}, "a redirect left the site", "")
	}
	r.W.Header().Set("Location", path)
	r.W.WriteHeader(http.StatusSeeOther)
	return nil
}

// place is what Of found out, on its way to the Request.
type place struct {
	programme *collection.Programme
	round     *collection.Round
	who       access.Principal
	found     any
	safe      *Safe
}

type placeKey struct{}

// Place tells the page what it is in, for breadcrumbs and navigation. An Of of an
// area calls it; round may be nil.
func Place(ctx context.Context, programme *collection.Programme, round *collection.Round) {
	if p, ok := ctx.Value(placeKey{}).(*place); ok {
		p.programme, p.round = programme, round
	}
}

func placeOf(ctx context.Context) *place {
	p, _ := ctx.Value(placeKey{}).(*place)
	if p == nil {
		return &place{}
	}
	return p
}

// Asking is who asks, for an Of whose answer depends on how they stand to the thing.
// Visitors have no Account.
func Asking(ctx context.Context) access.Principal { return placeOf(ctx).who }

// Find keeps what an Of found for the handler: Request.Found.
func Find(ctx context.Context, thing any) { placeOf(ctx).found = thing }

// Safe makes a page one that it may not be safe to be seen with. Its title is the
// program's name alone, so that the history of the browser tells nothing; "Exit
// this page" and what to do in danger stand on it always, also where it only says
// what went wrong.
type Safe struct {
	// Danger says what to do if somebody is in danger now, by language; English is
	// always there.
	Danger map[string]string
	// Number to call, as it stands in Danger, or "".
	Number string
}

// KeepSafe makes the page of the request safe. An Of calls it.
func KeepSafe(ctx context.Context, s Safe) { placeOf(ctx).safe = &s }

// Danger is the banner of a safe page: the text around the number, which is a link.
type Danger struct{ Before, Call, After, Lang string }

// Danger is what the banner says, or nil on other pages.
func (v *View) Danger() *Danger {
	if v.Safe == nil {
		return nil
	}
	d := &Danger{}
	text, ok := v.Safe.Danger[v.Lang]
	switch {
	case ok:
	case v.Safe.Number != "": // what matters most is said in the page's language always
		text = lang.WithoutIsolates(v.Text("page.danger", "number", v.Safe.Number))
	default:
		text, d.Lang = v.Safe.Danger[Languages[0]], Languages[0]
	}
	if v.Safe.Number == "" || !strings.Contains(text, v.Safe.Number) {
		d.Before = text
		return d
	}
	d.Before, d.After, _ = strings.Cut(text, v.Safe.Number)
	d.Call = v.Safe.Number
	return d
}
