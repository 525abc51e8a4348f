package page

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/account"
)

// House is what pages are made with.
type House struct {
	Collection collection.Store // Required
	Accounts   account.Store    // Required
	Policies   Policies         // Required
	Log        *slog.Logger     // Required
	Now        func() time.Time // Required
	// Base is the address that people and phones use: "https://data.example.org",
	// without a slash at its end. Required.
	Base string
	// Secret signs short-lived cookies: at least 32 random bytes, the same in
	// every process of one server. Required.
	Secret []byte
	// Zone is where times of day are shown for. Default UTC.
	Zone *time.Location
	// Version of the program, for the footer. Default "".
	Version string
	// Observe is told of every answer, for metrics. pattern is the route's, never
	// a path. Default nothing.
	Observe func(pattern string, status int, took time.Duration)
}

// Policies decides. *access.Policies implements it.
type Policies interface {
	Allow(p access.Principal, a access.Action, r access.Resource) bool
	// Declared says whether any policy names the action.
	Declared(a access.Action) bool
}

// Session is what is known about how a person is signed in.
type Session struct {
	// Strong and Fresh are as in access.Principal.
	Strong, Fresh bool
}

// Sessions finds who is behind a request. web/signin implements it.
type Sessions interface {
	// Wrap loads the session before next runs and stores it with the answer. It
	// wraps every route of the site.
	Wrap(next http.Handler) http.Handler
	// Identify returns the account of a request inside Wrap, or nil for a visitor.
	// It reads the account at every call, so that suspension works at once.
	Identify(r *http.Request) (*account.Account, Session, error)
}

// Route is one page or change.
type Route struct {
	// Pattern as http.ServeMux has it: "GET /rounds/{round}/submissions". Required.
	Pattern string
	// Action that the person must be allowed. Required: a route without it does
	// not start.
	Action access.Action
	// Visitors says that people without an account may ask too: the policy decides
	// by what Of finds, such as an organisation's link. Without it they are sent to
	// sign in. A route whose action no visitor is ever permitted does not start.
	// Default false; routes of access.Public need it not.
	Visitors bool
	// Of says what the request is about; nil for the system itself (programme
	// zero), which a pattern with a wildcard must say by OfSystem. A NotFound
	// becomes the same page as a refusal. OfProgramme, OfRound, OfForm and
	// OfSubmission are the usual ones.
	Of func(ctx context.Context, r *http.Request) (access.Resource, error)
	// Do answers. An error becomes the page of its kind. Required.
	Do func(r *Request) error
}

// Area is a part of the site: its routes, its templates and its words.
type Area struct {
	// Name is one lower-case word. Required.
	Name string
	// Files holds NAME.html.tmpl, the pages, which define "title" and "main" and
	// are rendered as "area/NAME"; NAME.part.tmpl, partials that all pages of the
	// area may use; and lang/en.yaml, fr.yaml, ar.yaml, whose keys begin with the
	// area's name. Required.
	Files  fs.FS
	Routes []Route
	// Uses names other areas of the site whose partials the pages of this one show.
	Uses []string
	// Links are what the area puts into the navigation.
	Links []NavLink
}

// Level says where a NavLink stands.
type Level int

// The levels of navigation.
const (
	Site      Level = iota // on every page
	Programme              // on pages of a programme: {programme} in Path is filled
	Round                  // on pages of a round: {round} in Path is filled
)

// NavLink is an entry of the navigation. It is shown to those who may do Action
// on the programme at hand; on the level of the site, on the system or in any
// programme of theirs.
type NavLink struct {
	Level  Level
	Order  int    // small first
	Key    string // of the words. Required
	Path   string // Required
	Action access.Action
	// System shows an entry of the site only to those who may do Action on the
	// system itself. Default false.
	System bool
}
