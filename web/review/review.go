// Package review is the pages on which people look at what arrived: the list of a
// round's submissions, one submission with its answers, findings, files and
// history, decisions and edits, progress against targets, export and quality.
//
// It knows nothing of how submissions arrive or are kept.
package review

import (
	"context"
	"embed"
	"time"

	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Options are what the pages need besides the house.
type Options struct {
	// Quality makes the report of waymark check over a round's answers, and writes
	// into the audit that by read them. nil for none: the page then says that the
	// round has no instrument.
	Quality func(ctx context.Context, by audit.Actor, round *collection.Round) (*quality.Report, error)
	// Export writes a round's answers as a file, and says in the audit that they left.
	// nil for none: the page then says that there is no export.
	Export func(ctx context.Context, by audit.Actor, e Export) error
	// Stop is closed when the server shuts down; open streams end then. Default
	// never.
	Stop <-chan struct{}
	// Every is how often a round that somebody watches is looked at. Default, and
	// least, 1 s.
	Every time.Duration
	// Streams is how many pages one person may have waiting for news at a time.
	// Default 4.
	Streams int
}

// area is what the handlers share.
type area struct {
	house   *page.House
	opt     Options
	readers *readers
	looks   *looks
	live    *hubs
	reports *reports
}

// Area is the pages of submissions.
func Area(h *page.House, opt Options) page.Area {
	opt.Every = max(opt.Every, time.Second)
	if opt.Streams == 0 {
		opt.Streams = 4
	}
	a := &area{house: h, opt: opt}
	a.readers, a.looks, a.live, a.reports = newReaders(h), newLooks(h), newHubs(h, opt), newReports(opt.Quality)
	round, submission := page.OfRound(h), page.OfSubmission(h)
	return page.Area{
		Name: "review", Files: files,
		Links: []page.NavLink{
			{Level: page.Round, Order: 40, Key: "review.nav.list", Path: "/rounds/{round}/submissions", Action: access.SubmissionList},
			{Level: page.Round, Order: 45, Key: "review.nav.progress", Path: "/rounds/{round}/progress", Action: access.ProgressView},
			{Level: page.Round, Order: 50, Key: "review.nav.quality", Path: "/rounds/{round}/quality", Action: access.SubmissionList},
			{Level: page.Round, Order: 55, Key: "review.nav.export", Path: "/rounds/{round}/export", Action: access.ExportPseudonymous},
		},
		Routes: []page.Route{
			{Pattern: "GET /rounds/{round}/submissions", Action: access.SubmissionList, Of: round, Do: a.list},
			{Pattern: "GET /rounds/{round}/submissions/news", Action: access.SubmissionList, Of: round, Do: a.news},
			{Pattern: "POST /rounds/{round}/submissions/review", Action: access.SubmissionReview, Of: round, Do: a.reviewMany},

			{Pattern: "GET /submissions/{submission}", Action: access.SubmissionRead, Of: submission, Do: a.full(a.record)},
			{Pattern: "GET /submissions/{submission}/revisions", Action: access.SubmissionRead, Of: submission, Do: a.full(a.revisions)},
			{Pattern: "GET /submissions/{submission}/similar/{other}", Action: access.SubmissionRead, Of: submission, Do: a.full(a.similar)},
			{Pattern: "GET /submissions/{submission}/files/{name}", Action: access.SubmissionRead, Of: submission, Do: a.file},
			{Pattern: "GET /submissions/{submission}/pseudonymous", Action: access.SubmissionReadPseudonymous, Of: submission, Do: a.masked(a.record)},
			{Pattern: "GET /submissions/{submission}/pseudonymous/revisions", Action: access.SubmissionReadPseudonymous, Of: submission, Do: a.masked(a.revisions)},
			{Pattern: "GET /submissions/{submission}/pseudonymous/similar/{other}", Action: access.SubmissionReadPseudonymous, Of: submission, Do: a.masked(a.similar)},
			{Pattern: "GET /submissions/{submission}/history", Action: access.RecordHistory, Of: submission, Do: a.history},
			{Pattern: "POST /submissions/{submission}/review", Action: access.SubmissionReview, Of: submission, Do: a.review},
			{Pattern: "GET /submissions/{submission}/edit", Action: access.SubmissionEdit, Of: submission, Do: a.edit},
			{Pattern: "POST /submissions/{submission}/edit", Action: access.SubmissionEdit, Of: submission, Do: a.editPost},

			{Pattern: "GET /rounds/{round}/progress", Action: access.ProgressView, Of: round, Do: a.progress},
			{Pattern: "GET /rounds/{round}/progress/map.svg", Action: access.ProgressView, Of: round, Do: a.progressMap},
			{Pattern: "GET /rounds/{round}/quality", Action: access.SubmissionList, Of: round, Do: a.quality},
			{Pattern: "POST /rounds/{round}/quality", Action: access.SubmissionReview, Of: round, Do: a.qualityAgain},
			{Pattern: "GET /rounds/{round}/export", Action: access.ExportPseudonymous, Of: round, Do: a.export(true)},
			{Pattern: "POST /rounds/{round}/export", Action: access.ExportPseudonymous, Of: round, Do: a.exportPost(true)},
			{Pattern: "GET /rounds/{round}/export/full", Action: access.ExportFull, Of: round, Do: a.export(false)},
			{Pattern: "POST /rounds/{round}/export/full", Action: access.ExportFull, Of: round, Do: a.exportPost(false)},
		},
	}
}
