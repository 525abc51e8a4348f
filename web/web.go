// Package web puts the pages, the phones' protocol, assets and health together into
// one handler.
//
// It knows which areas there are, and nothing of what they show. It does not know
// the protocol of phones: whoever starts the server passes its handler in.
package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"waymark/web/assets"
	"waymark/web/home"
	"waymark/web/page"
)

// Options are what the house is joined with.
type Options struct {
	// Sessions finds who is behind a request. Required.
	Sessions page.Sessions
	// Areas are those that need more than the house to be made. Default none.
	Areas []page.Area
	// Mounts are other handlers by the prefix of their paths: "/key/" for phones.
	// They answer for themselves who may ask. Default none.
	Mounts map[string]http.Handler
	// Ready says why the server cannot work now, or nil: for /readyz. It has two
	// seconds. Default always ready.
	Ready func(ctx context.Context) error
}

// Handler assembles the server. The routes are those of pages, for the table of who
// may do what.
func Handler(h *page.House, o Options) (http.Handler, []page.Route, error) {
	areas := append([]page.Area{home.Area(h)}, o.Areas...)
	pages, routes, err := page.New(h, o.Sessions, areas...)
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("GET /healthz", say(func(context.Context) error { return nil }))
	mux.Handle("GET /readyz", say(o.Ready))
	for prefix, m := range o.Mounts {
		mux.Handle(prefix, m)
	}
	return page.Outer(h, mux), routes, nil
}

// say answers machines that watch the server: "ok", or 503 without the reason, which
// is in the log of whoever knows it.
func say(check func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if check != nil {
			ctx, stop := context.WithTimeout(r.Context(), 2*time.Second)
			defer stop()
			if err := check(ctx); err != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
				_, _ = io.WriteString(w, "unavailable\n") // the watcher may have gone
				return
			}
		}
		_, _ = io.WriteString(w, "ok\n")
	})
}
