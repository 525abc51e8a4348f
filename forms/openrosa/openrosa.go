// Package openrosa is the protocol that ODK Collect and KoboCollect speak: the
// list of forms, their files, and the sending of interviews. Phones are known by
// a token in the address; a second kind of token lets a phone test a draft.
//
// It knows HTTP and XForms. It must not know the database, pages, accounts or
// what an answer means: it hands collection an Arrival and says what became of
// it.
//
// Who serves it sets the limits of the connection: ReadHeaderTimeout (10 s) and
// MaxHeaderBytes (16 KiB) against clients that trickle headers, no ReadTimeout and
// no WriteTimeout, since a bad line may need half an hour for one picture. The
// time that a body may take is limited here (Limits.Patience, Limits.Pace).
//
// Sources: OpenRosa Form Discovery, Form Submission and Metadata specifications;
// ODK Collect's sources for what a phone does in fact.
package openrosa

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// Store is what the protocol needs of the store. *store.DB implements it.
type Store interface {
	Round(ctx context.Context, id ids.ID) (*collection.Round, error)
	collection.Forms
	collection.Enumerators
	collection.Files
	Arrivals
}

// KeyPath and TestPath begin the paths of phones and of tests of drafts. A
// server hands both, and everything below, to the Handler.
const (
	KeyPath  = "/key/"
	TestPath = "/test/"
)

// door is the protocol at work.
type door struct {
	Options
	words    words
	versions *versions
	loading  singleflight.Group
	touched  touched
	guesses  guesses
	posts    chan struct{}
	accept   []string // the header's value
}

// New returns the protocol's routes. It panics if a required option is missing:
// a server that cannot ask its policies must not start.
func New(o Options) http.Handler {
	if o.Store == nil || o.Base == "" || o.May == nil || o.Log == nil {
		panic("openrosa: Store, Base, May and Log are required")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	o.Limits = o.Limits.orDefault()
	o.Base = strings.TrimRight(o.Base, "/")
	d := &door{
		Options: o, words: speak(o.Lang, o.Limits), versions: newVersions(keptVersions),
		posts:  make(chan struct{}, o.Limits.Posts),
		accept: []string{strconv.FormatInt(o.Limits.Advertised, 10)},
	}
	d.touched.hours = map[ids.ID]int64{}
	mux := http.NewServeMux()
	for _, prefix := range []string{KeyPath, TestPath} {
		mux.Handle(prefix+"{token}/formList", d.route("formList", read, d.formList))
		mux.Handle(prefix+"{token}/forms/{form}/form.xml", d.route("form", read, d.form))
		mux.Handle(prefix+"{token}/forms/{form}/manifest", d.route("manifest", read, d.manifest))
		mux.Handle(prefix+"{token}/forms/{form}/files/{name}", d.route("file", read, d.file))
		mux.Handle(prefix+"{token}/submission", d.route("submission", send, d.submission))
	}
	mux.Handle("/", d.route("other", lost, func(w http.ResponseWriter, r *http.Request, c *caller) *refusal {
		return refuse(http.StatusNotFound, sayNoPage)
	}))
	return mux
}
