// Package form is the pages of a round's forms: drafts with everything that is wrong
// with them, the files they need, tests with a phone, publishing, versions and what
// differs between them.
//
// What an upload becomes is decided in monitoring/collection/draft; this package
// shows it. It knows no protocol: what makes codes and keys is passed in.
package form

import (
	"embed"
	"io"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Options say how codes and keys are made. Every field is Required.
type Options struct {
	// NewToken makes a secret for tests of a draft, and the hash that is kept of it.
	NewToken func() (token string, hash []byte)
	// Settings is the text of a QR code that sets an app up to test a draft: base is
	// the server's address, project the name that the app shows.
	Settings func(base, token, project string) (string, error)
	// Browser is the address of the page that fills in the draft in a browser.
	Browser func(base, token string) string
	// QR writes a text as a QR code in SVG; label is said by screen readers.
	QR func(w io.Writer, text, label string) error
	// NewKey makes a key pair for encrypted submissions: base64 of an X.509 public
	// key, and the private key as PKCS #8.
	NewKey func() (public string, private []byte, err error)
}

// area is the pages with their options.
type area struct {
	Options
	checked findingCache
}

// Area is the pages of forms.
func Area(h *page.House, opt Options) page.Area {
	a := &area{Options: opt}
	inRound, in := page.OfRound(h), page.OfForm(h)
	return page.Area{Name: "form", Files: files,
		Links: []page.NavLink{{Level: page.Round, Order: 30, Key: "form.nav", Path: "/rounds/{round}/forms", Action: access.FormView}},
		Routes: []page.Route{
			{Pattern: "GET /rounds/{round}/forms", Action: access.FormView, Of: inRound, Do: list},
			{Pattern: "GET /rounds/{round}/forms/phones", Action: access.FormView, Of: inRound, Do: phones},
			{Pattern: "GET /rounds/{round}/forms/new", Action: access.FormSet, Of: inRound, Do: a.add},
			{Pattern: "POST /rounds/{round}/forms/new", Action: access.FormSet, Of: inRound, Do: a.addPost},
			{Pattern: "GET /forms/{form}", Action: access.FormView, Of: in, Do: show},
			{Pattern: "GET /forms/{form}/state", Action: access.FormSet, Of: in, Do: state},
			{Pattern: "POST /forms/{form}/state", Action: access.FormSet, Of: in, Do: statePost},
			{Pattern: "GET /forms/{form}/encryption", Action: access.FormSet, Of: in, Do: encryption},
			{Pattern: "POST /forms/{form}/encryption", Action: access.FormSet, Of: in, Do: a.encryptionPost},
			{Pattern: "GET /forms/{form}/draft", Action: access.FormView, Of: in, Do: a.draft},
			{Pattern: "GET /forms/{form}/draft/new", Action: access.FormSet, Of: in, Do: a.replace},
			{Pattern: "POST /forms/{form}/draft/new", Action: access.FormSet, Of: in, Do: a.replacePost},
			{Pattern: "GET /forms/{form}/draft/files", Action: access.FormSet, Of: in, Do: a.draftFiles},
			{Pattern: "POST /forms/{form}/draft/files", Action: access.FormSet, Of: in, Do: a.draftFilesPost},
			{Pattern: "GET /forms/{form}/draft/test", Action: access.FormTest, Of: in, Do: a.test},
			{Pattern: "POST /forms/{form}/draft/test", Action: access.FormTest, Of: in, Do: a.testPost},
			{Pattern: "POST /forms/{form}/draft/test/end", Action: access.FormTest, Of: in, Do: a.testEnd},
			{Pattern: "GET /forms/{form}/draft/publish", Action: access.FormSet, Of: in, Do: a.publish},
			{Pattern: "POST /forms/{form}/draft/publish", Action: access.FormSet, Of: in, Do: a.publishPost},
			{Pattern: "GET /forms/{form}/draft/discard", Action: access.FormSet, Of: in, Do: discard},
			{Pattern: "POST /forms/{form}/draft/discard", Action: access.FormSet, Of: in, Do: discardPost},
			{Pattern: "GET /forms/{form}/compare", Action: access.FormView, Of: in, Do: differences},
			{Pattern: "GET /forms/{form}/versions/{version}", Action: access.FormView, Of: in, Do: version},
			{Pattern: "GET /forms/{form}/versions/{version}/preview", Action: access.FormView, Of: in, Do: showPreview},
			{Pattern: "GET /forms/{form}/versions/{version}/xform", Action: access.FormView, Of: in, Do: xformFile},
			{Pattern: "GET /forms/{form}/versions/{version}/source", Action: access.FormView, Of: in, Do: sourceFile},
			{Pattern: "GET /forms/{form}/versions/{version}/files/{file}", Action: access.FormView, Of: in, Do: formFile},
		}}
}

func rootPath(r *page.Request) string {
	return page.Path("/rounds/{round}/forms", "round", r.Round.ID)
}

func pathOf(f *collection.Form) string { return page.Path("/forms/{form}", "form", f.ID) }

func versionPath(f *collection.Form, version ids.ID) string {
	return page.Path("/forms/{form}/versions/{version}", "form", f.ID, "version", version)
}

func maySet(r *page.Request) bool { return r.May(access.FormSet) && r.Round.Live() }

// find returns the form of the address.
func find(r *page.Request) (*collection.Form, error) {
	id, err := r.PathID("form")
	if err != nil {
		return nil, err
	}
	return r.House.Collection.Form(r.Context(), id)
}

// findDraft returns the form of the address with its draft, nil if there is none.
func findDraft(r *page.Request) (*collection.Form, *collection.Version, error) {
	f, err := find(r)
	if err != nil || f.Draft == 0 {
		return f, nil, err
	}
	v, err := r.House.Collection.Version(r.Context(), f.Draft)
	return f, v, err
}

// findVersion returns the version of the address, if it is one of the form of the
// address.
func findVersion(r *page.Request) (*collection.Form, *collection.Version, error) {
	f, err := find(r)
	if err != nil {
		return nil, nil, err
	}
	id, err := r.PathID("version")
	if err != nil {
		return nil, nil, err
	}
	v, err := r.House.Collection.Version(r.Context(), id)
	if err != nil {
		return nil, nil, err
	}
	if v.Form != f.ID {
		return nil, nil, page.NotFound()
	}
	return f, v, nil
}

func stateTag(r *page.Request, f *collection.Form) page.Tag {
	return page.Tag{Text: r.Text("form.state." + string(f.State)), Colour: page.StateColour(string(f.State))}
}

// crumbs lead from the list of forms to a form.
func crumbs(r *page.Request, f *collection.Form) {
	r.Crumb(r.Text("form.title"), rootPath(r))
	if f != nil {
		r.Crumb(f.Title, pathOf(f))
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
