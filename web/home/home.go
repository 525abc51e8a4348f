// Package home is the start page of those who are signed in, and the pages about
// the site that anyone may read: what it is, what is kept about people who use it,
// how accessible it is.
//
// It shows programmes, rounds and totals; it reads no answers.
package home

import (
	"embed"

	"waymark/trust/access"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Area is the start page and the pages about the site.
func Area(*page.House) page.Area {
	return page.Area{Name: "home", Files: files,
		Links: []page.NavLink{{Level: page.Site, Order: 0, Key: "home.nav", Path: "/", Action: access.Home}},
		Routes: []page.Route{
			{Pattern: "GET /{$}", Action: access.Home, Do: start},
			{Pattern: "GET /about", Action: access.Public, Do: text("about")},
			{Pattern: "GET /privacy", Action: access.Public, Do: text("privacy")},
			{Pattern: "GET /accessibility", Action: access.Public, Do: text("accessibility")},
		}}
}

// text is a page of words alone.
func text(name string) func(*page.Request) error {
	return func(r *page.Request) error { return r.Render(200, "home/"+name, nil) }
}
