package store_test

import (
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"waymark/store/file"
	"waymark/store/storetest"
)

// TestCollectOnS3 does with contents in S3 what every engine does with a folder.
func TestCollectOnS3(t *testing.T) {
	backend := s3mem.New()
	if err := backend.CreateBucket("waymark-files"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	credentials := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(credentials, []byte("[default]\naws_access_key_id = synthetic\naws_secret_access_key = synthetic\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bucket, err := file.OpenS3(file.S3Options{Endpoint: u.Host, Bucket: "waymark-files", Prefix: "waymark/", Region: "eu-west-2", PathStyle: true,
		Credentials: credentials, Transport: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	place := storetest.SQLite.NewPlace(t)
	if place.Options.Files, err = file.New(bucket, place.Vault, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	storetest.Collect(t, place)
}
