package webtest

import (
	"net"
	"net/http"
	"testing"
	"time"
)

// Server serves one handler on a port of this machine for one test.
type Server struct {
	// Base is its address: "http://127.0.0.1:40123". Pages need it before they can
	// be assembled, so it is known before Serve.
	Base     string
	listener net.Listener
}

// NewServer takes a port; Serve begins to answer.
func NewServer(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // closed by the server before
	return &Server{Base: "http://" + l.Addr().String(), listener: l}
}

// Serve answers with h until the test ends.
func (s *Server) Serve(t testing.TB, h http.Handler) *Server {
	t.Helper()
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(s.listener) }()
	t.Cleanup(func() {
		_ = server.Close() // open connections of the browser are cut
		if err := <-done; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	return s
}
