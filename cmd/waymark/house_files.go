package main

import (
	"path/filepath"

	"waymark/store/file"
	"waymark/trust/vault"
)

// openBucket is the storage of files that the settings name: S3, or a folder in
// the data folder.
func openBucket(c *serveConfig) (file.Bucket, error) {
	s := c.Files.S3
	if s == nil {
		return file.OpenDisk(filepath.Join(c.Data, "files"))
	}
	// Most storage of this kind that is not Amazon's own wants the bucket in the path.
	return file.OpenS3(file.S3Options{Endpoint: s.Endpoint, Bucket: s.Bucket, Region: s.Region, Prefix: s.Prefix,
		Credentials: s.CredentialsFile, Insecure: s.Insecure, PathStyle: true})
}

// openFiles seals what goes into it; nil leaves the choice to the store, which
// takes the folder.
func openFiles(c *serveConfig, keys vault.Sealer) (*file.Contents, error) {
	if c.Files.S3 == nil {
		return nil, nil
	}
	bucket, err := openBucket(c)
	if err != nil {
		return nil, err
	}
	return file.New(bucket, keys, filepath.Join(c.Data, "receiving"))
}
