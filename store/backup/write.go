package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"waymark/internal/fault"
	"waymark/store"
	"waymark/store/file"
)

// Source is what a backup is made of.
type Source struct {
	// Snapshot of the database: Required. Write does not close it.
	Snapshot *store.Snapshot
	// Files are the contents; nil if there are none.
	Files file.Bucket
	// Program is written into the manifest.
	Program string
	// Now is the time of the backup.
	Now time.Time
}

// Write writes a backup to w, encrypted to the recipients. The server may go on
// working. Contents that come while it is written are not in it; those that were
// deleted meanwhile are counted as missing.
func Write(ctx context.Context, w io.Writer, s Source, to ...age.Recipient) (*Summary, error) {
	a, err := newArchive(w, s.Now, to)
	if err != nil {
		return nil, err
	}
	m := Manifest{Format: format, Program: s.Program, Made: s.Now.UTC(), Engine: s.Snapshot.Engine, Schema: s.Snapshot.Schema,
		Audit: Audit{s.Snapshot.Size, s.Snapshot.Root.String()}}
	if err := a.json(nameManifest, m); err != nil {
		return nil, err
	}
	e := end{Tables: map[string]int64{}}
	for _, table := range store.Tables {
		if e.Tables[table], err = a.table(ctx, s.Snapshot, table); err != nil {
			return nil, err
		}
	}
	if s.Files != nil {
		if err := a.files(ctx, s, &e); err != nil {
			return nil, err
		}
	}
	if err := a.json(nameEnd, e); err != nil {
		return nil, err
	}
	return &Summary{m, e.Tables, e.Files, e.Bytes, e.Missing}, a.Close()
}

// archive is a tar in zstd in age.
type archive struct {
	tar     *tar.Writer
	closers []io.Closer // from the innermost
	now     time.Time
}

func newArchive(w io.Writer, now time.Time, to []age.Recipient) (*archive, error) {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the backup cannot be encrypted to these recipients", "give recipients of one kind, or one passphrase alone", err)
	}
	packed, err := zstd.NewWriter(sealed, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2))
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(packed)
	return &archive{t, []io.Closer{t, packed, sealed}, now}, nil
}

// Close ends it. Without it the file does not open to its end.
func (a *archive) Close() error {
	for _, c := range a.closers {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) entry(name string, size int64) error {
	return a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.now.UTC().Truncate(time.Second), Format: tar.FormatPAX})
}

func (a *archive) bytes(name string, data []byte) error {
	if err := a.entry(name, int64(len(data))); err != nil {
		return err
	}
	_, err := a.tar.Write(data)
	return err
}

func (a *archive) json(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.bytes(name, append(data, '\n'))
}

// table writes the rows of a table in pieces, and returns how many there are.
func (a *archive) table(ctx context.Context, s *store.Snapshot, table string) (rows int64, err error) {
	var piece []byte
	pieces := 0
	flush := func() error {
		if len(piece) == 0 {
			return nil
		}
		pieces++
		err := a.bytes(fmt.Sprintf("tables/%s/%06d.jsonl", table, pieces), piece)
		piece = piece[:0]
		return err
	}
	err = s.Each(ctx, table, func(columns []string, row []any) error {
		if len(piece) == 0 {
			head, err := json.Marshal(columns)
			if err != nil {
				return err
			}
			piece = append(append(piece, head...), '\n')
		}
		var err error
		if piece, err = appendRow(piece, row); err != nil {
			return err
		}
		rows++
		if len(piece) < chunk {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return rows, err
}

// files writes the sealed contents that rows name.
func (a *archive) files(ctx context.Context, s Source, e *end) error {
	named, err := s.Snapshot.Addresses(ctx)
	if err != nil {
		return err
	}
	for _, b := range named {
		if err := ctx.Err(); err != nil {
			return err
		}
		address := hex.EncodeToString(b[:])
		n, err := a.content(ctx, s.Files, address)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			e.Missing++
			continue
		case err != nil:
			return err
		}
		e.Files++
		e.Bytes += n
	}
	return nil
}

func (a *archive) content(ctx context.Context, files file.Bucket, address string) (int64, error) {
	size, err := files.Stat(ctx, address)
	if err != nil {
		return 0, err
	}
	r, err := files.Open(ctx, address)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	if err := a.entry("files/"+address, size); err != nil {
		return 0, err
	}
	if _, err := io.CopyN(a.tar, r, size); err != nil {
		return 0, fault.Wrap(fault.Unavailable, fault.Place{}, "the content of a file could not be read", "check the storage of files, then make the backup again", err)
	}
	return size, nil
}

// readSmall reads an entry that is small.
func readSmall(r io.Reader, into any) error {
	data, err := io.ReadAll(io.LimitReader(r, maxSmall+1))
	if err == nil && len(data) > maxSmall {
		err = errors.New("it is too large")
	}
	if err != nil {
		return err
	}
	return json.NewDecoder(bytes.NewReader(data)).Decode(into)
}
