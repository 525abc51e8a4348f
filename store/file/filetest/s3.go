// Package filetest has object storage for tests: a server of the S3 protocol in this
// process. It must not know what is kept there, nor the store; it is for tests alone.
package filetest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Server is where such storage is.
type Server struct {
	Endpoint, Bucket, Region string
	Credentials              string // a file
	Transport                http.RoundTripper
}

// S3 starts one that ends with the test.
func S3(t testing.TB) Server {
	t.Helper()
	s := Server{Bucket: "waymark-files", Region: "eu-west-2", Credentials: filepath.Join(t.TempDir(), "credentials")}
	backend := s3mem.New()
	if err := backend.CreateBucket(s.Bucket); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.Endpoint, s.Transport = u.Host, server.Client().Transport
	if err := os.WriteFile(s.Credentials, []byte("[default]\naws_access_key_id = synthetic\naws_secret_access_key = synthetic\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}
