package review

import (
	"io"
	"net/http"
	"time"
)

// stall is how long a browser may take for a part of a download. The server's own
// limit is for whole answers, and a large export on a bad line takes longer.
const stall = 2 * time.Minute

// steady is a download that may take long, as long as it moves on.
type steady struct {
	w    io.Writer
	c    *http.ResponseController
	last time.Time
}

// Write implements io.Writer.
func (s *steady) Write(b []byte) (int, error) {
	if now := time.Now(); now.Sub(s.last) > stall/4 {
		s.last = now
		// Servers without a limit cannot set it, and need not.
		_ = s.c.SetWriteDeadline(now.Add(stall))
	}
	return s.w.Write(b)
}
