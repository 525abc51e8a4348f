package review

import (
	"time"

	"waymark/web/page"
)

// maxComment is the longest comment and reason, in characters.
const maxComment = 2000

// moment is a time as pages show it.
func moment(r *page.Request, t time.Time) page.Time {
	if t.IsZero() {
		return page.Time{}
	}
	return page.Time{Text: r.Words().Moment(t), ISO: t.UTC().Format(time.RFC3339)}
}
