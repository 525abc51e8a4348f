package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"waymark/internal/fault"
	"waymark/store"
	"waymark/store/file"
)

// Into is where a backup goes.
type Into interface {
	// Begin is called with the manifest, before anything else.
	Begin(ctx context.Context, m *Manifest) error
	// Row is called for each row; tables come in the order of store.Tables.
	Row(ctx context.Context, table string, columns []string, row []any) error
	// Content is called for each sealed content, after the rows.
	Content(ctx context.Context, address string, r io.Reader, size int64) error
}

// Read opens a backup with an identity and hands everything in it to into. It
// succeeds only if the backup is whole: all of it was there, in its order, and
// the counts agree. An error of into is returned as it is.
func Read(ctx context.Context, r io.Reader, by []age.Identity, into Into) (*Summary, error) {
	packed, err := openArchive(r, by)
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	t := tar.NewReader(packed)
	s := &Summary{Tables: map[string]int64{}}
	h, err := t.Next()
	if err != nil || h.Name != nameManifest {
		return nil, damaged("this is no backup of waymark", err)
	}
	if err := readSmall(t, &s.Manifest); err != nil || s.Format != format {
		return nil, damaged("this is no backup of waymark", err)
	}
	if err := into.Begin(ctx, &s.Manifest); err != nil {
		return nil, err
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h, err := t.Next()
		if err != nil {
			return nil, damaged("the backup is cut: its end is missing", err)
		}
		address, isFile := strings.CutPrefix(h.Name, "files/")
		table := nameTable.FindStringSubmatch(h.Name)
		switch {
		case h.Name == nameEnd:
			return s, s.finish(t, packed)
		case table != nil && s.Files == 0:
			if err := s.table(ctx, t, table[1], into); err != nil {
				return nil, err
			}
		case isFile && file.Valid(address) && h.Size <= maxContent:
			in := &remembering{r: t}
			if err := into.Content(ctx, address, in, h.Size); err != nil {
				if in.err != nil {
					return nil, damaged("the backup is damaged", in.err)
				}
				return nil, err
			}
			s.Files++
			s.Bytes += h.Size
		default:
			return nil, damaged("the backup holds something that does not belong there", nil)
		}
	}
}

// openArchive opens age and zstd.
func openArchive(r io.Reader, by []age.Identity) (*zstd.Decoder, error) {
	plain, err := age.Decrypt(bufio.NewReaderSize(r, 1<<16), by...)
	if err != nil {
		var none *age.NoIdentityMatchError
		if errors.As(err, &none) {
			return nil, fault.Wrap(fault.Denied, fault.Place{}, "the backup is not encrypted to this identity, or the passphrase is another", "give the identity or the passphrase that belongs to it", err)
		}
		return nil, damaged("this is no encrypted backup", err)
	}
	return zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
}

// table reads a piece of a table.
func (s *Summary) table(ctx context.Context, t io.Reader, table string, into Into) error {
	if !slices.Contains(store.Tables, table) {
		return damaged("the backup holds a table that this program does not know", nil)
	}
	in := bufio.NewReaderSize(t, 1<<16)
	var columns []string
	for {
		line, err := readLine(in)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return damaged("the backup is damaged", err)
		}
		if columns == nil {
			if err := json.Unmarshal(line, &columns); err != nil || len(columns) == 0 {
				return damaged("the backup is damaged", err)
			}
			continue
		}
		row, err := parseRow(line)
		if err != nil {
			return damaged("the backup is damaged", err)
		}
		if err := into.Row(ctx, table, columns, row); err != nil {
			return err
		}
		s.Tables[table]++
	}
}

// readLine reads a line of at most maxRow bytes, without its end.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxRow {
			return nil, errors.New("a row is too large")
		}
		if line == nil && err == nil {
			return part[:len(part)-1], nil
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF && len(line) > 0:
			return nil, io.ErrUnexpectedEOF
		default:
			return nil, err
		}
	}
}

// finish compares what was read with what the end says, and reads to the end of
// the encryption, which is where a cut shows.
func (s *Summary) finish(t *tar.Reader, packed io.Reader) error {
	var e end
	if err := readSmall(t, &e); err != nil {
		return damaged("the backup is damaged", err)
	}
	if _, err := t.Next(); err != io.EOF {
		return damaged("something stands behind the end of the backup", err)
	}
	if _, err := io.Copy(io.Discard, packed); err != nil {
		return damaged("the backup is cut: its end is missing", err)
	}
	for table, n := range e.Tables {
		if n == 0 {
			delete(e.Tables, table)
		}
	}
	if !maps.Equal(e.Tables, s.Tables) || e.Files != s.Files || e.Bytes != s.Bytes {
		return damaged("the backup is not whole: its counts do not agree with what is in it", nil)
	}
	s.Missing = e.Missing
	return nil
}

// remembering keeps the error of reading apart from one of writing.
type remembering struct {
	r   io.Reader
	err error
}

func (r *remembering) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
