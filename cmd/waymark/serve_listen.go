package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"

	"waymark/internal/fault"
)

const (
	// maxConnections that are open at once; what comes above waits.
	maxConnections = 4096
	// shutdownPatience is how long requests may take to end when the server stops.
	shutdownPatience = 20 * time.Second
)

// listeners are open ports with what answers there.
type listeners struct {
	servers []*http.Server
	ports   []net.Listener
	log     *slog.Logger
}

// open opens one more port, so that a port in use is told before anything runs.
func (l *listeners) open(addr string, h http.Handler, config *tls.Config) (net.Addr, error) {
	port, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "the address "+addr+" cannot be opened",
			"is another server running there? choose another with --listen", err)
	}
	at := port.Addr()
	port = netutil.LimitListener(port, maxConnections)
	if config != nil {
		port = tls.NewListener(port, config)
	}
	l.ports = append(l.ports, port)
	l.servers = append(l.servers, &http.Server{
		Handler: h,
		// Headers must come at once; bodies are timed by each route, since a phone on
		// a bad line needs minutes for pictures.
		ReadHeaderTimeout: 15 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(quietHandler{l.log.Handler()}, slog.LevelDebug),
	})
	return at, nil
}

// run serves until ctx ends, then lets requests finish.
func (l *listeners) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for i, s := range l.servers {
		g.Go(func() error {
			if err := s.Serve(l.ports[i]); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		g.Go(func() error {
			<-ctx.Done()
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownPatience)
			defer cancel()
			if err := s.Shutdown(end); err != nil {
				l.log.Warn("requests were cut off at the end", "patience", shutdownPatience)
				return s.Close()
			}
			return nil
		})
	}
	return g.Wait()
}

// quietHandler keeps what net/http says of single connections, which holds
// addresses, out of the log unless it is at debug level.
type quietHandler struct{ slog.Handler }

func (q quietHandler) WithAttrs(a []slog.Attr) slog.Handler {
	return quietHandler{q.Handler.WithAttrs(a)}
}
func (q quietHandler) WithGroup(n string) slog.Handler { return quietHandler{q.Handler.WithGroup(n)} }

// Handle says that something went wrong with a connection, not with whose.
func (q quietHandler) Handle(ctx context.Context, r slog.Record) error {
	word, _, _ := strings.Cut(strings.TrimPrefix(r.Message, "http: "), " from ")
	word, _, _ = strings.Cut(word, ":")
	word, _, _ = strings.Cut(word, " serving ")
	plain := slog.NewRecord(r.Time, r.Level, "connection: "+word, 0)
	return q.Handler.Handle(ctx, plain)
}

// tlsOf is the TLS that the settings ask for, nil for none, and the handler for
// port 80 if certificates are fetched.
func tlsOf(c *serveConfig) (*tls.Config, http.Handler, error) {
	switch {
	case len(c.TLS.Autocert) > 0:
		m := &autocert.Manager{
			Prompt:     autocert.AcceptTOS,
			HostPolicy: autocert.HostWhitelist(c.TLS.Autocert...),
			Cache:      autocert.DirCache(filepath.Join(c.Data, "certificates")),
			Email:      c.TLS.Email,
		}
		config := m.TLSConfig()
		config.MinVersion = tls.VersionTLS12
		return config, m.HTTPHandler(nil), nil
	case c.TLS.Cert != "":
		cert, err := tls.LoadX509KeyPair(c.TLS.Cert, c.TLS.Key)
		if err != nil {
			return nil, nil, fault.Wrap(fault.Invalid, fault.Place{File: c.TLS.Cert}, "the certificate and its key cannot be used together",
				"give PEM files that belong together, readable by the server's user", err)
		}
		return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil, nil
	}
	return nil, nil, nil
}

// behindProxy puts the address that a trusted proxy reports into RemoteAddr, for
// throttling; what anybody else claims is ignored. The header is read from the
// right: each trusted proxy appends whom it spoke to.
func behindProxy(trust []string, next http.Handler) http.Handler {
	var ranges []netip.Prefix
	for _, t := range trust {
		ranges = append(ranges, netip.MustParsePrefix(t))
	}
	trusted := func(a netip.Addr) bool {
		for _, r := range ranges {
			if r.Contains(a.Unmap()) {
				return true
			}
		}
		return false
	}
	if len(ranges) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && trusted(peer.Addr()) {
			hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			for i := len(hops) - 1; i >= 0; i-- {
				a, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
				if err != nil {
					break
				}
				r.RemoteAddr = netip.AddrPortFrom(a, 0).String()
				if !trusted(a) {
					break
				}
			}
		}
		next.ServeHTTP(w, r)
	})
}
