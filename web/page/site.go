package page

import (
	"embed"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/trust/access"
)

//go:embed lang/*.yaml
var ownWords embed.FS

//go:embed layout/*.tmpl
var ownLayout embed.FS

// site is the assembled pages.
type site struct {
	house     *House
	sessions  Sessions
	words     tongues
	templates *templates
	links     []NavLink
	getters   *http.ServeMux // patterns of GET, to find the page of a change
}

// New assembles areas into one handler and says which routes it has, those of the
// kit included. It fails, with every reason at once, if a route has no action, an
// action that no policy names, no Do, or a wildcard but no Of, and if a template or
// a catalogue does not parse.
func New(h *House, sessions Sessions, areas ...Area) (http.Handler, []Route, error) {
	if err := h.check(); err != nil {
		return nil, nil, err
	}
	if sessions == nil {
		return nil, nil, fault.New(fault.Internal, fault.Place{}, "pages need sessions", "")
	}
	s := &site{house: h, sessions: sessions, getters: http.NewServeMux()}
	faults := fault.NewList(100)
	var err error
	s.words, err = newTongues(h.Zone, ownWords, areas, func(code string, err error) { h.Log.Error("words", "lang", code, "error", err.Error()) })
	if err != nil {
		return nil, nil, err
	}
	if s.templates, err = parseTemplates(s.words, ownLayout, areas); err != nil {
		return nil, nil, err
	}
	routes := s.ownRoutes()
	for _, a := range areas {
		s.links = append(s.links, a.Links...)
		for _, l := range a.Links {
			if !h.Policies.Declared(l.Action) {
				faults.Addf(fault.Internal, fault.Place{Field: l.Path}, "", "no policy names the action %q of the link", l.Action)
			}
			if !s.words[Languages[0]]().Has(l.Key) {
				faults.Addf(fault.Internal, fault.Place{Field: l.Path}, "", "there are no words %q for the link", l.Key)
			}
		}
		routes = append(routes, a.Routes...)
	}
	slices.SortStableFunc(s.links, func(a, b NavLink) int { return a.Order - b.Order })
	mux := http.NewServeMux()
	for _, r := range routes {
		if err := h.checkRoute(r); err != nil {
			faults.Add(err)
			continue
		}
		if err := register(mux, r.Pattern, s.handler(r)); err != nil {
			faults.Add(err)
			continue
		}
		if strings.HasPrefix(r.Pattern, "GET ") {
			_ = register(s.getters, r.Pattern, http.NotFoundHandler())
		}
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	mux.Handle("/", s.missing())
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(h.Base); err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, fault.Place{Field: "base"}, "the server's address is not scheme://host", "", err)
	}
	guard.SetDenyHandler(s.refused())
	return sessions.Wrap(guard.Handler(mux)), routes, nil
}

// check fills defaults and finds what is missing.
func (h *House) check() error {
	faults := fault.NewList(20)
	need := func(ok bool, name string) {
		if !ok {
			faults.Addf(fault.Internal, fault.Place{Field: name}, "", "the house needs it")
		}
	}
	need(h.Collection != nil, "Collection")
	need(h.Accounts != nil, "Accounts")
	need(h.Policies != nil, "Policies")
	need(h.Log != nil, "Log")
	need(h.Now != nil, "Now")
	need(h.Base != "" && !strings.HasSuffix(h.Base, "/"), "Base")
	need(len(h.Secret) >= 32, "Secret")
	if h.Zone == nil {
		h.Zone = time.UTC
	}
	return faults.Err()
}

// Secure says whether people come over TLS.
func (h *House) Secure() bool { return strings.HasPrefix(h.Base, "https://") }

var patternOf = regexp.MustCompile(`^(GET|POST) /\S*$`)

// mostForVisitors is a resource with all that can speak for a visitor.
var mostForVisitors = access.Resource{Programme: 1, Link: true}

// checkRoute finds why a route may not start.
func (h *House) checkRoute(r Route) *fault.Fault {
	at := fault.Place{Field: r.Pattern}
	why := ""
	switch {
	case !patternOf.MatchString(r.Pattern):
		why = `the pattern is not "GET /path" or "POST /path"`
	case r.Action == "":
		why = "the route names no action"
	case !h.Policies.Declared(r.Action):
		why = fmt.Sprintf("no policy names the action %q", r.Action)
	case r.Visitors && !h.Policies.Allow(access.Principal{}, r.Action, mostForVisitors):
		why = fmt.Sprintf("the route is open to visitors, and the policies permit %q to none", r.Action)
	case r.Do == nil:
		why = "the route does nothing"
	case r.Of == nil && strings.Contains(strings.ReplaceAll(r.Pattern, "{$}", ""), "{"):
		why = "the pattern has a wildcard and does not say what it is about"
	default:
		return nil
	}
	return fault.New(fault.Internal, at, why, "")
}

// register turns the panic of a pattern that clashes into a fault.
func register(mux *http.ServeMux, pattern string, h http.Handler) (err *fault.Fault) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, fault.Place{Field: pattern}, fmt.Sprint(p), "")
		}
	}()
	mux.Handle(pattern, h)
	return nil
}

// ownRoutes are the kit's.
func (s *site) ownRoutes() []Route {
	return []Route{{Pattern: "POST /language", Action: access.Public, Do: setLanguage}}
}

// Kit is the kit's own templates and words as an area, for the check of its words.
func Kit() Area {
	return Area{Name: "page", Files: ownWords}
}
