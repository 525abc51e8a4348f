// Package page holds what every page of the server is made with: the request
// with its person, language and decided policy, layout and partial templates,
// forms that keep what was typed, and error pages.
//
// It knows no area: areas import it and give it routes and templates.
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

// House is what pages are made with. Every field is Required.
type House struct {
	Collection collection.Store
	Accounts   account.Store
	Policies   Policies
	Log        *slog.Logger
	Now        func() time.Time
	// Base is the address that people and phones use: "https://data.example.org".
	Base string
}

// Policies decides. *access.Policies implements it.
type Policies interface {
	Allow(p access.Principal, a access.Action, r access.Resource) bool
	// Declared says whether any policy names the action.
	Declared(a access.Action) bool
}

// Route is one page or change.
type Route struct {
	// Pattern as http.ServeMux has it: "GET /rounds/{round}/submissions". Required.
	Pattern string
	// Action that the person must be allowed. Required: a route without it does
	// not start.
	Action access.Action
	// Of says what the request is about; nil for the system itself (programme
	// zero). A NotFound becomes the same page as a refusal.
	Of func(ctx context.Context, r *http.Request) (access.Resource, error)
	// Do answers. An error becomes the page of its kind. Required.
	Do func(r *Request) error
}

// Area is a part of the site: its routes, its templates (*.html.tmpl, parsed
// together with the layout) and its words (lang/en.yaml, fr, ar, with keys that
// begin with the area's name).
type Area struct {
	Name   string
	Files  fs.FS
	Routes []Route
}
