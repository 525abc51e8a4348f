package store_test

import (
	"testing"

	"waymark/store/file"
	"waymark/store/file/filetest"
	"waymark/store/storetest"
)

// TestCollectOnS3 does with contents in S3 what every engine does with a folder.
func TestCollectOnS3(t *testing.T) {
	s := filetest.S3(t)
	bucket, err := file.OpenS3(file.S3Options{Endpoint: s.Endpoint, Bucket: s.Bucket, Prefix: "waymark/", Region: s.Region, PathStyle: true,
		Credentials: s.Credentials, Transport: s.Transport})
	if err != nil {
		t.Fatal(err)
	}
	place := storetest.SQLite.NewPlace(t)
	if place.Options.Files, err = file.New(bucket, place.Vault, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	storetest.Collect(t, place)
}
