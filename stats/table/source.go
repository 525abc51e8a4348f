package table

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"waymark/internal/fault"
)

// source is the file's bytes: read from the beginning once or twice, with the
// progress told and the checksum made on the way.
type source struct {
	r        io.ReaderAt
	size     int64
	name     string
	head     []byte
	progress func(done, total int64)
	passes   int64 // how often the file is read in all
	pass     int64 // passes begun
	hash     hash.Hash
	hashed   int64
}

func newSource(r io.ReaderAt, size int64, name string, opt Options, rep *report) (*source, error) {
	at := rep.at(0, 0, "")
	if size == 0 {
		return nil, fault.New(fault.Invalid, at, "the file is empty", "export it again; the first row holds the names of the columns")
	}
	if size > rep.limits.FileBytes {
		return nil, fault.New(fault.Unavailable, at, fmt.Sprintf("the file has %d bytes; at most %d are read", size, rep.limits.FileBytes), "split the file, or raise the limit")
	}
	head, err := readAtMost(r, min(size, sniffBytes))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, at, "the file could not be read", "copy it to a local disk and try again", err)
	}
	return &source{r: r, size: size, name: name, head: head, progress: opt.Progress, passes: 2}, nil
}

// reader reads the file from its beginning. With count, the pass is told as
// progress and hashed.
func (s *source) reader(ctx context.Context, count bool) io.Reader {
	section := io.NewSectionReader(s.r, 0, s.size)
	if !count {
		return &passReader{Reader: section, ctx: ctx}
	}
	s.pass++
	s.hash = sha256.New()
	s.hashed = 0
	return &passReader{Reader: section, ctx: ctx, source: s, base: (min(s.pass, s.passes) - 1) * s.size}
}

// passSum is the checksum of the last pass, or "" if it did not read the whole
// file in order.
func (s *source) passSum() string {
	if s.hash == nil || s.hashed != s.size {
		return ""
	}
	return hex.EncodeToString(s.hash.Sum(nil))
}

// sum is the SHA-256 of the file in lower-case hex. Where the last pass read
// the whole file, it is known already.
func (s *source) sum(ctx context.Context) (string, error) {
	if s.passSum() == "" {
		s.hash = sha256.New()
		if _, err := io.Copy(s.hash, s.reader(ctx, false)); err != nil {
			return "", fault.Wrap(fault.Unavailable, fault.Place{File: s.name}, "the file could not be read to its end", "copy it to a local disk and try again", err)
		}
		s.hashed = s.size
	}
	return hex.EncodeToString(s.hash.Sum(nil)), nil
}

// passReader reads a file once and stops when the context does.
type passReader struct {
	io.Reader
	ctx    context.Context
	source *source
	base   int64
	done   int64
}

func (p *passReader) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.Reader.Read(b)
	if p.source != nil {
		p.done += int64(n)
		p.source.hashed = p.done
		_, _ = p.source.hash.Write(b[:n]) // a hash never fails
		if p.source.progress != nil {
			p.source.progress(p.base+p.done, p.source.passes*p.source.size)
		}
	}
	return n, err
}
