package page

import (
	"context"
	"net/http"
	"strings"

	"waymark/internal/fault"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// Paths that the kit sends people to; web/signin has their routes. Each takes
// ?to=, a local path to go on to.
const (
	SignInPath = "/sign-in"        // who are you
	AgainPath  = "/sign-in/again"  // prove it again, for a change that needs it
	StrongPath = "/sign-in/strong" // a second factor is needed: use or set up one
)

// handler decides the policy of one route, then lets it answer.
func (s *site) handler(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		traceOf(hr).pattern = route.Pattern
		r, err := s.request(w, hr)
		if err != nil {
			s.fail(r, err)
			return
		}
		// A visitor learns nothing of what there is.
		if r.Account == nil && route.Action != access.Public && !route.Visitors {
			s.send(r, SignInPath)
			return
		}
		if route.Of != nil {
			found := &place{who: r.Principal}
			r.Resource, err = route.Of(context.WithValue(hr.Context(), placeKey{}, found), hr)
			r.Found, r.Safe = found.found, found.safe
			if err != nil {
				if k := fault.KindOf(err); k == fault.NotFound || k == fault.Denied {
					err = errHidden
				}
				s.fail(r, err)
				return
			}
			r.Programme, r.Round = found.programme, found.round
		}
		if !s.house.Policies.Allow(r.Principal, route.Action, r.Resource) {
			s.refuse(r, route.Action)
			return
		}
		if hr.Method == http.MethodPost {
			hr.Body = http.MaxBytesReader(w, hr.Body, MaxUpload+MaxForm)
		}
		if err := route.Do(r); err != nil {
			s.fail(r, err)
		}
	})
}

// request finds the person and the language. The Request is usable for an error
// page even if it fails.
func (s *site) request(w http.ResponseWriter, hr *http.Request) (*Request, error) {
	r := &Request{Request: hr, W: w, House: s.house, Lang: languageOf(hr, nil), site: s,
		By: audit.Actor{Kind: audit.Visitor, Via: "web"}}
	a, session, err := s.sessions.Identify(hr)
	if err != nil || a == nil {
		return r, err
	}
	r.Account = a
	r.Lang = languageOf(hr, a)
	r.Principal = access.Principal{Account: a.ID, Members: a.Members, Strong: session.Strong, Fresh: session.Fresh}
	r.By = audit.Actor{Kind: audit.Account, ID: a.ID, Via: "web"}
	return r, nil
}

// refuse answers a person whom the policy does not let. Where a fresh proof or a
// second factor would do, they are asked for it; otherwise the page looks as if
// there were nothing.
func (s *site) refuse(r *Request, a access.Action) {
	fresh, strong := r.Principal, r.Principal
	fresh.Fresh = true
	strong.Fresh, strong.Strong = true, true
	switch {
	case r.Account == nil:
		s.fail(r, errHidden)
	case s.house.Policies.Allow(fresh, a, r.Resource):
		s.send(r, AgainPath)
	case s.house.Policies.Allow(strong, a, r.Resource):
		s.send(r, StrongPath)
	default:
		s.fail(r, errHidden)
	}
}

// send leads to a page that comes back here, or to the page that a change was on.
func (s *site) send(r *Request, path string) {
	to := r.URL.RequestURI()
	if r.Method == http.MethodPost {
		to = s.pageOf(r)
	}
	if !LocalPath(to) || strings.HasPrefix(to, "/sign-in") {
		to = "/"
	}
	_ = r.Redirect(Path(path, "to", to))
}

// pageOf finds the page of a change: the nearest path at or above its own that is a
// page.
func (s *site) pageOf(r *Request) string {
	for p := r.URL.Path; p != "" && p != "/"; p = p[:strings.LastIndexByte(p, '/')] {
		probe := r.Request.Clone(r.Context())
		probe.Method, probe.URL.Path, probe.URL.RawPath = http.MethodGet, p, ""
		if _, pattern := s.getters.Handler(probe); pattern != "" {
			return p
		}
	}
	return "/"
}

// missing answers paths that no route has.
func (s *site) missing() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		traceOf(hr).pattern = "none"
		r, err := s.request(w, hr)
		if err == nil {
			err = errHidden
		}
		s.fail(r, err)
	})
}

// refused answers changes that another site's page sent.
func (s *site) refused() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		traceOf(hr).pattern = "cross-origin"
		r, err := s.request(w, hr)
		if err == nil {
			err = errCrossOrigin
		}
		s.fail(r, err)
	})
}
