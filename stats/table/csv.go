package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"waymark/internal/fault"
)

// csvFile is a delimited text file to be scanned, once or twice.
type csvFile struct {
	*source
	charset charset
	dialect dialect
}

// openCSV finds out the encoding and the dialect from the file's beginning.
func openCSV(ctx context.Context, src *source, head []byte) (*csvFile, error) {
	f := &csvFile{source: src, charset: sniffCharset(head)}
	f.setDialect(head)
	return f, nil
}

func (f *csvFile) setDialect(head []byte) {
	text := head
	if f.charset != charsetUTF8 {
		text, _ = io.ReadAll(f.charset.decode(bytes.NewReader(head)))
	}
	f.dialect = sniffDialect(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
}

func (f *csvFile) format() string { return "csv" }

// scan reads the file through. begin gets the header and says which columns
// take the cells; every row then has a cell for each of them.
func (f *csvFile) scan(ctx context.Context, rep *report, begin beginFunc) error {
	err := f.scanAs(ctx, rep, begin)
	if errors.Is(err, errNotUTF8) {
		c, surveyErr := surveyCharset(ctx, f.reader(ctx, false))
		if surveyErr != nil {
			return surveyErr
		}
		f.charset = c
		f.setDialect(f.head)
		return errAgain
	}
	return err
}

// errAgain says that the file must be scanned again from its beginning.
var errAgain = errors.New("scan again")

func (f *csvFile) scanAs(ctx context.Context, rep *report, begin beginFunc) error {
	s := newCSVScanner(f.charset.decode(f.reader(ctx, true)), f.size, f.dialect.delim, f.dialect.newline, f.charset == charsetUTF8, rep.limits.CellBytes)
	if err := s.skipBOM(); err != nil {
		return f.cellFault(rep, err)
	}
	f.announce(rep)
	rep.decimalComma = f.dialect.delim == ';'
	for range f.dialect.skip {
		if _, _, err := s.next(); err != nil {
			return f.cellFault(rep, err)
		}
	}
	r := rowFeed{rep: rep, ctx: ctx, size: f.size}
	for {
		cells, blank, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			if ended := f.cellFault(rep, err); ended != nil {
				return r.abandon(ended)
			}
			break
		}
		if s.badQuote > 0 {
			rep.fail(rep.at(s.record, s.badQuote, r.name(s.badQuote)), "double the quotes within the cell or quote the whole cell",
				"text follows the closing quote of a cell")
		}
		if s.nul && hasNUL(cells) {
			rep.fail(rep.at(s.record, 0, ""), "export the file again; if it is not text, say in which program it was made",
				"the row holds zero bytes, which text never does")
		}
		if err := r.row(s.record, cells, blank, begin); err != nil {
			return err
		}
	}
	return r.finish(begin)
}

// announce says what was guessed about the file.
func (f *csvFile) announce(rep *report) {
	at := rep.at(0, 0, "")
	switch f.charset {
	case charsetUTF16LE, charsetUTF16BE:
		rep.warn(at, "save it as UTF-8 to be sure", "the file is in UTF-16 and was converted")
	case charsetWindows1252:
		rep.warn(at, "save it as UTF-8 if letters with accents look wrong", "the file is not in UTF-8; it was read as Windows-1252 (Latin-1)")
	case charsetDamagedUTF8:
		rep.warn(at, "export the file again as UTF-8", "some bytes of the file are not UTF-8; they were replaced by \uFFFD")
	}
	if f.dialect.delim != ',' && f.dialect.skip == 0 {
		rep.warn(at, "", "cells are separated by %s, judged by the first rows", delimiterName(f.dialect.delim))
	}
}

// cellFault turns an error of the scanner into a fault for people. What can
// be said of a row that cannot be resynchronised ends the reading.
func (f *csvFile) cellFault(rep *report, err error) error {
	var c *cellError
	if !errors.As(err, &c) {
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, errNotUTF8) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return fault.Wrap(fault.Unavailable, rep.at(0, 0, ""), "the file could not be read to its end", "copy it to a local disk and try again", err)
	}
	at := rep.at(c.record, c.column, "")
	if c.unclosed {
		return fault.New(fault.Invalid, at, "a quote opens here and is never closed", "close it, or double it if it belongs to the text")
	}
	remedy := "check the row in a text editor"
	if c.quoted {
		remedy = "most likely the quote that opens this cell is never closed: close it, or double it if it belongs to the text"
	}
	return fault.New(fault.Invalid, at, fmt.Sprintf("the cell is longer than %d bytes", rep.limits.CellBytes), remedy)
}

func hasNUL(cells [][]byte) bool {
	for _, c := range cells {
		if bytes.IndexByte(c, 0) >= 0 {
			return true
		}
	}
	return false
}

// skipBOM drops a byte order mark at the very beginning.
func (s *csvScanner) skipBOM() error {
	if err := s.fill(); err != nil {
		return err
	}
	if bytes.HasPrefix(s.buf[:s.end], []byte("\xef\xbb\xbf")) {
		s.start = 3
	}
	return nil
}
