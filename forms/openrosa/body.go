package openrosa

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// body reads a request's body with patience that ends: with a phone that sends
// nothing, and with one that sends so slowly that it only keeps a place taken.
type body struct {
	r        io.Reader
	control  *http.ResponseController
	limits   Limits
	from     time.Time
	deadline time.Time
	read     int64
	ended    bool
	// rest is what follows a body that ended: see sentinel.
	rest string
}

// sentinel is a part that no phone sends, and that follows every body. Behind the
// closing boundary nobody reads it; a body that was cut, at whatever byte, runs
// into it. Without it, one that is cut right behind a boundary would look whole.
const sentinel = "*cut*"

func (d *door) body(w http.ResponseWriter, r *http.Request, boundary string) *body {
	b := &body{rest: "\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + sentinel + "\"\r\n\r\n\r\n--" + boundary + "--\r\n",
		r: http.MaxBytesReader(w, r.Body, d.Limits.Post), control: http.NewResponseController(w), limits: d.Limits, from: time.Now()}
	b.extend(b.from)
	return b
}

// extend moves the moment at which waiting ends. It uses the system's clock, as
// the connection does.
func (b *body) extend(now time.Time) {
	next := now.Add(b.limits.Patience)
	slow := b.from.Add(b.limits.Patience + time.Duration(b.read/b.limits.Pace)*time.Second)
	if slow.Before(next) {
		next = slow
	}
	if next.Sub(b.deadline) < b.limits.Patience/16 {
		return
	}
	b.deadline = next
	// A connection that has no deadlines, as in tests, is read without.
	_ = b.control.SetReadDeadline(next)
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.ended {
		n := copy(p, b.rest)
		if b.rest = b.rest[n:]; n == 0 {
			return 0, io.EOF
		}
		return n, nil
	}
	n, err := b.r.Read(p)
	b.read += int64(n)
	switch {
	case err == nil:
		b.extend(time.Now())
	case errors.Is(err, io.EOF):
		b.ended, err = true, nil
	default:
		b.ended, b.rest = true, ""
	}
	return n, err
}

// drain reads what a phone that was refused still sends, up to what it may send
// in one go: it would not see the answer otherwise.
func (b *body) drain() {
	if !b.ended {
		_, _ = io.CopyN(io.Discard, b, b.limits.Advertised)
	}
}

// refusal is the answer to a body that could not be read.
func (b *body) refusal(err error) *refusal {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, sayPostTooLarge)
	}
	return refuse(http.StatusBadRequest, sayBroken)
}
