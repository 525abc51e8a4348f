package main

import (
	"io"
	"log/slog"

	"waymark/forms/openrosa/sealed"
	"waymark/monitoring/collection/arrival"
)

// newChecker makes what looks at submissions as they arrive.
func newChecker(h *house, log *slog.Logger) (*arrival.Checker, error) {
	return arrival.New(arrival.Options{
		Open:  openSealed,
		Token: h.db.Digest,
		Files: h.db,
		Log:   log,
	})
}

// openSealed opens an encrypted submission.
func openSealed(private, manifest []byte, files func(name string) (io.ReadCloser, error), keep func(name string, size int64, plain io.Reader) error) ([]byte, error) {
	opened, err := sealed.Open(private, manifest, files, func(m sealed.Medium, plain io.Reader) error {
		return keep(m.Name, m.Size, plain)
	})
	if err != nil {
		return nil, err
	}
	return opened.XML, nil
}
