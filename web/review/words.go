package review

import (
	"time"

	"waymark/web/page"
)

// maxComment is the longest comment and reason, in characters.
const maxComment = 2000

// received is when a submission came: for those who may not read all answers only
// the day, since the time of day tells when someone was at a point.
func received(r *page.Request, t time.Time, masked bool) page.Time {
	if masked && !t.IsZero() {
		return page.Time{Text: r.Words().Day(t), ISO: t.UTC().Format(time.DateOnly)}
	}
	return moment(r, t)
}

// moment is a time as pages show it.
func moment(r *page.Request, t time.Time) page.Time {
	if t.IsZero() {
		return page.Time{}
	}
	return page.Time{Text: r.Words().Moment(t), ISO: t.UTC().Format(time.RFC3339)}
}
