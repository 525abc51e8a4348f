package openrosa

import (
	"net/http"
	"strings"
)

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
