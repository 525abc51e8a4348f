// Package fill is the page that fills in a form in the browser: for enumerators
// without ODK Collect, and for tests of drafts.
//
// The page is an application that holds no data and that anyone may load. What it
// shows it asks of the protocol of phones (forms/openrosa), with the token of a phone,
// which its link holds behind "#", where no server and no log sees it. Interviews wait
// in the browser until they can be sent. So the package knows no store, no form and no
// person; it serves files.
//
// app holds the scripts, a module for each duty; app/forms is the one that knows ODK
// Web Forms. web/assets/build/fill.mjs makes static from them, and .ci/assets
// compares.
package fill

import (
	"embed"
	"net/http"
	"strings"

	"waymark/trust/access"
	"waymark/web/assets"
	"waymark/web/page"
)

//go:embed lang/*.yaml
var files embed.FS

// Path is where the page is.
const Path = "/fill/"

// Link is the address of the page for a token of a phone. code is the enumerator's,
// which answers questions for the username; it may be "".
func Link(base, token, code string) string {
	if code == "" {
		return base + Path + "#" + token
	}
	return base + Path + "#" + token + "/" + page.Path("{code}", "code", code)
}

// TestLink is the address of the page for a token that tests a draft.
func TestLink(base, token string) string { return base + Path + "#test/" + token }

// Area is the page, its worker and its files.
func Area(*page.House) page.Area {
	return page.Area{Name: "fill", Files: files, Routes: []page.Route{
		{Pattern: "GET /fill/{$}", Action: access.Public, Do: serve(func(s *set, _ *http.Request) *assets.File { return s.shell })},
		{Pattern: "GET /fill/worker.js", Action: access.Public, Do: serve(func(s *set, _ *http.Request) *assets.File { return s.worker })},
		{Pattern: "GET /fill/static/{file}", Action: access.Public, Of: page.OfSystem, Do: serve(func(s *set, r *http.Request) *assets.File { return s.static[r.PathValue("file")] })},
	}}
}

// contentPolicy is that of this page alone.
//
//   - 'wasm-unsafe-eval': ODK's engine reads XPath with a parser in WebAssembly. It is
//     no eval of scripts.
//   - style-src 'unsafe-inline': PrimeVue, which ODK Web Forms is drawn with, writes its
//     theme into style elements while it runs, and labels of forms may have colours.
//     Styles can load nothing here, since pictures come from this server or from memory.
//   - blob: and data: for pictures of forms, answers and the form's own icons.
//   - worker-src blob: for the worker that makes large pictures small.
const contentPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; " +
	"style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src blob:; connect-src 'self'; " +
	"form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// serve answers with a file. Those with a hash in their name are kept for ever; the
// page and its worker are asked for anew each time.
func serve(which func(*set, *http.Request) *assets.File) func(*page.Request) error {
	return func(r *page.Request) error {
		s, err := loaded()
		if err != nil {
			return err
		}
		f := which(s, r.Request)
		if f == nil {
			return page.NotFound()
		}
		h := r.W.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Permissions-Policy", strings.Replace(h.Get("Permissions-Policy"), "geolocation=()", "geolocation=(self)", 1))
		cache := assets.Forever
		if f == s.shell || f == s.worker {
			cache = "no-cache"
		}
		f.Serve(r.W, r.Request, cache)
		return nil
	}
}
