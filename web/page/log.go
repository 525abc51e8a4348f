package page

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// trace follows one request through the layers.
type trace struct {
	id      string
	pattern string
	status  int
	bytes   int64
}

func (t *trace) started() bool { return t.status != 0 }

type traceKey struct{}

// traceOf returns the request's trace; outside Outer, one that nobody reads.
func traceOf(r *http.Request) *trace {
	if t, ok := r.Context().Value(traceKey{}).(*trace); ok {
		return t
	}
	return &trace{id: newReference()}
}

// newReference makes ten random letters and digits.
func newReference() string {
	var b [7]byte
	_, _ = rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))[:10]
}

// Outer is the outermost layer of everything that the server answers: headers,
// request IDs, recovery from panics, and the access log. The log says the route's
// pattern, never a path, an address or a person.
func Outer(h *House, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &trace{id: newReference()}
		begin := time.Now()
		outside := r
		r = r.WithContext(context.WithValue(r.Context(), traceKey{}, t))
		setHeaders(w.Header(), h.Secure())
		w.Header().Set("X-Request-Id", t.id)
		cw := &countingWriter{ResponseWriter: w, t: t}
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler {
				h.Log.Error("panic", "reference", t.id, "pattern", patternFor(t, r), "what", panicText(p), "stack", string(debug.Stack()))
				if !t.started() {
					http.Error(cw, "Internal error. Reference: "+t.id, http.StatusInternalServerError)
				}
			}
			took := time.Since(begin)
			outside.Pattern = patternFor(t, r) // for what counts requests around this
			h.Log.Info("request", "id", t.id, "method", methodOf(r), "pattern", patternFor(t, r), "status", t.status,
				"bytes", t.bytes, "ms", float64(took.Microseconds())/1000)
			if h.Observe != nil {
				h.Observe(patternFor(t, r), t.status, took)
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
		}()
		next.ServeHTTP(cw, r)
	})
}

// patternFor prefers the pattern of a page's route to those of the muxes around it.
func patternFor(t *trace, r *http.Request) string {
	if t.pattern != "" {
		return t.pattern
	}
	if r.Pattern != "" {
		return r.Pattern
	}
	return "none"
}

// methodOf keeps methods that anyone can make up out of the log.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return r.Method
	}
	return "other"
}

// panicText says what went wrong without values that a page had in hand.
func panicText(p any) string {
	if e, ok := p.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("%T", p)
}

// countingWriter notes status and size.
type countingWriter struct {
	http.ResponseWriter
	t *trace
}

func (w *countingWriter) WriteHeader(code int) {
	if w.t.status == 0 && code >= 200 {
		w.t.status = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *countingWriter) Write(b []byte) (int, error) {
	if w.t.status == 0 {
		w.t.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.t.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
