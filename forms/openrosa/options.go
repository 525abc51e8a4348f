package openrosa

import (
	"context"
	"log/slog"
	"time"

	"waymark/internal/ids"
)

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
	// Unknown is how many requests a minute with a token that nobody has are
	// answered 403 for one address, inclusive; more are told to wait, 429. Known
	// tokens are not held up.
	Unknown int
	// Patience is how long a body may bring nothing, and how long it has before
	// Pace counts.
	Patience time.Duration
	// Pace is how many bytes a second a body must bring on average.
	Pace int64
}

// DefaultLimits are the defaults.
var DefaultLimits = Limits{
	XML: 10_000_000, File: 100_000_000, Post: 250_000_000, Advertised: 10_000_000,
	Parts: 500, Names: 1_000, Posts: 1_000, Unknown: 60, Patience: time.Minute, Pace: 200,
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
	set(&d.Unknown, l.Unknown)
	set(&d.Patience, l.Patience)
	set(&d.Pace, l.Pace)
	return d
}

func set[T int | int64 | time.Duration](to *T, v T) {
	if v > 0 {
		*to = v
	}
}
