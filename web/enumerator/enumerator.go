// Package enumerator is the pages of people with phones: who they are, where they
// work, and the QR codes that set their apps up.
//
// A code is shown once, when it is made: only its hash is kept. The package knows no
// protocol: what makes a code is passed in.
package enumerator

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

// Options say how codes are made. Every field is Required.
type Options struct {
	// NewToken makes a secret for a phone, and the hash that is kept of it.
	NewToken func() (token string, hash []byte)
	// Settings is the text of a QR code that sets the app up with a secret: base is
	// the server's address, project the name that the app shows, code the
	// enumerator's, lang the language of the app.
	Settings func(base, token, project, code, lang string) (string, error)
	// Browser is the address of the page that fills in forms without an app, for a
	// secret: base is the server's address, code the enumerator's.
	Browser func(base, token, code string) string
	// QR writes a text as a QR code in SVG; label is said by screen readers.
	QR func(w io.Writer, text, label string) error
}

// area is the pages with their options.
type area struct{ Options }

// Area is the pages of enumerators.
func Area(h *page.House, opt Options) page.Area {
	a, in := &area{opt}, page.OfRound(h)
	return page.Area{Name: "enumerator", Files: files,
		Links: []page.NavLink{{Level: page.Round, Order: 40, Key: "enumerator.nav", Path: "/rounds/{round}/enumerators", Action: access.EnumeratorView}},
		Routes: []page.Route{
			{Pattern: "GET /rounds/{round}/enumerators", Action: access.EnumeratorView, Of: in, Do: list},
			{Pattern: "GET /rounds/{round}/enumerators/new", Action: access.EnumeratorSet, Of: in, Do: add},
			{Pattern: "POST /rounds/{round}/enumerators/new", Action: access.EnumeratorSet, Of: in, Do: addPost},
			{Pattern: "GET /rounds/{round}/enumerators/list", Action: access.EnumeratorSet, Of: in, Do: addMany},
			{Pattern: "POST /rounds/{round}/enumerators/list", Action: access.EnumeratorSet, Of: in, Do: addManyPost},
			{Pattern: "GET /rounds/{round}/enumerators/codes", Action: access.EnumeratorCode, Of: in, Do: a.codes},
			{Pattern: "POST /rounds/{round}/enumerators/codes", Action: access.EnumeratorCode, Of: in, Do: a.codesPost},
			{Pattern: "GET /rounds/{round}/enumerators/{enumerator}", Action: access.EnumeratorView, Of: in, Do: show},
			{Pattern: "GET /rounds/{round}/enumerators/{enumerator}/change", Action: access.EnumeratorSet, Of: in, Do: change},
			{Pattern: "POST /rounds/{round}/enumerators/{enumerator}/change", Action: access.EnumeratorSet, Of: in, Do: changePost},
			{Pattern: "GET /rounds/{round}/enumerators/{enumerator}/revoke", Action: access.EnumeratorSet, Of: in, Do: revoke},
			{Pattern: "POST /rounds/{round}/enumerators/{enumerator}/revoke", Action: access.EnumeratorSet, Of: in, Do: revokePost},
		}}
}

func rootPath(r *page.Request) string {
	return page.Path("/rounds/{round}/enumerators", "round", r.Round.ID)
}

func pathOf(e *collection.FieldEnumerator) string {
	return page.Path("/rounds/{round}/enumerators/{enumerator}", "round", e.Round, "enumerator", e.ID)
}

func maySet(r *page.Request) bool { return r.May(access.EnumeratorSet) && r.Round.Live() }
func mayCode(r *page.Request) bool {
	return r.May(access.EnumeratorCode) && r.Round.Live()
}

// find returns the enumerator of the address, if it belongs to the round of the
// address.
func find(r *page.Request) (*collection.FieldEnumerator, error) {
	id, err := r.PathID("enumerator")
	if err != nil {
		return nil, err
	}
	e, err := r.House.Collection.FieldEnumerator(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if e.Round != r.Round.ID {
		return nil, page.NotFound()
	}
	return e, nil
}

// phoneTag is the tag of what a person's QR code is worth.
func phoneTag(r *page.Request, e *collection.FieldEnumerator) page.Tag {
	s := e.Phone()
	colour := map[collection.PhoneState]string{collection.PhoneNone: "grey", collection.PhoneReady: "blue", collection.PhoneUsed: "green", collection.PhoneRevoked: "red"}[s]
	return page.Tag{Text: r.Text("enumerator.phone." + string(s)), Colour: colour}
}

// pointCodes are the codes of the points where a person works.
func pointCodes(e *collection.FieldEnumerator, points map[ids.ID]*collection.Point) []string {
	var codes []string
	for _, id := range e.Points {
		if p := points[id]; p != nil {
			codes = append(codes, p.Code)
		}
	}
	return codes
}
