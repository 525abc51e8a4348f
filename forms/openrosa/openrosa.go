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
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// Store is what the protocol needs of the store. *store.Store implements it.
type Store interface {
	Round(ctx context.Context, id ids.ID) (*collection.Round, error)
	collection.Forms
	collection.Enumerators
	collection.Files
	Arrivals
}

// Options are what a Handler is made of.
type Options struct {
	// Store keeps everything. Required.
	Store Store
	// Base is the address that phones use, without a slash at its end:
	// "https://data.example.org". Required.
	Base string
	// May says whether the policies let a phone do an action ("form.view",
	// "submission.add") in a programme. Required. A token that tests a draft is not
	// asked about: making it was the permission.
	May func(ctx context.Context, phone, programme ids.ID, action string) bool
	// Log gets what went wrong, without tokens, names or answers. Required.
	Log *slog.Logger
	// Now is the clock. Default: time.Now.
	Now func() time.Time
	// Zone is where a day begins, for interviews that do not say theirs. Default: UTC.
	Zone *time.Location
	// Lang is the language of messages where a phone asks for none, as Collect
	// does: "en", "fr" or "ar". Default: "en".
	Lang string
	// Arrived is called when a submission or a file of one was stored, so that its
	// check starts and open pages hear of it. It must not block. Default: nothing.
	Arrived func(round, submission ids.ID)
	// Observe is called after each request with the name of its route, never its
	// path, for metrics. Default: nothing.
	Observe func(route string, status int, took time.Duration)
	// Limits of what is taken in. Default: DefaultLimits, field by field.
	Limits Limits
}

// Limits of what is taken in. A zero field takes its default.
type Limits struct {
	// XML is the largest document, in bytes, inclusive.
	XML int64
	// File is the largest file of a submission, in bytes, inclusive.
	File int64
	// Post is the largest request body, in bytes, inclusive.
	Post int64
	// Advertised is the X-OpenRosa-Accept-Content-Length: Collect splits what is
	// larger into several posts. A small one loses less when the line is cut.
	Advertised int64
	// Parts is how many parts a post may have, inclusive; Collect sends 102 at most.
	Parts int
	// Names is how many files a submission may name, inclusive.
	Names int
	// Posts is how many submissions may be under way at once, inclusive. More are
	// asked to come back.
	Posts int
	// Patience is how long a body may bring nothing, and how long it has before
	// Pace counts.
	Patience time.Duration
	// Pace is how many bytes a second a body must bring on average.
	Pace int64
}

// DefaultLimits are the defaults.
var DefaultLimits = Limits{
	XML: 10_000_000, File: 100_000_000, Post: 250_000_000, Advertised: 10_000_000,
	Parts: 500, Names: 2_000, Posts: 1_000, Patience: time.Minute, Pace: 200,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	set(&d.XML, l.XML)
	set(&d.File, l.File)
	set(&d.Post, l.Post)
	set(&d.Advertised, l.Advertised)
	set(&d.Parts, l.Parts)
	set(&d.Names, l.Names)
	set(&d.Posts, l.Posts)
	set(&d.Patience, l.Patience)
	set(&d.Pace, l.Pace)
	return d
}

func set[T int | int64 | time.Duration](to *T, v T) {
	if v > 0 {
		*to = v
	}
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

// kind of route: reading forms, or sending interviews.
type kind struct {
	methods []string
	action  string
}

var (
	read = kind{[]string{http.MethodGet, http.MethodHead}, "form.view"}
	send = kind{[]string{http.MethodPost, http.MethodHead}, "submission.add"}
	lost = kind{read.methods, ""} // there is nothing, whoever asks
)

// route is what all routes share: headers, methods, who is asking, refusals.
func (d *door) route(name string, k kind, do func(http.ResponseWriter, *http.Request, *caller) *refusal) http.Handler {
	allow := strings.Join(k.methods, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := d.Now()
		h := w.Header()
		h["X-Openrosa-Version"] = version
		h["X-Openrosa-Accept-Content-Length"] = d.accept
		h["Cache-Control"] = noStore
		h["X-Content-Type-Options"] = nosniff
		h["Referrer-Policy"] = noReferrer
		h["Content-Security-Policy"] = nothingLoads
		rw := &recorder{ResponseWriter: w}
		if no := func() *refusal {
			if r.Method != k.methods[0] && r.Method != k.methods[1] {
				h.Set("Allow", allow)
				return refuse(http.StatusMethodNotAllowed, sayMethod)
			}
			var c *caller
			if k.action != "" {
				var no *refusal
				if c, no = d.caller(r, k.action); no != nil {
					return no
				}
			}
			return do(rw, r, c)
		}(); no != nil {
			d.refuse(rw, r, name, no)
		}
		if d.Observe != nil {
			d.Observe(name, rw.status, d.Now().Sub(from))
		}
	})
}

// Values of headers that every answer carries, shared between requests. The
// paths hold tokens: nothing may cache them, send them on, or load anything.
var (
	version      = []string{"1.0"}
	noStore      = []string{"no-store, private"}
	nosniff      = []string{"nosniff"}
	noReferrer   = []string{"no-referrer"}
	nothingLoads = []string{"default-src 'none'"}
	xmlType      = []string{"text/xml; charset=utf-8"}
)

// recorder notes the status that was sent.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
